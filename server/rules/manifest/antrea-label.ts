import { ofApi } from '../about.ts';
import { labelObjections } from '../antrea/peers.ts';
import { webhookDrafts } from '../antrea/drafts.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'antrea-label',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  summary: 'A label key or value in a selector that no label can have.',
  why: "Antrea's webhook checks the keys and values of matchLabels, and the keys of sameLabels, and rejects the manifest.",
  noFix: 'Only the author knows which label is meant.',
  about: ofApi('antrea'),
  *check(context) {
    yield* webhookDrafts(context, labelObjections);
  },
};

export default rule;
