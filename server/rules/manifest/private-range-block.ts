import { onValue } from '../draft.ts';
import { networksIn } from '../../analysis/networks.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'private-range-block',
  scope: 'manifest',
  severity: 'information',
  confidence: 'low',
  summary: 'A whole private address range, which the pods may be part of.',
  why: 'Pods and Services usually have private addresses. With some network plugins such a block matches pods, with others (Cilium) it never does; the same policy then allows traffic in one cluster and denies it in another.',
  *check(context) {
    for (const { cidr, network, path, rule } of networksIn(context.policy)) {
      if (rule.action !== 'Accept' || !PRIVATE.includes(cidr.canonical) || network.except.length > 0) continue;
      yield onValue(
        context,
        path,
        `Block ${network.cidr} is a whole private range, which may include pods, and network plugins differ in whether a block matches pods. Use selectors for pods, and narrow blocks for other addresses.`,
      );
    }
  },
};

export default rule;

/** RFC 1918. */
const PRIVATE: readonly string[] = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'];
