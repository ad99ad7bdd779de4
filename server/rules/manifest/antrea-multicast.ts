import { ofApi } from '../about.ts';
import { multicastObjections } from '../antrea/protocols.ts';
import { webhookDrafts } from '../antrea/drafts.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'antrea-multicast',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  summary: 'Multicast addresses or IGMP together with what Antrea does not support for them.',
  why: "Antrea's webhook rejects Pass and Reject, selectors and unicast addresses beside multicast addresses, and peers, ports or other protocols in a policy after an IGMP rule.",
  noFix: 'Only the author knows how to divide the rules.',
  about: ofApi('antrea'),
  *check(context) {
    yield* webhookDrafts(context, multicastObjections);
  },
};

export default rule;
