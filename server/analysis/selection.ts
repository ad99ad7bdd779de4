import { KUBE_SYSTEM, impliedNamespace } from '../model/namespace.ts';
import { list } from '../base/english.ts';
import { memoBy } from '../base/memo.ts';
import { workloadName } from '../eval/names.ts';
import { matchesScope } from '../model/endpoint-set.ts';
import type { NamespaceScope, Policy } from '../model/policy.ts';
import { picksPods } from '../model/pod-match.ts';
import { selects, selectorText, type LabelSelector } from '../model/selector.ts';
import type { Namespace, Workload } from '../model/workload.ts';
import type { Located } from '../workspace/cluster.ts';
import { DNS_LABELS } from './dns-servers.ts';
import { clusterFacts, type ClusterFacts } from './facts.ts';
import type { WorkspaceContext } from './context.ts';

/** The policy that a workspace rule is asked about, with its key. */
export function policyIn({ resource, key }: WorkspaceContext): Located<Policy> | undefined {
  return resource?.role === 'policy' && key !== undefined ? { key, value: resource.value } : undefined;
}

/** The facts of the cluster that a rule is asked about. */
export function factsIn({ cluster }: WorkspaceContext): ClusterFacts {
  return clusterFacts(cluster);
}

/** The names of the known namespaces of a scope; none where the selector cannot be read. */
export function namespacesIn(facts: ClusterFacts, scope: NamespaceScope): readonly string[] {
  return scope.kind === 'own' ? [scope.namespace] : namespacesSelected(facts, selectorText(scope.selector), scope);
}

/** Many policies of a workspace have the same selector, and asking it of every namespace for each of them would grow with the square. */
const namespacesSelected = memoBy((facts: ClusterFacts, _selector: string, scope: NamespaceScope): readonly string[] => {
  const isIn = ({ value }: Located<Namespace>): boolean => matchesScope(scope, { labels: value.labels }) === 'yes';
  return [...facts.namespaces.values()].filter(isIn).map(({ value }) => value.name);
});

/** The known workloads that selectors pick; none where they cannot be read. */
export function workloadsPicked(facts: ClusterFacts, scope: NamespaceScope, pods: LabelSelector): readonly Located<Workload>[] {
  return pickedAmong(facts.workloadsIn, facts, scope, pods);
}

/** Those of them that use the host network; most clusters have few. */
export function onHostPicked(facts: ClusterFacts, scope: NamespaceScope, pods: LabelSelector): readonly Located<Workload>[] {
  return facts.onHostIn.size === 0 ? [] : pickedAmong(facts.onHostIn, facts, scope, pods);
}

function pickedAmong(
  workloadsIn: ClusterFacts['workloadsIn'],
  facts: ClusterFacts,
  scope: NamespaceScope,
  pods: LabelSelector,
): readonly Located<Workload>[] {
  if (pods.unreadable !== undefined) return [];
  return namespacesIn(facts, scope).flatMap((name) => (workloadsIn.get(name) ?? []).filter(({ value }) => picksPods(pods, value)));
}

/**
 * May a scope select kube-system while the workspace has no manifest of it? Every cluster has that namespace, with DNS in it, and hardly any
 * workspace does: unknown pods may match as well.
 */
export function reachesUnknown({ namespaces, workloadsIn }: ClusterFacts, scope: NamespaceScope): boolean {
  if (scope.kind === 'own' || scope.selector.unreadable !== undefined || workloadsIn.has(KUBE_SYSTEM)) return false;
  return selects(scope.selector, (namespaces.get(KUBE_SYSTEM)?.value ?? impliedNamespace(KUBE_SYSTEM)).labels);
}

/** May a peer select pods none of which is in the workspace: those of every namespace, whatever their labels, or cluster DNS? */
export function isAboutUnknown(facts: ClusterFacts, scope: NamespaceScope, pods: LabelSelector): boolean {
  const asks = pods.requirements.some(({ operator }) => operator === 'In' || operator === 'Exists');
  return (!asks || DNS_LABELS.some(([key, value]) => selects(pods, { [key]: value }))) && reachesUnknown(facts, scope);
}

/** The names of workloads, each once, as a message lists them. */
export function workloadList(workloads: readonly Located<Workload>[]): string {
  return list([...new Set(workloads.map(({ value }) => workloadName(value)))], 'and', 3);
}
