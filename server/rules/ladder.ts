import { list } from '../base/english.ts';
import { hasAddress } from '../base/addresses.ts';
import { parseIp } from '../base/ip.ts';
import { networkAddresses, type EndCase } from '../eval/ends.ts';
import { boxesMeet, exampleOf, isBoxWithin, isEmptyBox, leftOf, meetBoxes, NAMESPACE, POD, podBox, type Box } from '../eval/label-space.ts';
import type { Case } from '../eval/subsume.ts';
import { rulesDisjoint } from '../eval/subsume.ts';
import { isTie, ladderOf } from '../eval/tiers.ts';
import { NAME_LABEL } from '../model/namespace.ts';
import type { Direction, NamespaceScope, Peer, Policy, Rule, Tier } from '../model/policy.ts';
import { selects, type Labels } from '../model/selector.ts';
import type { Cluster, Placed } from '../workspace/cluster.ts';
import { mayMeet } from './covered.ts';
import { clusterFacts } from './facts.ts';
import { isReadable } from './parts.ts';

/** A rule of a policy of the cluster. */
export interface PlacedRule {
  readonly policy: Placed<Policy>;
  readonly rule: Rule;
}

/** The policies of a tier by step. */
type Steps = readonly (readonly Placed<Policy>[])[];

const ladders = new WeakMap<Cluster, ReadonlyMap<Tier, Steps>>();

/**
 * The policies of a tier, in the order in which they are asked; those of one step at once. The same object as before where another tier was
 * edited, so that what is known of it stays known.
 */
export function stepsOf(cluster: Cluster, tier: Tier): Steps {
  const known =
    ladders.get(cluster) ??
    new Map(ladderOf([...clusterFacts(cluster).tiered], ({ value }) => value).map((rung) => [rung.tier, sameSteps(rung.steps)]));
  ladders.set(cluster, known);
  return known.get(tier) ?? NO_STEPS;
}

const NO_STEPS: Steps = [];

/** The last steps that began with a policy. */
const latest = new WeakMap<Placed<Policy>, Steps>();

function sameSteps(steps: Steps): Steps {
  const first = steps[0]?.[0];
  const before = first && latest.get(first);
  if (!first || (before && isSame(before, steps))) return before ?? steps;
  latest.set(first, steps);
  return steps;
}

function isSame(one: Steps, other: Steps): boolean {
  return (
    one.length === other.length &&
    one.every((step, i) => step.length === other[i]?.length && step.every((placed, j) => placed === other[i]?.[j]))
  );
}

/** The policies of the tier that are asked before a policy, and are about all of its pods. */
export function wholeBefore(cluster: Cluster, policy: Policy): readonly Placed<Policy>[] {
  const box = subjectBox(policy);
  const found: Placed<Policy>[] = [];
  for (const step of boxedSteps(stepsOf(cluster, policy.tier))) {
    if (step.some(({ placed }) => placed.value === policy)) return box && !isEmptyBox(box) ? found : [];
    for (const one of step) if (box && one.box && isBoxWithin(box, one.box)) found.push(one.placed);
  }
  return [];
}

/** A policy with the pods it may be about; `undefined` where that cannot be read. */
interface Boxed {
  readonly placed: Placed<Policy>;
  readonly box: Box | undefined;
}

const boxed = new WeakMap<Steps, readonly (readonly Boxed[])[]>();

/** The boxes side by side, as each is compared with that of each other policy. */
function boxedSteps(steps: Steps): readonly (readonly Boxed[])[] {
  const known = boxed.get(steps) ?? steps.map((step) => step.map((placed) => ({ placed, box: subjectBox(placed.value) })));
  boxed.set(steps, known);
  return known;
}

/** The policies that are asked after a policy of the tier, or perhaps after it: those of equal priority too. */
export function policiesAfter(cluster: Cluster, policy: Policy): readonly Placed<Policy>[] {
  const steps = stepsOf(cluster, policy.tier);
  const own = steps.findIndex((step) => step.some(({ value }) => value === policy));
  return own === -1
    ? []
    : steps
        .slice(own)
        .flat()
        .filter(({ value }) => value !== policy);
}

/** The policies of the same priority. */
export function tiedWith(cluster: Cluster, policy: Policy): readonly Placed<Policy>[] {
  const step = stepsOf(cluster, policy.tier).find((one) => one.some(({ value }) => value === policy)) ?? [];
  return step.filter(({ value }) => value !== policy && isTie(value, policy));
}

const boxes = new WeakMap<Policy, Box | 'unreadable'>();

/** The pods that a policy may be about, in every possible cluster; `undefined` where that cannot be read. */
export function subjectBox(policy: Policy): Box | undefined {
  let known = boxes.get(policy);
  if (known === undefined) {
    const { namespaces, pods, path } = policy.subject;
    known = isReadable(policy, path) && pods.unreadable === undefined ? podBox(namespaces, pods) : 'unreadable';
    boxes.set(policy, known);
  }
  return known === 'unreadable' ? undefined : known;
}

/** Is every pod of one policy also one of the others together? Pods in the host's network are left aside. */
export function isWithin(inner: Policy, outers: readonly Policy[]): boolean {
  const box = subjectBox(inner);
  if (box === undefined || isEmptyBox(box)) return false;
  const [outer, ...more] = outers;
  if (outer && more.length === 0) {
    const other = subjectBox(outer);
    return other !== undefined && isBoxWithin(box, other);
  }
  const others = outers.flatMap((one) => subjectBox(one) ?? []);
  return leftOf(box, others, { steps: 2000 })?.length === 0;
}

/** May some pod be one of both? Also where that cannot be read. */
export function mayShare(a: Policy, b: Policy): boolean {
  const [one, other] = [subjectBox(a), subjectBox(b)];
  return one === undefined || other === undefined || boxesMeet(one, other);
}

/** The labels of a pod that both policies are about; `undefined` where there can be none, or nobody knows. */
export function commonPod(a: Policy, b: Policy): EndCase['pod'] | undefined {
  const [one, other] = [subjectBox(a), subjectBox(b)];
  if (!one || !other || !boxesMeet(one, other)) return undefined;
  const common = meetBoxes(one, other);
  return { namespace: exampleOf(common, NAMESPACE), labels: exampleOf(common, POD) };
}

/**
 * The Accept and Deny rules of the Admin tier that settle connections of all pods of a policy further down, whatever the rules between
 * say: those that no Pass can come before, as far as it matters for a rule.
 */
export function adminRules(cluster: Cluster, policy: Policy, rule: Rule, direction: Direction): readonly PlacedRule[] {
  const deciding: PlacedRule[] = [];
  const passes: Rule[] = [];
  const passesHere = ({ placed }: Near, before?: number): readonly Rule[] =>
    passesIn(placed.value, direction, before).filter((pass) => rulesMeet(pass, rule, direction));
  for (const step of adminStepsNear(cluster, policy)) {
    const near = step.filter(({ placed }) => placed.value[direction] !== undefined);
    // What cannot be read may pass anything.
    if (near.some(({ placed: { value } }) => value.unreadable.length > 0 || subjectBox(value) === undefined)) return deciding;
    const byPolicy = near.map((one) => passesHere(one));
    for (const [at, one] of near.entries()) {
      if (!one.isWhole) continue;
      const others = byPolicy.filter((_, i) => i !== at).flat();
      for (const [i, decider] of (one.placed.value[direction]?.rules ?? []).entries()) {
        if (decider.action === 'Pass' || !mayMeet(decider, rule)) continue;
        const isPassed = (pass: Rule): boolean => rulesMeet(pass, decider, direction);
        if (passes.some(isPassed) || others.some(isPassed) || passesHere(one, i).some(isPassed)) continue;
        deciding.push({ policy: one.placed, rule: decider });
      }
    }
    passes.push(...byPolicy.flat());
  }
  return deciding;
}

/** May two rules match a connection both? */
function rulesMeet(one: Rule, other: Rule, direction: Direction): boolean {
  return mayMeet(one, other) && rulesDisjoint(one, other, direction).kind !== 'yes';
}

/** A policy of the Admin tier that may be about some pods of another, or (`isWhole`) is about all of them. */
interface Near {
  readonly placed: Placed<Policy>;
  readonly isWhole: boolean;
}

const nearSteps = new WeakMap<Steps, WeakMap<Policy, readonly (readonly Near[])[]>>();

function adminStepsNear(cluster: Cluster, policy: Policy): readonly (readonly Near[])[] {
  const steps = stepsOf(cluster, 'Admin');
  const byPolicy = nearSteps.get(steps) ?? new WeakMap<Policy, readonly (readonly Near[])[]>();
  nearSteps.set(steps, byPolicy);
  const known = byPolicy.get(policy);
  if (known) return known;
  const box = subjectBox(policy);
  const near: Near[][] = [];
  for (const step of boxedSteps(steps)) {
    const some = step.filter((one) => !box || !one.box || boxesMeet(box, one.box));
    if (some.length > 0) near.push(some.map(({ placed }) => ({ placed, isWhole: isWithin(policy, [placed.value]) })));
  }
  byPolicy.set(policy, near);
  return near;
}

function passesIn(policy: Policy, direction: Direction, before: number = Infinity): readonly Rule[] {
  const rules = policy[direction]?.rules ?? [];
  return rules.some(({ action }) => action === 'Pass') ? rules.filter(({ action }, i) => action === 'Pass' && i < before) : [];
}

/** The rule of a list that a connection meets first; `undefined` where none matches, or where it is not sure. */
export function firstMatching(rules: readonly Rule[], connection: Case): Rule | undefined {
  return rules.find((rule) => matchesCase(rule, connection));
}

function matchesCase({ peers, ports }: Rule, connection: Case): boolean {
  const { protocol, port, names } = connection;
  const onPort =
    ports === 'any' ||
    ports.some((one) => {
      if (one.kind === 'range') return one.protocol === protocol && one.from <= port && port <= one.to;
      return one.kind === 'named' && names.includes(one.name) && (one.protocol ?? protocol) === protocol;
    });
  return onPort && (peers === 'any' || peers.some((peer) => isEnd(peer, connection)));
}

function isEnd(peer: Peer, { pod, address, node }: EndCase): boolean {
  switch (peer.kind) {
    case 'pods':
      return pod !== undefined && isIn(peer.namespaces, pod.namespace) && selects(peer.pods, pod.labels);
    case 'networks': {
      const ip = address === undefined ? undefined : parseIp(address);
      return ip?.ok === true && peer.networks.some((network) => hasAddress(networkAddresses(network), ip));
    }
    case 'nodes':
      return node !== undefined && selects(peer.nodes, node);
    case 'domainNames':
    case 'unreadable':
      return false;
  }
}

function isIn(scope: NamespaceScope, namespace: Labels): boolean {
  return scope.kind === 'own' ? namespace[NAME_LABEL] === scope.namespace : selects(scope.selector, namespace);
}

/** One end of a connection in words: "a pod with app=web in namespace shop", "192.0.2.1". */
function endWords({ pod, address, node }: EndCase): string {
  if (pod) {
    const { [NAME_LABEL]: name, ...others } = pod.namespace;
    const labels = Object.entries(pod.labels).map(([key, value]) => `${key}=${value}`);
    const what = labels.length === 0 ? 'a pod' : `a pod with ${list(labels)}`;
    const rest = Object.entries(others).map(([key, value]) => `${key}=${value}`);
    const where = rest.length > 0 ? ` in a namespace with ${list(rest)}` : name === undefined ? '' : ` in namespace ${name}`;
    return `${what}${where}${address === undefined ? '' : ` at ${address}`}`;
  }
  return address ?? (node ? 'a node' : 'anywhere');
}

/** A connection of a pod that policies are about, in words, source first. */
export function connectionWords(direction: Direction, own: EndCase, connection: Case): string {
  const [from, to] = direction === 'ingress' ? [connection, own] : [own, connection];
  const { protocol, port, names } = connection;
  const [name] = names;
  return `${endWords(from)} to ${endWords(to)} on ${protocol} ${port}${name === undefined ? '' : ` (named ${name})`}`;
}

/** A rule as messages name it: "'deny-all' of guard", "ingress rule 2 of guard". */
export function ruleName({ policy, rule }: PlacedRule): string {
  const index = rule.path.at(-1);
  const number = typeof index === 'number' ? `${String(rule.path.at(-2))} rule ${index + 1}` : 'a rule';
  return `${rule.name === undefined ? number : `'${rule.name}'`} of ${policy.value.name}`;
}
