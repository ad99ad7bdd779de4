import { parseCidr } from '../../base/cidr.ts';
import { list, plain } from '../../base/english.ts';
import type { Path } from '../../syntax/path.ts';
import { hasHole, itemsOf, pairsOf, asMap, isNull, type Node } from '../../syntax/tree.ts';
import { describeNetwork, describePods, describeSelector } from '../describe-selector.ts';
import { NO_ENDPOINT, podSet } from '../endpoint-set.ts';
import type { EndpointSet } from '../endpoints.ts';
import type { NamespaceScope, Network } from '../policy.ts';
import { given, listAt, mapAt, sortOf, TEMPLATE, textAt, textIn, type ListItem, type Reading } from '../read.ts';
import { readSelector } from '../read-selector.ts';
import type { LabelSelector } from '../selector.ts';

/** Endpoints, and what to call them in a sentence. */
export interface Described {
  readonly set: EndpointSet;
  /** "pods with app=web in any namespace". */
  readonly words: string;
}

/** Pods in namespaces that are selected by labels alone. */
export interface SelectedPods {
  readonly namespaces: NamespaceScope;
  readonly pods: LabelSelector;
}

/**
 * The pods of `podSelector` and `namespaceSelector`, as they stand in `appliedTo`, in a peer or in a group. `home`: the namespace of the
 * object; `undefined` for a kind of the cluster, whose podSelector by itself is about all namespaces (antrea `docs/antrea-network-policy.md`).
 */
export function selectedPods(node: Node | undefined, path: Path, home: string | undefined): SelectedPods {
  const namespaces = given(node, 'namespaceSelector');
  const at = [...path, 'namespaceSelector'];
  const scope: NamespaceScope =
    home !== undefined && namespaces === undefined
      ? { kind: 'own', namespace: home }
      : { kind: 'selected', selector: readSelector(namespaces, at, 'dropped') };
  return { namespaces: scope, pods: readSelector(given(node, 'podSelector'), [...path, 'podSelector'], 'dropped') };
}

/** The same as a set. Pods on the host network are never members of a group of pods. */
export function podSetOf({ namespaces, pods }: SelectedPods): Described {
  return { set: podSet(namespaces, pods, false), words: describePods(namespaces, pods) };
}

/** Pods that run as a service account. */
export function accountPods(node: Node, path: Path, reading: Reading): Described {
  const account = mapAt(node, path, ['name', 'namespace'], reading);
  const [name, namespace] = ['name', 'namespace'].map((field) => textAt(account, field, path, reading));
  if (name === undefined || namespace === undefined) return unreadable(path, reading, 'must name a service account and its namespace');
  return {
    set: { kind: 'and', of: [{ kind: 'namespace', name: namespace }, { kind: 'accounts', names: [name] }, NOT_ON_HOST] },
    words: `pods of service account ${plain(`${namespace}/${name}`)}`,
  };
}

/** Pods on the host network are never members of what Antrea builds from pods (`AddressGroupExcludedPodFilter` in antrea `crd_utils.go`). */
export const NOT_ON_HOST: EndpointSet = { kind: 'not', of: { kind: 'entity', entity: 'host-network' } };

/** The members of a ClusterGroup, or of a Group of the own namespace. `pods`: only those that a policy can be applied to. */
export function groupMembers(
  name: string,
  home: string | undefined,
  part: 'pods' | 'all',
  missing: 'unknown' | 'empty' = 'unknown',
): Described {
  return {
    set: {
      kind: 'reference',
      to: {
        api: 'antrea',
        kinds: [home === undefined ? 'ClusterGroup' : 'Group'],
        by: { kind: 'name', name, ...(home === undefined ? {} : { namespace: home }) },
        missing,
        ...(part === 'pods' ? { part } : {}),
      },
    },
    words: `${home === undefined ? 'ClusterGroup' : 'Group'} ${plain(home === undefined ? name : `${home}/${name}`)}`,
  };
}

/** The pods that the selector of a Service selects; none where there is no such Service. */
export function servicePods(name: string, namespace: string, missing: 'unknown' | 'empty'): Described {
  return {
    set: { kind: 'reference', to: { api: 'kubernetes', kinds: ['Service'], by: { kind: 'name', name, namespace }, missing } },
    words: `the pods of Service ${plain(`${namespace}/${name}`)}`,
  };
}

/** Nodes by label. */
export function nodesOf(node: Node, path: Path): LabelSelector {
  return readSelector(node, path, 'dropped');
}

/** Machines outside the cluster that ExternalEntity objects stand for: which addresses these have no policy says. */
export function externalEntities(node: Node, path: Path): Described {
  const selector = readSelector(node, path, 'dropped');
  const unknown: EndpointSet = { kind: 'unknown', why: 'are ExternalEntities, whose addresses are not known' };
  return {
    set: { kind: 'and', of: [{ kind: 'entity', entity: 'outside' }, unknown] },
    words: describeSelector(selector, 'ExternalEntity').replace('ExternalEntitys', 'ExternalEntities'),
  };
}

/** An `ipBlock`, or an item of `ipBlocks`. */
export function blockAt(node: Node, path: Path, reading: Reading): Network | undefined {
  const before = reading.length;
  const block = mapAt(node, path, ['cidr', 'except'], reading);
  const cidr = cidrAt(given(block, 'cidr'), [...path, 'cidr'], reading);
  const except = (listAt(given(block, 'except'), [...path, 'except'], reading) ?? []).flatMap(
    (item) => cidrAt(item.node, item.path, reading) ?? [],
  );
  return cidr === undefined || reading.length > before ? undefined : { cidr, except, path };
}

/** Address blocks as a set. */
export function networkSetOf(networks: readonly Network[]): Described {
  return networks.length === 0
    ? { set: NO_ENDPOINT, words: 'no addresses' }
    : { set: { kind: 'addresses', networks }, words: list(networks.map(describeNetwork), 'or', 4) };
}

function cidrAt(node: Node | undefined, path: Path, reading: Reading): string | undefined {
  const text = textIn(node);
  if (text !== undefined && parseCidr(text).ok) return text;
  reading.push({ path, why: node && hasHole(node) ? TEMPLATE : `should be a CIDR such as 10.0.0.0/8, not ${sortOf(node)}` });
  return undefined;
}

/** Notes what cannot be read; its members are unknown. */
export function unreadable(path: Path, reading: Reading, why: string): Described {
  reading.push({ path, why });
  return { set: { kind: 'unknown', why: 'cannot be read' }, words: 'what cannot be read' };
}

/** Either of some endpoints. */
export function eitherOf(parts: readonly Described[]): Described {
  const [only] = parts;
  if (only && parts.length === 1) return only;
  if (parts.length === 0) return { set: NO_ENDPOINT, words: 'nothing' };
  return { set: { kind: 'or', of: parts.map(({ set }) => set) }, words: parts.map(({ words }) => words).join(', or ') };
}

/** The names of the fields of an item that hold something. */
export function fieldsIn(node: Node): readonly string[] {
  const map = asMap(node);
  return map ? pairsOf(map).flatMap(({ name, value }) => (name === undefined || isNull(value) || textIn(value) === '' ? [] : [name])) : [];
}

/** The strings of a list. */
export function textsAt(node: Node | undefined, path: Path, reading: Reading): readonly string[] {
  return itemsOf(node).flatMap((item, i) => {
    const text = textIn(item);
    if (text === undefined) reading.push({ path: [...path, i], why: hasHole(item) ? TEMPLATE : `should be a string, not ${sortOf(item)}` });
    return text ?? [];
  });
}

/** Items of a list with the parts that cannot be read noted; see `listAt`. */
export function itemsAt(node: Node | undefined, field: string, path: Path, reading: Reading): readonly ListItem[] {
  return listAt(given(node, field), [...path, field], reading) ?? [];
}
