import { memoLast } from '../../base/memo.ts';
import { workloadName } from '../../eval/names.ts';
import type { Workload } from '../../model/workload.ts';
import type { Cluster, Located } from '../../workspace/cluster.ts';
import type { Related } from '../related.ts';

/** A workload that calls the API server, most likely, and the binding that shows it. */
export interface ApiCaller {
  readonly workload: Located<Workload>;
  readonly reason: Related;
}

type ApiCallers = ReadonlyMap<Workload, ApiCaller>;

/** The workloads whose service account some binding gives permissions. Those in the host's network are left out: no policy selects them. */
export function apiCallers({ callers, workloads }: Cluster): ApiCallers {
  return callersAmong(workloads, callers).found;
}

const callersAmong = memoLast(
  (previous: { readonly callers: Cluster['callers']; readonly found: ApiCallers }, callers: Cluster['callers']) =>
    previous.callers === callers,
  (workloads: Cluster['workloads'], callers: Cluster['callers']) => ({
    callers,
    found: new Map(findCallers(callers, workloads).map((one) => [one.workload.value, one])),
  }),
);

function findCallers(callers: Cluster['callers'], workloads: Cluster['workloads']): readonly ApiCaller[] {
  const bound = new Map<string, Related>();
  for (const { key, value } of callers) {
    for (const call of value.calls) {
      if (call.kind !== 'api') continue;
      const message = `${value.kind} ${value.name} gives '${call.account}' permissions in the API server.`;
      bound.set(`${call.namespace}/${call.account}`, { key, path: call.path, message });
    }
  }
  return workloads.flatMap((workload): readonly ApiCaller[] => {
    const { account, namespace, hostNetwork } = workload.value;
    const reason = account === undefined || hostNetwork ? undefined : bound.get(`${namespace}/${account}`);
    return reason ? [{ workload, reason }] : [];
  });
}

/** Where a pod stands in messages about its permissions. */
export function podsPlace({ key, value }: Located<Workload>): Related {
  return { key, path: value.labelsPath, message: `The pods of ${workloadName(value)}.` };
}
