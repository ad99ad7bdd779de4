import { ofApi } from '../about.ts';
import { groupObjections } from '../antrea/tiers-and-groups.ts';
import { webhookDrafts } from '../antrea/drafts.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'antrea-group',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  summary: 'A group that says in more than one way who belongs to it, or that lists itself.',
  why: "A group holds pods, nodes, address blocks, the pods of a Service, or other groups: one of them. Antrea's webhook rejects it otherwise.",
  noFix: 'Which of the fields is meant is for the author to say.',
  about: ofApi('antrea', 'set'),
  *check(context) {
    yield* webhookDrafts(context, groupObjections);
  },
};

export default rule;
