import { keepEqual, memo, memoLast } from '../base/memo.ts';
import type { Resource } from '../model/kind.ts';
import type { Policy } from '../model/policy.ts';
import type { Namespace, Service, Workload } from '../model/workload.ts';
import { sameItems } from '../base/lists.ts';
import { sameValues, type Cluster, type ManifestKey, type Located } from '../workspace/cluster.ts';

/** A cluster sorted for the questions of workspace rules. Made once per cluster, in one pass. */
export interface ClusterFacts {
  /** What takes part in verdicts, by manifest. */
  readonly resources: ReadonlyMap<ManifestKey, Resource>;
  readonly workloadsIn: ReadonlyMap<string, readonly Located<Workload>[]>;
  /** Those of them that use the host network. */
  readonly onHostIn: ReadonlyMap<string, readonly Located<Workload>[]>;
  readonly servicesIn: ReadonlyMap<string, readonly Located<Service>[]>;
  readonly namespaces: ReadonlyMap<string, Located<Namespace>>;
  /** Names of the namespaces that a manifest defines; of the others nothing is known but the name. */
  readonly defined: ReadonlySet<string>;
  /** NetworkPolicies, by namespace. A list stays the same object as long as no edit touches its namespace. */
  readonly policiesIn: ReadonlyMap<string, readonly Located<Policy>[]>;
  /** Policies of whichever API that isolate pods: those about pods of one namespace by it, those about pods of all under the empty name. */
  readonly isolatingIn: ReadonlyMap<string, readonly Located<Policy>[]>;
  /** Policies of the Admin and Baseline tiers. */
  readonly tiered: readonly Located<Policy>[];
}

/** The facts of a cluster. The same cluster object gives the same facts. */
export const clusterFacts: (cluster: Cluster) => ClusterFacts = memo(gather);

/**
 * Stands for the workloads and the namespaces of a cluster: the same object as long as an edit touches neither, so that what only they
 * decide is kept over edits of policies. The key of a namespace that is only named may be another one.
 */
export function groundOf({ workloads, namespaces }: Cluster): object {
  return groundsOf(workloads, namespaces);
}

const groundsOf = memoLast(
  (previous: Pick<Cluster, 'namespaces'>, namespaces: Cluster['namespaces']) => sameValues(previous.namespaces, namespaces),
  (_: Cluster['workloads'], namespaces: Cluster['namespaces']): Pick<Cluster, 'namespaces'> => ({ namespaces }),
);

function gather(cluster: Cluster): ClusterFacts {
  const resources = new Map<ManifestKey, Resource>();
  for (const { key, value } of cluster.policies) resources.set(key, { role: 'policy', value });
  for (const { key, value } of cluster.workloads) resources.set(key, { role: 'workload', value });
  for (const { key, value } of cluster.services) resources.set(key, { role: 'service', value });
  for (const { key, value } of cluster.nodes) resources.set(key, { role: 'node', value });
  for (const { key, value } of cluster.sets) resources.set(key, { role: 'set', value });
  for (const { key, value } of cluster.tiers) resources.set(key, { role: 'tier', value });
  const defined = new Set<string>();
  for (const { key, value } of cluster.namespaces) {
    // A namespace that something only lives in has the key of what lives there.
    if (!/\nNamespace\//.test(key)) continue;
    resources.set(key, { role: 'namespace', value });
    defined.add(value.name);
  }
  return {
    resources,
    workloadsIn: byNamespace(cluster.workloads),
    onHostIn: byNamespace(cluster.workloads.filter(({ value }) => value.hostNetwork)),
    servicesIn: byNamespace(cluster.services),
    namespaces: new Map(cluster.namespaces.map((placed) => [placed.value.name, placed])),
    defined,
    policiesIn: new Map([...byNamespace(cluster.policies.filter(isNetworkPolicy))].map(([name, list]) => [name, keptPolicies(list)])),
    isolatingIn: byNamespace(cluster.policies.filter(({ value }) => value.traits.isolates && !value.notInForce)),
    tiered: cluster.policies.filter(({ value }) => value.api === 'kubernetes' && value.traits.ordered),
  };
}

/** The list of before where a new one holds the very same policies, so that what is known of it stays known over edits of others. */
function keptPolicies(list: readonly Located<Policy>[]): readonly Located<Policy>[] {
  const [first] = list;
  return first ? keepPolicies(first, list) : list;
}

const keepPolicies = keepEqual<readonly Located<Policy>[]>(sameItems);

/** The policies that may isolate pods of a namespace, of whichever API. */
export function isolatingAt({ isolatingIn }: ClusterFacts, namespace: string): readonly Located<Policy>[] {
  return [...(isolatingIn.get(namespace) ?? []), ...(namespace === '' ? [] : (isolatingIn.get('') ?? []))];
}

function isNetworkPolicy({ value }: Located<Policy>): boolean {
  return value.api === 'kubernetes' && value.traits.namespaced;
}

function byNamespace<T extends { readonly namespace?: string }>(all: readonly Located<T>[]): ReadonlyMap<string, readonly Located<T>[]> {
  const map = new Map<string, Located<T>[]>();
  for (const placed of all) {
    const name = placed.value.namespace ?? '';
    const list = map.get(name);
    if (list) list.push(placed);
    else map.set(name, [placed]);
  }
  return map;
}
