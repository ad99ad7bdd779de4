import { memo } from '../base/memo.ts';
import { ALL_TRAFFIC, portsIn, trafficOfEach, type Traffic } from '../base/ports.ts';
import { NO_ENDPOINT, peerSet, subjectSet, type EndpointSet } from '../model/endpoint-set.ts';
import {
  DIRECTIONS,
  type Direction,
  type Peer,
  type Policy,
  type PortMatch,
  type Rule,
  type Section,
  type Unreadable,
} from '../model/policy.ts';
import { TEMPLATE } from '../model/read.ts';
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
export const effectivePolicy: (policy: Policy) => EffectivePolicy = memo(compile);

function compile(policy: Policy): EffectivePolicy {
  const whole = wholeCaveat(policy);
  if (whole) return { lists: [], caveats: [whole] };
  const caveats: Caveat[] = [];
  const subject = subjectSet(policy);
  const lists = DIRECTIONS.flatMap((direction) => ruleList(policy, subject, direction, caveats) ?? []);
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
  const broken = unreadable.find(({ path }) => isBelow(path, subject.path) || whole.some((place) => samePath(place, path)));
  const selectors = [subject.pods, ...(subject.namespaces.kind === 'selected' ? [subject.namespaces.selector] : [])];
  const selector = selectors.find((one) => one.unreadable !== undefined);
  const part = broken ?? (selector && { path: selector.path, why: selector.unreadable ?? '' });
  return part && { path: part.path, message: `'${policyName(policy)}' is left out of all verdicts: ${clause(part)}.` };
}

function ruleList(policy: Policy, subject: EndpointSet, direction: Direction, caveats: Caveat[]): RuleList | undefined {
  const section = policy[direction];
  if (!section) return undefined;
  const broken = policy.unreadable.find(({ path }) => samePath(path, section.path));
  if (broken) {
    caveats.push({ path: section.path, message: `'${policyName(policy)}' is left out of verdicts on ${direction}: ${clause(broken)}.` });
    return undefined;
  }
  noteLostRules(policy, section, direction, caveats);
  const faults = policy.unreadable.length === 0 ? NO_FAULTS : indexByPath(policy.unreadable);
  return {
    direction,
    stage: policy.stage,
    ...(policy.priority === undefined ? {} : { priority: policy.priority }),
    subject,
    isolates: section.isolates,
    rules: section.rules.map((rule) => compileRule(policy, rule, faults, caveats)),
    path: section.path,
  };
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
  const { action, index } = rule;
  const traffic = { traffic: fixedPorts(rule.ports), named: namedPorts(rule.ports) };
  const compiled: CompiledRule = { action, rule, index, match: { peer: peerOf(policy, rule), ...traffic } };
  if (!broken) return compiled;
  const note = (effect: string): void => {
    const what = `A rule of '${policyName(policy)}' cannot be read in full: ${clause(broken)}.`;
    caveats.push({ path: broken.path, message: `${what} ${effect}.` });
  };
  if (policy.traits.isolates) {
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
  if (action === 'Accept') {
    note('It fails closed and accepts nothing');
    return nothing;
  }
  note('It fails closed and denies everything');
  return { ...compiled, action: 'Deny', match: { peer: { kind: 'any' }, traffic: ALL_TRAFFIC, named: [] } };
}

/** Is it a field of the rule itself that is unknown, so that the rest of the rule may mean anything? */
function isOfRule({ path, why }: Unreadable, { path: own, at }: Rule): boolean {
  return why !== TEMPLATE && path.length === own.length + 1 && ![at.peers, at.ports].some((field) => samePath(field, path));
}

/** What cannot be read names no endpoint. */
function peerOf(policy: Policy, { peers }: Rule): EndpointSet {
  if (peers === 'any') return { kind: 'any' };
  const readable = peers.filter((peer) => brokenPeer(peer) === undefined);
  return { kind: 'or', of: readable.map((peer) => peerSet(peer, policy.traits.hostNetwork)) };
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

function fixedPorts(ports: readonly PortMatch[] | 'any'): Traffic {
  if (ports === 'any') return ALL_TRAFFIC;
  const ranges = ports.filter((port) => port.kind === 'range');
  return trafficOfEach((protocol) => portsIn(ranges.filter((port) => port.protocol === protocol)));
}

function namedPorts(ports: readonly PortMatch[] | 'any'): NamedPortMatch[] {
  if (ports === 'any') return [];
  return ports.flatMap((port) => (port.kind === 'named' ? [port] : []));
}

/** What is wrong, with its place: "spec.tier is missing". */
function clause({ path, why }: Unreadable): string {
  return `${formatPath(path)} ${why}`;
}
