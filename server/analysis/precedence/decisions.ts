import { memo2By } from '../../base/memo.ts';
import { portSet, trafficOf, type Protocol, type Traffic } from '../../base/ports.ts';
import { portNames, type EquivalenceClasses } from '../../eval/equivalence-classes.ts';
import type { Evaluation } from '../../eval/evaluate.ts';
import { outcomeFor, type PodPolicies } from '../../eval/rows.ts';
import type { Step } from '../../eval/explain.ts';
import type { Decision } from '../../eval/walk.ts';
import type { Direction, Policy, Rule } from '../../model/policy.ts';
import type { Located } from '../../workspace/cluster.ts';
import { isReadable } from '../policy-parts.ts';

/** A connection as one of its sides sees it: the pod whose policies are asked, and the other end, by their numbers in the space. */
export interface DecisionQuestion {
  readonly direction: Direction;
  readonly pod: number;
  readonly other: number;
  readonly protocol: Protocol;
  readonly port: number;
}

type Decisions = readonly Decision<Located<Policy>>[];

/** What happens to a connection on one side, step by step in tier order. Computed once for all pods with the same policies. */
export function decisionsOn(evaluation: Evaluation, { direction, pod, other, protocol, port }: DecisionQuestion): Decisions {
  const side = evaluation.podPolicies[direction][pod];
  if (!side) return [];
  const name = `${direction} ${portNames(side.named)} ${other} ${protocol} ${port}`;
  return decisionsBy(evaluation.space, side.policies, name, side, other, trafficOf(protocol, portSet(port)));
}

/** Keyed by the policies of a pod, a list that edits of other policies keep; the classes are kept, too, while the vocabulary is the same. */
const decisionsBy = memo2By(
  (space: EquivalenceClasses, _: PodPolicies['policies'], _name: string, side: PodPolicies, other: number, traffic: Traffic): Decisions => {
    const decisions: Decision<Located<Policy>>[] = [];
    outcomeFor(space, side, other, traffic, (decision) => decisions.push(decision));
    return decisions;
  },
);

/** Does a step deny what no earlier step has allowed: a Deny rule, or the isolation by NetworkPolicies? */
export function denies({ action }: { readonly action: Step['action'] }): boolean {
  return action === 'Deny' || action === 'Isolated';
}

/** Do both sides allow a connection for sure? `asked` is its egress. */
export function isAllowed(evaluation: Evaluation, asked: DecisionQuestion): boolean {
  const ingress: DecisionQuestion = { ...asked, direction: 'ingress', pod: asked.other, other: asked.pod };
  return [asked, ingress].every((side) => decisionsOn(evaluation, side).every((step) => !denies(step) && step.tied === undefined));
}

/** The rule by which a policy, and no earlier one, denies a connection; `undefined` if it does not, or if the result of a tie is ambiguous. */
export function denyOf(evaluation: Evaluation, policy: Policy, asked: DecisionQuestion): Rule | undefined {
  const side = evaluation.podPolicies[asked.direction][asked.pod];
  if (!side?.policies.some(({ value }) => value === policy)) return undefined;
  // A part that cannot be read may allow it.
  if (!isReadableOn(side)) return undefined;
  return decisionsOn(evaluation, asked).find(({ item, action, tied }) => item.value === policy && action === 'Deny' && tied === undefined)
    ?.rule;
}

/** Pods of which no two are bound alike in a direction, and whose policies can all be read. */
export function distinctPods({ podPolicies }: Evaluation, pods: readonly number[], direction: Direction): readonly number[] {
  const bySide = new Map(pods.toReversed().map((pod) => [podPolicies[direction][pod], pod]));
  return [...bySide].flatMap(([side, pod]) => (side && isReadableOn(side) ? [pod] : []));
}

function isReadableOn({ direction, policies, unevaluated }: PodPolicies): boolean {
  return unevaluated.length === 0 && policies.every(({ value }) => isReadable(value, value[direction]?.path ?? value.subject.path));
}
