import { firstTraffic, NO_TRAFFIC, subtractTraffic } from '../../base/ports.ts';
import { stepsOnBothSides, type Step } from '../../eval/explain.ts';
import { evaluationPairs } from '../../analysis/witness/evaluation-pairs.ts';
import { pairWords } from '../../analysis/witness/instance.ts';
import { policyIn } from '../../analysis/selection.ts';
import type { Policy } from '../../model/policy.ts';
import { quote } from '../../base/english.ts';
import { policyName } from '../../eval/names.ts';
import { onValue } from '../draft.ts';
import { ofApi } from '../about.ts';
import type { WorkspaceRule } from '../rule.ts';

const rule: WorkspaceRule = {
  name: 'antrea-priority-tie',
  scope: 'workspace',
  severity: 'warning',
  confidence: 'high',
  summary: 'Two policies of one tier and priority whose rules at the same position decide differently about a connection.',
  why: 'Antrea evaluates policies of equal tier and priority by the position of their rules: all first rules, then all second ones. Two rules at the same position are evaluated in no defined order, so it may change with every restart which one decides.',
  noFix: 'Only the author knows which of the policies should be evaluated first.',
  about: ofApi('antrea', 'policy'),
  *check(context) {
    const policy = policyIn(context);
    if (!policy) return;
    const rivals = context.cluster.policies.filter(({ value }) => value !== policy.value && isRival(value, policy.value));
    if (rivals.length === 0) return;
    const reported = new Set<string>();
    const evaluation = context.evaluation();
    for (const pair of evaluationPairs(evaluation)) {
      if (pair === undefined) {
        yield undefined;
        continue;
      }
      const { from, to, verdict } = pair;
      const witness = firstTraffic(subtractTraffic(verdict.ambiguous, verdict.unknown ?? NO_TRAFFIC));
      if (!witness) continue;
      const tied = stepsOnBothSides(evaluation, { from, to, protocol: witness.protocol, port: witness.port }).filter((step) => step.tied);
      const own = tied.find(({ at }) => at?.key === policy.key);
      const other = tied.find(({ at, action, side }) => own && at && at.key !== policy.key && side === own.side && action !== own.action);
      if (!own?.at || !other?.at || reported.has(other.at.key)) continue;
      reported.add(other.at.key);
      yield onValue(context, ['spec', 'priority'], messageFor(policy.value, own, other, pairWords({ from, to, ...witness })), {
        related: [
          { path: own.at.path, message: `${own.action} in this policy.` },
          { key: other.at.key, path: other.at.path, message: `${other.action} in the other policy.` },
        ],
      });
      if (reported.size === rivals.length) return;
    }
  },
};

export default rule;

function isRival(one: Policy, other: Policy): boolean {
  return one.api === other.api && one.stage === other.stage && one.priority === other.priority;
}

function messageFor(policy: Policy, own: Step, other: Step, words: string): string {
  return `Policies ${quote(policyName(policy))} and ${quote(other.policy ?? '')} have the same tier and priority ${policy.priority ?? ''}, and rules at the same position decide differently about ${words}: ${own.action} here, ${other.action} there. Antrea does not define which is evaluated first. Give one of the policies another priority.`;
}
