import type { Evaluation } from './evaluate.ts';
import type { Verdict } from './verdict.ts';
import { sameTraffic } from '../base/ports.ts';
import { DIRECTIONS, type Direction, type Policy } from '../model/policy.ts';
import { bitMembers } from './bits.ts';
import { effectivePolicy } from './effective-policy.ts';
import { subjectBits } from './endpoint-bits.ts';
import { outcomeAt } from './rows.ts';

/** Are all verdicts between what is known in the cluster the same with (`before`) and without (`after`) a policy? */
export function sameVerdicts(before: Evaluation, after: Evaluation, policy: Policy): boolean {
  return DIRECTIONS.every((direction) => {
    if (!effectivePolicy(policy)[direction]) return true;
    const changed = new Map<number, readonly number[]>();
    return bitMembers(subjectBits(before.space, policy)).every((id) => {
      // What the policy does there, a policy that is not evaluated may hide.
      if ((before.podPolicies[direction][id]?.unevaluated.length ?? 0) > 0) return false;
      const classPolicies = before.podPolicies[direction][id]?.id ?? 0;
      const peers = changed.get(classPolicies) ?? changedPeers(before, after, direction, id);
      changed.set(classPolicies, peers);
      return peers.every(
        (end) => isSameSinglePod(before, id, end) || same(verdictOf(before, direction, id, end), verdictOf(after, direction, id, end)),
      );
    });
  });
}

/** The peers for which the policies of a class give another verdict. The policies of the peer may make up for it. */
function changedPeers(before: Evaluation, after: Evaluation, direction: Direction, id: number): readonly number[] {
  const [one, other] = [before.row(direction, id), after.row(direction, id)];
  const peers: number[] = [];
  for (let end = 0; end < before.space.size; end++) if (outcomeAt(one, end) !== outcomeAt(other, end)) peers.push(end);
  return peers;
}

function verdictOf(evaluation: Evaluation, direction: Direction, id: number, end: number): Verdict {
  const opposite = direction === 'ingress' ? 'egress' : 'ingress';
  // The row is asked for, so that the many endpoints of one class are not worked out one by one.
  const [own, other] = [outcomeAt(evaluation.row(direction, id), end), outcomeAt(evaluation.row(opposite, end), id)];
  return direction === 'ingress' ? evaluation.combine(other, own) : evaluation.combine(own, other);
}

function same(one: Verdict, other: Verdict): boolean {
  return one === other || (sameTraffic(one.allowed, other.allowed) && sameTraffic(one.ambiguous, other.ambiguous));
}

/**
 * Is the peer of a class the very same pod? A pod always reaches itself, but connections between the pods of one workload need to be allowed
 * like any others (the members of a database, for example).
 */
export function isSameSinglePod({ space }: Pick<Evaluation, 'space'>, id: number, other: number): boolean {
  const { members = [], sample } = space.classes[id] ?? {};
  return other === id && members.length === 1 && sample?.kind === 'Pod' && sample.owner === undefined;
}
