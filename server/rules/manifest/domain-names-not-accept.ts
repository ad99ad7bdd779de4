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
  why: 'Domain names are defined for Accept rules only (NPEP-133): a client can bypass a denied name by connecting to its address. The API server does not check this, and an implementation may ignore the rule or deny everything.',
  companions: ['channel-field', 'deny-networks-blocks-pods'],
  *check(context) {
    for (const { peer, rule } of peersIn(context.policy)) {
      if (peer.kind !== 'domainNames' || rule.action === 'Accept') continue;
      const message = `Domain names are defined for Accept rules only; what this ${rule.action} does depends on the implementation. Accept the names that are needed and deny the rest by address.`;
      yield onValue(context, [...peer.path, 'domainNames'], message);
    }
  },
};

export default rule;
