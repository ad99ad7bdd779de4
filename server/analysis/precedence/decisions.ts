import { memo2By } from '../../base/memo.ts';
import { portSet, trafficOf, type Protocol, type Traffic } from '../../base/ports.ts';
import { portNames, type EquivalenceClasses } from '../../eval/equivalence-classes.ts';
import type { Evaluation } from '../../eval/evaluate.ts';
import { outcomeFor, type PodPolicies } from '../../eval/rows.ts';
import type { Step } from '../../eval/explain.ts';
import type { Decision } from '../../eval/outcome.ts';
import type { Direction, Policy, Rule } from '../../model/policy.ts';
import type { Located } from '../../workspace/cluster.ts';
import { isReadable } from '../policy-parts.ts';

/** A connection as one of its sides sees it: the pod whose policies are evaluated, and its peer, by their indexes in the classes. */
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
  const own = evaluation.podPolicies[direction][pod];
  if (!own) return [];
  const name = `${direction} ${portNames(own.named)} ${other} ${protocol} ${port}`;
  return decisionsBy(evaluation.space, own.policies, name, own, other, trafficOf(protocol, portSet(port)));
}

/** Keyed by the policies of a pod, a list that edits of other policies keep; the classes are kept, too, while the vocabulary is the same. */
const decisionsBy = memo2By(
  (space: EquivalenceClasses, _: PodPolicies['policies'], _name: string, own: PodPolicies, other: number, traffic: Traffic): Decisions => {
    const decisions: Decision<Located<Policy>>[] = [];
    outcomeFor(space, own, other, traffic, (decision) => decisions.push(decision));
    return decisions;
  },
);

/** Does a step deny what no earlier step has allowed: a Deny rule, the isolation by NetworkPolicies, or the end of a tier? */
export function denies({ action }: { readonly action: Step['action'] }): boolean {
  return action === 'Deny' || action === 'Isolated' || action === 'DefaultAction';
}

/** Do both sides allow a connection for sure? `asked` is its egress. */
export function isAllowed(evaluation: Evaluation, question: DecisionQuestion): boolean {
  const ingress: DecisionQuestion = { ...question, direction: 'ingress', pod: question.other, other: question.pod };
  return [question, ingress].every((half) => decisionsOn(evaluation, half).every((step) => !denies(step) && step.tied === undefined));
}

/** The rule by which a policy, and no earlier one, denies a connection; `undefined` if it does not, or if the result of a tie is ambiguous. */
export function denyOf(evaluation: Evaluation, policy: Policy, question: DecisionQuestion): Rule | undefined {
  const own = evaluation.podPolicies[question.direction][question.pod];
  if (!own?.policies.some(({ value }) => value === policy)) return undefined;
  // A part that cannot be read may allow it.
  if (!isReadableOn(own)) return undefined;
  return decisionsOn(evaluation, question).find(
    ({ item, action, tied }) => item.value === policy && action === 'Deny' && tied === undefined,
  )?.rule;
}

/** Pods of which no two are bound alike in a direction, and whose policies can all be read. */
export function distinctPods({ podPolicies }: Evaluation, pods: readonly number[], direction: Direction): readonly number[] {
  const byPolicies = new Map(pods.toReversed().map((pod) => [podPolicies[direction][pod], pod]));
  return [...byPolicies].flatMap(([own, pod]) => (own && isReadableOn(own) ? [pod] : []));
}

function isReadableOn({ direction, policies, unevaluated }: PodPolicies): boolean {
  return unevaluated.length === 0 && policies.every(({ value }) => isReadable(value, value[direction]?.path ?? value.subject.path));
}
