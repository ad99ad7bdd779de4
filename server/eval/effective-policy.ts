import { store } from '../base/memo.ts';
import { finished, type Work } from '../base/work.ts';
import { groupBy } from '../base/lists.ts';
import { ALL_PACKETS, clientPorts, packetsOfTraffic, subtractPackets, unitePackets } from '../base/packets.ts';
import {
  ALL_TRAFFIC,
  intersectTraffic,
  isNoTraffic,
  NO_TRAFFIC,
  portsIn,
  subtractTraffic,
  trafficOfEach,
  unitePorts,
  uniteTraffic,
} from '../base/ports.ts';
import { matchedSet, NO_ENDPOINT, subjectSet, type EndpointSet } from '../model/endpoint-set.ts';
import {
  DIRECTIONS,
  type Direction,
  type NamedPort,
  type Peer,
  type Policy,
  type PortMatch,
  type Rule,
  type Section,
  type Subject,
  type Unreadable,
} from '../model/policy.ts';
import { entryOf } from '../model/kinds.ts';
import { TEMPLATE } from '../model/read.ts';
import type { LabelSelector } from '../model/selector.ts';
import type { CompiledRule, NamedPortMatch, RuleList } from '../model/rule-list.ts';
import { formatPath, isBelow, samePath, type Path, indexByPath, type PathIndex } from '../syntax/path.ts';
import { policyName } from './names.ts';

/** What a policy counts for in verdicts, once it is settled what becomes of the parts that cannot be read. */
export interface EffectivePolicy {
  /** Everything that it says, as evaluation takes it. */
  readonly lists: readonly RuleList[];
  /** The same by direction, where it acts in it. */
  readonly ingress?: EffectiveRules;
  readonly egress?: EffectiveRules;
  /** What was left out or taken as something else, and why. */
  readonly caveats: readonly Caveat[];
}

/** The rules of one direction. */
export interface EffectiveRules {
  readonly isolates: boolean;
  readonly rules: readonly CompiledRule[];
}

export interface Caveat {
  readonly path: Path;
  readonly message: string;
}

/** What a policy counts for. One whose subject or place in the order cannot be read counts for nothing. */
export function effectivePolicy(policy: Policy): EffectivePolicy {
  return EFFECTIVE.get(policy) ?? finished(effectivePolicyWork(policy));
}

/** Compiles a policy in steps, so that `effectivePolicy` has its answer at once. */
export function* effectivePolicyWork(policy: Policy): Work<EffectivePolicy> {
  const before = EFFECTIVE.get(policy);
  if (before) return before;
  const compiled = yield* compile(policy);
  // While this was interrupted, another caller may have compiled it; there must be only one of each.
  return EFFECTIVE.get(policy) ?? EFFECTIVE.set(policy, compiled);
}

const EFFECTIVE = store<Policy, EffectivePolicy>();

/** How many rules are compiled before others may be served. */
const RULES_PER_STEP = 16;

function* compile(policy: Policy): Work<EffectivePolicy> {
  const { notInForce, parts } = policy;
  if (notInForce) return { lists: [], caveats: notInForce.noted ? [notInForceCaveat(policy, notInForce.why)] : [] };
  if (parts) {
    const compiled: EffectivePolicy[] = [];
    for (const part of parts) compiled.push(yield* effectivePolicyWork(part));
    return joined(compiled);
  }
  const whole = wholeCaveat(policy);
  if (whole) return { lists: [], caveats: [whole] };
  const own = entryOf(policy).lists;
  if (own) return byDirection(own(policy), []);
  const caveats: Caveat[] = [];
  noteSubject(policy, caveats);
  const lists: RuleList[] = [];
  for (const direction of DIRECTIONS) lists.push(...(yield* ruleLists(policy, direction, caveats)));
  return byDirection(lists, caveats);
}

function notInForceCaveat(policy: Policy, why: string): Caveat {
  return { path: policy.at.body, message: `'${policyName(policy)}' takes no part in verdicts, because it ${why}.` };
}

/** What several policies of one manifest say together. */
function joined(parts: readonly EffectivePolicy[]): EffectivePolicy {
  return byDirection(
    parts.flatMap(({ lists }) => lists),
    parts.flatMap(({ caveats }) => caveats),
  );
}

function byDirection(lists: readonly RuleList[], caveats: readonly Caveat[]): EffectivePolicy {
  const [ingress, egress] = DIRECTIONS.map((direction) => inDirection(lists, direction));
  return { lists, ...(ingress ? { ingress } : {}), ...(egress ? { egress } : {}), caveats };
}

function inDirection(lists: readonly RuleList[], direction: Direction): EffectiveRules | undefined {
  const own = lists.filter((list) => list.direction === direction);
  const [only] = own;
  if (own.length < 2) return only;
  return { isolates: own.some(({ isolates }) => isolates), rules: own.flatMap(({ rules }) => rules) };
}

/** Why a policy has to be left out as a whole, if it has. */
function wholeCaveat(policy: Policy): Caveat | undefined {
  const { subject, unreadable, at } = policy;
  const whole = [['metadata'], ['metadata', 'namespace'], at.body, ...at.order];
  const selectors = selectorsIn(subject);
  const broken = unreadable.find(
    (part) => (isBelow(part.path, subject.path) && !isHoleIn(selectors, part)) || whole.some((place) => samePath(place, part.path)),
  );
  const selector = selectors.find((one) => one.unreadable !== undefined && one.unreadable !== TEMPLATE);
  const part = broken ?? (selector && { path: selector.path, why: selector.unreadable ?? '' });
  return part && { path: part.path, message: `'${policyName(policy)}' is left out of all verdicts: ${clause(part)}.` };
}

function selectorsIn({ namespaces, pods }: Pick<Subject, 'namespaces' | 'pods'>): readonly LabelSelector[] {
  return namespaces.kind === 'selected' ? [pods, namespaces.selector] : [pods];
}

/** Is it the hole of a selector, which then may match: something fills in a label later, and the other labels are known? */
function isHoleIn(selectors: readonly LabelSelector[], { path, why }: Unreadable): boolean {
  return why === TEMPLATE && selectors.some((one) => one.unreadable === TEMPLATE && (isBelow(path, one.path) || isBelow(one.path, path)));
}

/** Which pods a policy selects is not known where something fills in a label of its selector later. */
function noteSubject({ subject, ...policy }: Policy, caveats: Caveat[]): void {
  const selector = selectorsIn(subject).find((one) => one.unreadable === TEMPLATE);
  if (!selector) return;
  const message = `Which pods '${policyName({ subject, ...policy })}' selects is not known: ${formatPath(selector.path)} ${TEMPLATE}.`;
  caveats.push({ path: selector.path, message });
}

function* ruleLists(policy: Policy, direction: Direction, caveats: Caveat[]): Work<readonly RuleList[]> {
  const section = policy[direction];
  if (!section) return [];
  const broken = policy.unreadable.find(({ path }) => samePath(path, section.path));
  if (broken) {
    caveats.push({ path: section.path, message: `'${policyName(policy)}' is left out of verdicts on ${direction}: ${clause(broken)}.` });
    return [];
  }
  noteLostRules(policy, section, direction, caveats);
  const faults = policy.unreadable.length === 0 ? NO_FAULTS : indexByPath(policy.unreadable);
  const lists: RuleList[] = [];
  for (const [subject, rules] of subjectsIn(policy, section)) {
    const compiled: CompiledRule[] = [];
    for (const [i, rule] of rules.entries()) {
      compiled.push(compileRule(policy, rule, faults, caveats));
      if (i % RULES_PER_STEP === RULES_PER_STEP - 1) yield;
    }
    lists.push({
      direction,
      stage: policy.stage,
      ...(policy.priority === undefined ? {} : { priority: policy.priority }),
      subject: subjectSet(policy, subject),
      isolates: section.isolates,
      rules: compiled,
      path: section.path,
    });
  }
  return lists;
}

/** The rules of a section by the pods that they are about. The pods of a policy that isolates count even if no rule is about them. */
function subjectsIn({ subject }: Policy, { rules, isolates }: Section): readonly (readonly [Subject, readonly Rule[]])[] {
  if (rules.every((rule) => rule.subject === undefined)) return [[subject, rules]];
  const groups = [...groupBy(rules, (rule) => rule.subject ?? subject)];
  return isolates && !groups.some(([one]) => one === subject) ? [[subject, []], ...groups] : groups;
}

const NO_FAULTS: PathIndex<Unreadable> = indexByPath<Unreadable>([]);

/** Rules that could not be read at all are not in the list of rules. */
function noteLostRules(policy: Policy, section: Section, direction: Direction, caveats: Caveat[]): void {
  if (policy.unreadable.length === 0) return;
  const rules = indexByPath(section.rules);
  for (const part of policy.unreadable) {
    if (!isBelow(part.path, section.path) || rules.isAround(part.path)) continue;
    caveats.push({
      path: part.path,
      message: `A rule of '${policyName(policy)}' is left out of verdicts on ${direction}: ${clause(part)}.`,
    });
  }
}

/**
 * A rule that cannot be read in full. NetworkPolicy: what cannot be read allows nothing. The other kinds fail closed, as the API asks of
 * implementations that find an unknown peer: "Accept" matches nothing, "Deny" and "Pass" become "Deny all" (network-policy-api,
 * `ClusterNetworkPolicyEgressPeer`).
 */
function compileRule(policy: Policy, rule: Rule, faults: PathIndex<Unreadable>, caveats: Caveat[]): CompiledRule {
  const broken = brokenPart(faults, rule);
  const { action, index, own, condition } = rule;
  const traffic = { ...portsMatch(rule), ...(own ? { own } : {}), ...(condition === undefined ? {} : { condition }) };
  const compiled: CompiledRule = { action, rule, index, match: { peer: peerOf(policy, rule), ...traffic } };
  if (!broken) return compiled;
  const note = (effect: string): void => {
    const what = `A rule of '${policyName(policy)}' cannot be read in full: ${clause(broken)}.`;
    caveats.push({ path: broken.path, message: `${what} ${effect}.` });
  };
  if (isHoleOfPeers(rule, broken)) {
    note('That part may match or not');
    return compiled;
  }
  if (policy.traits.isolates && action === 'Accept') {
    note('That part allows nothing');
    const isRuleBroken = faults.below(rule.path).some((fault) => isOfRule(fault, rule));
    return isRuleBroken ? { ...compiled, match: { peer: NO_ENDPOINT, ...traffic } } : compiled;
  }
  const nothing: CompiledRule = { ...compiled, match: { peer: NO_ENDPOINT, ...traffic } };
  // A template fills it in with an unknown value.
  if (broken.why === TEMPLATE) {
    note('It is left out of verdicts');
    return nothing;
  }
  if (action === 'Accept' || action === 'Log') {
    note('It fails closed and accepts nothing');
    return nothing;
  }
  note('It fails closed and denies everything');
  return { ...compiled, action: 'Deny', match: { peer: { kind: 'any' }, traffic: ALL_TRAFFIC, named: [], ...(own ? { own } : {}) } };
}

/** Is all that is unknown of the peers a label of their selectors, and nothing else of the rule unknown? */
function isHoleOfPeers({ peers, ports }: Rule, broken: Unreadable): boolean {
  if (broken.why !== TEMPLATE || peers === 'any' || (ports !== 'any' && ports.some(({ kind }) => kind === 'unreadable'))) return false;
  const holed = peers.filter((peer) => brokenPeer(peer) !== undefined);
  return holed.length > 0 && holed.every(isHoledPeer);
}

function isHoledPeer(peer: Peer): boolean {
  return peer.kind === 'pods' && selectorsIn(peer).every(({ unreadable }) => unreadable === undefined || unreadable === TEMPLATE);
}

/** Is it a field of the rule itself that is unknown, so that the rest of the rule may mean anything? */
function isOfRule({ path, why }: Unreadable, { path: own, at }: Rule): boolean {
  return why !== TEMPLATE && path.length === own.length + 1 && ![at.peers, at.ports].some((field) => samePath(field, path));
}

/** What cannot be read names no endpoint. */
function peerOf(policy: Policy, { peers, action }: Rule): EndpointSet {
  if (peers === 'any') return { kind: 'any' };
  const readable = peers.filter((peer) => brokenPeer(peer) === undefined || isHoledPeer(peer));
  return { kind: 'or', of: readable.map((peer) => matchedSet(peer, action, policy.traits.hostNetwork)) };
}

function brokenPart(faults: PathIndex<Unreadable>, rule: Rule): Unreadable | undefined {
  const noted = faults.below(rule.path).find(({ path }) => !samePath(path, [...rule.path, 'name']));
  if (noted) return noted;
  for (const peer of rule.peers === 'any' ? [] : rule.peers) {
    const why = brokenPeer(peer);
    if (why !== undefined) return { path: peer.path, why };
  }
  const port = rule.ports === 'any' ? undefined : rule.ports.find((match) => match.kind === 'unreadable');
  return port && { path: port.path, why: 'has a port that cannot be read' };
}

function brokenPeer(peer: Peer): string | undefined {
  switch (peer.kind) {
    case 'pods':
      return peer.pods.unreadable ?? (peer.namespaces.kind === 'selected' ? peer.namespaces.selector.unreadable : undefined);
    case 'nodes':
      return peer.nodes.unreadable;
    case 'unreadable':
      return 'has a peer that cannot be read';
    case 'networks':
    case 'domainNames':
    case 'set':
      return undefined;
  }
}

type PortsMatch = Pick<CompiledRule['match'], 'traffic' | 'partly' | 'packets' | 'named' | 'services' | 'except'>;

/** The ports of a rule, without those that it takes out again. */
function portsMatch({ ports, notPorts = [] }: Rule): PortsMatch {
  const all = ports === 'any' ? { traffic: ALL_TRAFFIC, named: [] } : portsIncluded(ports);
  if (notPorts.length === 0) return all;
  const { traffic, partly = NO_TRAFFIC, named, packets = packetsOfTraffic(traffic) } = portsIncluded(notPorts);
  // From some source ports it is taken out, from others not.
  const uncertainTraffic = uniteTraffic(all.partly ?? NO_TRAFFIC, intersectTraffic(all.traffic, partly));
  const without = subtractTraffic(uncertainTraffic, traffic);
  return {
    ...all,
    traffic: subtractTraffic(subtractTraffic(all.traffic, traffic), partly),
    ...(isNoTraffic(without) ? {} : { partly: without }),
    ...(ports === 'any' || all.packets ? { packets: subtractPackets(all.packets ?? ALL_PACKETS, packets) } : {}),
    except: { traffic, named },
  };
}

function portsIncluded(ports: readonly PortMatch[]): PortsMatch {
  const ranges = ports.filter((port) => port.kind === 'range');
  const traffic = trafficOfEach((protocol) => portsIn(ranges.filter((port) => port.protocol === protocol)));
  const named = ports.flatMap((port) => (port.kind === 'named' ? [namedMatch(port)] : []));
  const services = ports.flatMap((port) => (port.kind === 'service' ? [{ service: port.service, of: port.of }] : []));
  const others = ports.flatMap((port) => (port.kind === 'packets' ? [port.packets] : []));
  const about = { named, ...(services.length === 0 ? {} : { services }) };
  if (others.length === 0) return { traffic, ...about };
  const packets = others.reduce(unitePackets, packetsOfTraffic(traffic));
  const [sure, maybe] = (['sure', 'maybe'] as const).map((how) =>
    trafficOfEach((protocol) => unitePorts(...others.map((one) => clientPorts(one, protocol)[how]))),
  );
  const whole = uniteTraffic(traffic, sure ?? NO_TRAFFIC);
  const partly = subtractTraffic(maybe ?? NO_TRAFFIC, whole);
  return { traffic: whole, packets, ...about, ...(isNoTraffic(partly) ? {} : { partly }) };
}

function namedMatch({ name, protocol }: NamedPort): NamedPortMatch {
  return { name, ...(protocol === undefined ? {} : { protocol }) };
}

/** What is wrong, with its place: "spec.tier is missing". */
function clause({ path, why }: Unreadable): string {
  return `${formatPath(path)} ${why}`;
}
