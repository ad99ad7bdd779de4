import { peersIn } from '../../analysis/policy-parts.ts';
import { setLeaves } from '../../model/endpoint-set.ts';
import type { EndpointSet } from '../../model/endpoints.ts';
import { locate } from '../../workspace/locate.ts';
import type { Occurrence } from './occurrence.ts';
import { tierNamed } from '../../model/antrea/tiers.ts';
import { identify } from '../../model/identify.ts';
import type { Resource } from '../../model/kind.ts';
import type { Place } from '../../syntax/locate.ts';
import { nodeAt } from '../../syntax/locate-path.ts';
import { samePath, type Path } from '../../syntax/path.ts';
import { get, stringOf } from '../../syntax/tree.ts';
import { objectsIn, type ClusterView, type WorkspaceObject } from './cluster-view.ts';

/** The objects that the value at a place names, where a field refers to an object: a Service, a CIDR group, a group of Antrea, a tier. */
export function namedObjects(view: ClusterView, { on, path, node, placed }: Place): readonly WorkspaceObject[] {
  const name = on === 'value' ? stringOf(node) : undefined;
  if (name === undefined) return [];
  const { manifest } = placed;
  const identity = identify(manifest);
  const kind = identity.ours ? identity.kind : undefined;
  if (kind === undefined) return [];
  const home = stringOf(get(get(manifest.root, 'metadata'), 'namespace')) ?? 'default';
  const beside = (field: string): string | undefined => stringOf(nodeAt(manifest.root, [...path.slice(0, -1), field]));
  const isNamed = filterFor({ path, name, api: kind.api, isNamespaced: kind.scope === 'Namespaced', home, beside });
  return isNamed ? objectsIn(view).filter(({ resource }) => isNamed(resource)) : [];
}

interface Named {
  readonly path: Path;
  readonly name: string;
  readonly api: string;
  readonly isNamespaced: boolean;
  /** The namespace of the manifest. */
  readonly home: string;
  /** The value of another field of the same map. */
  readonly beside: (field: string) => string | undefined;
}

/** Which objects a field means; `undefined` for fields that name none. */
function filterFor({ path, name, api, isNamespaced, home, beside }: Named): ((resource: Resource) => boolean) | undefined {
  const field = path.at(-1);
  const owner = typeof path.at(-2) === 'number' ? path.at(-3) : path.at(-2);
  const service =
    (namespace: string | undefined) =>
    (one: Resource): boolean =>
      one.role === 'service' && one.value.name === name && (namespace === undefined || one.value.namespace === namespace);
  if (field === 'cidrGroupRef') return (one) => one.role === 'set' && one.value.kind === 'CiliumCIDRGroup' && one.value.name === name;
  if (field === 'serviceName' && owner === 'k8sService') return service(beside('namespace'));
  if (field === 'tier' && path.length === 2) {
    const tier = api === 'antrea' ? tierNamed(name) : name;
    return (one) => one.role === 'tier' && one.value.api === api && one.value.name === tier;
  }
  if (api === 'antrea' && (field === 'group' || path.at(-2) === 'childGroups')) {
    const kind = isNamespaced ? 'Group' : 'ClusterGroup';
    return (one) =>
      one.role === 'set' && one.value.kind === kind && one.value.name === name && (!isNamespaced || one.value.namespace === home);
  }
  if (field === 'name' && (owner === 'services' || owner === 'toServices' || owner === 'serviceReference' || owner === 'service'))
    return service(beside('namespace') ?? (isNamespaced ? home : undefined));
  return undefined;
}

/** The object whose name stands at a place, where policies of Cilium may refer to it by name. */
export function objectNamedAt(view: ClusterView, { on, path, placed }: Place): readonly WorkspaceObject[] {
  if (on !== 'value' || !samePath(path, NAME_PATH)) return [];
  const { manifest } = placed;
  const name = stringOf(nodeAt(manifest.root, NAME_PATH));
  return objectsIn(view).filter(
    (object) =>
      isReferable(object) && object.resource.value.name === name && locate(view.snapshot, object.key, [])?.placed.manifest === manifest,
  );
}

const NAME_PATH: Path = ['metadata', 'name'];

function isReferable({ resource }: WorkspaceObject): boolean {
  return resource.role === 'service' || (resource.role === 'set' && resource.value.kind === 'CiliumCIDRGroup');
}

/** Where policies of Cilium refer to a Service or a CIDR group by its name. */
export function referencesByName(view: ClusterView, { resource }: WorkspaceObject): readonly Occurrence[] {
  const { name } = resource.value;
  const [kind, field] = resource.role === 'service' ? ['Service', ['k8sService', 'serviceName']] : ['CiliumCIDRGroup', ['cidrGroupRef']];
  const namespace = resource.role === 'service' ? resource.value.namespace : undefined;
  const isMeant = (leaf: EndpointSet): boolean =>
    leaf.kind === 'reference' &&
    leaf.to.kinds.includes(kind) &&
    leaf.to.by.kind === 'name' &&
    leaf.to.by.name === name &&
    (namespace === undefined || leaf.to.by.namespace === undefined || leaf.to.by.namespace === namespace);
  return objectsIn(view).flatMap(({ key, resource: other }) =>
    other.role !== 'policy' || other.value.api !== 'cilium'
      ? []
      : peersIn(other.value).flatMap(({ peer }): readonly Occurrence[] =>
          peer.kind === 'set' && setLeaves(peer.set).some(isMeant)
            ? [{ kind: 'namespace', key, path: [...peer.path, ...field], on: 'value', text: name }]
            : [],
        ),
  );
}
