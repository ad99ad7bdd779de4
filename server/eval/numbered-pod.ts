import type { Workload } from '../model/workload.ts';
import type { Cluster } from '../workspace/cluster.ts';
import { evaluationOf } from './evaluate.ts';
import { workloadsByName } from './names.ts';

/**
 * The pod that a name such as `shop/db-0` or `shop/db-0[Pod]` means: one of a workload that numbers its pods. The workload itself where no
 * policy tells its pods apart; `undefined` where no workload has such a pod.
 */
export function numberedPod(cluster: Cluster, text: string): Workload | undefined {
  const match = /^(.+)-(\d+)(?:\[Pod\])?$/.exec(text);
  const [, owner = '', digits = ''] = match ?? [];
  const ordinal = Number(digits);
  const found = (workloadsByName(cluster).get(owner) ?? []).find(({ replicas }) => replicas && isAmong(ordinal, replicas));
  if (!found) return undefined;
  const name = `${found.name}-${ordinal}`;
  const pods = evaluationOf(cluster).space.endpoints;
  return pods.find((pod) => pod.name === name && pod.namespace === found.namespace && pod.owner?.name === found.name) ?? found;
}

function isAmong(ordinal: number, { first, count }: NonNullable<Workload['replicas']>): boolean {
  return ordinal >= first && (count === undefined || ordinal < first + count);
}
