import { memo } from '../base/memo.ts';
import type { Workload } from '../model/workload.ts';
import type { Cluster } from '../workspace/cluster.ts';
import { workloadName } from './names.ts';

/**
 * Every workload of a cluster by `shop/web` and by `shop/web[Deployment]`. A name stands for several where kinds share it, or where pods of
 * one controller look different. The same cluster gives the same map.
 */
export const workloadsByName: (cluster: Cluster) => ReadonlyMap<string, readonly Workload[]> = memo((cluster) => {
  const names = new Map<string, Workload[]>();
  for (const { value } of cluster.workloads) {
    for (const name of [workloadName(value), bareName(value)]) {
      const list = names.get(name);
      if (list) list.push(value);
      else names.set(name, [value]);
    }
  }
  return names;
});

/** A workload without its kind: `shop/web`. */
export function bareName(workload: Workload): string {
  return workloadName(workload).replace(/\[\w+\]$/, '');
}
