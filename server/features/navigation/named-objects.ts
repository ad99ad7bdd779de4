import { peersIn } from '../../analysis/policy-parts.ts';
import { setLeaves } from '../../model/endpoint-set.ts';
import type { EndpointSet } from '../../model/endpoints.ts';
import { samePath, type Path } from '../../syntax/path.ts';
import { locate } from '../../workspace/locate.ts';
import type { Occurrence } from './occurrence.ts';
import type { Place } from '../../syntax/locate.ts';
import { nodeAt } from '../../syntax/locate-path.ts';
import { stringOf } from '../../syntax/tree.ts';
import { objectsIn, type ClusterView, type WorkspaceObject } from './cluster-view.ts';

/** The objects that the value at a place names, where a field of a Cilium policy refers to an object: a Service, a CIDR group. */
export function namedObjects(view: ClusterView, { on, path, node, placed }: Place): readonly WorkspaceObject[] {
  const name = on === 'value' ? stringOf(node) : undefined;
  if (name === undefined) return [];
  if (path.at(-1) === 'cidrGroupRef')
    return objectsIn(view).filter(
      ({ resource }) => resource.role === 'set' && resource.value.kind === 'CiliumCIDRGroup' && resource.value.name === name,
    );
  if (path.at(-1) !== 'serviceName' || path.at(-2) !== 'k8sService') return [];
  const namespace = stringOf(nodeAt(placed.manifest.root, [...path.slice(0, -1), 'namespace']));
  return objectsIn(view).filter(
    ({ resource }) =>
      resource.role === 'service' && resource.value.name === name && (namespace === undefined || resource.value.namespace === namespace),
  );
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
