import { onValue } from '../draft.ts';
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
