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
