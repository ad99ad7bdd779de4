import { onValue } from '../draft.ts';
import { networksIn } from '../../analysis/networks.ts';
import { withTraits } from '../about.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'deny-without-ipv6',
  scope: 'manifest',
  severity: 'information',
  confidence: 'medium',
  profile: 'strict',
  about: withTraits({ ordered: true }),
  summary: 'A Deny for all addresses of one IP family; the other family is still allowed.',
  why: 'In a dual-stack cluster, a pod bypasses the Deny with an address of the other family.',
  *check(context) {
    const denied = networksIn(context.policy).filter(({ cidr, rule }) => cidr.prefix === 0 && rule.action === 'Deny');
    for (const { cidr, path } of denied) {
      if (denied.some((other) => other.cidr.family !== cidr.family)) continue;
      const [other, twin] = cidr.family === 4 ? ['IPv6', '::/0'] : ['IPv4', '0.0.0.0/0'];
      yield onValue(context, path, `${other} is still allowed: in a dual-stack cluster, pods can bypass this Deny. Add "${twin}".`);
    }
  },
};

export default rule;
