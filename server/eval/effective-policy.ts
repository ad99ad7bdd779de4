import { ALL_TRAFFIC, portsIn, trafficOfEach, type Traffic, type Protocol } from '../base/ports.ts';
import {
  PATCHED,
  type Action,
  type Direction,
  type Peer,
  type Policy,
  type PortMatch,
  type Rule,
  type Section,
  type Unreadable,
} from '../model/policy.ts';
import { TEMPLATE } from '../model/read.ts';
import { formatPath, isBelow, samePath, type Path, indexByPath, type PathIndex } from '../syntax/path.ts';
import { policyName } from './names.ts';

/** What a policy counts for in verdicts, once it is settled what becomes of the parts that cannot be read. */
export interface EffectivePolicy {
  readonly ingress?: EffectiveRules;
  readonly egress?: EffectiveRules;
  /** What was left out or taken as something else, and why. */
  readonly caveats: readonly Caveat[];
}

/** The rules of one direction. */
export interface EffectiveRules {
  readonly isolates: boolean;
  readonly rules: readonly EffectiveRule[];
}

export interface EffectiveRule {
  readonly rule: Rule;
  readonly action: Action;
  readonly peers: readonly Peer[] | 'any';
  /** The ports given by number. */
  readonly fixed: Traffic;
  /** The ports given by name; which ones they are is for the destination to say. */
  readonly named: readonly NamedPortRule[];
}

export interface NamedPortRule {
  readonly name: string;
  readonly protocol?: Protocol;
}

export interface Caveat {
  readonly path: Path;
  readonly message: string;
}

/** The meaning of a policy. One whose subject, tier or priority cannot be read means nothing. */
export function effectivePolicy(policy: Policy): EffectivePolicy {
  const known = MEANINGS.get(policy);
  if (known) return known;
  const meaning = readMeaning(policy);
  MEANINGS.set(policy, meaning);
  return meaning;
}

const MEANINGS = new WeakMap<Policy, EffectivePolicy>();

function readMeaning(policy: Policy): EffectivePolicy {
  const doubt = wholeDoubt(policy);
  if (doubt) return { caveats: [doubt] };
  const caveats: Caveat[] = policy.unreadable
    .filter(({ why }) => why === PATCHED)
    .map(({ path }) => ({ path, message: `'${policyName(policy)}' ${PATCHED}, and verdicts take it as it stands without that.` }));
  const ingress = readSection(policy, 'ingress', caveats);
  const egress = readSection(policy, 'egress', caveats);
  return { ...(ingress ? { ingress } : {}), ...(egress ? { egress } : {}), caveats };
}

/** Why a policy has to be left out as a whole, if it has. */
function wholeDoubt(policy: Policy): Caveat | undefined {
  const { subject, unreadable } = policy;
  const whole = [['metadata'], ['metadata', 'namespace'], ['spec'], ['spec', 'tier'], ['spec', 'priority']];
  const broken = unreadable.find(({ path }) => isBelow(path, subject.path) || whole.some((at) => samePath(at, path)));
  const selectors = [subject.pods, ...(subject.namespaces.kind === 'selected' ? [subject.namespaces.selector] : [])];
  const selector = selectors.find((one) => one.unreadable !== undefined);
  const part = broken ?? (selector && { path: selector.path, why: selector.unreadable ?? '' });
  return part && { path: part.path, message: `'${policyName(policy)}' is left out of all verdicts: ${clause(part)}.` };
}

function readSection(policy: Policy, direction: Direction, doubts: Caveat[]): EffectiveRules | undefined {
  const section = policy[direction];
  if (!section) return undefined;
  const broken = policy.unreadable.find(({ path }) => samePath(path, section.path));
  if (broken) {
    doubts.push({ path: section.path, message: `'${policyName(policy)}' is left out of verdicts on ${direction}: ${clause(broken)}.` });
    return undefined;
  }
  noteLostRules(policy, section, direction, doubts);
  const faults = indexByPath(policy.unreadable);
  return { isolates: section.isolates, rules: section.rules.map((rule) => readRule(policy, rule, faults, doubts)) };
}

/** Rules that could not be read at all are not in the list of rules. */
function noteLostRules(policy: Policy, section: Section, direction: Direction, doubts: Caveat[]): void {
  const rules = indexByPath(section.rules);
  for (const part of policy.unreadable) {
    if (!isBelow(part.path, section.path) || rules.isAround(part.path)) continue;
    doubts.push({
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
function readRule(policy: Policy, rule: Rule, faults: PathIndex<Unreadable>, doubts: Caveat[]): EffectiveRule {
  const broken = brokenPart(faults, rule);
  const effective = { rule, action: rule.action, peers: rule.peers, fixed: fixedPorts(rule.ports), named: namedPorts(rule.ports) };
  if (!broken) return effective;
  const what = `A rule of '${policyName(policy)}' cannot be read in full: ${clause(broken)}.`;
  // A template will make something of it, nobody knows what.
  if (broken.why === TEMPLATE || policy.traits.isolates) {
    const allows = policy.traits.isolates;
    doubts.push({ path: broken.path, message: `${what} ${allows ? 'That part allows nothing' : 'It is not evaluated'}.` });
    return allows ? effective : { ...effective, peers: [] };
  }
  if (rule.action === 'Accept') {
    doubts.push({ path: broken.path, message: `${what} It fails closed and accepts nothing.` });
    return { ...effective, peers: [] };
  }
  doubts.push({ path: broken.path, message: `${what} It fails closed and denies everything.` });
  return { ...effective, action: 'Deny', peers: 'any', fixed: ALL_TRAFFIC, named: [] };
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
      return undefined;
  }
}

function fixedPorts(ports: readonly PortMatch[] | 'any'): Traffic {
  if (ports === 'any') return ALL_TRAFFIC;
  const ranges = ports.filter((port) => port.kind === 'range');
  return trafficOfEach((protocol) => portsIn(ranges.filter((port) => port.protocol === protocol)));
}

function namedPorts(ports: readonly PortMatch[] | 'any'): NamedPortRule[] {
  if (ports === 'any') return [];
  return ports.flatMap((port) => (port.kind === 'named' ? [port] : []));
}

/** What is wrong, with its place: "spec.tier is missing". */
function clause({ path, why }: Unreadable): string {
  return `${formatPath(path)} ${why}`;
}
