import type { Path } from './path.ts';
import { asMap, get, itemsOf, stringOf, type Node } from './tree.ts';

/** A manifest that stands inside another one, and its place there. */
export interface WrappedObject {
  readonly root: Node;
  readonly path: Path;
  /** The kind of the List that it is an item of: the items of a PodList need not say what they are. */
  readonly list?: string;
}

/**
 * The manifests that an object holds to be applied as they are: the items of a List (also of a List in it), the objects of an OpenShift
 * Template, those of Open Cluster Management's ConfigurationPolicy, Policy and ManifestWork, and others alike. `undefined` for what
 * holds none.
 */
export function wrappedObjects(root: Node | undefined): readonly WrappedObject[] | undefined {
  const found = root && inside({ root, path: [] }, 0);
  return found && found.length > 0 ? found : undefined;
}

/** Wrappers stand in one another, such as a ConfigurationPolicy in a Policy in a List; deeper nesting does not occur. */
const MAX_DEPTH = 6;

/** The objects in a wrapper, those of wrappers in it in their place; `undefined` for what is not a wrapper. */
function inside({ root, path }: WrappedObject, depth: number): readonly WrappedObject[] | undefined {
  const kind = asMap(root) && stringOf(get(root, 'kind'));
  if (kind === undefined || depth > MAX_DEPTH) return undefined;
  const direct = /List$/.test(kind) ? itemsAt(root, ['items'], kind) : wrapped(root, kind);
  return direct?.flatMap((object) => {
    const placed = { ...object, path: [...path, ...object.path] };
    return inside(placed, depth + 1) ?? [placed];
  });
}

interface Wrapper {
  /** The end of the API group. */
  readonly group: string;
  readonly kind: string;
  /** The list that holds the objects. */
  readonly list: Path;
  /** The field of an item that is the object; the item itself where absent. */
  readonly field?: string;
}

const WRAPPERS: readonly Wrapper[] = [
  { group: 'template.openshift.io', kind: 'Template', list: ['objects'] },
  { group: 'v1', kind: 'Template', list: ['objects'] },
  {
    group: 'policy.open-cluster-management.io',
    kind: 'ConfigurationPolicy',
    list: ['spec', 'object-templates'],
    field: 'objectDefinition',
  },
  { group: 'policy.open-cluster-management.io', kind: 'Policy', list: ['spec', 'policy-templates'], field: 'objectDefinition' },
  { group: 'work.open-cluster-management.io', kind: 'ManifestWork', list: ['spec', 'workload', 'manifests'] },
  {
    group: 'work.open-cluster-management.io',
    kind: 'ManifestWorkReplicaSet',
    list: ['spec', 'manifestWorkTemplate', 'workload', 'manifests'],
  },
  { group: 'work.karmada.io', kind: 'Work', list: ['spec', 'workload', 'manifests'] },
  { group: 'hive.openshift.io', kind: 'SyncSet', list: ['spec', 'resources'] },
  { group: 'hive.openshift.io', kind: 'SelectorSyncSet', list: ['spec', 'resources'] },
];

function wrapped(root: Node, kind: string): readonly WrappedObject[] | undefined {
  const [group = ''] = (stringOf(get(root, 'apiVersion')) ?? '').split('/');
  const wrapper = WRAPPERS.find((one) => one.kind === kind && one.group === group);
  if (!wrapper) return undefined;
  const items = itemsAt(root, wrapper.list).filter(({ root: item }) => isApplied(item));
  const { field } = wrapper;
  if (field === undefined) return items;
  return items.flatMap((item) => {
    const object = get(item.root, field);
    return object ? [{ root: object, path: [...item.path, field] }] : [];
  });
}

/** A ConfigurationPolicy also lists what must not be there (`complianceType: mustnothave`). */
function isApplied(item: Node): boolean {
  return stringOf(get(item, 'complianceType'))?.toLowerCase() !== 'mustnothave';
}

function itemsAt(root: Node, path: Path, list?: string): readonly WrappedObject[] {
  const at = path.reduce<Node | undefined>((node, step) => get(node, String(step)), root);
  return itemsOf(at).map((item, i) => ({ root: item, path: [...path, i], ...(list === undefined ? {} : { list }) }));
}
