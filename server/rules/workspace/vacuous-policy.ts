import type { Connection } from '../../eval/connection.ts';
import type { Evaluation } from '../../eval/evaluate.ts';
import { explainIn, type Explanation, type Step } from '../../eval/explain.ts';
import { PATH_ORDER, type Direction, type Policy } from '../../model/policy.ts';
import { denies } from '../../analysis/precedence/decisions.ts';
import { onKey } from '../draft.ts';
import { stepPlaces, pairsMatching, pairsMissing } from '../../analysis/witness/pairs.ts';
import { pairWords } from '../../analysis/witness/instance.ts';
import type { WorkspaceRule } from '../rule.ts';
import { vacuousPolicies } from '../../analysis/redundancy/vacuous.ts';
import { policyIn } from '../../analysis/selection.ts';

const rule: WorkspaceRule = {
  name: 'vacuous-policy',
  scope: 'workspace',
  severity: 'hint',
  confidence: 'high',
  profile: 'strict',
  summary: 'A policy that changes no verdict between the workloads of this workspace.',
  why: 'It selects workloads, but every verdict is the same without it: other policies allow or deny the same, or take precedence. It may still be meant for workloads that this workspace does not contain yet.',
  companions: ['peer-selects-nothing'],
  *check(context) {
    const policy = policyIn(context)?.value;
    const after = policy && vacuousPolicies(context).get(policy);
    if (!policy || !after) return;
    const shown = shownBy(context.evaluation(), policy);
    if (!shown) return;
    const { from, to, protocol, port } = shown.pair;
    const answer = explainIn(after, { from, to, protocol, port });
    const step = decidingStep(answer, shown.direction);
    const message = `This policy changes no verdict in this workspace: without it, ${pairWords(shown.pair)} is still ${VERDICT_WORDS[answer.verdict]}${by(step)}. Remove it, unless it is meant for workloads that this workspace does not contain yet.`;
    yield onKey(context, ['metadata', 'name'], message, { related: stepPlaces(step ? [step] : []) });
  },
};

const VERDICT_WORDS = { allow: 'allowed', deny: 'denied', undefined: 'undefined', unknown: 'unknown' } as const;

/** A connection that the policy affects: one that a rule of it matches, else one that it denies by isolation. */
function shownBy(evaluation: Evaluation, policy: Policy): { readonly pair: Connection; readonly direction: Direction } | undefined {
  for (const direction of PATH_ORDER) {
    for (const rule of policy[direction]?.rules ?? [])
      for (const pair of pairsMatching(evaluation, policy, rule, direction)) return { pair, direction };
  }
  for (const direction of PATH_ORDER.filter((one) => policy[one] !== undefined))
    for (const pair of pairsMissing(evaluation, policy, [policy], direction)) return { pair, direction };
  return undefined;
}

/** The step that settles the verdict: the one that denies, on whichever side, else the one that allows on the side of the policy. */
function decidingStep({ verdict, steps }: Explanation, direction: Direction): Step | undefined {
  if (verdict === 'deny') return steps.find(denies);
  const own = steps.filter(({ side }) => side === direction);
  return verdict === 'allow' ? own.findLast(({ action }) => action === 'Accept' || action === 'Allow') : own.find(({ tied }) => tied);
}

function by(step: Step | undefined): string {
  if (step?.policy === undefined) return ', since no other policy denies it';
  return step.stage?.isolation === 'before' ? ` by ${step.policy} of the ${step.stage.name}` : ` by ${step.policy}`;
}

export default rule;
