import { ofApi } from '../about.ts';
import { appliedToItemObjections } from '../antrea/applied-to.ts';
import { peerObjections } from '../antrea/peers.ts';
import type { Objection, WebhookView } from '../antrea/view.ts';
import { webhookDrafts } from '../antrea/drafts.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'antrea-exclusive-fields',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  summary: 'Fields of one item that Antrea accepts only in items of their own.',
  why: "group, serviceAccount, nodeSelector and service must each be the only field of their item; namespaces and namespaceSelector exclude each other. Antrea's webhook rejects the policy.",
  noFix: 'Only the author knows whether both of them are meant, or either.',
  about: ofApi('antrea', 'policy'),
  *check(context) {
    yield* webhookDrafts(context, exclusiveFields);
  },
};

export default rule;

function* exclusiveFields(view: WebhookView): Iterable<Objection> {
  yield* appliedToItemObjections(view);
  yield* peerObjections(view);
}
