import { DIRECTIONS, type Action, type Direction, type Policy } from '../model/policy.ts';
import type { Workload } from '../model/workload.ts';
import { isNoTraffic, sameTraffic, ALL_TRAFFIC } from '../base/ports.ts';
import type { Located } from '../workspace/cluster.ts';
import { bitMembers, has } from './bits.ts';
import { endpointBits, subjectBits } from './endpoint-bits.ts';
import { verdictAt, type Evaluation } from './evaluate.ts';
import { listsOf } from './lists.ts';
import type { OutsideReach } from './reach.ts';

/** What a policy of an ordered tier does with connections in one direction. */
export interface PolicyAction {
  readonly direction: Direction;
  readonly action: Action;
  /** The workloads at the other end. */
  readonly peers: readonly Workload[];
  readonly outside: OutsideReach;
}

/**
 * What a policy does by itself, by direction and action: `Deny` what it denies at least in part, `Accept` and `Pass` what one of its rules
 * names and no earlier one denies whole. `alone` is the evaluation of the cluster with this policy only.
 */
export function policyActions(alone: Evaluation, { value: policy }: Located<Policy>): readonly PolicyAction[] {
  return DIRECTIONS.flatMap((direction) => ORDER.flatMap((action) => actionIn(alone, policy, direction, action) ?? []));
}

const ORDER = ['Deny', 'Accept', 'Pass'] as const;

function actionIn(alone: Evaluation, policy: Policy, direction: Direction, action: PolicyAction['action']): PolicyAction | undefined {
  const { space } = alone;
  const own = bitMembers(subjectBits(space, policy));
  const sets = listsOf(space.objects, policy)
    .filter((list) => list.direction === direction)
    .flatMap(({ rules }) => rules.flatMap((rule) => (rule.action === action ? [endpointBits(space, rule.match.peer)] : [])));
  const isNamed = (element: number): boolean => sets.some((bits) => bits === 'all' || has(bits.sure, element));
  const verdictOn = (element: number, id: number): ReturnType<typeof verdictAt> =>
    direction === 'ingress' ? verdictAt(alone, element, id) : verdictAt(alone, id, element);
  const counts = (element: number): boolean =>
    isNamed(element) &&
    own.some((id) => {
      if (element === id && space.classes[id]?.members.length === 1) return false;
      const { allowed } = verdictOn(element, id);
      return action === 'Deny' ? !sameTraffic(allowed, ALL_TRAFFIC) : !isNoTraffic(allowed);
    });
  const peers = space.classes.flatMap(({ id, members }) => (counts(id) ? members : []));
  const reach = (family: 4 | 6): OutsideReach['v4'] => {
    const answers = space.atoms.flatMap((atom, at) => (atom.family === family ? [counts(space.classes.length + at)] : []));
    if (answers.length > 0 && answers.every(Boolean)) return 'all';
    return answers.some(Boolean) ? 'some' : 'none';
  };
  const outside = { v4: reach(4), v6: reach(6) };
  const isEmpty = peers.length === 0 && outside.v4 === 'none' && outside.v6 === 'none';
  return isEmpty ? undefined : { direction, action, peers, outside };
}
