import { replicaLabels } from '../model/generated-labels.ts';
import type { Workload } from '../model/workload.ts';
import type { Vocabulary } from './vocabulary.ts';

/**
 * The pods of a workload, as far as policies can tell them apart: the workload itself, unless its controller numbers the pods and some
 * policy asks for a number. Where it is not known how many there are, the labels with the number have an unknown value.
 */
export function podsOf(workload: Workload, { pods }: Pick<Vocabulary, 'pods'>): readonly Workload[] {
  const { replicas, labels, name, kind } = workload;
  if (!replicas?.labels.some(({ key }) => pods.has(key))) return [workload];
  const { first, count = 0 } = replicas;
  // A workload scaled to zero may be scaled up again.
  if (count < 1 || count > MAX_REPLICAS)
    return [{ ...workload, unknownLabels: [...(workload.unknownLabels ?? []), ...replicas.labels.map(({ key }) => key)] }];
  return Array.from({ length: count }, (_, i) => ({
    ...workload,
    kind: 'Pod',
    name: `${name}-${first + i}`,
    owner: { kind, name },
    labels: { ...labels, ...replicaLabels(replicas, first + i) },
  }));
}

/** More pods than this are not distinguished. */
const MAX_REPLICAS = 200;
