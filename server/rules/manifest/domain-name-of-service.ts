import { quote } from '../../base/english.ts';
import { withFields } from '../about.ts';
import { onValue } from '../draft.ts';
import { peersIn } from '../../analysis/policy-parts.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'domain-name-of-service',
  scope: 'manifest',
  severity: 'warning',
  confidence: 'high',
  about: withFields('domainNames'),
  summary: 'The DNS name of a Service of the cluster in domainNames.',
  why: 'Domain names are meant for destinations outside the cluster. A connection to a Service is evaluated with the address of the pod behind it, so the name of a Service matches nothing (NPEP-133).',
  companions: ['channel-field', 'deny-networks-blocks-pods'],
  *check(context) {
    for (const { peer } of peersIn(context.policy)) {
      if (peer.kind !== 'domainNames') continue;
      for (const [i, name] of peer.domainNames.entries()) {
        if (!/(?:\.svc|\.svc\.cluster\.local|\.cluster\.local)\.?$/i.test(name)) continue;
        const message = `${quote(name)} is the DNS name of a Service, which domainNames never match. Select the pods behind it: 'pods' with a namespaceSelector and a podSelector.`;
        yield onValue(context, [...peer.path, 'domainNames', i], message);
      }
    }
  },
};

export default rule;
