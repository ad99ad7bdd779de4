import { endpointIndex, type Evaluation } from '../../eval/evaluate.ts';
import { effectivePolicy } from '../../eval/effective-policy.ts';
import { stageOf } from '../../eval/stages.ts';
import { NAME_LABEL } from '../../model/namespace.ts';
import type { Direction, Policy } from '../../model/policy.ts';
import type { Workload } from '../../model/workload.ts';
import type { Cluster, Located } from '../../workspace/cluster.ts';
import { clusterFacts } from '../facts.ts';
import { isWithin } from './tier-order.ts';
import { isFirm } from '../policy-parts.ts';

/** The policies of any tier that bind a workload in a direction. */
export function policiesSelecting(evaluation: Evaluation, workload: Workload, direction: Direction): readonly Located<Policy>[] {
  return evaluation.podPolicies[direction][endpointIndex(evaluation, { kind: 'workload', workload })]?.policies ?? [];
}

/** Is what no rule names closed: by a NetworkPolicy that isolates the workload, or by some Deny further down? */
export function isDefaultDenied(evaluation: Evaluation, workload: Workload, direction: Direction): boolean {
  return policiesSelecting(evaluation, workload, direction).some(({ value }) => {
    const meaning = effectivePolicy(value)[direction];
    if (meaning && stageOf(value, evaluation.space.objects.plane).unmatched === 'deny-if-applied') return true;
    return meaning?.isolates === true || (value.traits.denies && meaning?.rules.some(({ action }) => action === 'Deny') === true);
  });
}

/** May a policy that is not evaluated select the workload, whatever it is about? Then nothing is claimed about who may connect. */
export function isUndecided(evaluation: Evaluation, workload: Workload): boolean {
  return (evaluation.space.classes[endpointIndex(evaluation, { kind: 'workload', workload })]?.unevaluated.length ?? 0) > 0;
}

/** The NetworkPolicies that together isolate all pods of a policy, which must name its namespaces for that to be sure. */
export function isolatingPolicies(cluster: Cluster, policy: Policy, direction: Direction): readonly Located<Policy>[] {
  const { policiesIn } = clusterFacts(cluster);
  const { namespaces } = policy.subject;
  const named =
    namespaces.kind === 'selected'
      ? namespaces.selector.requirements.find(({ key, operator }) => key === NAME_LABEL && operator === 'In')
      : undefined;
  if (!named) return [];
  const candidates = named.values.flatMap((name) => policiesIn.get(name) ?? []).filter(({ value }) => isFirm(value, direction));
  if (
    !isWithin(
      policy,
      candidates.map(({ value }) => value),
    )
  )
    return [];
  // As few as suffice: policies that select every pod explain all of it.
  const whole = candidates.filter(({ value }) => value.subject.pods.requirements.length === 0);
  return isWithin(
    policy,
    whole.map(({ value }) => value),
  )
    ? whole.slice(0, named.values.length)
    : candidates;
}
