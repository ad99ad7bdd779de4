import { quote } from '../../base/english.ts';
import { peersIn } from '../../analysis/policy-parts.ts';
import { ofApi } from '../about.ts';
import { onValue } from '../draft.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'cilium-service-name',
  scope: 'manifest',
  severity: 'warning',
  confidence: 'high',
  summary: 'The DNS name of a Service of the cluster in `toFQDNs`.',
  why: 'Names in `toFQDNs` stand for addresses outside the cluster that Cilium learns from DNS answers. A connection to a Service is evaluated with the identity of the pod behind it, which no address matches, so the entry allows nothing.',
  noFix: 'Which labels the pods behind the Service have is not in this manifest.',
  about: ofApi('cilium', 'policy'),
  *check(context) {
    for (const { peer } of peersIn(context.policy)) {
      if (peer.kind !== 'domainNames') continue;
      const name = peer.domainNames.find((one) => /(?:^|\.)(?:svc|cluster\.local)\.?$|\.svc\.[a-z0-9.-]+$/i.test(one));
      if (name === undefined) continue;
      const message = `${quote(name)} is the DNS name of Services of the cluster, which toFQDNs never match. Select the pods behind the Service with 'toEndpoints', or name it in 'toServices'.`;
      yield onValue(context, peer.path, message);
    }
  },
};

export default rule;
