import { list } from '../base/english.ts';
import { hasAddress } from '../base/addresses.ts';
import { parseIp } from '../base/ip.ts';
import { networkAddresses, type EndCase } from '../eval/ends.ts';
import { exampleOf, isEmptyBox, leftOf, meetBoxes, NAMESPACE, POD, podBox, type Box } from '../eval/label-space.ts';
import type { Case } from '../eval/subsume.ts';
import { rulesDisjoint } from '../eval/subsume.ts';
import { isTie, ladderOf } from '../eval/tiers.ts';
import { NAME_LABEL } from '../model/namespace.ts';
import type { Direction, NamespaceScope, Peer, Policy, Rule, Tier } from '../model/policy.ts';
import { selects, type Labels } from '../model/selector.ts';
import type { Cluster, Placed } from '../workspace/cluster.ts';
import { clusterFacts } from './facts.ts';
import { isReadable } from './parts.ts';

/** A rule of a policy of the cluster. */
export interface PlacedRule {
  readonly policy: Placed<Policy>;
  readonly rule: Rule;
}

const ladders = new WeakMap<Cluster, ReadonlyMap<Tier, readonly (readonly Placed<Policy>[])[]>>();

/** The policies of a tier, in the order in which they are asked; those of one step at once. */
export function stepsOf(cluster: Cluster, tier: Tier): readonly (readonly Placed<Policy>[])[] {
  const known =
    ladders.get(cluster) ??
    new Map(ladderOf([...clusterFacts(cluster).tiered], ({ value }) => value).map((rung) => [rung.tier, rung.steps]));
  ladders.set(cluster, known);
  return known.get(tier) ?? [];
}

/** The steps that are asked before a policy of the tier. */
export function stepsBefore(cluster: Cluster, policy: Policy): readonly (readonly Placed<Policy>[])[] {
  const steps = stepsOf(cluster, policy.tier);
  const own = steps.findIndex((step) => step.some(({ value }) => value === policy));
  return steps.slice(0, Math.max(0, own));
}

/** The rules of earlier policies of the same tier that are about all pods of a policy; none for NetworkPolicies, which have no order. */
export function earlierRules(cluster: Cluster, policy: Policy, direction: Direction): readonly PlacedRule[] {
  if (policy.tier === 'NetworkPolicy') return [];
  const earlier = stepsBefore(cluster, policy)
    .flat()
    .filter(({ value }) => value[direction] !== undefined && isWithin(policy, [value]));
  return earlier.flatMap((other: Placed<Policy>) =>
    (other.value[direction]?.rules ?? []).filter(({ path }) => isReadable(other.value, path)).map((one) => ({ policy: other, rule: one })),
  );
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

/** The nearest priority before that of a policy of the Admin tier which no other one has; `undefined` where there is none. */
export function freePriorityBefore(cluster: Cluster, policy: Policy): number | undefined {
  const taken = new Set(stepsBefore(cluster, policy).flatMap((step) => step.map(({ value }) => value.priority)));
  for (let free = (policy.priority ?? 0) - 1; free >= 0; free--) if (!taken.has(free)) return free;
  return undefined;
}

const boxes = new WeakMap<Policy, Box>();

/** The pods that a policy may be about, in every possible cluster; `undefined` where that cannot be read. */
export function subjectBox(policy: Policy): Box | undefined {
  const { namespaces, pods, path } = policy.subject;
  if (!isReadable(policy, path) || pods.unreadable !== undefined) return undefined;
  const known = boxes.get(policy) ?? podBox(namespaces, pods);
  boxes.set(policy, known);
  return known;
}

/** Is every pod of one policy also one of the others together? Pods in the host's network are left aside. */
export function isWithin(inner: Policy, outers: readonly Policy[]): boolean {
  const box = subjectBox(inner);
  const others = outers.flatMap((outer) => subjectBox(outer) ?? []);
  return box !== undefined && !isEmptyBox(box) && leftOf(box, others, { steps: 2000 })?.length === 0;
}

/** The labels of a pod that both policies are about; `undefined` where there can be none, or nobody knows. */
export function commonPod(a: Policy, b: Policy): EndCase['pod'] | undefined {
  const [one, other] = [subjectBox(a), subjectBox(b)];
  const common = one && other ? meetBoxes(one, other) : undefined;
  return common && !isEmptyBox(common) ? { namespace: exampleOf(common, NAMESPACE), labels: exampleOf(common, POD) } : undefined;
}

/** Can no pod be one of both? */
export function areApart(a: Policy, b: Policy): boolean {
  const [one, other] = [subjectBox(a), subjectBox(b)];
  return one !== undefined && other !== undefined && isEmptyBox(meetBoxes(one, other));
}

/**
 * The Accept and Deny rules of the Admin tier that settle connections of all pods of a policy further down, whatever the rules between
 * say: those that no Pass can come before, as far as it matters for a rule.
 */
export function adminRules(cluster: Cluster, policy: Policy, rule: Rule, direction: Direction): readonly PlacedRule[] {
  const deciding: PlacedRule[] = [];
  const passes: Rule[] = [];
  for (const step of adminStepsNear(cluster, policy)) {
    const near = step.filter(({ placed }) => placed.value[direction] !== undefined).map(({ placed }) => placed);
    const whole = new Set(step.filter((one) => one.isWhole).map(({ placed }) => placed));
    // What cannot be read may pass anything.
    if (near.some(({ value }) => value.unreadable.length > 0 || subjectBox(value) === undefined)) return deciding;
    const isPassed = (one: Rule, own: readonly Rule[]): boolean =>
      [...passes, ...own].some(
        (pass) => rulesDisjoint(pass, one, direction).kind !== 'yes' && rulesDisjoint(pass, rule, direction).kind !== 'yes',
      );
    for (const placed of near) {
      const others = near.filter((other) => other !== placed).flatMap(({ value }) => passesIn(value, direction));
      for (const [i, one] of (placed.value[direction]?.rules ?? []).entries()) {
        const own = passesIn(placed.value, direction, i);
        if (whole.has(placed) && one.action !== 'Pass' && !isPassed(one, [...others, ...own])) deciding.push({ policy: placed, rule: one });
      }
    }
    passes.push(...near.flatMap(({ value }) => passesIn(value, direction)));
  }
  return deciding;
}

/** A policy of the Admin tier that may be about some pods of another, or (`isWhole`) is about all of them. */
interface Near {
  readonly placed: Placed<Policy>;
  readonly isWhole: boolean;
}

const nearSteps = new WeakMap<Cluster, WeakMap<Policy, readonly (readonly Near[])[]>>();

function adminStepsNear(cluster: Cluster, policy: Policy): readonly (readonly Near[])[] {
  const byPolicy = nearSteps.get(cluster) ?? new WeakMap<Policy, readonly (readonly Near[])[]>();
  nearSteps.set(cluster, byPolicy);
  const known = byPolicy.get(policy);
  if (known) return known;
  const steps = stepsOf(cluster, 'Admin').map((step) =>
    step.filter(({ value }) => !areApart(value, policy)).map((placed) => ({ placed, isWhole: isWithin(policy, [placed.value]) })),
  );
  const near = steps.filter((step) => step.length > 0);
  byPolicy.set(policy, near);
  return near;
}

function passesIn(policy: Policy, direction: Direction, before: number = Infinity): readonly Rule[] {
  return policy[direction]?.rules.filter(({ action }, i) => action === 'Pass' && i < before) ?? [];
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
