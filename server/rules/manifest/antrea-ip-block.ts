import { ofApi } from '../about.ts';
import { ipBlockObjections } from '../antrea/peers.ts';
import { webhookDrafts } from '../antrea/drafts.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'antrea-ip-block',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  summary: 'An address block that Antrea does not accept.',
  why: "An ipBlock needs a cidr without leading zeros, and each except must be a smaller block inside it. The CRD does not check this; Antrea's webhook rejects the manifest.",
  noFix: 'Only the author knows which addresses are meant.',
  about: ofApi('antrea'),
  *check(context) {
    yield* webhookDrafts(context, ipBlockObjections);
  },
};

export default rule;
