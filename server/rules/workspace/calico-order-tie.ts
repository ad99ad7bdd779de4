import { list, quote } from '../../base/english.ts';
import { meetingWords } from '../../analysis/meeting-words.ts';
import { ruleUses, type Tied } from '../../analysis/rule-use.ts';
import { policyIn } from '../../analysis/selection.ts';
import { policyName } from '../../eval/names.ts';
import { stageOf } from '../../eval/stages.ts';
import { actionWord } from '../../model/describe.ts';
import { kindTitle } from '../../model/api.ts';
import { ofApi } from '../about.ts';
import { onValue } from '../draft.ts';
import type { WorkspaceRule } from '../rule.ts';

const rule: WorkspaceRule = {
  name: 'calico-order-tie',
  scope: 'workspace',
  severity: 'information',
  confidence: 'high',
  about: ofApi('calico', 'policy'),
  summary: 'Two policies of the same tier and order that decide differently about a connection, so that their names settle it.',
  why: 'Calico evaluates policies of equal order by name, then namespace, then kind; a NetworkPolicy of Kubernetes has order 1000 in tier default, and policies without an order come last. A policy that is renamed then changes what is allowed.',
  noFix: 'Only the author knows which of the policies should be evaluated first.',
  *check(context) {
    const policy = policyIn(context);
    if (!policy) return;
    const evaluation = context.evaluation();
    const { tied } = yield* ruleUses(evaluation);
    for (const found of tied.values()) {
      // Once for both, at the policy of Calico that comes first.
      if (found.policy.value.api === 'calico' ? found.policy.key !== policy.key : found.other.key !== policy.key) continue;
      const { plane } = evaluation.space.objects;
      const message = messageFor(found, stageOf(policy.value, plane).title, meetingWords(evaluation, found.meeting));
      yield onValue(context, policy.value.priority === undefined ? ['metadata', 'name'] : ['spec', 'order'], message, {
        related: [
          { key: found.policy.key, path: found.rule.path, message: 'This rule decides.' },
          { key: found.other.key, path: found.otherRule.path, message: 'This rule would decide otherwise.' },
        ],
      });
    }
  },
};

export default rule;

function messageFor({ policy, rule, other, otherRule }: Tied, tier: string, words: string): string {
  const names = list([policy, other].map(({ value }) => `${kindTitle(value)} ${policyName(value)}`));
  const order = [policy, other].find(({ value }) => value.api === 'calico')?.value.priority;
  const same = order === undefined ? `have no order in tier ${quote(tier)}` : `have the same order ${order} in tier ${quote(tier)}`;
  const actions = `${actionWord(rule, policy.value)} in ${policyName(policy.value)}, ${actionWord(otherRule, other.value)} in ${policyName(other.value)}`;
  return `${names} ${same} and decide differently about ${words}: ${actions}. Calico evaluates them by name, so ${policyName(policy.value)} decides. Give them different orders.`;
}
