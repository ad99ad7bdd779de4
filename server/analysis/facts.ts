import type { Resource } from '../model/kind.ts';
import type { Policy } from '../model/policy.ts';
import type { Namespace, Service, Workload } from '../model/workload.ts';
import { sameValues, type Cluster, type ManifestKey, type Located } from '../workspace/cluster.ts';
import { listKeeper } from './same-list.ts';

/** A cluster sorted for the questions of workspace rules. Made once per cluster, in one pass. */
export interface ClusterFacts {
  /** What takes part in verdicts, by manifest. */
  readonly resources: ReadonlyMap<ManifestKey, Resource>;
  readonly workloadsIn: ReadonlyMap<string, readonly Located<Workload>[]>;
  readonly servicesIn: ReadonlyMap<string, readonly Located<Service>[]>;
  readonly namespaces: ReadonlyMap<string, Located<Namespace>>;
  /** Names of the namespaces that a manifest defines; of the others nothing is known but the name. */
  readonly defined: ReadonlySet<string>;
  /** NetworkPolicies, by namespace. A list stays the same object as long as no edit touches its namespace. */
  readonly policiesIn: ReadonlyMap<string, readonly Located<Policy>[]>;
  /** Policies of the Admin and Baseline tiers. */
  readonly tiered: readonly Located<Policy>[];
}

const memo = new WeakMap<Cluster, ClusterFacts>();

/** The facts of a cluster. The same cluster object gives the same facts. */
export function clusterFacts(cluster: Cluster): ClusterFacts {
  const known = memo.get(cluster) ?? gather(cluster);
  memo.set(cluster, known);
  return known;
}

/**
 * Stands for the workloads and the namespaces of a cluster: the same object as long as an edit touches neither, so that what only they
 * decide is kept over edits of policies. The key of a namespace that is only named may be another one.
 */
export function groundOf({ workloads, namespaces }: Cluster): object {
  const known = grounds.get(workloads);
  if (known && sameValues(known.namespaces, namespaces)) return known;
  const ground = { namespaces };
  grounds.set(workloads, ground);
  return ground;
}

const grounds = new WeakMap<Cluster['workloads'], { readonly namespaces: Cluster['namespaces'] }>();

function gather(cluster: Cluster): ClusterFacts {
  const resources = new Map<ManifestKey, Resource>();
  for (const { key, value } of cluster.policies) resources.set(key, { role: 'policy', value });
  for (const { key, value } of cluster.workloads) resources.set(key, { role: 'workload', value });
  for (const { key, value } of cluster.services) resources.set(key, { role: 'service', value });
  for (const { key, value } of cluster.nodes) resources.set(key, { role: 'node', value });
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
    servicesIn: byNamespace(cluster.services),
    namespaces: new Map(cluster.namespaces.map((placed) => [placed.value.name, placed])),
    defined,
    policiesIn: new Map([...byNamespace(cluster.policies.filter(isNetworkPolicy))].map(([name, list]) => [name, keptPolicies(list)])),
    tiered: cluster.policies.filter(({ value }) => value.traits.ordered),
  };
}

const keptPolicies = listKeeper<Located<Policy>>();

function isNetworkPolicy({ value }: Located<Policy>): boolean {
  return value.traits.namespaced;
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
