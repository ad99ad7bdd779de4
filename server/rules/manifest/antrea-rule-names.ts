import { ofApi } from '../about.ts';
import { ruleNameObjections } from '../antrea/rule-names.ts';
import { webhookDrafts } from '../antrea/drafts.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'antrea-rule-names',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  summary: 'Two rules of a policy with the same name, or two identical rules without one.',
  why: "Antrea's webhook rejects a policy whose rule names are not unique over ingress and egress. A rule without a name gets one from its direction, action and content, so two identical ones collide.",
  noFix: 'Only the author knows a name that describes the rule.',
  about: ofApi('antrea', 'policy'),
  *check(context) {
    yield* webhookDrafts(context, ruleNameObjections);
  },
};

export default rule;
