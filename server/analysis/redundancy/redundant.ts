import { memoBy } from '../../base/memo.ts';
import type { Direction, Policy, Rule } from '../../model/policy.ts';
import type { Cluster, Located } from '../../workspace/cluster.ts';
import { allowsAll, allowAllRule } from '../allow-all.ts';
import type { LocatedRule } from '../connection-words.ts';
import { comparisonBudget, locatedCoversOf, locatedRules, redundantParts } from './covered.ts';
import { clusterFacts } from '../facts.ts';
import { groupOf, MAX_COMPARED_POLICIES, type Group } from './groups.ts';
import { isWithin } from '../precedence/tier-order.ts';
import { isReadable } from '../policy-parts.ts';
import { isSplitOf } from './split-rules.ts';
import { redundantTogether } from './together.ts';

/*
 * What NetworkPolicies say more than once. All of them add up, so what one allows need not be allowed by another. A policy is compared with
 * those about more pods, and with those about the same pods that are left: from the last one to the first, each that the others make
 * redundant is taken out. Of what is left, each that some others make redundant together, every one of them for a part of its pods, is
 * taken out in the same way. So everything that is called redundant can go together.
 */

/** The NetworkPolicies that isolate the pods of one already, and allow all that it allows; none where it is needed, or it is not sure. */
export function redundancyOf(cluster: Cluster, { value: policy }: Located<Policy>): readonly Located<Policy>[] {
  if (!policy.traits.namespaced) return [];
  return groupOf(cluster, policy)?.redundant.get(policy) ?? redundantTogether(cluster, policy.namespace ?? '').get(policy) ?? [];
}

/** A rule that other NetworkPolicies say already, and their rules. */
export interface CoveredRule {
  readonly rule: Rule;
  readonly covers: readonly LocatedRule[];
}

/**
 * The rules of a NetworkPolicy that allow nothing which rules of others do not allow to the same pods already. None where the policy as a
 * whole is redundant, where another one allows everything, and of rules that others of the same policy cover.
 */
export function coveredRules(cluster: Cluster, placed: Located<Policy>, direction: Direction): readonly CoveredRule[] {
  const { value: policy } = placed;
  if (!policy.traits.namespaced || !policy[direction]?.rules.length) return [];
  if (!policy[direction].rules.some(allowsAll) && openedBy(cluster, policy, direction)) return [];
  const group = groupOf(cluster, policy);
  return group ? coveredIn(group, direction, cluster).filter(({ of }) => of.value === policy) : [];
}

/** Another NetworkPolicy that allows everything to all pods of one. */
export function openedBy(cluster: Cluster, policy: Policy, direction: Direction): LocatedRule | undefined {
  const all = clusterFacts(cluster).policiesIn.get(policy.namespace ?? '');
  return all && allowingAll(all, direction).find(({ policy: other }) => other.value !== policy && isWithin(policy, [other.value]));
}

/** The rules of some policies that allow everything, at most one for each. */
const allowingAll = memoBy((policies: readonly Located<Policy>[], direction: Direction): readonly LocatedRule[] =>
  policies.flatMap((policy) => {
    const rule = allowAllRule(policy.value, direction);
    return rule ? [{ policy, rule }] : [];
  }),
);

interface Covered extends CoveredRule {
  readonly of: Located<Policy>;
}

/** The covered rules of all policies of a group. */
const coveredIn = memoBy(findCovered);

function findCovered(group: Group, direction: Direction, cluster: Cluster): readonly Covered[] {
  // What goes because others say it for a part of the pods each may be what covers a rule of theirs.
  const gone = redundantTogether(cluster, group.policies[0]?.value.namespace ?? '');
  const isLeft = ({ value }: Located<Policy>): boolean => !gone.has(value);
  const wider = locatedRules(group.wider.filter(isLeft), direction);
  const needed = group.policies.filter((one) => isLeft(one) && !group.redundant.has(one.value));
  let left: readonly LocatedRule[] = needed.flatMap((placed) => ownRules(placed, direction));
  const found: Covered[] = [];
  for (const placed of needed.toReversed()) {
    const budget = comparisonBudget();
    for (const one of left.filter(({ policy }) => policy === placed).toReversed()) {
      // Without it nothing is claimed any more, and laying out the lists takes time too.
      if (budget.left <= 0) break;
      const rest = left.filter((other) => other !== one);
      // Those of other policies first, as a single one explains more.
      const others = [...wider, ...rest.filter(({ policy }) => policy !== placed), ...rest.filter(({ policy }) => policy === placed)];
      const effective = others.filter(({ policy, rule }) => !isSplitOf(policy.value, direction, rule, one.rule));
      const used = (locatedCoversOf(one.rule, effective, direction, budget) ?? []).filter(({ policy }) => policy !== placed);
      if (used.length === 0) continue;
      found.push({ of: placed, rule: one.rule, covers: used });
      left = rest;
    }
  }
  return found;
}

/** The rules of a policy that say something beside its other rules. */
function ownRules(placed: Located<Policy>, direction: Direction): readonly LocatedRule[] {
  const rules = locatedRules([placed], direction).filter(({ rule }) => isReadable(placed.value, rule.path));
  const all = rules.map(({ rule }) => rule);
  const superfluous =
    all.length > MAX_COMPARED_POLICIES ? [] : [...redundantParts(all, direction)].flatMap((found) => (found ? [found.part] : []));
  return rules.filter(({ rule }) => !superfluous.includes(rule));
}
