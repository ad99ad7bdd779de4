import { isEmptyBox, meetBoxes, type Box } from '../eval/label-space.ts';
import { rulesDisjoint } from '../eval/subsume.ts';
import type { Direction, Policy, Rule } from '../model/policy.ts';
import { TEMPLATE } from '../model/read.ts';
import { isBelow } from '../syntax/path.ts';
import type { Cluster, Placed } from '../workspace/cluster.ts';
import type { PlacedRule } from './connection-words.ts';
import { hasPlace, holdsPart, stepsOf, subjectBox } from './ladder.ts';

/**
 * The Accept and Deny rules of the Admin tier that settle connections of all pods of a part of a policy further down, whatever the rules
 * between say: those that no Pass can come before, as far as it matters for a rule.
 */
export function adminRules(cluster: Cluster, part: Box, rule: Rule, direction: Direction): readonly PlacedRule[] {
  const deciding: PlacedRule[] = [];
  const passes: Rule[] = [];
  const steps = adminStepsNear(cluster, part);
  if (steps.some((step) => step.some(({ placed }) => mayPassFirst(placed.value, direction)))) return [];
  for (const step of steps) {
    const near = step.filter(({ placed: { value } }) => value[direction] !== undefined || value.unreadable.length > 0);
    // What cannot be read may pass anything.
    if (near.some(({ placed: { value } }) => value.unreadable.length > 0 || subjectBox(value) === undefined)) return deciding;
    const isPassed = (one: Rule, own: readonly Rule[]): boolean =>
      [...passes, ...own].some(
        (pass) => rulesDisjoint(pass, one, direction).kind !== 'yes' && rulesDisjoint(pass, rule, direction).kind !== 'yes',
      );
    for (const { placed, isWhole } of near) {
      const others = near.filter((other) => other.placed !== placed).flatMap((other) => passesIn(other.placed.value, direction));
      for (const [i, one] of (placed.value[direction]?.rules ?? []).entries()) {
        const own = passesIn(placed.value, direction, i);
        if (isWhole && one.action !== 'Pass' && !isPassed(one, [...others, ...own])) deciding.push({ policy: placed, rule: one });
      }
    }
    passes.push(...near.flatMap(({ placed }) => passesIn(placed.value, direction)));
  }
  return deciding;
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

const nearSteps = new WeakMap<Cluster, WeakMap<Box, readonly (readonly Near[])[]>>();

function adminStepsNear(cluster: Cluster, part: Box): readonly (readonly Near[])[] {
  const byPart = nearSteps.get(cluster) ?? new WeakMap<Box, readonly (readonly Near[])[]>();
  nearSteps.set(cluster, byPart);
  const known = byPart.get(part);
  if (known) return known;
  const isNear = ({ value }: Placed<Policy>): boolean => {
    const box = subjectBox(value);
    return box === undefined || !isEmptyBox(meetBoxes(box, part));
  };
  const steps = stepsOf(cluster, 'Admin').map((step) =>
    step.filter(isNear).map((placed) => ({ placed, isWhole: holdsPart(placed.value, part) })),
  );
  const near = steps.filter((step) => step.length > 0);
  byPart.set(part, near);
  return near;
}

function passesIn(policy: Policy, direction: Direction, before: number = Infinity): readonly Rule[] {
  return policy[direction]?.rules.filter(({ action }, i) => action === 'Pass' && i < before) ?? [];
}
