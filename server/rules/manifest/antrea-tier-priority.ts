import { ofApi } from '../about.ts';
import { tierPriorityObjections } from '../antrea/tiers-and-groups.ts';
import { webhookDrafts } from '../antrea/drafts.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'antrea-tier-priority',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  summary: 'A Tier with a priority that is reserved or taken.',
  why: "Priorities 251, 252, 254 and 255 are reserved, and each built-in tier has its priority for itself. Antrea's webhook rejects the Tier.",
  noFix: 'Only the author knows where in the order the tier belongs.',
  about: ofApi('antrea', 'tier'),
  *check(context) {
    yield* webhookDrafts(context, tierPriorityObjections);
  },
};

export default rule;
