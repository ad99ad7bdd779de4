import { ofApi } from '../about.ts';
import { groupObjections } from '../antrea/tiers-and-groups.ts';
import { webhookDrafts } from '../antrea/drafts.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'antrea-group',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  summary: 'A group that defines its members in more than one way, or that lists itself.',
  why: "A group holds pods, nodes, address blocks, the pods of a Service, or other groups: one of them. Antrea's webhook rejects it otherwise.",
  noFix: 'Only the author knows which of the fields is meant.',
  about: ofApi('antrea', 'set'),
  *check(context) {
    yield* webhookDrafts(context, groupObjections);
  },
};

export default rule;
