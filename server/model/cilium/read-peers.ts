import { list } from '../../base/english.ts';
import type { Work } from '../../base/work.ts';
import { parseCidr } from '../../base/cidr.ts';
import type { Path } from '../../syntax/path.ts';
import { hasHole, stringOf, type Node } from '../../syntax/tree.ts';
import { describeSelector } from '../describe-selector.ts';
import type { EndpointSet } from '../endpoint-set.ts';
import type { Direction, Network, Peer } from '../policy.ts';
import { given, listAt, mapAt, readEach, sortOf, TEMPLATE, textIn, type ListItem, type Reading } from '../read.ts';
import { readSelector } from '../read-selector.ts';
import { ENTITY_MEANINGS } from './entities.ts';
import { readPodSelection, selectionSet, selectionWords } from './read-selector.ts';

const OUTSIDE: EndpointSet = { kind: 'entity', entity: 'outside' };

/** The peers of an entry; `undefined` where it has no field of peers, so that its ports alone say what it is about. Read in steps. */
export function* readEntryPeers(
  entry: Node | undefined,
  path: Path,
  direction: Direction,
  home: string | undefined,
  reading: Reading,
): Work<readonly Peer[] | undefined> {
  const prefix = direction === 'ingress' ? 'from' : 'to';
  const peers: Peer[] = [];
  let isGiven = false;
  const each = function* (field: string, read: (item: ListItem) => Peer): Work<void> {
    const node = given(entry, field);
    if (!node) return;
    isGiven = true;
    const before = reading.length;
    for (const peer of yield* readEach(listAt(node, [...path, field], reading) ?? [], read)) peers.push(peer);
    if (reading.length > before && reading.at(before)?.path.length === path.length + 1)
      peers.push({ kind: 'unreadable', path: [...path, field] });
  };
  yield* each(`${prefix}Endpoints`, (item) => readEndpoints(item, home, reading));
  yield* each(`${prefix}Entities`, (item) => readEntity(item, reading));
  yield* each(`${prefix}CIDR`, (item) => readBlock(item, reading));
  yield* each(`${prefix}CIDRSet`, (item) => readCidrSet(item, reading));
  yield* each('toFQDNs', (item) => readName(item, reading));
  yield* each('toServices', (item) => readService(item, reading));
  yield* each(`${prefix}Nodes`, ({ node, path: at }) => ({ kind: 'nodes', nodes: readSelector(node, at, 'dropped'), path: at }));
  yield* each(`${prefix}Groups`, ({ path: at }) => ({
    kind: 'set',
    set: { kind: 'and', of: [OUTSIDE, { kind: 'unknown', why: 'is known to the cloud provider only' }] },
    words: 'a group of the cloud provider',
    path: at,
  }));
  return isGiven ? peers : undefined;
}

function readEndpoints({ node, path }: ListItem, home: string | undefined, reading: Reading): Peer {
  const before = reading.length;
  mapAt(node, path, ['matchLabels', 'matchExpressions'], reading);
  if (reading.length > before) return { kind: 'unreadable', path };
  const selection = readPodSelection(node, path, home);
  if (selection.others.length === 0) return { kind: 'pods', namespaces: selection.namespaces, pods: selection.pods, path };
  return { kind: 'set', set: selectionSet(selection), words: selectionWords(selection), path };
}

function readEntity({ node, path }: ListItem, reading: Reading): Peer {
  const meaning = ENTITY_MEANINGS.get(textIn(node) ?? '');
  if (meaning && !hasHole(node)) return { kind: 'set', ...meaning, path };
  reading.push({ path, why: hasHole(node) ? TEMPLATE : `should be an entity such as world, not ${sortOf(node)}` });
  return { kind: 'unreadable', path };
}

/** The field of an item of `toCIDRSet` that says which addresses are meant. */
function readCidrSet({ node, path }: ListItem, reading: Reading): Peer {
  const before = reading.length;
  mapAt(node, path, ['cidr', 'except', 'cidrGroupRef', 'cidrGroupSelector'], reading);
  const except = (listAt(given(node, 'except'), [...path, 'except'], reading) ?? []).flatMap(
    (item) => blockIn(item.node, item.path, reading) ?? [],
  );
  const cidr = given(node, 'cidr');
  const block = cidr && blockIn(cidr, [...path, 'cidr'], reading);
  if (reading.length > before) return { kind: 'unreadable', path };
  if (block !== undefined) return { kind: 'networks', networks: [{ cidr: block, except, path }], path };
  const group = groupIn(node, path);
  if (group) {
    const holes: readonly Network[] = except.map((one) => ({ cidr: one, except: [], path }));
    const without: readonly EndpointSet[] = holes.length === 0 ? [] : [{ kind: 'not', of: { kind: 'addresses', networks: holes } }];
    return {
      kind: 'set',
      set: { kind: 'and', of: [OUTSIDE, group.set, ...without] },
      words: `${group.words}${except.length === 0 ? '' : ` except ${list(except, 'or', 4)}`}`,
      path,
    };
  }
  reading.push({ path, why: 'names none of cidr, cidrGroupRef and cidrGroupSelector' });
  return { kind: 'unreadable', path };
}

/** The addresses of a group that is not in the workspace are unknown. */
function groupIn(node: Node, path: Path): { readonly set: EndpointSet; readonly words: string } | undefined {
  const shared = { api: 'cilium', kinds: ['CiliumCIDRGroup'], missing: 'unknown' } as const;
  const name = textIn(given(node, 'cidrGroupRef'));
  if (name !== undefined)
    return { set: { kind: 'reference', to: { ...shared, by: { kind: 'name', name } } }, words: `addresses of the CiliumCIDRGroup ${name}` };
  const labels = given(node, 'cidrGroupSelector');
  if (!labels) return undefined;
  const selector = readSelector(labels, [...path, 'cidrGroupSelector'], 'dropped');
  const where: EndpointSet = { kind: 'labels', of: 'pod', selector };
  return {
    set: { kind: 'reference', to: { ...shared, by: { kind: 'labels', where } } },
    words: `addresses of ${describeSelector(selector, 'CiliumCIDRGroup')}`,
  };
}

function readBlock({ node, path }: ListItem, reading: Reading): Peer {
  const cidr = blockIn(node, path, reading);
  return cidr === undefined ? { kind: 'unreadable', path } : { kind: 'networks', networks: [{ cidr, except: [], path }], path };
}

function blockIn(node: Node, path: Path, reading: Reading): string | undefined {
  const text = stringOf(node);
  if (text !== undefined && !hasHole(node) && parseCidr(text).ok) return text;
  reading.push({ path, why: hasHole(node) ? TEMPLATE : `should be a CIDR such as 10.0.0.0/8, not ${sortOf(node)}` });
  return undefined;
}

function readName({ node, path }: ListItem, reading: Reading): Peer {
  const before = reading.length;
  mapAt(node, path, ['matchName', 'matchPattern'], reading);
  const name = textIn(given(node, 'matchName')) ?? textIn(given(node, 'matchPattern'));
  if (reading.length === before && name === undefined)
    reading.push({ path, why: hasHole(node) ? TEMPLATE : 'names no matchName and no matchPattern' });
  return name === undefined ? { kind: 'unreadable', path } : { kind: 'domainNames', domainNames: [name], path };
}

/** A Service stands for the pods that it selects, or the addresses of its endpoints. */
function readService({ node, path }: ListItem, reading: Reading): Peer {
  const shared = { api: 'kubernetes', kinds: ['Service'], missing: 'unknown' } as const;
  const byName = given(node, 'k8sService');
  const byLabels = given(node, 'k8sServiceSelector');
  if (byName) {
    const [name, namespace] = ['serviceName', 'namespace'].map((field) => textIn(given(byName, field)));
    if (name !== undefined && name !== '') {
      const inNamespace = namespace === undefined || namespace === '' ? {} : { namespace };
      const words = `the Service ${namespace === undefined ? name : `${namespace}/${name}`}`;
      return { kind: 'set', set: { kind: 'reference', to: { ...shared, by: { kind: 'name', name, ...inNamespace } } }, words, path };
    }
  } else if (byLabels) {
    const selector = readSelector(given(byLabels, 'selector'), [...path, 'k8sServiceSelector', 'selector'], 'dropped');
    const namespace = textIn(given(byLabels, 'namespace'));
    const labels: EndpointSet = { kind: 'labels', of: 'pod', selector };
    const where: EndpointSet =
      namespace === undefined || namespace === '' ? labels : { kind: 'and', of: [labels, { kind: 'namespace', name: namespace }] };
    return {
      kind: 'set',
      set: { kind: 'reference', to: { ...shared, by: { kind: 'labels', where } } },
      words: describeSelector(selector, 'Service'),
      path,
    };
  }
  reading.push({ path, why: hasHole(node) ? TEMPLATE : 'names no Service' });
  return { kind: 'unreadable', path };
}
