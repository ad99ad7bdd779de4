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
  why: 'A single address is right for a machine outside the cluster. The address of a pod changes with every restart, and the next pod or machine with this address keeps the permission.',
  *check(context) {
    for (const { cidr, path, rule } of networksIn(context.policy)) {
      if (cidr.prefix !== cidr.bits || rule.action !== 'Accept') continue;
      yield onValue(
        context,
        path,
        'This block is a single address. If it belongs to a pod, select the pod instead, since its address changes with every restart.',
      );
    }
  },
};

export default rule;
