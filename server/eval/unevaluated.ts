import { ALL_TRAFFIC, NO_TRAFFIC, uniteTraffic } from '../base/ports.ts';
import { describeUnevaluated } from '../model/unevaluated/describe.ts';
import { maySelect } from '../model/unevaluated/may-select.ts';
import type { Standing, UnevaluatedPolicy } from '../model/unevaluated/policy.ts';
import { anyRule, type Direction } from '../model/policy.ts';
import type { Namespace, Workload } from '../model/workload.ts';
import type { Cluster, ClusterProblem, Located } from '../workspace/cluster.ts';
import type { Stage } from './stages.ts';
import type { StageGroups } from './stage-order.ts';
import type { Applied, Outcome } from './outcome.ts';

/*
 * Policies of APIs that are not evaluated. What they say is not read, so where one may select a pod every answer is possible for the
 * traffic that nothing before it decides. An evaluation includes them in three places: classes of workloads, `PodPolicies`, `walk`.
 */

/** The policies that may select each workload; the same list for workloads that the same policies may select. */
export function possiblePolicies({ unevaluated, namespaces }: Cluster): (workload: Workload) => readonly Located<UnevaluatedPolicy>[] {
  if (unevaluated.length === 0) return () => NONE;
  const byName = new Map<string, Namespace>(namespaces.map(({ value }) => [value.name, value]));
  const wide = unevaluated.filter(({ value }) => value.subjects.some((one) => one.namespaces !== 'own'));
  const own = new Map<string, Located<UnevaluatedPolicy>[]>();
  for (const placed of unevaluated) {
    if (wide.includes(placed) || placed.value.namespace === undefined) continue;
    own.set(placed.value.namespace, [...(own.get(placed.value.namespace) ?? []), placed]);
  }
  const lists = new Map<string, readonly Located<UnevaluatedPolicy>[]>();
  return (workload) => {
    const found = [...wide, ...(own.get(workload.namespace) ?? [])].filter(({ value }) =>
      maySelect(value, workload, byName.get(workload.namespace)),
    );
    const id = found.map(({ key }) => key).join('\n');
    const list = lists.get(id) ?? found;
    lists.set(id, list);
    return list;
  };
}

const NONE: readonly Located<UnevaluatedPolicy>[] = [];

/** Those of them that may decide about connections in a direction; notes about requests are none. */
export function decidingIn(policies: readonly Located<UnevaluatedPolicy>[], direction: Direction): readonly Located<UnevaluatedPolicy>[] {
  const found = policies.filter(({ value }) => value.standing !== 'note' && value.directions.includes(direction));
  return found.length === 0 ? NONE : found;
}

/** Stages with those in which an unevaluated policy may accept or deny whatever has come to it. `outside`: the peer is not a pod. */
export function withUnevaluatedStages<T>(
  stages: readonly StageGroups<Applied<T>>[],
  policies: readonly Located<UnevaluatedPolicy>[],
  outside: boolean,
): readonly StageGroups<Applied<T | undefined>>[] {
  const at = (standing: Standing): StageGroups<Applied<undefined>>[] =>
    policies.some(({ value }) => value.standing === standing && (outside || !value.outsideOnly)) ? [ANYTHING] : [];
  const until = (isolation: Stage['isolation']): StageGroups<Applied<T>>[] => stages.filter(({ stage }) => stage.isolation === isolation);
  return [
    ...at('before-admin'),
    ...until('before'),
    ...at('beside-network-policy'),
    ...until('isolates'),
    ...at('after-network-policy'),
    ...until('after'),
  ];
}

/** What is left of an outcome under policies that may deny what others allow. */
export function restricted(outcome: Outcome, policies: readonly Located<UnevaluatedPolicy>[], outside: boolean): Outcome {
  if (!policies.some(({ value }) => value.standing === 'restricts' && (outside || !value.outsideOnly))) return outcome;
  return { ...outcome, sure: NO_TRAFFIC, unknown: uniteTraffic(outcome.sure, outcome.unknown ?? NO_TRAFFIC) };
}

const either = (action: 'Accept' | 'Deny'): Applied<undefined>['rules'][number] => ({
  rule: anyRule(),
  action,
  traffic: ALL_TRAFFIC,
  uncertain: true,
});

const EFFECT = 'not known: its policies are not evaluated';

/** A stage whose decisions are unknown. */
const ANYTHING: StageGroups<Applied<undefined>> = {
  stage: {
    id: 'unevaluated',
    title: 'Not evaluated',
    name: 'policies that are not evaluated',
    order: 0,
    combine: 'first-match',
    ties: 'by-name',
    pass: 'next',
    unmatched: 'next',
    isolation: 'before',
    effects: { Accept: EFFECT, Deny: EFFECT, Pass: EFFECT },
  },
  groups: [[{ item: undefined, isolates: false, rules: [either('Accept'), either('Deny')] }]],
};

/** One entry for each policy that is left out of verdicts for this reason. */
export function unevaluatedProblems({ unevaluated }: Cluster): ClusterProblem[] {
  return unevaluated
    .filter(({ value }) => value.standing !== 'note' && value.subjects.length > 0 && value.directions.length > 0)
    .map(({ key, value }) => ({
      key,
      path: [],
      message: `${describeUnevaluated(value)} is not evaluated: answers about pods that it may select are unknown.`,
    }));
}
