import { NO_TRAFFIC, PROTOCOLS, subtractPorts, uniteTraffic, trafficOf, portSet, type Traffic } from '../../base/ports.ts';
import { subjectSet } from '../../model/endpoint-set.ts';
import type { EndpointSet, Network } from '../../model/endpoints.ts';
import { NAME_LABEL } from '../../model/namespace.ts';
import {
  DIRECTIONS,
  type Direction,
  type NamespaceScope,
  type Peer,
  type Policy,
  type PortMatch,
  type Rule,
  type Subject,
} from '../../model/policy.ts';
import type { Requirement } from '../../model/selector.ts';
import { formatPath } from '../../syntax/path.ts';
import type { Path } from '../../syntax/path.ts';
import { ALL_NETWORKS, plainSets, type PlainSet } from './plain-sets.ts';
import type { Loss } from './result.ts';

/** A policy in terms that every API has. */
export interface PlainPolicies {
  /** The same policy with plain rules; several for several subjects, in the order of the rules. */
  readonly parts: readonly Policy[];
  /** What is left out of rules that allow. */
  readonly lost: readonly Loss[];
}

/** Why a policy has no such form. */
export interface NotPlain {
  readonly refused: string;
}

/**
 * A policy whose subject and peers are pods by label and blocks of addresses, and whose ports are ranges and names. What a rule that allows
 * asks beyond that is left out with it, and listed; of a rule that denies or passes nothing can be left out, as this would allow more.
 * `peerKinds`: what else the target has peers for.
 */
export function plainPolicies(policy: Policy, peerKinds: readonly Peer['kind'][] = ['pods', 'networks']): PlainPolicies | NotPlain {
  const lost: Loss[] = [];
  const sources = policy.parts ?? [policy];
  const parts: Policy[] = [];
  for (const source of sources) {
    const rules = plainSections(source, peerKinds, lost);
    if ('refused' in rules) return rules;
    const divided = dividedBySubject(source, rules);
    if ('refused' in divided) return divided;
    parts.push(...divided.parts);
  }
  return { parts, lost };
}

type Sections = Readonly<Partial<Record<Direction, readonly Rule[]>>>;

function plainSections(policy: Policy, peerKinds: readonly Peer['kind'][], lost: Loss[]): { readonly rules: Sections } | NotPlain {
  const rules: Partial<Record<Direction, Rule[]>> = {};
  for (const direction of DIRECTIONS) {
    const section = policy[direction];
    if (!section) continue;
    const own: Rule[] = [];
    for (const rule of section.rules) {
      const plain = plainRule(rule, policy.namespace, peerKinds);
      const [first] = plain.lost;
      if (first && rule.action !== 'Accept' && rule.action !== 'Log') return neededWhole(rule, first);
      lost.push(...plain.lost);
      own.push(...plain.rules);
    }
    rules[direction] = own;
  }
  return { rules };
}

/** Why a rule that denies or passes cannot lose a part of itself. */
export function neededWhole({ action }: Rule, { path, message }: Loss): NotPlain {
  return {
    refused: `${formatPath(path)}: ${message} The rule ${action === 'Deny' ? 'denies' : 'passes'}, so nothing of it can be left out.`,
  };
}

interface PlainRule {
  /** None where nothing is left of it. */
  readonly rules: readonly Rule[];
  readonly lost: readonly Loss[];
}

function plainRule(rule: Rule, home: string | undefined, peerKinds: readonly Peer['kind'][]): PlainRule {
  const whole = (message: string, path: Path = rule.path): PlainRule => ({ rules: [], lost: [{ path, message }] });
  if (rule.action === 'Log')
    return { rules: [], lost: [{ path: rule.path, message: 'A rule that only logs has no counterpart.', isDetail: true }] };
  if (rule.condition !== undefined) return whole(`The condition on requests (${rule.condition}) has no counterpart.`);
  if (rule.own !== undefined && !isEverything(rule.own)) return whole('A rule for some of the selected pods has no counterpart.');
  const ports = plainPorts(rule);
  if (ports === undefined) return whole('Excluded ports by name have no counterpart.', rule.at.ports);
  const peers = rule.peers === 'any' ? { plain: 'any' as const, lost: [] } : plainPeers(rule.peers, home, peerKinds);
  const lost = [...ports.lost, ...peers.lost];
  const isGone = (ports.plain !== 'any' && ports.plain.length === 0) || (peers.plain !== 'any' && peers.plain.length === 0);
  return { rules: isGone ? [] : [{ ...without(rule), peers: peers.plain, ports: ports.plain }], lost };
}

function without({ own: _own, notPorts: _notPorts, condition: _condition, ...rule }: Rule): Rule {
  return rule;
}

function isEverything(set: EndpointSet): boolean {
  const [only, ...more] = plainSets(set) ?? [];
  return (
    only !== undefined && more.length === 0 && !only.networks && [only.pods, only.namespaces, only.except].every((one) => one.length === 0)
  );
}

interface PlainPorts {
  readonly plain: readonly PortMatch[] | 'any';
  readonly lost: readonly Loss[];
}

/** `undefined` where ports are excluded that ranges cannot take away. */
function plainPorts({ ports, notPorts = [], at }: Rule): PlainPorts | undefined {
  const given = ports === 'any' ? [] : ports;
  const lost = given.flatMap((port): readonly Loss[] =>
    port.kind === 'range' || port.kind === 'named'
      ? []
      : [{ path: port.path, message: `The ports (${port.kind === 'unreadable' ? 'not readable' : port.words}) have no counterpart.` }],
  );
  if (notPorts.length === 0)
    return { plain: ports === 'any' ? 'any' : given.filter(({ kind }) => kind === 'range' || kind === 'named'), lost };
  if (lost.length > 0 || [...given, ...notPorts].some(({ kind }) => kind !== 'range')) return undefined;
  const all = ports === 'any' ? EVERY_PORT : trafficIn(given);
  const taken = trafficIn(notPorts);
  const plain = PROTOCOLS.flatMap((protocol) =>
    subtractPorts(all[protocol], taken[protocol]).map(({ from, to }): PortMatch => ({
      kind: 'range',
      protocol,
      from,
      to,
      path: at.ports,
      at: [],
    })),
  );
  return { plain, lost };
}

const EVERY_PORT: Traffic = uniteTraffic(...PROTOCOLS.map((protocol) => trafficOf(protocol)));

function trafficIn(ports: readonly PortMatch[]): Traffic {
  return uniteTraffic(
    NO_TRAFFIC,
    ...ports.flatMap((port) => (port.kind === 'range' ? [trafficOf(port.protocol, portSet(Math.max(1, port.from), port.to))] : [])),
  );
}

interface PlainPeers {
  readonly plain: readonly Peer[] | 'any';
  readonly lost: readonly Loss[];
}

function plainPeers(peers: readonly Peer[], home: string | undefined, peerKinds: readonly Peer['kind'][]): PlainPeers {
  const plain: Peer[] = [];
  const lost: Loss[] = [];
  for (const peer of peers) {
    const sets = peer.kind === 'set' ? plainSets(peer.set) : undefined;
    if (peer.kind === 'set' ? !sets : !peerKinds.includes(peer.kind))
      lost.push({ path: peer.path, message: `The peer (${peerWords(peer)}) has no counterpart.` });
    else if (peer.kind !== 'set') plain.push(peer);
    else if (sets?.some(isAnything)) return { plain: 'any', lost };
    else plain.push(...(sets ?? []).map((set) => peerOf(set, peer.path, home)));
  }
  return { plain, lost };
}

function peerWords(peer: Peer): string {
  if (peer.kind === 'set') return peer.words;
  if (peer.kind === 'nodes') return 'nodes by label';
  return peer.kind === 'domainNames'
    ? `domain names: ${peer.domainNames.join(', ')}`
    : peer.kind === 'unreadable'
      ? 'not readable'
      : peer.kind;
}

function isAnything({ isPods, networks, except }: PlainSet): boolean {
  return !isPods && networks === undefined && except.length === 0;
}

function peerOf({ isPods, pods, namespaces, networks = [], except }: PlainSet, path: Path, home: string | undefined): Peer {
  if (isPods) return { kind: 'pods', namespaces: scopeOf(namespaces, path, home), pods: { requirements: pods, path }, path };
  const blocks: readonly Network[] = networks.length > 0 ? networks : ALL_NETWORKS.map((block) => ({ ...block, path }));
  return {
    kind: 'networks',
    networks: blocks.map((block) => ({ ...block, except: [...block.except, ...except.filter((one) => isWithin(one, block.cidr))] })),
    path,
  };
}

/** By their families alone: the API servers reject exceptions outside of the block. */
function isWithin(one: string, block: string): boolean {
  return one.includes(':') === block.includes(':');
}

/** The own namespace by its name, or a selector. */
function scopeOf(requirements: readonly Requirement[], path: Path, home: string | undefined): NamespaceScope {
  const name = nameIn(requirements);
  if (home !== undefined && name === home) return { kind: 'own', namespace: home };
  return { kind: 'selected', selector: { requirements: [...new Map(requirements.map((one) => [wordsOf(one), one])).values()], path } };
}

/** The one namespace that conditions name; `undefined` where they say more, or something else. */
export function nameIn(requirements: readonly Requirement[]): string | undefined {
  const names = new Set(
    requirements.map((one) => (one.key === NAME_LABEL && one.operator === 'In' && one.values.length === 1 ? one.values[0] : undefined)),
  );
  const [name] = names;
  return names.size === 1 ? name : undefined;
}

function wordsOf({ key, operator, values }: Requirement): string {
  return `${key} ${operator} ${values.join()}`;
}

/** Rules that follow each other and are about the same pods, each for every alternative of its subject. */
function dividedBySubject(policy: Policy, { rules }: { readonly rules: Sections }): PlainPolicies | NotPlain {
  const runs = DIRECTIONS.flatMap((direction) => runsOf(policy, direction, rules[direction]));
  // Where no rule has a subject of its own, both directions stay in one policy.
  const isUniform = runs.every(({ subject }) => subject === policy.subject);
  const pieces: readonly Piece[] = isUniform
    ? [{ subject: policy.subject, sections: rules }]
    : runs.map(({ subject, direction, run }) => ({ subject, sections: { [direction]: run } }));
  const parts: Policy[] = [];
  for (const { subject, sections } of pieces) {
    const subjects = plainSubjects(policy, subject);
    if ('refused' in subjects) return subjects;
    for (const one of subjects.subjects) parts.push(withSections({ ...policy, subject: one }, sections));
  }
  return { parts, lost: [] };
}

interface Piece {
  readonly subject: Subject;
  readonly sections: Sections;
}

interface Run {
  readonly direction: Direction;
  readonly subject: Subject;
  readonly run: readonly Rule[];
}

function runsOf(policy: Policy, direction: Direction, rules: readonly Rule[] | undefined): readonly Run[] {
  if (!rules) return [];
  if (rules.length === 0) return [{ direction, subject: policy.subject, run: [] }];
  const runs: { subject: Subject; run: Rule[] }[] = [];
  for (const { subject = policy.subject, ...rule } of rules) {
    const last = runs.at(-1);
    if (last && (last.subject === subject || JSON.stringify(last.subject.set ?? last.subject) === JSON.stringify(subject.set ?? subject)))
      last.run.push(rule);
    else runs.push({ subject, run: [rule] });
  }
  return runs.map((run) => ({ direction, ...run }));
}

function withSections({ ingress, egress, parts: _parts, ...policy }: Policy, sections: Sections): Policy {
  return {
    ...policy,
    ...(ingress && sections.ingress ? { ingress: { ...ingress, rules: sections.ingress } } : {}),
    ...(egress && sections.egress ? { egress: { ...egress, rules: sections.egress } } : {}),
  };
}

function plainSubjects(policy: Policy, subject: Subject): { readonly subjects: readonly Subject[] } | NotPlain {
  const { path } = subject;
  if (subject.set === undefined) return { subjects: [subject] };
  const sets = plainSets(subjectSet(policy, subject));
  if (!sets || sets.some(({ isPods }) => !isPods))
    return { refused: `${formatPath(path)}: The pods that it applies to (${subject.words ?? 'not known'}) have no counterpart.` };
  if (sets.length === 0) return { refused: `${formatPath(path)}: It selects no pods.` };
  const namespaces = new Set(sets.map((set) => nameIn(set.namespaces)));
  if (policy.namespace !== undefined && !namespaces.has(policy.namespace))
    return { refused: `${formatPath(path)}: It selects pods by labels of its namespace (${policy.namespace}).` };
  return {
    subjects: sets.map(({ pods, namespaces: scope }) => ({
      namespaces: scopeOf(scope, path, policy.namespace),
      pods: { requirements: pods, path: subject.pods.path },
      path,
    })),
  };
}
