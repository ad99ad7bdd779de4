import { memoBy } from '../../base/memo.ts';
import { boxesMeet, boxKey, type Box } from '../../eval/label-space.ts';
import { rulesDisjoint } from '../../eval/subsume.ts';
import type { Direction, Policy, Rule } from '../../model/policy.ts';
import { TEMPLATE } from '../../model/read.ts';
import { isBelow } from '../../syntax/path.ts';
import type { Cluster, Located } from '../../workspace/cluster.ts';
import type { LocatedRule } from '../connection-words.ts';
import { mayMeet } from './covered.ts';
import { hasKnownOrder, includesPart, priorityGroupsOf, type PriorityGroups } from '../precedence/tier-order.ts';
import { boxedGroups, perBox } from '../precedence/overlapping-policies.ts';

/**
 * The Accept and Deny rules of the Admin tier that settle connections of all pods of a part of a policy further down, whatever the rules
 * between say: those that no Pass can come before, as far as it matters for a rule.
 */
export function adminRules(cluster: Cluster, part: Box, rule: Rule, direction: Direction): readonly LocatedRule[] {
  const deciding: LocatedRule[] = [];
  const passes: Rule[] = [];
  const steps = adminStepsNear(cluster, part, direction);
  if (!steps) return [];
  const passesHere = (policy: Policy, before?: number): readonly Rule[] =>
    passesIn(policy, direction, before).filter((pass) => rulesMeet(pass, rule, direction));
  for (const { near, isReadable } of steps) {
    // What cannot be read may pass anything.
    if (!isReadable) return deciding;
    const byPolicy = near.map(({ placed }) => passesHere(placed.value));
    for (const [at, { placed, isWhole }] of near.entries()) {
      if (!isWhole) continue;
      const others = byPolicy.filter((_, i) => i !== at).flat();
      for (const [i, one] of (placed.value[direction]?.rules ?? []).entries()) {
        if (one.action === 'Pass' || !mayMeet(one, rule)) continue;
        const isPassed = (pass: Rule): boolean => rulesMeet(pass, one, direction);
        if (passes.some(isPassed) || others.some(isPassed) || passesHere(placed.value, i).some(isPassed)) continue;
        deciding.push({ policy: placed, rule: one });
      }
    }
    passes.push(...byPolicy.flat());
  }
  return deciding;
}

/** May two rules match a connection both? */
function rulesMeet(one: Rule, other: Rule, direction: Direction): boolean {
  return mayMeet(one, other) && rulesDisjoint(one, other, direction).kind !== 'yes';
}

/** A template may give a policy any place, so that its Pass comes before all others. What the API server refuses comes nowhere. */
function mayPassFirst(policy: Policy, direction: Direction): boolean {
  if (hasKnownOrder(policy) || !policy.unreadable.some(({ why }) => why === TEMPLATE)) return false;
  return passesIn(policy, direction).length > 0 || policy.unreadable.some(({ path }) => isBelow(path, policy.at[direction]));
}

/** A policy of the Admin tier that may be about some pods of a part, or (`isWhole`) is about all of them. */
interface Near {
  readonly placed: Located<Policy>;
  readonly isWhole: boolean;
}

/** The policies of one step that act in a direction, or may. */
interface NearStep {
  readonly near: readonly Near[];
  readonly isReadable: boolean;
}

/** The steps of the Admin tier that may be about some pods of a part; `undefined` where a template may put a Pass before all of them. */
function adminStepsNear(cluster: Cluster, part: Box, direction: Direction): readonly NearStep[] | undefined {
  const steps = priorityGroupsOf(cluster, 'before');
  return nearSteps(steps, `${direction} ${boxKey(part)}`, part, direction);
}

const nearSteps = memoBy(findNearSteps);

function findNearSteps(groups: PriorityGroups, _: string, part: Box, direction: Direction): readonly NearStep[] | undefined {
  const steps = boxedGroups(groups);
  const meets = perBox((box) => boxesMeet(box, part));
  const isWhole = perBox((box) => includesPart(box, part));
  const found: NearStep[] = [];
  for (const step of steps) {
    const some = step.filter(({ box }) => !box || meets(box));
    if (some.some(({ placed }) => mayPassFirst(placed.value, direction))) return undefined;
    const near = some.filter(({ placed: { value } }) => value[direction] !== undefined || value.unreadable.length > 0);
    if (near.length === 0) continue;
    found.push({
      near: near.map(({ placed, box }) => ({ placed, isWhole: box !== undefined && isWhole(box) })),
      isReadable: near.every(({ placed, box }) => box !== undefined && placed.value.unreadable.length === 0),
    });
  }
  return found;
}

function passesIn(policy: Policy, direction: Direction, before: number = Infinity): readonly Rule[] {
  const rules = policy[direction]?.rules ?? [];
  return rules.some(({ action }) => action === 'Pass') ? rules.filter(({ action }, i) => action === 'Pass' && i < before) : [];
}
