import { memo2By } from '../../base/memo.ts';
import type { Box } from '../../eval/label-space.ts';
import { isBeforeIsolation, stageOf } from '../../eval/stages.ts';
import type { Direction, Policy, Rule } from '../../model/policy.ts';
import type { Cluster, Located } from '../../workspace/cluster.ts';
import { adminRules } from './admin-rules.ts';
import type { LocatedRule } from '../connection-words.ts';
import { coversOf, comparisonBudget, locatedRules } from './covered.ts';
import { includesPart, subjectParts } from '../precedence/tier-order.ts';
import { overlappingPolicies, perBox, type BoxedPolicy } from '../precedence/overlapping-policies.ts';
import { isFirm, isReadable } from '../policy-parts.ts';

/** The rules of a policy that are never reached, each with the rules of other policies that settle all of it before. */
export type Shadows = ReadonlyMap<Rule, readonly LocatedRule[]>;

/**
 * The rules of a policy that are never reached because of other policies: for all pods of the policy, whichever there are, earlier rules
 * match all that they match. Rules that are behind others of the same policy are not listed, and nothing that is not sure.
 */
export function shadowsOf(cluster: Cluster, placed: Located<Policy>, direction: Direction): Shadows {
  return shadowsIn(cluster, placed.value, direction, placed);
}

const shadowsIn = memo2By((cluster: Cluster, _: Policy, direction: Direction, placed: Located<Policy>) => find(cluster, placed, direction));

/** The rules of a policy that are compared one by one; there are at most 25 in the tiers. */
const MAX_COMPARED_RULES = 100;

/** Behind more policies about the same pods nothing is claimed: each of them would be gone through for each policy behind it. */
const MAX_EARLIER_POLICIES = 200;

function find(cluster: Cluster, { value: policy }: Located<Policy>, direction: Direction): Shadows {
  const found = new Map<Rule, readonly LocatedRule[]>();
  const rules = isFirm(policy, direction) ? (policy[direction]?.rules.filter(({ path }) => isReadable(policy, path)) ?? []) : [];
  if (rules.length === 0 || rules.length > MAX_COMPARED_RULES) return found;
  const budget = comparisonBudget();
  const earlier = earlierPolicies(cluster, policy, direction);
  if (earlier.policies.length > MAX_EARLIER_POLICIES) return found;
  const parts = partsOf(cluster, policy, earlier.boxes).map((part) => ({ part, before: rulesFor(part, earlier.policies, direction) }));
  for (const [i, rule] of rules.entries()) {
    const own = !policy.traits.ordered ? [] : rules.slice(0, i);
    if (own.length > 0 && coversOf(rule, own, direction, budget)) continue;
    const deciders = new Set<LocatedRule>();
    const isShadowed = parts.every(({ part, before }) => {
      const above = [...before, ...(isBeforeIsolation(policy) ? [] : adminRules(cluster, part, rule, direction))];
      const covers = above.length === 0 ? undefined : coversOf(rule, [...above.map((one) => one.rule), ...own], direction, budget);
      for (const one of above) if (covers?.includes(one.rule)) deciders.add(one);
      return covers !== undefined;
    });
    if (isShadowed && deciders.size > 0) found.set(rule, distinct([...deciders]));
  }
  return found;
}

/** Do earlier policies settle all that a rule matches for a part of the pods of its policy, of the tiers, so that it is not reached there? */
export function isSettledBefore(cluster: Cluster, { policy, rule }: LocatedRule, part: Box, direction: Direction): boolean {
  const { value } = policy;
  const earlier = earlierPolicies(cluster, value, direction).policies;
  if (earlier.length > MAX_EARLIER_POLICIES) return false;
  const before = rulesFor(part, earlier, direction);
  const above = [...before, ...(isBeforeIsolation(value) ? [] : adminRules(cluster, part, rule, direction))];
  if (above.length === 0) return false;
  const own = (value[direction]?.rules ?? []).filter(({ index, path }) => index < rule.index && isReadable(value, path));
  return coversOf(rule, [...above.map((one) => one.rule), ...own], direction, comparisonBudget()) !== undefined;
}

/** The policies of the same tier that are evaluated earlier and may select the same pods. NetworkPolicies have no order among themselves. */
function earlierPolicies(cluster: Cluster, policy: Policy, direction: Direction): ReturnType<typeof overlappingPolicies> {
  return policy.traits.ordered ? overlappingPolicies(cluster, stageOf(policy).isolation, policy, direction) : NO_POLICIES;
}

const NO_POLICIES: ReturnType<typeof overlappingPolicies> = { policies: [], boxes: [] };

/** The pods of the policy, split so that each policy evaluated earlier selects all of a part or none of it. */
function partsOf(cluster: Cluster, policy: Policy, earlier: readonly Box[]): readonly Box[] {
  const admin = isBeforeIsolation(policy) ? [] : overlappingPolicies(cluster, 'before', policy).boxes;
  return subjectParts(policy, new Set([...earlier, ...admin]));
}

function rulesFor(part: Box, earlier: readonly BoxedPolicy[], direction: Direction): readonly LocatedRule[] {
  const isAbout = perBox((box) => includesPart(box, part));
  const about = earlier.flatMap(({ placed, box }) => (box && isAbout(box) ? [placed] : []));
  return locatedRules(about, direction).filter(({ policy, rule }) => isReadable(policy.value, rule.path));
}

/** Each rule once: the parts of a subject may be settled by the same one. */
function distinct(rules: readonly LocatedRule[]): readonly LocatedRule[] {
  return [...new Map(rules.map((one) => [one.rule, one])).values()];
}
