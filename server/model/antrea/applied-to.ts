import { describeSelector } from '../describe-selector.ts';
import type { Path } from '../../syntax/path.ts';
import type { Node } from '../../syntax/tree.ts';
import type { NamespaceScope, Subject } from '../policy.ts';
import { given, listAt, mapAt, textAt, textIn, type ListItem, type Reading } from '../read.ts';
import type { LabelSelector } from '../selector.ts';
import {
  accountPods,
  eitherOf,
  externalEntities,
  fieldsIn,
  groupMembers,
  nodesOf,
  NOT_ON_HOST,
  podSetOf,
  selectedPods,
  servicePods,
  unreadable,
  type Described,
} from './endpoints.ts';

const FIELDS = ['podSelector', 'namespaceSelector', 'group', 'serviceAccount', 'service', 'nodeSelector', 'externalEntitySelector'];

/** The pods of an `appliedTo` list; `undefined` where there is none, or an empty one, which is the same. */
export function readAppliedTo(node: Node | undefined, path: Path, home: string | undefined, reading: Reading): Subject | undefined {
  const before = reading.length;
  const items = listAt(given(node, 'appliedTo'), [...path, 'appliedTo'], reading);
  const at = [...path, 'appliedTo'];
  if (reading.length > before)
    return { ...everything(home, at), set: { kind: 'unknown', why: 'cannot be read' }, words: 'pods that cannot be read' };
  if (items === undefined || items.length === 0) return undefined;
  const [only] = items;
  // Pods by label need no set of their own, so that selectors can be followed.
  if (only && items.length === 1 && fieldsIn(only.node).every((field) => field === 'podSelector' || field === 'namespaceSelector')) {
    const read = mapAt(only.node, only.path, FIELDS, reading);
    if (read && fieldsIn(only.node).length > 0) return { ...selectedPods(read, only.path, home), path: at };
  }
  const { set, words } = eitherOf(items.map((item) => readItem(item, home, reading)));
  return { ...everything(home, at), set, words };
}

/** Every pod that may be meant. */
function everything(
  home: string | undefined,
  path: Path,
): { readonly namespaces: NamespaceScope; readonly pods: LabelSelector; readonly path: Path } {
  const all: LabelSelector = { requirements: [], path };
  return { namespaces: home === undefined ? { kind: 'selected', selector: all } : { kind: 'own', namespace: home }, pods: all, path };
}

function readItem({ node, path }: ListItem, home: string | undefined, reading: Reading): Described {
  const before = reading.length;
  const item = mapAt(node, path, FIELDS, reading);
  if (!item || reading.length > before) return unreadable(path, reading, 'cannot be read');
  const group = textIn(given(item, 'group'));
  if (group !== undefined && group !== '') {
    const members = groupMembers(group, home, 'pods');
    return { ...members, set: { kind: 'and', of: [members.set, { kind: 'entity', entity: 'pod' }, NOT_ON_HOST] } };
  }
  const [account, service, nodes, external] = ['serviceAccount', 'service', 'nodeSelector', 'externalEntitySelector'].map((field) =>
    given(item, field),
  );
  if (account) return accountPods(account, [...path, 'serviceAccount'], reading);
  if (service) return externalService(service, [...path, 'service'], reading);
  if (nodes)
    return {
      set: { kind: 'and', of: [{ kind: 'labels', of: 'node', selector: nodesOf(nodes, [...path, 'nodeSelector']) }, NODES_UNKNOWN] },
      words: describeSelector(nodesOf(nodes, [...path, 'nodeSelector']), 'node'),
    };
  if (external) return externalEntities(external, [...path, 'externalEntitySelector']);
  if (fieldsIn(node).length === 0) return { set: { kind: 'or', of: [] }, words: 'nothing' };
  return podSetOf(selectedPods(item, path, home));
}

const NODES_UNKNOWN = { kind: 'unknown', why: 'are nodes, whose own traffic is not evaluated' } as const;

/** Traffic from outside through a NodePort or LoadBalancer Service reaches its pods; which of it is not evaluated. */
function externalService(node: Node, path: Path, reading: Reading): Described {
  const service = mapAt(node, path, ['name', 'namespace'], reading);
  const [name, namespace] = ['name', 'namespace'].map((field) => textAt(service, field, path, reading));
  if (name === undefined || namespace === undefined) return unreadable(path, reading, 'must name a Service and its namespace');
  const pods = servicePods(name, namespace, 'empty');
  return {
    set: { kind: 'and', of: [pods.set, { kind: 'unknown', why: 'are reached from outside through a Service, which is not evaluated' }] },
    words: `traffic from outside through Service ${namespace}/${name}`,
  };
}
