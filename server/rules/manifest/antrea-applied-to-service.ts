import { ofApi } from '../about.ts';
import { appliedToServiceObjections } from '../antrea/applied-to.ts';
import { webhookDrafts } from '../antrea/drafts.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'antrea-applied-to-service',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  summary: 'A policy for a Service with egress rules, other subjects, or peers other than address blocks.',
  why: "A policy that applies to a NodePort or LoadBalancer Service filters traffic that enters the cluster through it. Antrea's webhook accepts only ingress rules whose peers are address blocks.",
  noFix: 'The addresses of the clients are not in the manifest.',
  about: ofApi('antrea', 'policy'),
  *check(context) {
    yield* webhookDrafts(context, appliedToServiceObjections);
  },
};

export default rule;
