import { workloadName } from '../eval/names.ts';
import type { Workload } from '../model/workload.ts';
import type { Located } from '../workspace/cluster.ts';
import type { Related } from './related.ts';

/*
 * The API leaves it undefined what NetworkPolicies do about pods in the host's network, and plugins commonly take their traffic for the
 * node's (kubernetes/website `network-policies.md`, "NetworkPolicy and hostNetwork pods"; kubernetes/website#39875). ClusterNetworkPolicies
 * leave them out by definition (network-policy-api `clusternetworkpolicy_types.go`).
 */

/** Where workloads in the host's network stand. */
export function placesOnHost(workloads: readonly Located<Workload>[]): readonly Related[] {
  return workloads
    .slice(0, 3)
    .map(({ key, value }) => ({ key, path: value.labelsPath, message: `Workload ${workloadName(value)} uses the host network.` }));
}
