import { memo2By } from '../../base/memo.ts';
import type { Direction, Policy, Rule } from '../../model/policy.ts';
import type { Cluster, Located } from '../../workspace/cluster.ts';
import { matchOf, type Witness } from './rule-match.ts';
import type { Certainty } from '../../base/certainty.ts';
import type { LocatedRule } from '../connection-words.ts';
import { areDisjoint, isWithin, groupIndexes, groupsBefore, priorityGroupsOf, tiedWith, type PriorityGroups } from './tier-order.ts';
import { stageOf } from '../../eval/stages.ts';
import { isReadable } from '../policy-parts.ts';

/** The rule that decides about a witness, and the rules that were evaluated before it. */
export interface DecidingRule extends LocatedRule {
  readonly before: readonly Rule[];
}

/**
 * The rule that decides about a witness for the pods of a policy, asked over the tier: what comes before the policy, then the policy.
 * `undefined` where none does, or where it is not sure which. `isAbout` says of a policy whether it selects the pods in question.
 */
export function decidingRuleOf(
  cluster: Cluster,
  policy: Located<Policy>,
  direction: Direction,
  witness: Witness,
  isAbout: (other: Policy) => Certainty,
): DecidingRule | undefined {
  return deciderIn(
    [...groupsBefore(cluster, policy.value), [policy, ...tiedWith(cluster, policy.value)]],
    policy,
    direction,
    witness,
    isAbout,
  );
}

/**
 * Does a policy itself decide about a witness for the pods that `isAbout` asks about, a function that is the same for all policies? The rule
 * that does; what comes before is gone through once for all of them.
 */
export function ownDecision(
  cluster: Cluster,
  policy: Located<Policy>,
  direction: Direction,
  witness: Witness,
  isAbout: (other: Policy) => Certainty,
): Rule | undefined {
  const steps = priorityGroupsOf(cluster, stageOf(policy.value).isolation);
  const own = groupIndexes(steps).get(policy.value);
  if (own === undefined || firstThatSpeaks(steps, direction, witness, isAbout) < own) return undefined;
  const decider = deciderIn([[policy, ...tiedWith(cluster, policy.value)]], policy, direction, witness, isAbout);
  return decider?.policy === policy ? decider.rule : undefined;
}

/** The place of the first step that decides about a witness, or may. */
function firstThatSpeaks(steps: PriorityGroups, direction: Direction, witness: Witness, isAbout: (other: Policy) => Certainty): number {
  return firstDeciding(steps, isAbout, JSON.stringify([direction, witness]), direction, witness);
}

const firstDeciding = memo2By(
  (steps: PriorityGroups, isAbout: (other: Policy) => Certainty, _: string, direction: Direction, witness: Witness): number => {
    const found = steps.findIndex((step) => step.some((placed) => askOne(placed, direction, witness, isAbout(placed.value)) !== undefined));
    return found === -1 ? Infinity : found;
  },
);

function deciderIn(
  steps: readonly (readonly Located<Policy>[])[],
  policy: Located<Policy>,
  direction: Direction,
  witness: Witness,
  isAbout: (other: Policy) => Certainty,
): DecidingRule | undefined {
  const before: Rule[] = [];
  for (const step of steps) {
    const answers = step.map((placed) => askOne(placed, direction, witness, placed === policy ? 'yes' : isAbout(placed.value)));
    const rules = answers.flatMap((one) => (one === 'unsure' ? [] : (one ?? [])));
    const [first] = rules;
    // Nothing says in which order the policies of one step are asked.
    if (answers.includes('unsure') || rules.some(({ rule }) => rule.action !== first?.rule.action)) return undefined;
    if (first) return { ...first, before: [...before, ...first.before] };
    before.push(...step.flatMap(({ value }) => value[direction]?.rules ?? []));
  }
  return undefined;
}

/** Is another policy about all pods of a policy, about none of them, or who knows? */
export function aboutPodsOf(policy: Policy): (other: Policy) => Certainty {
  return (other) => (areDisjoint(policy, other) ? 'no' : isWithin(policy, [other]) ? 'yes' : 'unknown');
}

function askOne(policy: Located<Policy>, direction: Direction, witness: Witness, about: Certainty): DecidingRule | 'unsure' | undefined {
  const section = policy.value[direction];
  if (!section || about === 'no') return undefined;
  if (!isReadable(policy.value, section.path)) return 'unsure';
  for (const [i, rule] of section.rules.entries()) {
    const matches = matchOf(rule, witness);
    if (matches === 'yes' && about === 'yes') return { policy, rule, before: section.rules.slice(0, i) };
    // A Deny that may match does not make another Deny less sure.
    if (matches !== 'no' && rule.action !== 'Deny') return 'unsure';
  }
  return undefined;
}
