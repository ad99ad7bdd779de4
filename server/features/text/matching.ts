import { count, list, plain } from '../../base/english.ts';
import { impliedNamespace } from '../../model/namespace.ts';
import type { NamespaceScope } from '../../model/policy.ts';
import { selects, type LabelSelector } from '../../model/selector.ts';
import type { Workload } from '../../model/workload.ts';
import type { Cluster } from '../../workspace/cluster.ts';

/** Which workloads, as policies name them: pods of a kind in namespaces of a kind. */
export interface Wanted {
  readonly namespaces: NamespaceScope;
  readonly pods: LabelSelector;
  /** ClusterNetworkPolicy never selects pods on the host network. */
  readonly withHostNetwork: boolean;
}

/**
 * What a selector finds among the known manifests: "Here: 2 workloads, shop/web and shop/api." `undefined` where there are no
 * workloads to look at, or the selector cannot be read.
 */
export function matchText(cluster: Cluster, wanted: Wanted): string | undefined {
  const { namespaces, pods } = wanted;
  if (cluster.workloads.length === 0 || pods.unreadable !== undefined) return undefined;
  if (namespaces.kind === 'selected' && namespaces.selector.unreadable !== undefined) return undefined;
  const chosen = namespacesIn(cluster, namespaces);
  const found = cluster.workloads.filter(
    ({ value }) => chosen(value.namespace) && selects(pods, value.labels) && (wanted.withHostNetwork || !value.hostNetwork),
  );
  if (found.length === 0) return 'In this workspace: no workload.';
  return `In this workspace: ${count(found.length, 'workload')}, ${list(
    found.map(({ value }) => nameOf(value)),
    'and',
    3,
  )}.`;
}

function namespacesIn(cluster: Cluster, scope: NamespaceScope): (name: string) => boolean {
  if (scope.kind === 'own') return (name) => name === scope.namespace;
  const known = new Map(cluster.namespaces.map(({ value }) => [value.name, value]));
  return (name) => selects(scope.selector, (known.get(name) ?? impliedNamespace(name)).labels);
}

function nameOf({ namespace, name }: Workload): string {
  return plain(`${namespace}/${name}`);
}
