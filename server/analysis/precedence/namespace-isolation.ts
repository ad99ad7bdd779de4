import { workloadName } from '../../eval/names.ts';
import type { Direction } from '../../model/policy.ts';
import { runsOnce, type Workload } from '../../model/workload.ts';
import type { Located } from '../../workspace/cluster.ts';
import type { Related } from '../related.ts';
import { isDefaultDenied, isUndecided } from './isolation.ts';
import type { WorkspaceContext } from '../context.ts';
import { clusterFacts } from '../facts.ts';
import { factsIn } from '../selection.ts';

/** The workloads of a namespace, by whether policies close them in a direction. */
export interface NamespaceIsolation {
  readonly name: string;
  readonly notIsolated: readonly Located<Workload>[];
  readonly isolated: readonly Located<Workload>[];
}

/**
 * How open a namespace is that has NetworkPolicies. Only for the manifest at which the namespace is reported: where it is
 * defined, else at the first of its policies.
 */
export function namespaceIsolation(context: WorkspaceContext, direction: Direction): NamespaceIsolation | undefined {
  const name = placeOf(context);
  const { workloadsIn, policiesIn } = factsIn(context);
  if (name === undefined || (policiesIn.get(name) ?? []).length === 0) return undefined;
  const evaluation = context.evaluation();
  const workloads = (workloadsIn.get(name) ?? []).filter(({ value }) => isServing(value) && !isUndecided(evaluation, value));
  const isolated = new Set(workloads.filter(({ value }) => isDefaultDenied(evaluation, value, direction)));
  return { name, notIsolated: workloads.filter((one) => !isolated.has(one)), isolated: [...isolated] };
}

/** Is it worth reporting that the workload is not isolated: is it in the pod network, with a port, and not a Job that runs to completion? */
function isServing(workload: Workload): boolean {
  return !workload.hostNetwork && workload.ports.length > 0 && !runsOnce(workload);
}

/**
 * The workloads of a namespace that something is to be said about, once for all of them: only at the first one; `undefined` at the others.
 */
export function affectedIn(
  { resource, key, cluster }: WorkspaceContext,
  isAffected: (workload: Workload) => boolean,
): readonly Located<Workload>[] | undefined {
  if (resource?.role !== 'workload') return undefined;
  const all = clusterFacts(cluster).workloadsIn.get(resource.value.namespace) ?? [];
  const concerns = ({ value }: Located<Workload>): boolean => isServing(value) && isAffected(value);
  return all.find(concerns)?.key === key ? all.filter(concerns) : undefined;
}

/** Where the other workloads stand that a finding at the first one is about. */
export function otherPlaces(affected: readonly Located<Workload>[], message: (workload: Workload) => string): readonly Related[] {
  return affected.slice(1, 4).map(({ key, value }) => ({ key, path: ['metadata', 'name'], message: message(value) }));
}

/** A cluster with a single policy has not begun to isolate namespaces: what is not isolated is then reported in the strict profile only. */
export function hygieneProfile({ cluster }: Pick<WorkspaceContext, 'cluster'>): { readonly profile?: 'strict' } {
  return cluster.policies.length > 1 ? {} : { profile: 'strict' };
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
