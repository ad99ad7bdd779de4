import { withFields } from '../about.ts';
import { onValue } from '../draft.ts';
import { peersIn } from '../../analysis/policy-parts.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'domain-names-not-accept',
  scope: 'manifest',
  severity: 'warning',
  confidence: 'high',
  about: withFields('domainNames'),
  summary: 'Domain names in a Deny or Pass rule.',
  why: 'Domain names are for Accept rules only (NPEP-133): who wants to get around a denied name connects to its address. The API server does not check it, and implementations may ignore the rule or deny everything.',
  companions: ['channel-field', 'deny-networks-blocks-pods'],
  *check(context) {
    for (const { peer, rule } of peersIn(context.policy)) {
      if (peer.kind !== 'domainNames' || rule.action === 'Accept') continue;
      const message = `Domain names count only in Accept rules; what this ${rule.action} does is up to the implementation. Accept the names that are needed and deny the rest by address.`;
      yield onValue(context, [...peer.path, 'domainNames'], message);
    }
  },
};

export default rule;
