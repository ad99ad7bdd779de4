import { list } from '../base/english.ts';
import { workloadName } from '../eval/names.ts';
import type { NamespaceScope, Policy } from '../model/policy.ts';
import { selects, type LabelSelector } from '../model/selector.ts';
import type { Workload } from '../model/workload.ts';
import type { Placed } from '../workspace/cluster.ts';
import { clusterFacts, type ClusterFacts } from './facts.ts';
import type { WorkspaceContext } from './rule.ts';

/** The policy that a workspace rule is asked about, with its key. */
export function policyIn({ resource, key }: WorkspaceContext): Placed<Policy> | undefined {
  return resource?.role === 'policy' && key !== undefined ? { key, value: resource.value } : undefined;
}

/** The facts of the cluster that a rule is asked about. */
export function factsIn({ cluster }: WorkspaceContext): ClusterFacts {
  return clusterFacts(cluster);
}

/** The names of the known namespaces of a scope; none where the selector cannot be read. */
export function namespacesIn(facts: ClusterFacts, scope: NamespaceScope): readonly string[] {
  if (scope.kind === 'own') return [scope.namespace];
  if (scope.selector.unreadable !== undefined) return [];
  return [...facts.namespaces.values()].filter(({ value }) => selects(scope.selector, value.labels)).map(({ value }) => value.name);
}

/** The known workloads that selectors pick; none where they cannot be read. */
export function workloadsPicked(facts: ClusterFacts, scope: NamespaceScope, pods: LabelSelector): readonly Placed<Workload>[] {
  if (pods.unreadable !== undefined) return [];
  return namespacesIn(facts, scope).flatMap((name) =>
    (facts.workloadsIn.get(name) ?? []).filter(({ value }) => selects(pods, value.labels)),
  );
}

/** The names of workloads, each once, as a message lists them. */
export function workloadList(workloads: readonly Placed<Workload>[]): string {
  return list([...new Set(workloads.map(({ value }) => workloadName(value)))], 'and', 3);
}
