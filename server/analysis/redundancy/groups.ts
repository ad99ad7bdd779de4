import { memoBy } from '../../base/memo.ts';
import { boxKey, isEmptyBox } from '../../eval/label-space.ts';
import { DIRECTIONS, type Direction, type Policy } from '../../model/policy.ts';
import type { Requirement } from '../../model/selector.ts';
import type { Cluster, Located } from '../../workspace/cluster.ts';
import { allowsAll } from '../allow-all.ts';
import { comparisonBudget, locatedCoversOf, locatedRules, type ComparisonBudget } from './covered.ts';
import { clusterFacts } from '../facts.ts';
import { isWithin, subjectBox } from '../precedence/tier-order.ts';
import { isSplitOf } from './split-rules.ts';

/** Policies that are not needed, each with those that say the same. */
export type Redundant = ReadonlyMap<Policy, readonly Located<Policy>[]>;

/** NetworkPolicies about the same pods. */
export interface Group {
  /** In the order of their keys; only those that can be read in full. */
  readonly policies: readonly Located<Policy>[];
  /** Policies about these pods and more. */
  readonly wider: readonly Located<Policy>[];
  readonly redundant: Redundant;
}

/** Policies of a group that are compared with each other, and rules of a policy. */
export const MAX_COMPARED_POLICIES = 100;

/** The group of a policy; `undefined` if it cannot be read, or selects no pods. */
export function groupOf(cluster: Cluster, policy: Policy): Group | undefined {
  const key = groupKey(policy);
  const inNamespace = clusterFacts(cluster).policiesIn.get(policy.namespace ?? '');
  if (key === undefined || !inNamespace) return undefined;
  return groupIn(inNamespace, key, policy);
}

/** By the NetworkPolicies of a namespace, a list that edits of other policies leave as it is. */
const groupIn = memoBy(makeGroup);

function groupKey(policy: Policy): string | undefined {
  const box = policy.unreadable.length > 0 ? undefined : subjectBox(policy);
  return box && !isEmptyBox(box) ? boxKey(box) : undefined;
}

function makeGroup(inNamespace: readonly Located<Policy>[], key: string, policy: Policy): Group {
  const near = inNamespace.filter(({ value }) => value.unreadable.length === 0);
  const policies = near.filter(({ value }) => groupKey(value) === key).toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const required = new Map(policy.subject.pods.requirements.map((requirement) => [requirement.key, requirement]));
  const wider = near.filter((other) => {
    // A selector that asks for more labels, or for other values, is not wider; that is quickly seen.
    if (policies.includes(other) || other.value.subject.pods.requirements.some((one) => isNarrower(one, required.get(one.key))))
      return false;
    return isWithin(policy, [other.value]);
  });
  if (policies.length > MAX_COMPARED_POLICIES) return { policies: [], wider, redundant: new Map() };
  const redundant = new Map<Policy, readonly Located<Policy>[]>();
  let left: readonly Located<Policy>[] = policies;
  for (const placed of policies.toReversed()) {
    const rest = left.filter((other) => other !== placed);
    const covering = findRedundancy(placed.value, [...wider, ...rest]);
    if (covering.length === 0) continue;
    redundant.set(placed.value, covering);
    left = rest;
  }
  return { policies, wider, redundant };
}

function isNarrower(one: Requirement, own: Requirement | undefined): boolean {
  if (one.operator !== 'In' && one.operator !== 'Exists') return false;
  return own === undefined || (one.operator === 'In' && own.operator === 'In' && own.values.some((value) => !one.values.includes(value)));
}

/** Of some policies about all pods of one, those that isolate them already and allow all that it allows; none where it is needed. */
export function findRedundancy(
  policy: Policy,
  others: readonly Located<Policy>[],
  budget: ComparisonBudget = comparisonBudget(),
): readonly Located<Policy>[] {
  // A default deny is intended, whichever other policies isolate the same pods.
  if (policy.subject.pods.requirements.length === 0 && DIRECTIONS.every((direction) => (policy[direction]?.rules.length ?? 0) === 0))
    return [];
  const used = new Set<Located<Policy>>();
  for (const direction of DIRECTIONS) {
    const covering = policy[direction] ? coveredBy(policy, direction, others, budget) : [];
    // Next to a policy that allows all traffic there is another finding, with another fix.
    if (!covering || isDefeated(policy, direction, others)) return [];
    for (const one of covering) used.add(one);
  }
  return [...used];
}

/** Has it rules in a direction that limit nothing, because another policy allows everything there? */
function isDefeated(policy: Policy, direction: Direction, others: readonly Located<Policy>[]): boolean {
  const rules = policy[direction]?.rules ?? [];
  return rules.length > 0 && !rules.some(allowsAll) && others.some(({ value }) => value[direction]?.rules.some(allowsAll));
}

/** The policies that say all that one says in a direction; `undefined` where they do not. */
function coveredBy(
  policy: Policy,
  direction: Direction,
  others: readonly Located<Policy>[],
  budget: ComparisonBudget,
): readonly Located<Policy>[] | undefined {
  const isolating = others.filter(({ value }) => value[direction] !== undefined);
  const [first] = isolating;
  if (!first) return undefined;
  const rules = locatedRules(isolating, direction);
  const used = new Set<Located<Policy>>();
  for (const own of policy[direction]?.rules ?? []) {
    const effective = rules.filter((one) => !isSplitOf(one.policy.value, direction, one.rule, own));
    const covers = locatedCoversOf(own, effective, direction, budget);
    if (!covers) return undefined;
    for (const one of covers) used.add(one.policy);
  }
  return used.size > 0 ? [...used] : [first];
}
