import { onValue } from '../draft.ts';
import { cnp } from '../examples.ts';
import { firstMatch } from '../first-match.ts';
import { isReadable, peersIn } from '../parts.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'domain-names-without-deny',
  scope: 'manifest',
  severity: 'information',
  confidence: 'medium',
  kinds: ['ClusterNetworkPolicy', 'AdminNetworkPolicy'],
  summary: 'Domain names are accepted, and everything else is open as well.',
  why: 'An Accept takes nothing away from anybody. A list of allowed names needs a Deny for all other addresses behind it, here or in a policy that comes later.',
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
            #            ^^^^^^^^^^^^^^^^^ denies all other addresses
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
      - action: Pass
        to:
        - namespaces: {}
      - action: Accept
        to:
        - domainNames: [api.example.com]
      - action: Deny
        to:
        - networks: [0.0.0.0/0, "::/0"]
    `,
  ],
  companions: ['channel-field'],
  *check(context) {
    const { policy } = context;
    if (!policy || !isReadable(policy, ['spec', 'egress'])) return;
    const rules = policy.egress?.rules ?? [];
    for (const { peer, rule } of peersIn(policy)) {
      if (peer.kind !== 'domainNames' || rule.action !== 'Accept') continue;
      const later = rules.slice(rules.indexOf(rule) + 1).filter(({ action }) => action === 'Deny');
      if (later.some((deny) => denies(deny.peers)) || firstMatch(rules, { kind: 'outside', protocol: 'TCP', port: 443 })?.action === 'Deny')
        continue;
      const message =
        'No later rule here denies all other addresses, so these names are no list of what is allowed. Add a Deny for networks 0.0.0.0/0 and ::/0 behind it, unless a later policy has one.';
      yield onValue(context, [...peer.path, 'domainNames'], message);
    }
  },
};

export default rule;

/** Any Deny of addresses behind the names is taken for the other half of the list. */
function denies(peers: 'any' | readonly { readonly kind: string }[]): boolean {
  return peers === 'any' || peers.some(({ kind }) => kind === 'networks' || kind === 'unreadable');
}
