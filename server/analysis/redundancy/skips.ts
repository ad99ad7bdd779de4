import { rulesDisjoint } from '../../eval/subsume.ts';
import type { Direction, Policy, Rule } from '../../model/policy.ts';
import type { Cluster } from '../../workspace/cluster.ts';
import { areDisjoint, policiesAfter, subjectBox } from '../precedence/tier-order.ts';

/**
 * Is it sure that a Pass skips nothing: no later rule of its policy, and no rule of a policy that is, or may be, evaluated later in
 * its tier, matches the same connections of the same pods?
 */
export function skipsNothing(cluster: Cluster, policy: Policy, rule: Rule, behind: readonly Rule[], direction: Direction): boolean {
  const isApart = (later: Rule): boolean => rulesDisjoint(rule, later, direction).kind === 'yes';
  if (policy.unreadable.length > 0 || !behind.every((later) => isApart(later))) return false;
  return policiesAfter(cluster, policy).every(({ value }) => {
    if (value.unreadable.length > 0 || subjectBox(value) === undefined) return false;
    const rules = value[direction]?.rules ?? [];
    return rules.length === 0 || areDisjoint(policy, value) || rules.every((later) => isApart(later));
  });
}
