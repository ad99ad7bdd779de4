import { onValue } from '../draft.ts';
import { np } from '../examples.ts';
import { networksIn } from '../../analysis/networks.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'single-address-block',
  scope: 'manifest',
  severity: 'information',
  confidence: 'high',
  profile: 'audit',
  summary: 'A block of a single address.',
  why: 'Right for one machine outside the cluster. The address of a pod changes with every restart, and one that is given to somebody else later keeps the permission.',
  bad: [
    {
      yaml: np`
        podSelector: {}
        policyTypes: [Egress]
        egress:
        - to:
          - ipBlock:
              cidr: 203.0.113.7/32
              #     ^^^^^^^^^^^^^^ one address
          ports:
          - {port: 5432, protocol: TCP}
      `,
    },
  ],
  good: [
    np`
      podSelector: {}
      policyTypes: [Egress]
      egress:
      - to:
        - ipBlock:
            cidr: 203.0.113.0/28
        ports:
        - {port: 5432, protocol: TCP}
    `,
  ],
  *check(context) {
    for (const { cidr, path, rule } of networksIn(context.policy)) {
      if (cidr.prefix !== cidr.bits || rule.action !== 'Accept') continue;
      yield onValue(
        context,
        path,
        'This is one address. If it belongs to a pod, select the pod instead: its address changes with every restart.',
      );
    }
  },
};

export default rule;
