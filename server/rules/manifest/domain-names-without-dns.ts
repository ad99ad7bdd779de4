import { hasTraffic } from '../../base/ports.ts';
import type { Rule } from '../../model/policy.ts';
import { onValue } from '../draft.ts';
import { cnp } from '../examples.ts';
import { DNS_POD, firstMatch } from '../first-match.ts';
import { trafficIn } from '../networks.ts';
import { isReadable, peersIn } from '../parts.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'domain-names-without-dns',
  scope: 'manifest',
  severity: 'warning',
  confidence: 'medium',
  kinds: ['ClusterNetworkPolicy', 'AdminNetworkPolicy'],
  summary: 'Domain names are accepted, but the pods cannot ask DNS for them.',
  why: 'Implementations learn the addresses of a name from the DNS answers that pods get, and pods need the answer to connect at all. Accepting a name does not open DNS.',
  bad: [
    {
      yaml: cnp`
        tier: Admin
        priority: 10
        subject:
          namespaces:
            matchLabels: {team: web}
        egress:
        - action: Accept
          to:
          - domainNames: [api.example.com]
            #            ^^^^^^^^^^^^^^^^^ cannot ask
        - action: Deny
          to:
          - namespaces: {}
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
          matchLabels: {team: web}
      egress:
      - action: Accept
        to:
        - pods:
            namespaceSelector:
              matchLabels: {kubernetes.io/metadata.name: kube-system}
            podSelector:
              matchLabels: {k8s-app: kube-dns}
        protocols:
        - udp: {destinationPort: {number: 53}}
        - tcp: {destinationPort: {number: 53}}
      - action: Accept
        to:
        - domainNames: [api.example.com]
      - action: Deny
        to:
        - namespaces: {}
        - networks: [0.0.0.0/0, "::/0"]
    `,
  ],
  companions: ['channel-field', 'deny-networks-cuts-pods'],
  *check(context) {
    const { policy } = context;
    if (!policy || !isReadable(policy, ['spec', 'egress'])) return;
    const rules = policy.egress?.rules ?? [];
    const decides = firstMatch(rules, { kind: 'pod', ...DNS_POD, protocol: 'UDP', port: 53 });
    if (decides?.action !== 'Deny' || rules.slice(0, rules.indexOf(decides)).some(speaksOfDns)) return;
    const related = [{ path: decides.path, message: 'Denies DNS' }];
    for (const { peer, rule } of peersIn(policy)) {
      if (peer.kind !== 'domainNames' || rule.action !== 'Accept') continue;
      const message =
        'The pods cannot ask DNS for these names: a rule of this policy denies UDP 53 to the DNS pods. Accept DNS in an earlier rule.';
      yield onValue(context, [...peer.path, 'domainNames'], message, { related });
    }
  },
};

export default rule;

/** The DNS pods listen on 53, those of OpenShift on 5353, node-local caches on 8053 at times; who opens one of these means DNS. */
function speaksOfDns(rule: Rule): boolean {
  return rule.action !== 'Deny' && rule.ports !== 'any' && [53, 5353, 8053].some((port) => hasTraffic(trafficIn(rule), 'UDP', port));
}
