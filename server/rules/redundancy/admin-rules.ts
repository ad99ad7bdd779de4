import { boxesMeet, type Box } from '../../eval/label-space.ts';
import { rulesDisjoint } from '../../eval/subsume.ts';
import type { Direction, Policy, Rule } from '../../model/policy.ts';
import { TEMPLATE } from '../../model/read.ts';
import { isBelow } from '../../syntax/path.ts';
import type { Cluster, Placed } from '../../workspace/cluster.ts';
import type { PlacedRule } from '../text/connection-words.ts';
import { mayMeet } from './covered.ts';
import { boxedSteps, hasPlace, holdsPart, stepsOf, subjectBox } from '../ladder/ladder.ts';

/**
 * The Accept and Deny rules of the Admin tier that settle connections of all pods of a part of a policy further down, whatever the rules
 * between say: those that no Pass can come before, as far as it matters for a rule.
 */
export function adminRules(cluster: Cluster, part: Box, rule: Rule, direction: Direction): readonly PlacedRule[] {
  const deciding: PlacedRule[] = [];
  const passes: Rule[] = [];
  const steps = adminStepsNear(cluster, part);
  if (steps.some((step) => step.some(({ placed }) => mayPassFirst(placed.value, direction)))) return [];
  const passesHere = (policy: Policy, before?: number): readonly Rule[] =>
    passesIn(policy, direction, before).filter((pass) => rulesMeet(pass, rule, direction));
  for (const step of steps) {
    const near = step.filter(({ placed: { value } }) => value[direction] !== undefined || value.unreadable.length > 0);
    // What cannot be read may pass anything.
    if (near.some(({ placed: { value } }) => value.unreadable.length > 0 || subjectBox(value) === undefined)) return deciding;
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
  if (hasPlace(policy) || !policy.unreadable.some(({ why }) => why === TEMPLATE)) return false;
  return passesIn(policy, direction).length > 0 || policy.unreadable.some(({ path }) => isBelow(path, ['spec', direction]));
}

/** A policy of the Admin tier that may be about some pods of a part, or (`isWhole`) is about all of them. */
interface Near {
  readonly placed: Placed<Policy>;
  readonly isWhole: boolean;
}

const nearSteps = new WeakMap<ReturnType<typeof stepsOf>, WeakMap<Box, readonly (readonly Near[])[]>>();

function adminStepsNear(cluster: Cluster, part: Box): readonly (readonly Near[])[] {
  const steps = stepsOf(cluster, 'Admin');
  const byPart = nearSteps.get(steps) ?? new WeakMap<Box, readonly (readonly Near[])[]>();
  nearSteps.set(steps, byPart);
  const known = byPart.get(part);
  if (known) return known;
  const near: Near[][] = [];
  for (const step of boxedSteps(steps)) {
    const some = step.filter(({ box }) => !box || boxesMeet(box, part));
    if (some.length > 0) near.push(some.map(({ placed }) => ({ placed, isWhole: holdsPart(placed.value, part) })));
  }
  byPart.set(part, near);
  return near;
}

function passesIn(policy: Policy, direction: Direction, before: number = Infinity): readonly Rule[] {
  const rules = policy[direction]?.rules ?? [];
  return rules.some(({ action }) => action === 'Pass') ? rules.filter(({ action }, i) => action === 'Pass' && i < before) : [];
}
