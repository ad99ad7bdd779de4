import { workloadName } from '../../eval/names.ts';
import type { Direction } from '../../model/policy.ts';
import type { Workload } from '../../model/workload.ts';
import type { Located } from '../../workspace/cluster.ts';
import type { Related } from '../related.ts';
import { isDefaultDenied, isUndecided } from './isolation.ts';
import type { WorkspaceContext } from '../context.ts';
import { factsIn } from '../selection.ts';

/** The workloads of a namespace, by whether policies close them in a direction. */
export interface NamespaceIsolation {
  readonly name: string;
  readonly notIsolated: readonly Located<Workload>[];
  readonly isolated: readonly Located<Workload>[];
}

/**
 * How open a namespace is that has NetworkPolicies. Only said where the manifest is the place to speak of the namespace: where it is
 * defined, else at the first of its policies.
 */
export function namespaceIsolation(context: WorkspaceContext, direction: Direction): NamespaceIsolation | undefined {
  const name = placeOf(context);
  const { workloadsIn, policiesIn } = factsIn(context);
  if (name === undefined || (policiesIn.get(name) ?? []).length === 0) return undefined;
  const evaluation = context.evaluation();
  const workloads = (workloadsIn.get(name) ?? []).filter(({ value }) => !value.hostNetwork && !isUndecided(evaluation, value));
  const isolated = new Set(workloads.filter(({ value }) => isDefaultDenied(evaluation, value, direction)));
  return { name, notIsolated: workloads.filter((one) => !isolated.has(one)), isolated: [...isolated] };
}

/** Where the open workloads stand. */
export function notIsolatedPlaces({ notIsolated }: NamespaceIsolation): readonly Related[] {
  return notIsolated
    .slice(0, 3)
    .map(({ key, value }) => ({ key, path: value.labelsPath, message: `No policy isolates ${workloadName(value)}.` }));
}

function placeOf(context: WorkspaceContext): string | undefined {
  const { resource, key } = context;
  if (resource?.role === 'namespace') return resource.value.name;
  if (resource?.role !== 'policy' || resource.value.namespace === undefined) return undefined;
  const { defined, policiesIn } = factsIn(context);
  const [first] = policiesIn.get(resource.value.namespace) ?? [];
  return !defined.has(resource.value.namespace) && first?.key === key ? resource.value.namespace : undefined;
}
