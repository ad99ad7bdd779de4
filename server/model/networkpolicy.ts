import { parseCidr, strictlyContainsCidr, type Cidr } from '../base/cidr.ts';
import { finished, type Work } from '../base/work.ts';
import type { Path } from '../syntax/path.ts';
import { hasHole, isNull, stringOf, type Node } from '../syntax/tree.ts';
import { apiVersionOf, type PolicyKindEntry } from './kind.ts';
import type { Direction, NamespaceScope, Network, Peer, Policy, PortMatch, Rule, Section } from './policy.ts';
import { protocolIn, readBounds } from './port.ts';
import {
  given,
  integerIn,
  listAt,
  mapAt,
  readEach,
  readMetadata,
  readRules,
  sortOf,
  TEMPLATE,
  type ListItem,
  type Reading,
} from './read.ts';
import { readSelector } from './read-selector.ts';
import { namespaceValue, peerField, peerValues, selectorValue } from './rule-writer.ts';
import type { ManifestValue, PeerRequest, RuleRequest } from './rule-request.ts';
import type { Labels } from './selector.ts';
import type { Traits } from './traits.ts';

const TRAITS: Traits = { ordered: false, isolates: true, denies: false, namespaced: true, hostNetwork: true, builtIn: true };

/** networking.k8s.io/v1 NetworkPolicy: its rules only allow, and a pod that one selects is isolated: everything is denied except what some policy allows. */
export const networkPolicy: PolicyKindEntry = {
  role: 'policy',
  api: 'kubernetes',
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'NetworkPolicy',
  plural: 'networkpolicies',
  scope: 'Namespaced',
  summary: 'Allows traffic of pods in its own namespace; for the pods that it selects, everything that no policy allows is denied.',
  docs: 'https://kubernetes.io/docs/concepts/services-networking/network-policies/',
  formerly: ['extensions/v1beta1', 'networking.k8s.io/v1beta1'],
  channels: false,
  alike: [],
  traits: TRAITS,
  fields: ['podSelector', 'policyTypes', 'ipBlock', 'except', 'port', 'endPort'],
  actions: new Map([['Accept', 'Allow']]),
  portsField: 'ports',
  scopeOfPods: 'own',
  write: { rule: writeRule, isolation: writeIsolation },
  read: (root) => finished(readWork(root)),
  readWork,
};

function* readWork(root: Node | undefined): Work<Policy> {
  const unreadable: Reading = [];
  const { name, namespace } = readMetadata(root, unreadable);
  const spec = mapAt(given(root, 'spec'), ['spec'], ['podSelector', 'policyTypes', 'ingress', 'egress'], unreadable);
  const own: NamespaceScope = { kind: 'own', namespace };
  // No spec, no podSelector and a null one all select every pod of the namespace.
  const pods = readSelector(given(spec, 'podSelector'), ['spec', 'podSelector'], 'empty');
  const types = policyTypes(spec, unreadable);
  const ingress = types.includes('Ingress') ? { ingress: yield* readSection(spec, 'ingress', own, unreadable) } : {};
  const egress = types.includes('Egress') ? { egress: yield* readSection(spec, 'egress', own, unreadable) } : {};
  return {
    api: 'kubernetes',
    kind: 'NetworkPolicy',
    apiVersion: 'networking.k8s.io/v1',
    name,
    namespace,
    traits: TRAITS,
    stage: 'networkpolicy',
    subject: { namespaces: own, pods, path: ['spec', 'podSelector'] },
    at: { body: ['spec'], ingress: ['spec', 'ingress'], egress: ['spec', 'egress'], order: [] },
    ...ingress,
    ...egress,
    unreadable,
  };
}

/**
 * The directions a policy acts in. Not given or empty: Ingress, and Egress if there is an egress rule; `egress: []` is none
 * (kubernetes `pkg/apis/networking/v1/defaults.go`).
 */
function policyTypes(spec: Node | undefined, reading: Reading): readonly string[] {
  const written = listAt(given(spec, 'policyTypes'), ['spec', 'policyTypes'], reading) ?? [];
  const egressRules = listAt(given(spec, 'egress'), ['spec', 'egress'], []) ?? [];
  if (written.length === 0) return egressRules.length > 0 ? ['Ingress', 'Egress'] : ['Ingress'];
  return written.flatMap(({ node, path }) => {
    const type = stringOf(node);
    if (type === 'Ingress' || type === 'Egress') return [type];
    reading.push({ path, why: hasHole(node) ? TEMPLATE : `should be Ingress or Egress, not ${sortOf(node)}` });
    return [];
  });
}

function* readSection(spec: Node | undefined, direction: Direction, own: NamespaceScope, reading: Reading): Work<Section> {
  const path = ['spec', direction];
  const rules = listAt(given(spec, direction), path, reading) ?? [];
  return { isolates: true, rules: yield* readRules(rules, (item, i) => readRule(item, i, direction, own, reading)), path };
}

/** A null rule (a lone `-`) is stored as `{}` and allows everything. */
function* readRule(
  { node, path }: ListItem,
  index: number,
  direction: Direction,
  own: NamespaceScope,
  reading: Reading,
): Work<readonly Rule[]> {
  const peerField = direction === 'ingress' ? 'from' : 'to';
  const rule = isNull(node) ? undefined : mapAt(node, path, [peerField, 'ports'], reading);
  const places = { path, index, at: { peers: [...path, peerField], ports: [...path, 'ports'] } };
  // A rule that is not a map allows nothing that is known.
  if (rule === undefined && !isNull(node)) return [{ action: 'Accept', peers: [{ kind: 'unreadable', path }], ports: 'any', ...places }];
  const peers = yield* listOrAny(given(rule, peerField), places.at.peers, reading, (item) => readPeer(item, own, reading));
  const ports = yield* listOrAny(given(rule, 'ports'), places.at.ports, reading, (item) => readPort(item, reading));
  return [{ action: 'Accept', peers, ports, ...places }];
}

type Incomplete = { readonly kind: 'unreadable'; readonly path: Path };

/** A list that restricts nothing where it is missing, null or empty. What is not a list, or is partly made by a template, ends unreadable. */
function* listOrAny<T>(
  node: Node | undefined,
  path: Path,
  reading: Reading,
  readItem: (item: ListItem) => T,
): Work<readonly (T | Incomplete)[] | 'any'> {
  const before = reading.length;
  const items = listAt(node, path, reading);
  if (reading.length > before) return [...(yield* readEach(items ?? [], readItem)), { kind: 'unreadable', path }];
  return items === undefined || items.length === 0 ? 'any' : yield* readEach(items, readItem);
}

function readPeer({ node, path }: ListItem, own: NamespaceScope, reading: Reading): Peer {
  const unreadable = (why: string): Peer => (reading.push({ path, why }), { kind: 'unreadable', path });
  const before = reading.length;
  const peer = mapAt(node, path, ['podSelector', 'namespaceSelector', 'ipBlock'], reading);
  if (reading.length > before) return { kind: 'unreadable', path };
  const pods = given(peer, 'podSelector');
  const namespaces = given(peer, 'namespaceSelector');
  const block = given(peer, 'ipBlock');
  if (block && (pods ?? namespaces)) return unreadable('has an ipBlock together with a selector, which the API server rejects');
  if (block) return readBlock(block, path, reading);
  if (!pods && !namespaces) return unreadable('names no podSelector, namespaceSelector or ipBlock');
  const scope: NamespaceScope = namespaces
    ? { kind: 'selected', selector: readSelector(namespaces, [...path, 'namespaceSelector'], 'empty') }
    : own;
  return { kind: 'pods', namespaces: scope, pods: readSelector(pods, [...path, 'podSelector'], 'empty'), path };
}

function readBlock(node: Node, peerPath: Path, reading: Reading): Peer {
  const path = [...peerPath, 'ipBlock'];
  const unreadable: Peer = { kind: 'unreadable', path: peerPath };
  const before = reading.length;
  mapAt(node, path, ['cidr', 'except'], reading);
  const cidr = readCidr(given(node, 'cidr'), [...path, 'cidr'], reading);
  const excepts = (listAt(given(node, 'except'), [...path, 'except'], reading) ?? []).map((item) =>
    readCidr(item.node, item.path, reading, cidr),
  );
  if (!cidr || reading.length > before) return unreadable;
  const except = excepts.flatMap((inner) => (inner ? [inner.text] : []));
  const network: Network = { cidr: cidr.text, except, path };
  return { kind: 'networks', networks: [network], path: peerPath };
}

/** A CIDR; with `outer`, one that is a real part of it, as `except` must be. */
function readCidr(node: Node | undefined, path: Path, reading: Reading, outer?: Cidr): Cidr | undefined {
  const text = stringOf(node);
  const cidr = text === undefined ? undefined : parseCidr(text);
  if (node && hasHole(node)) reading.push({ path, why: TEMPLATE });
  else if (!cidr?.ok) reading.push({ path, why: `should be a CIDR such as 10.0.0.0/8, not ${sortOf(node)}` });
  else if (outer && !strictlyContainsCidr(outer, cidr)) reading.push({ path, why: `is not part of ${outer.text}` });
  else return cidr;
  return undefined;
}

/** A null port is stored as `{}`, which is TCP with every port. */
function readPort({ node, path }: ListItem, reading: Reading): PortMatch {
  const before = reading.length;
  const entry = isNull(node) ? undefined : mapAt(node, path, ['protocol', 'port', 'endPort'], reading);
  const protocol = protocolIn(given(entry, 'protocol'), [...path, 'protocol'], reading);
  const port = given(entry, 'port');
  const end = given(entry, 'endPort');
  if (reading.length > before || !protocol) return { kind: 'unreadable', path };
  if (!port && !end) return { kind: 'range', protocol, from: 1, to: 65_535, path, at: [] };
  const name = stringOf(port);
  // A quoted number is a port name to the API server, and a name needs a letter.
  if (name !== undefined && /[a-z]/i.test(name) && !end) return { kind: 'named', protocol, name, path, at: [...path, 'port'] };
  const bounds = port && name === undefined ? readBounds(integerIn(port), end ? integerIn(end) : integerIn(port)) : undefined;
  if (bounds)
    return { kind: 'range', protocol, ...bounds, path, at: ['port', ...(end ? ['endPort'] : [])].map((field) => [...path, field]) };
  const why = !port
    ? 'has an endPort without a port'
    : name !== undefined && end
      ? 'has an endPort together with a port name'
      : `is not a port or range of ports from 1 to 65535`;
  reading.push({ path, why: hasHole(entry) ? TEMPLATE : why });
  return { kind: 'unreadable', path };
}

function writeRule({ direction, action, peers, ports }: RuleRequest, own: string | undefined): ManifestValue | undefined {
  const list = action === 'Accept' ? peerValues(peers, (peer) => writePeer(peer, own)) : undefined;
  if (!list) return undefined;
  return {
    ...(list.length === 0 ? {} : { [peerField(direction)]: list }),
    ...(ports.length === 0 ? {} : { ports: ports.map(({ protocol, port }) => ({ port, protocol })) }),
  };
}

function writePeer(peer: PeerRequest, own: string | undefined): ManifestValue {
  if (peer.kind === 'address') return { ipBlock: { cidr: peer.cidr } };
  const podSelector = selectorValue(peer.labels);
  return peer.namespace !== undefined && peer.namespace === own
    ? { podSelector }
    : { namespaceSelector: namespaceValue(peer.namespace), podSelector };
}

function writeIsolation(
  name: string,
  namespace: string | undefined,
  labels: Labels,
  direction: Direction,
  rules: readonly ManifestValue[] = [],
): ManifestValue {
  return {
    apiVersion: apiVersionOf(networkPolicy),
    kind: networkPolicy.kind,
    metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
    spec: {
      podSelector: selectorValue(labels),
      policyTypes: [direction === 'ingress' ? 'Ingress' : 'Egress'],
      ...(rules.length === 0 ? {} : { [direction]: rules }),
    },
  };
}
