import { NAME_LABEL } from '../../model/namespace.ts';
import type { Policy } from '../../model/policy.ts';
import { onKey } from '../draft.ts';
import { cnp } from '../examples.ts';
import { DNS_POD, firstMatch, matchLabels, matchScope, type Witness } from '../first-match.ts';
import { DIRECTIONS, isReadable } from '../parts.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'lock-out',
  scope: 'manifest',
  severity: 'warning',
  confidence: 'medium',
  kinds: ['ClusterNetworkPolicy', 'AdminNetworkPolicy'],
  summary: 'A Deny in the Admin tier that cuts the pods of kube-system off.',
  why: 'A Deny in the Admin tier is final: no NetworkPolicy can open it again. If the subject takes in kube-system and no earlier rule lets the system through, the cluster loses its DNS, and its system pods the API server.',
  bad: [
    {
      yaml: cnp`
        tier: Admin
        priority: 10
        subject:
          namespaces: {}
        ingress:
        - name: isolate
          action: Deny
          from:
          - namespaces: {}
      `,
    },
    {
      yaml: cnp`
        tier: Admin
        priority: 10
        subject:
          namespaces: {}
        egress:
        - name: no-internet
          action: Deny
          to:
          - networks: [0.0.0.0/0, "::/0"]
      `,
    },
  ],
  good: [
    cnp`
      tier: Admin
      priority: 10
      subject:
        namespaces:
          matchExpressions:
          - {key: kubernetes.io/metadata.name, operator: NotIn, values: [kube-system]}
      ingress:
      - name: isolate
        action: Deny
        from:
        - namespaces: {}
    `,
    cnp`
      tier: Baseline
      priority: 10
      subject:
        namespaces: {}
      ingress:
      - name: default-deny
        action: Deny
        from:
        - namespaces: {}
    `,
    cnp`
      tier: Admin
      priority: 10
      subject:
        namespaces: {}
      ingress:
      - name: dns
        action: Accept
        from:
        - namespaces: {}
        protocols:
        - udp: {destinationPort: {number: 53}}
        - tcp: {destinationPort: {number: 53}}
      - name: isolate
        action: Deny
        from:
        - namespaces: {}
    `,
  ],
  companions: ['deny-networks-cuts-pods'],
  *check(context) {
    const { policy } = context;
    if (!policy || policy.tier !== 'Admin' || !isReadable(policy, ['spec', 'tier']) || !hasSystem(policy)) return;
    for (const direction of DIRECTIONS) {
      if (!isReadable(policy, ['spec', direction])) continue;
      for (const { witness, effect } of TRIALS[direction]) {
        const decides = firstMatch(policy[direction]?.rules ?? [], witness);
        if (decides?.action !== 'Deny') continue;
        const message = `The subject takes in kube-system, and this Deny ${effect}; no NetworkPolicy can open it again. Accept that in an earlier rule, or take kube-system out of the subject.`;
        yield onKey(context, [...decides.path, 'action'], message, { related: [{ path: policy.subject.path, message: 'The subject' }] });
        break;
      }
    }
  },
};

export default rule;

/** A pod that nobody has thought of: no labels, and a namespace that has only its name. */
const STRANGER = { namespace: { [NAME_LABEL]: 'some-namespace' }, labels: {} };

interface Trial {
  readonly witness: Witness;
  readonly effect: string;
}

const TRIALS: Readonly<Record<'ingress' | 'egress', readonly Trial[]>> = {
  ingress: [{ witness: { kind: 'pod', ...STRANGER, protocol: 'UDP', port: 53 }, effect: 'closes the DNS pods there (UDP 53)' }],
  egress: [
    { witness: { kind: 'pod', ...DNS_POD, protocol: 'UDP', port: 53 }, effect: 'keeps every pod from DNS (UDP 53)' },
    {
      witness: { kind: 'outside', protocol: 'TCP', port: 443 },
      effect: 'keeps the system pods there from everything outside the cluster, on most clusters the API server too',
    },
  ],
};

function hasSystem({ subject }: Policy): boolean {
  return matchScope(subject.namespaces, DNS_POD.namespace) === 'yes' && matchLabels(subject.pods, DNS_POD.labels) === 'yes';
}
