import { ofApi } from '../about.ts';
import { l7Objections } from '../antrea/protocols.ts';
import { webhookDrafts } from '../antrea/drafts.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'antrea-l7',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  summary: "'l7Protocols' in a rule that cannot have them.",
  why: "Only rules with action Allow look at requests, and HTTP needs TCP. Antrea's webhook rejects other combinations.",
  noFix: 'Only the author knows whether the action or the condition is wrong.',
  about: ofApi('antrea', 'policy'),
  *check(context) {
    yield* webhookDrafts(context, l7Objections);
  },
};

export default rule;
