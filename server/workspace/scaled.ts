import { memo2 } from '../base/memo.ts';
import type { Caller } from '../model/caller.ts';
import { NUMBER_LABELS } from '../model/generated-labels.ts';
import type { Labels } from '../model/selector.ts';
import type { Workload } from '../model/workload.ts';
import type { Located } from './cluster.ts';

/**
 * The workloads, where those that an autoscaler of the cluster scales are marked: it is unknown how many numbered pods they
 * have. The same list where no autoscaler has one.
 */
export const scaled: (workloads: readonly Located<Workload>[], callers: readonly Located<Caller>[]) => readonly Located<Workload>[] = memo2(
  (workloads: readonly Located<Workload>[], callers: readonly Located<Caller>[]) => {
    const targets = new Set(
      callers.flatMap(({ value: { scales, namespace } }) => (scales ? `${scales.kind}/${namespace}/${scales.name}` : [])),
    );
    if (targets.size === 0) return workloads;
    return workloads.map((one) =>
      targets.has(`${one.value.kind}/${one.value.namespace}/${one.value.name}`) ? { ...one, value: withUnknownNumber(one.value) } : one,
    );
  },
);

function withUnknownNumber(workload: Workload): Workload {
  const { replicas, generatedLabels = {}, labels, unknownLabels = [], ...rest } = workload;
  const numbered = replicas?.labels.map(({ key }) => key) ?? NUMBER_LABELS.filter((key) => Object.hasOwn(generatedLabels, key));
  return {
    ...rest,
    labels: without(labels, numbered),
    generatedLabels: without(generatedLabels, numbered),
    unknownLabels: [...unknownLabels, ...numbered],
  };
}

function without(labels: Labels, keys: readonly string[]): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([key]) => !keys.includes(key)));
}
