import { memo, memoBy } from '../../base/memo.ts';
import { boxesMeet, boxKey, type Box } from '../../eval/label-space.ts';
import type { Direction, Policy } from '../../model/policy.ts';
import type { Cluster, Located } from '../../workspace/cluster.ts';
import { isFirm } from '../policy-parts.ts';
import { groupIndexes, priorityGroupsOf, subjectBox, type Isolation, type PriorityGroups } from './tier-order.ts';

/** Policies in the order in which they are asked, and the boxes of all of them. */
interface Overlapping {
  readonly policies: readonly BoxedPolicy[];
  readonly boxes: readonly Box[];
}

/**
 * The policies before or after isolation that may select some pods of a policy: of its own stages those that are evaluated before it. With a direction only
 * those that are sure to act in it.
 */
export function overlappingPolicies(cluster: Cluster, isolation: Isolation, policy: Policy, direction?: Direction): Overlapping {
  const steps = priorityGroupsOf(cluster, isolation);
  const { policies, firsts } = overlappingPods(steps, subjectBox(policy), direction);
  const own = groupIndexes(steps).get(policy) ?? Infinity;
  return {
    policies: policies.slice(0, policies.findLastIndex(({ step }) => step < own) + 1),
    boxes: firsts.flatMap(({ box, step }) => (box && step < own ? [box] : [])),
  };
}

interface GroupedPolicy extends BoxedPolicy {
  readonly step: number;
}

/** The policies that may be about some pods of a box, and of these the first with each box. */
interface OverlappingPods {
  readonly policies: readonly GroupedPolicy[];
  readonly firsts: readonly GroupedPolicy[];
}

/** Of an unknown box all policies are near. Looked for once for all policies about the same pods. */
function overlappingPods(steps: PriorityGroups, box: Box | undefined, direction: Direction | undefined): OverlappingPods {
  return overlappingBy(steps, `${direction ?? 'any'} ${box ? boxKey(box) : 'unreadable'}`, box, direction);
}

const overlappingBy = memoBy(findOverlappingPods);

function findOverlappingPods(steps: PriorityGroups, _: string, box: Box | undefined, direction: Direction | undefined): OverlappingPods {
  const policies = direction
    ? overlappingPods(steps, box, undefined).policies.filter(({ placed }) => isFirm(placed.value, direction))
    : findOverlapping(steps, box);
  const firsts = new Map(policies.toReversed().map((one) => [one.box, one]));
  return { policies, firsts: [...firsts.values()].toReversed() };
}

function findOverlapping(steps: PriorityGroups, box: Box | undefined): readonly GroupedPolicy[] {
  const mayOverlap = perBox((other) => !box || boxesMeet(box, other));
  return boxedGroups(steps).flatMap((step, i) => step.flatMap((one) => (!one.box || mayOverlap(one.box) ? [{ ...one, step: i }] : [])));
}

/** A policy with the pods it may be about; `undefined` where that cannot be read. */
export interface BoxedPolicy {
  readonly placed: Located<Policy>;
  readonly box: Box | undefined;
}

/** The policies with their boxes. Many policies are about the same pods: those share one box, so that `perBox` asks once for all. */
export const boxedGroups: (steps: PriorityGroups) => readonly (readonly BoxedPolicy[])[] = memo((steps) => {
  const shared = new Map<string, Box>();
  const share = (box: Box): Box => {
    const first = shared.get(boxKey(box)) ?? box;
    shared.set(boxKey(box), first);
    return first;
  };
  return steps.map((step) =>
    step.map((placed) => {
      const box = subjectBox(placed.value);
      return { placed, box: box && share(box) };
    }),
  );
});

/** A question about boxes, asked once of each. */
export function perBox(ask: (box: Box) => boolean): (box: Box) => boolean {
  const answers = new Map<Box, boolean>();
  return (box) => {
    const answer = answers.get(box) ?? ask(box);
    answers.set(box, answer);
    return answer;
  };
}
