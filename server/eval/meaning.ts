import { ALL_TRAFFIC, NO_TRAFFIC, portsIn, trafficOf, uniteTraffic, type Traffic } from '../base/ports.ts';
import {
  PATCHED,
  type Action,
  type Direction,
  type Peer,
  type Policy,
  type PortMatch,
  type Protocol,
  type Rule,
  type Section,
  type Unreadable,
} from '../model/policy.ts';
import { TEMPLATE } from '../model/read.ts';
import { formatPath, isBelow, samePath, type Path } from '../syntax/path.ts';
import { policyName } from './names.ts';

/** What a policy counts for in verdicts, once it is settled what becomes of the parts that cannot be read. */
export interface Meaning {
  readonly ingress?: Meant;
  readonly egress?: Meant;
  /** What was left out or taken as something else, and why. */
  readonly doubts: readonly Doubt[];
}

/** The rules of one direction. */
export interface Meant {
  readonly isolates: boolean;
  readonly rules: readonly MeantRule[];
}

export interface MeantRule {
  readonly rule: Rule;
  readonly action: Action;
  readonly peers: readonly Peer[] | 'any';
  /** The ports given by number. */
  readonly fixed: Traffic;
  /** The ports given by name; which ones they are is for the destination to say. */
  readonly named: readonly NamedPort[];
}

export interface NamedPort {
  readonly name: string;
  readonly protocol?: Protocol;
}

export interface Doubt {
  readonly path: Path;
  readonly message: string;
}

/** The meaning of a policy. One whose subject, tier or priority cannot be read means nothing. */
export function meaningOf(policy: Policy): Meaning {
  const known = MEANINGS.get(policy);
  if (known) return known;
  const meaning = readMeaning(policy);
  MEANINGS.set(policy, meaning);
  return meaning;
}

const MEANINGS = new WeakMap<Policy, Meaning>();

function readMeaning(policy: Policy): Meaning {
  const doubt = wholeDoubt(policy);
  if (doubt) return { doubts: [doubt] };
  const doubts: Doubt[] = policy.unreadable
    .filter(({ why }) => why === PATCHED)
    .map(({ path }) => ({ path, message: `'${policyName(policy)}' ${PATCHED}, and verdicts take it as it stands without that.` }));
  const ingress = readSection(policy, 'ingress', doubts);
  const egress = readSection(policy, 'egress', doubts);
  return { ...(ingress ? { ingress } : {}), ...(egress ? { egress } : {}), doubts };
}

/** Why a policy has to be left out as a whole, if it has. */
function wholeDoubt(policy: Policy): Doubt | undefined {
  const { subject, unreadable } = policy;
  const whole = [['metadata'], ['metadata', 'namespace'], ['spec'], ['spec', 'tier'], ['spec', 'priority']];
  const broken = unreadable.find(({ path }) => isBelow(path, subject.path) || whole.some((at) => samePath(at, path)));
  const selectors = [subject.pods, ...(subject.namespaces.kind === 'selected' ? [subject.namespaces.selector] : [])];
  const selector = selectors.find((one) => one.unreadable !== undefined);
  const part = broken ?? (selector && { path: selector.path, why: selector.unreadable ?? '' });
  return part && { path: part.path, message: `'${policyName(policy)}' is left out of all verdicts: ${clause(part)}.` };
}

function readSection(policy: Policy, direction: Direction, doubts: Doubt[]): Meant | undefined {
  const section = policy[direction];
  if (!section) return undefined;
  const broken = policy.unreadable.find(({ path }) => samePath(path, section.path));
  if (broken) {
    doubts.push({ path: section.path, message: `'${policyName(policy)}' is left out of verdicts on ${direction}: ${clause(broken)}.` });
    return undefined;
  }
  noteLostRules(policy, section, direction, doubts);
  return { isolates: section.isolates, rules: section.rules.map((rule) => readRule(policy, rule, doubts)) };
}

/** Rules that could not be read at all are not in the list of rules. */
function noteLostRules(policy: Policy, section: Section, direction: Direction, doubts: Doubt[]): void {
  for (const part of policy.unreadable) {
    if (!isBelow(part.path, section.path) || section.rules.some((rule) => isBelow(part.path, rule.path))) continue;
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
function readRule(policy: Policy, rule: Rule, doubts: Doubt[]): MeantRule {
  const broken = brokenPart(policy, rule);
  const meant = { rule, action: rule.action, peers: rule.peers, fixed: fixedPorts(rule.ports), named: namedPorts(rule.ports) };
  if (!broken) return meant;
  const what = `A rule of '${policyName(policy)}' cannot be read in full: ${clause(broken)}.`;
  // A template will make something of it, nobody knows what.
  if (broken.why === TEMPLATE || policy.traits.isolates) {
    const allows = policy.traits.isolates;
    doubts.push({ path: broken.path, message: `${what} ${allows ? 'That part allows nothing here' : 'It is left out of verdicts'}.` });
    return allows ? meant : { ...meant, peers: [] };
  }
  if (rule.action === 'Accept') {
    doubts.push({ path: broken.path, message: `${what} It fails closed and accepts nothing.` });
    return { ...meant, peers: [] };
  }
  doubts.push({ path: broken.path, message: `${what} It fails closed and denies everything.` });
  return { ...meant, action: 'Deny', peers: 'any', fixed: ALL_TRAFFIC, named: [] };
}

function brokenPart(policy: Policy, rule: Rule): Unreadable | undefined {
  const noted = policy.unreadable.find(({ path }) => isBelow(path, rule.path) && !samePath(path, [...rule.path, 'name']));
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
  return ports.reduce(
    (sum, port) => (port.kind === 'range' ? uniteTraffic(sum, trafficOf(port.protocol, portsIn([port]))) : sum),
    NO_TRAFFIC,
  );
}

function namedPorts(ports: readonly PortMatch[] | 'any'): NamedPort[] {
  if (ports === 'any') return [];
  return ports.flatMap((port) => (port.kind === 'named' ? [port] : []));
}

/** What is wrong, with its place: "spec.tier is missing". */
function clause({ path, why }: Unreadable): string {
  return `${formatPath(path)} ${why}`;
}
