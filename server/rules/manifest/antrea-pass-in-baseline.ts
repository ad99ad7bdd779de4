import { ofApi } from '../about.ts';
import { baselinePassObjections } from '../antrea/tiers-and-groups.ts';
import { webhookDrafts } from '../antrea/drafts.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'antrea-pass-in-baseline',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  summary: 'A rule with action Pass in tier baseline.',
  why: "Tier baseline is evaluated after the NetworkPolicies, so there is nothing to pass to. Antrea's webhook rejects the policy.",
  noFix: 'Only the author knows whether the connection should be allowed or dropped.',
  about: ofApi('antrea', 'policy'),
  *check(context) {
    yield* webhookDrafts(context, baselinePassObjections);
  },
};

export default rule;
