import { onValue } from '../draft.ts';
import { anp, cnp } from '../examples.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'deprecated-api',
  scope: 'manifest',
  severity: 'information',
  confidence: 'high',
  kinds: ['AdminNetworkPolicy', 'BaselineAdminNetworkPolicy'],
  summary: 'An API of which development has ended.',
  why: 'AdminNetworkPolicy and BaselineAdminNetworkPolicy (v1alpha1) were merged into ClusterNetworkPolicy (v1alpha2), and network-policy-api ships their CRDs no more.',
  bad: [
    {
      yaml: anp`
        priority: 10
        subject:
          namespaces:
            matchLabels: {team: web}
        ingress:
        - action: Deny
          from:
          - namespaces:
              matchLabels: {team: guests}
      `,
    },
  ],
  good: [
    cnp`
      tier: Admin
      priority: 10
      subject:
        namespaces:
          matchLabels: {team: web}
      ingress:
      - action: Deny
        from:
        - namespaces:
            matchLabels: {team: guests}
    `,
  ],
  *check(context) {
    const { kind } = context;
    const admin = kind?.kind === 'AdminNetworkPolicy';
    const way = admin ? "'tier: Admin' and 'Accept' in place of 'Allow'" : "'tier: Baseline' and a priority";
    yield onValue(context, ['kind'], `ClusterNetworkPolicy (policy.networking.k8s.io/v1alpha2) has replaced ${kind?.kind ?? 'this kind'}; it has ${way}. Move when the network plugin supports it.`);
  },
};

export default rule;
