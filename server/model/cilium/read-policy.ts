import type { Work } from '../../base/work.ts';
import type { Path } from '../../syntax/path.ts';
import { asMap, asScalar, hasHole, isNull, type Node } from '../../syntax/tree.ts';
import type { EndpointSet } from '../endpoint-set.ts';
import type { Direction, NotInForce, Peer, Policy, PolicyPlaces, PortMatch, Rule, Section, Subject } from '../policy.ts';
import { given, listAt, mapAt, readMetadata, readRules, sortOf, TEMPLATE, textIn, type ListItem, type Reading } from '../read.ts';
import { readSelector } from '../read-selector.ts';
import type { Traits } from '../traits.ts';
import { describeSelector } from '../describe-selector.ts';
import { readEntryPeers } from './read-peers.ts';
import { readIcmps, readPortItems, type PortItem } from './read-ports.ts';
import { readPodSelection, selectionSet, selectionWords } from './read-selector.ts';
import { POD_NAMESPACE } from './label-key.ts';
import { rejectionsWork, specsIn, SECTIONS } from './rejections.ts';

/** What tells the two policy kinds apart. */
export interface CiliumKind {
  readonly kind: 'CiliumNetworkPolicy' | 'CiliumClusterwideNetworkPolicy';
  readonly traits: Traits;
}

/** Reads a policy, in steps: each of its rules is a policy of its own, `specs` gives several. */
export function* readPolicy(root: Node | undefined, of: CiliumKind): Work<Policy> {
  const unreadable: Reading = [];
  const { name, namespace } = readMetadata(root, unreadable);
  const home = of.traits.namespaced ? namespace : undefined;
  mapAt(root, [], ['apiVersion', 'kind', 'metadata', 'spec', 'specs', 'status'], []);
  noteLists(root, unreadable);
  const shared = {
    api: 'cilium',
    kind: of.kind,
    apiVersion: 'cilium.io/v2',
    name,
    ...(home === undefined ? {} : { namespace: home }),
    traits: of.traits,
    stage: 'networkpolicy',
  } as const;
  const rejected = yield* notInForce(root, of.kind);
  const parts: Policy[] = [];
  for (const rule of specsIn(root)) {
    const reading: Reading = [];
    const part = yield* readRule(rule, home, reading);
    parts.push({ ...shared, ...part, unreadable: [...unreadable, ...reading], ...(rejected ? { notInForce: rejected } : {}) });
    yield;
  }
  const [only] = parts;
  if (only && parts.length === 1) return only;
  const own = parts.map(withSubjects);
  const whole: Policy = {
    ...shared,
    subject: NO_SUBJECT,
    at: placesOf(['spec']),
    unreadable,
    ...(rejected ? { notInForce: rejected } : {}),
  };
  return only ? united(whole, own) : whole;
}

/** A part whose rules say which pods they are about. */
function withSubjects(part: Policy): Policy {
  const [ingress, egress] = [part.ingress, part.egress].map(
    (section) => section && { ...section, rules: section.rules.map((rule): Rule => ({ ...rule, subject: part.subject })) },
  );
  return { ...part, ...(ingress ? { ingress } : {}), ...(egress ? { egress } : {}) };
}

/** A manifest of several rules: sections of all of them, each rule with the subject of its part. */
function united(whole: Policy, parts: readonly Policy[]): Policy {
  const section = (direction: Direction): { readonly [D in Direction]?: Section } => {
    const sections = parts.flatMap((part) => part[direction] ?? []);
    const rules = sections.flatMap((own) => own.rules);
    const [first] = sections;
    return first ? { [direction]: { isolates: sections.some(({ isolates: own }) => own), rules, path: first.path } } : {};
  };
  const sets = parts.map(({ subject }) => subject.set ?? { kind: 'unknown' as const, why: 'has no selector' });
  const subject: Subject = {
    ...NO_SUBJECT,
    path: ['specs'],
    set: { kind: 'or', of: sets },
    words: parts.map((part) => part.subject.words ?? '').join(', and '),
  };
  return {
    ...whole,
    subject,
    at: { ...whole.at, body: [] },
    ...section('ingress'),
    ...section('egress'),
    unreadable: [...new Set(parts.flatMap((part) => part.unreadable))],
    parts,
  };
}

const NO_SUBJECT: Subject = {
  namespaces: { kind: 'selected', selector: { requirements: [], path: ['spec'] } },
  pods: { requirements: [], path: ['spec'] },
  path: ['spec'],
  set: { kind: 'or', of: [] },
  words: 'no pod',
};

function noteLists(root: Node | undefined, reading: Reading): void {
  listAt(given(root, 'specs'), ['specs'], reading);
  const spec = given(root, 'spec');
  if (spec && !asMap(spec)) reading.push({ path: ['spec'], why: hasHole(spec) ? TEMPLATE : `should be an object, not ${sortOf(spec)}` });
}

/** A policy that Cilium rejects counts for nothing. */
function* notInForce(root: Node | undefined, kind: string): Work<NotInForce | undefined> {
  const [rejection] = root ? yield* rejectionsWork(root, kind) : [];
  return rejection && { why: `is rejected by Cilium: ${rejection.why}`, noted: true };
}

type RulePart = Pick<Policy, 'subject' | 'at' | 'ingress' | 'egress'>;

const RULE_FIELDS = [
  'description',
  'endpointSelector',
  'nodeSelector',
  'ingress',
  'ingressDeny',
  'egress',
  'egressDeny',
  'enableDefaultDeny',
  'labels',
  'log',
];

function* readRule({ node, path }: ListItem, home: string | undefined, reading: Reading): Work<RulePart> {
  const rule = mapAt(node, path, RULE_FIELDS, reading);
  const at = placesOf(path);
  const subject = readSubject(rule, path, home);
  const ingress = yield* readSection(rule, path, 'ingress', home, reading);
  const egress = yield* readSection(rule, path, 'egress', home, reading);
  return { subject, at, ...ingress, ...egress };
}

function placesOf(path: Path): PolicyPlaces {
  return { body: path, ingress: [...path, 'ingress'], egress: [...path, 'egress'], order: [] };
}

/** A selector of pods never leaves the namespace of the policy: a namespace that it names is dropped. */
function readSubject(rule: Node | undefined, path: Path, home: string | undefined): Subject {
  const nodes = given(rule, 'nodeSelector');
  if (nodes && !given(rule, 'endpointSelector')) return readNodes(nodes, [...path, 'nodeSelector']);
  const at = [...path, 'endpointSelector'];
  const selection = readPodSelection(given(rule, 'endpointSelector'), at, home);
  const namespaces = home === undefined ? selection.namespaces : ({ kind: 'own', namespace: home } as const);
  const labels = namespaces.kind === 'own' && selection.namespaces.kind === 'selected' ? selection.namespaces.selector : undefined;
  const own = labels && {
    ...labels,
    requirements: labels.requirements.filter(({ path: key }) => !String(key.at(-1)).includes(POD_NAMESPACE)),
  };
  const bounded = { ...selection, namespaces };
  const base = { namespaces, pods: selection.pods, path: at };
  const extra: readonly EndpointSet[] = own && own.requirements.length > 0 ? [{ kind: 'labels', of: 'namespace', selector: own }] : [];
  if (selection.others.length + extra.length === 0) return { ...base, set: selectionSet(bounded), words: selectionWords(bounded) };
  return { ...base, set: { kind: 'and', of: [selectionSet(bounded), ...extra] }, words: selectionWords(bounded) };
}

/** Rules for nodes select nodes only. */
function readNodes(nodes: Node, path: Path): Subject {
  const selector = readSelector(nodes, path, 'dropped');
  return { ...NO_SUBJECT, path, set: { kind: 'labels', of: 'node', selector }, words: describeSelector(selector, 'node') };
}

/** The entries of a direction that allow and those that deny. Without any, the rule says nothing about the direction. */
function* readSection(
  rule: Node | undefined,
  path: Path,
  direction: Direction,
  home: string | undefined,
  reading: Reading,
): Work<{ readonly [D in Direction]?: Section }> {
  const rules: Rule[] = [];
  for (const { field, deny } of SECTIONS.filter((section) => section.direction === direction)) {
    const items = listAt(given(rule, field), [...path, field], reading) ?? [];
    for (const one of yield* readRules(items, (item, index) => readEntry(item, index, direction, deny, home, reading))) rules.push(one);
  }
  const deny = direction === 'ingress' ? 'ingressDeny' : 'egressDeny';
  const isGiven = [direction, deny].some((field) => (given(rule, field) ? hasItemsOrHole(given(rule, field)) : false));
  if (!isGiven) return {};
  const where = given(rule, direction) ? direction : deny;
  return { [direction]: { isolates: isolates(rule, direction), rules, path: [...path, where] } };
}

function hasItemsOrHole(node: Node | undefined): boolean {
  return hasHole(node) || (listAt(node, [], [])?.length ?? 0) > 0;
}

function isolates(rule: Node | undefined, direction: Direction): boolean {
  const value = asScalar(given(given(rule, 'enableDefaultDeny'), direction))?.value;
  return !(value?.type === 'bool' && !value.value);
}

const ENTRY_FIELDS = ['Endpoints', 'Entities', 'CIDR', 'CIDRSet', 'Nodes', 'Groups', 'Requires'];

function* readEntry(
  { node, path }: ListItem,
  index: number,
  direction: Direction,
  deny: boolean,
  home: string | undefined,
  reading: Reading,
): Work<readonly Rule[]> {
  const prefix = direction === 'ingress' ? 'from' : 'to';
  const action = deny ? 'Deny' : 'Accept';
  const own = ENTRY_FIELDS.map((field) => `${prefix}${field}`);
  const more = direction === 'egress' ? ['toFQDNs', 'toServices'] : [];
  const entry = isNull(node) ? undefined : mapAt(node, path, [...own, ...more, 'toPorts', 'icmps', 'authentication'], reading);
  const peerField = own.find((field) => given(entry, field)) ?? more.find((field) => given(entry, field)) ?? `${prefix}Endpoints`;
  const at = { peers: [...path, peerField], ports: [...path, 'toPorts'] };
  const places = { action, path, index, at } as const;
  if (!entry && !isNull(node)) return [{ ...places, peers: [{ kind: 'unreadable', path }], ports: 'any' }];
  const items = readPortItems(entry, path, reading);
  const icmps = readIcmps(entry, path, reading);
  const peers = (yield* readEntryPeers(entry, path, direction, home, reading)) ?? ((items ?? icmps) ? 'any' : NO_PEERS);
  const mode = textIn(given(given(entry, 'authentication'), 'mode'));
  const note = mode === undefined || mode === 'disabled' ? {} : { note: 'Both sides must have authenticated.' };
  return rulesOf({ ...places, peers, ...note }, items, icmps);
}

/** An entry without peers and ports matches nothing. */
const NO_PEERS: readonly Peer[] = [];

/** One rule, or one for each item of `toPorts` where layer 7 asks different things of them. */
function rulesOf(
  rule: Omit<Rule, 'ports'>,
  items: readonly PortItem[] | undefined,
  icmps: readonly PortMatch[] | undefined,
): readonly Rule[] {
  if (!items) return [{ ...rule, ports: icmps ?? 'any' }];
  const [first] = items;
  const isAlike = items.every(({ condition }) => condition === first?.condition);
  if (!isAlike || !first) return items.map((item) => ({ ...rule, path: item.path, ports: item.ports, ...layer7(item, item.lookups) }));
  const ports = items.some((item) => item.ports === 'any') ? 'any' : items.flatMap((item) => (item.ports === 'any' ? [] : item.ports));
  const lookups = items.flatMap((item) => item.lookups ?? []);
  return [{ ...rule, ports, ...layer7(first, items.some((item) => item.lookups) ? lookups : undefined) }];
}

function layer7({ condition }: PortItem, lookups: readonly string[] | undefined): Pick<Rule, 'condition' | 'lookups'> {
  return { ...(condition === undefined ? {} : { condition }), ...(lookups === undefined ? {} : { lookups }) };
}
