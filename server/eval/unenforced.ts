import { list } from '../base/english.ts';
import { API_TITLES } from '../model/api.ts';
import { describeUnevaluated } from '../model/unevaluated/describe.ts';
import { maySelect } from '../model/unevaluated/may-select.ts';
import type { UnevaluatedPolicy } from '../model/unevaluated/policy.ts';
import type { Workload } from '../model/workload.ts';
import type { Cluster, ClusterProblem, Located } from '../workspace/cluster.ts';

/*
 * Policies of other network plugins than the one that the settings name. Verdicts are those of the plugin that is set; the policies that it
 * does not know are named wherever an answer is given, as they were written to be enforced.
 */

/** One entry for each policy that nothing enforces; none for staged ones, which are never in force. */
export function unenforcedProblems({ unenforced, plane }: Cluster): ClusterProblem[] {
  return unenforced
    .filter(isMeantForTraffic)
    .map(({ key, value }) => ({ key, path: [], message: `${describeUnevaluated(value)} ${unenforcedText(value, plane)}` }));
}

/** Why a policy is not enforced, after its name: "is not enforced: the network plugin of the cluster is Cilium (netpol.cni, --cni)." */
export function unenforcedText({ api }: Pick<UnevaluatedPolicy, 'api'>, plane: Cluster['plane']): string {
  return `is not enforced: netpol.cni (--cni) says that the network plugin of the cluster is ${API_TITLES[plane]}, which does not read policies of ${api}.`;
}

/** A sentence on the policies that nothing enforces and that may select these workloads; `undefined` where there are none. */
export function unenforcedNote({ unenforced, namespaces, plane }: Cluster, workloads: readonly Workload[]): string | undefined {
  if (unenforced.length === 0) return undefined;
  const homes = workloads.map((workload) => [workload, namespaces.find(({ value }) => value.name === workload.namespace)?.value] as const);
  const found = unenforced.filter(
    (one) => isMeantForTraffic(one) && homes.some(([workload, home]) => maySelect(one.value, workload, home)),
  );
  if (found.length === 0) return undefined;
  const names = list(
    found.map(({ value }) => describeUnevaluated(value)),
    'and',
    3,
  );
  return `Not enforced, as the network plugin of the cluster is ${API_TITLES[plane]} (netpol.cni, --cni): ${names}.`;
}

function isMeantForTraffic({ value }: Located<UnevaluatedPolicy>): boolean {
  return value.standing !== 'note' && value.subjects.length > 0 && value.directions.length > 0;
}
