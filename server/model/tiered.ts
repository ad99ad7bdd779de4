import { finished, type Work } from '../base/work.ts';
import { parseCidr } from '../base/cidr.ts';
import type { Path } from '../syntax/path.ts';
import { asMap, get, hasHole, isNull, pairsOf, stringOf, type Node } from '../syntax/tree.ts';
import type { PolicyKindEntry } from './kind.ts';
import type { Direction, NamespaceScope, Network, Peer, Policy, PolicyKind, PortMatch, Rule, Section, StageId, Subject } from './policy.ts';
import { given, integerIn, listAt, mapAt, readEach, readRules, sortOf, TEMPLATE, textAt, type ListItem, type Reading } from './read.ts';
import { readSelector } from './read-selector.ts';
import { namespaceValue, peerField, peerValues, selectorValue } from './rule-writer.ts';
import type { ManifestValue, PeerRequest, RuleRequest } from './rule-request.ts';
import type { LabelSelector } from './selector.ts';
import type { Traits } from './traits.ts';

/** How all policies of the group behave: rules in order, the first that matches decides, nothing is isolated. */
const TIERED_TRAITS: Traits = {
  ordered: true,
  isolates: false,
  denies: true,
  namespaced: false,
  hostNetwork: false,
  builtIn: false,
};

/** In what the APIs of the group policy.networking.k8s.io differ from one another. */
export interface TieredApi extends Pick<
  PolicyKindEntry,
  'version' | 'alike' | 'plural' | 'summary' | 'successor' | 'onlyName' | 'actions' | 'portsField'
> {
  readonly kind: PolicyKind;
  readonly specFields: readonly string[];
  /** Fields that other kinds may lack: see `PolicyKindEntry.fields`. */
  readonly fields: readonly string[];
  readonly readPort: (item: ListItem, reading: Reading) => PortMatch;
  /** One item of `portsField`. */
  readonly writePort: (port: RuleRequest['ports'][number]) => ManifestValue;
  /** Must `pods` name a namespaceSelector? Where it need not, none means all namespaces. */
  readonly podsNeedNamespaces: boolean;
  readonly readStage: (spec: Node | undefined, reading: Reading) => StageId;
  readonly hasPriority: boolean;
}

/** The entry of a kind of this group. */
export function tieredKind(api: TieredApi): PolicyKindEntry {
  return {
    role: 'policy',
    api: 'kubernetes',
    group: GROUP,
    version: api.version,
    alike: api.alike,
    kind: api.kind,
    plural: api.plural,
    scope: 'Cluster',
    summary: api.summary,
    docs: 'https://network-policy-api.sigs.k8s.io/api-overview/',
    formerly: [],
    channels: true,
    ...(api.successor === undefined ? {} : { successor: api.successor }),
    ...(api.onlyName === undefined ? {} : { onlyName: api.onlyName }),
    traits: TIERED_TRAITS,
    fields: api.fields,
    actions: api.actions,
    portsField: api.portsField,
    scopeOfPods: api.podsNeedNamespaces ? 'named' : 'all',
    write: { rule: (request) => writeRule(request, api) },
    read: (root) => finished(readTiered(root, api)),
    readWork: (root) => readTiered(root, api),
  };
}

const GROUP = 'policy.networking.k8s.io';

/** `undefined` where the API has no such peer: ingress from addresses, and rules without peers. */
function writeRule({ direction, action, name, peers, ports }: RuleRequest, api: TieredApi): ManifestValue | undefined {
  const word = api.actions.get(action);
  const list = peerValues(peers, (peer) => writePeer(peer, direction));
  if (word === undefined || !list || list.length === 0) return undefined;
  return {
    ...(name === undefined ? {} : { name }),
    action: word,
    [peerField(direction)]: list,
    ...(ports.length === 0 ? {} : { [api.portsField]: ports.map(api.writePort) }),
  };
}

function writePeer(peer: PeerRequest, direction: Direction): ManifestValue | undefined {
  if (peer.kind === 'address') return direction === 'egress' ? { networks: [peer.cidr] } : undefined;
  if (peer.namespace === undefined && Object.keys(peer.labels).length === 0) return { namespaces: {} };
  return { pods: { namespaceSelector: namespaceValue(peer.namespace), podSelector: selectorValue(peer.labels) } };
}

/** Reads a policy that belongs to a tier: rules in order, the first that matches decides, nothing is isolated. */
function* readTiered(root: Node | undefined, api: TieredApi): Work<Policy> {
  const unreadable: Reading = [];
  // The API server drops a namespace here, so only the name counts.
  const name = textAt(given(root, 'metadata'), 'name', ['metadata'], unreadable) ?? '';
  const spec = mapAt(given(root, 'spec'), ['spec'], api.specFields, unreadable);
  const priority = api.hasPriority ? readPriority(given(spec, 'priority'), unreadable) : undefined;
  const ingress = yield* readSection(spec, 'ingress', api, unreadable);
  const egress = yield* readSection(spec, 'egress', api, unreadable);
  return {
    api: 'kubernetes',
    kind: api.kind,
    apiVersion: `${GROUP}/${versionIn(root, api)}`,
    name,
    traits: TIERED_TRAITS,
    stage: api.readStage(spec, unreadable),
    ...(priority === undefined ? {} : { priority }),
    subject: readSubject(given(spec, 'subject'), api, unreadable),
    at: {
      body: ['spec'],
      ingress: ['spec', 'ingress'],
      egress: ['spec', 'egress'],
      order: [['spec', 'tier'], ...(api.hasPriority ? [['spec', 'priority']] : [])],
    },
    ...(ingress ? { ingress } : {}),
    ...(egress ? { egress } : {}),
    unreadable,
  };
}

/** The version that a manifest names, where it is one that reads alike. */
function versionIn(root: Node | undefined, { version, alike }: TieredApi): string {
  return alike.find((one) => stringOf(get(root, 'apiVersion')) === `${GROUP}/${one}`) ?? version;
}

function readPriority(node: Node | undefined, reading: Reading): number | undefined {
  const priority = integerIn(node);
  if (priority !== undefined && priority >= 0 && priority <= 1000) return priority;
  const why = node === undefined ? 'is missing' : hasHole(node) ? TEMPLATE : `should be an integer from 0 to 1000, not ${sortOf(node)}`;
  reading.push({ path: ['spec', 'priority'], why });
  return undefined;
}

function readSubject(node: Node | undefined, api: TieredApi, reading: Reading): Subject {
  const path = ['spec', 'subject'];
  const before = reading.length;
  const subject = mapAt(node, path, ['namespaces', 'pods'], reading);
  const [choice, more] = choicesOf(subject);
  if (subject && reading.length === before && choice && !more) {
    const namespaced = readNamespaced(choice, path, api, reading);
    if (namespaced) return { ...namespaced, path };
  }
  if (reading.length === before) reading.push({ path, why: subject ? 'must name either namespaces or pods' : 'is missing' });
  const unreadable = reading[before]?.why ?? 'cannot be read';
  const nothing: LabelSelector = { requirements: [], path, unreadable };
  return { namespaces: { kind: 'selected', selector: nothing }, pods: nothing, path };
}

/** No `ingress`, a null one and an empty one have the same effect: none. */
function* readSection(spec: Node | undefined, direction: Direction, api: TieredApi, reading: Reading): Work<Section | undefined> {
  const path = ['spec', direction];
  const rules = listAt(given(spec, direction), path, reading);
  return rules && { isolates: false, rules: yield* readRules(rules, (item, i) => readRule(item, i, direction, api, reading)), path };
}

function* readRule({ node, path }: ListItem, index: number, direction: Direction, api: TieredApi, reading: Reading): Work<readonly Rule[]> {
  const peerField = direction === 'ingress' ? 'from' : 'to';
  const rule = mapAt(node, path, ['name', 'action', peerField, api.portsField], reading);
  const word = stringOf(given(rule, 'action'));
  const [action] = [...api.actions].find(([, one]) => one === word) ?? [];
  if (!action) {
    const written = given(rule, 'action');
    reading.push({
      path: [...path, 'action'],
      why: hasHole(written) ? TEMPLATE : `should be ${[...api.actions.values()].join(', ')}, not ${sortOf(written)}`,
    });
    return [];
  }
  const name = stringOf(given(rule, 'name'));
  const at = { peers: [...path, peerField], ports: [...path, api.portsField], action: [...path, 'action'] };
  const peers = yield* readPeers(given(rule, peerField), at.peers, direction, api, reading);
  const ports = yield* readPorts(given(rule, api.portsField), at.ports, api, reading);
  return [{ action, ...(name === undefined ? {} : { name }), peers, ports, path, index, at }];
}

/** The peer list is a must, with at least one item. */
function* readPeers(node: Node | undefined, path: Path, direction: Direction, api: TieredApi, reading: Reading): Work<readonly Peer[]> {
  const before = reading.length;
  const items = listAt(node, path, reading) ?? [];
  if (items.length === 0 && reading.length === before) reading.push({ path, why: 'must name at least one peer' });
  const incomplete: readonly Peer[] = reading.length > before ? [{ kind: 'unreadable', path }] : [];
  return [...(yield* readEach(items, (item) => readPeer(item, direction, api, reading))), ...incomplete];
}

function* readPorts(node: Node | undefined, path: Path, api: TieredApi, reading: Reading): Work<readonly PortMatch[] | 'any'> {
  const before = reading.length;
  const items = listAt(node, path, reading);
  const incomplete: readonly PortMatch[] = reading.length > before ? [{ kind: 'unreadable', path }] : [];
  // The API accepts an empty list and says only what a missing one means; it is read as the same.
  if (items === undefined || items.length + incomplete.length === 0) return 'any';
  return [...(yield* readEach(items, (item) => api.readPort(item, reading))), ...incomplete];
}

/**
 * A peer holds exactly one field. One that this API does not know makes the peer unreadable as a whole: an older CRD would have dropped
 * the field, and implementations must then fail closed (network-policy-api, "unknown peer").
 */
function readPeer({ node, path }: ListItem, direction: Direction, api: TieredApi, reading: Reading): Peer {
  const fields = direction === 'ingress' ? ['namespaces', 'pods'] : ['namespaces', 'pods', 'networks', 'nodes', 'domainNames'];
  const before = reading.length;
  const peer = isNull(node) ? undefined : mapAt(node, path, fields, reading);
  const [choice, more] = choicesOf(peer);
  if (reading.length === before && (!choice || more)) reading.push({ path, why: `must name exactly one of ${fields.join(', ')}` });
  if (reading.length > before || !choice) return { kind: 'unreadable', path };
  return readChoice(choice, path, api, reading) ?? { kind: 'unreadable', path };
}

function readChoice(choice: Choice, path: Path, api: TieredApi, reading: Reading): Peer | undefined {
  const at = [...path, choice.name];
  switch (choice.name) {
    case 'networks':
      return { kind: 'networks', networks: readNetworks(choice.value, at, reading), path };
    case 'nodes':
      return { kind: 'nodes', nodes: readSelector(choice.value, at, 'dropped'), path };
    case 'domainNames':
      return { kind: 'domainNames', domainNames: readTexts(choice.value, at, reading).map(({ text }) => text), path };
    default: {
      const namespaced = readNamespaced(choice, path, api, reading);
      return namespaced && { kind: 'pods', ...namespaced, path };
    }
  }
}

interface Choice {
  readonly name: string;
  readonly value: Node;
}

/** The fields of a map that hold something; null ones are pruned by the API server. */
function choicesOf(node: Node | undefined): readonly Choice[] {
  const map = asMap(node);
  if (!map) return [];
  return pairsOf(map).flatMap(({ name, value }) => (name === undefined || isNull(value) ? [] : [{ name, value }]));
}

interface Namespaced {
  readonly namespaces: NamespaceScope;
  readonly pods: LabelSelector;
}

/**
 * `namespaces: SELECTOR`, or `pods` with a pod selector and a namespace selector. The CRDs ask for a podSelector; without one, other
 * readers of such policies (np-guard's test suite, for one) select all pods.
 */
function readNamespaced({ name, value }: Choice, parent: Path, api: TieredApi, reading: Reading): Namespaced | undefined {
  const path = [...parent, name];
  const scope = (node: Node | undefined, at: Path): NamespaceScope => ({ kind: 'selected', selector: readSelector(node, at, 'dropped') });
  if (name === 'namespaces') return { namespaces: scope(value, path), pods: { requirements: [], path } };
  const before = reading.length;
  const pods = mapAt(value, path, ['namespaceSelector', 'podSelector'], reading);
  const podSelector = given(pods, 'podSelector');
  const namespaceSelector = given(pods, 'namespaceSelector');
  if (pods && !namespaceSelector && api.podsNeedNamespaces)
    reading.push({ path: [...path, 'namespaceSelector'], why: 'is missing; {} stands for all namespaces' });
  if (reading.length > before) return undefined;
  return {
    namespaces: scope(namespaceSelector, [...path, 'namespaceSelector']),
    pods: readSelector(podSelector, [...path, 'podSelector'], 'dropped'),
  };
}

function readNetworks(node: Node, path: Path, reading: Reading): readonly Network[] {
  return readTexts(node, path, reading).flatMap(({ text, at }) => {
    if (parseCidr(text).ok) return [{ cidr: text, except: [], path: at }];
    reading.push({ path: at, why: `should be a CIDR such as 10.0.0.0/8, not ${text.slice(0, 40)}` });
    return [];
  });
}

function readTexts(node: Node, path: Path, reading: Reading): readonly { readonly text: string; readonly at: Path }[] {
  return (listAt(node, path, reading) ?? []).flatMap((item) => {
    const text = stringOf(item.node);
    if (text !== undefined) return [{ text, at: item.path }];
    reading.push({ path: item.path, why: hasHole(item.node) ? TEMPLATE : `should be a string, not ${sortOf(item.node)}` });
    return [];
  });
}
