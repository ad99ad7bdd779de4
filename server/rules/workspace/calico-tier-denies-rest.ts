import { meetingWords } from '../../analysis/meeting-words.ts';
import { ruleUses } from '../../analysis/rule-use.ts';
import { policyIn } from '../../analysis/selection.ts';
import { policyName } from '../../eval/names.ts';
import { stageOf } from '../../eval/stages.ts';
import { kindTitle } from '../../model/api.ts';
import { ofApi } from '../about.ts';
import { onKey } from '../draft.ts';
import type { WorkspaceRule } from '../rule.ts';

const rule: WorkspaceRule = {
  name: 'calico-tier-denies-rest',
  scope: 'workspace',
  severity: 'warning',
  confidence: 'high',
  about: ofApi('calico', 'policy'),
  summary: 'The end of a tier denies what a policy of a later tier allows.',
  why: 'Where a policy of a tier selects a pod and none of its rules matches, the default action of the tier decides, and that is Deny unless the Tier says Pass. Policies of later tiers, Kubernetes NetworkPolicies among them, are then not evaluated.',
  *check(context) {
    const policy = policyIn(context);
    if (!policy) return;
    const evaluation = context.evaluation();
    const found = (yield* ruleUses(evaluation)).deniedAtEnd.get(policy.value);
    if (!found) return;
    const tier = stageOf(policy.value, evaluation.space.objects.plane).title;
    const { later, laterRule, meeting } = found;
    const message = `Traffic that no rule of tier '${tier}' matches is denied at its end, so ${kindTitle(later.value)} ${policyName(later.value)} is never evaluated for it, for example ${meetingWords(evaluation, meeting)}. Add a last rule with action Pass, or set defaultAction: Pass in the Tier.`;
    yield onKey(context, policy.value[meeting.direction]?.path ?? ['spec'], message, {
      related: [{ key: later.key, path: laterRule.path, message: 'This rule would allow it.' }],
    });
  },
};

export default rule;
