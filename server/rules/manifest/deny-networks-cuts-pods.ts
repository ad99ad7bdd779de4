import { onValue } from '../draft.ts';
import { cnp } from '../examples.ts';
import { matchLabels } from '../first-match.ts';
import type { Peer, Rule } from '../../model/policy.ts';
import { networksIn } from '../networks.ts';
import { isReadable, TIERED } from '../parts.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'deny-networks-cuts-pods',
  scope: 'manifest',
  severity: 'information',
  confidence: 'medium',
  kinds: TIERED,
  summary: 'A Deny for every address also cuts connections to the pods of the cluster.',
  why: 'networks also match pods, by their addresses. Who wants to cut only the outside world puts a Pass or Accept for the pods in front.',
  bad: [
    {
      yaml: cnp`
        tier: Admin
        priority: 10
        subject:
          namespaces:
            matchLabels: {team: web}
        egress:
        - action: Deny
          to:
          - networks: [0.0.0.0/0]
            #          ^^^^^^^^^ pods of the cluster
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
      - action: Deny
        to:
        - networks: [0.0.0.0/0]
    `,
  ],
  *check(context) {
    const { policy } = context;
    if (!policy || !isReadable(policy, ['spec', 'egress'])) return;
    const rules = policy.egress?.rules ?? [];
    const told = new Set<Rule>();
    for (const { cidr, path, rule } of networksIn(policy)) {
      if (cidr.prefix > 0 || rule.action !== 'Deny' || told.has(rule)) continue;
      told.add(rule);
      // A rule about pods before it, or in the same list, shows that they were thought of.
      const before = rules.slice(0, rules.indexOf(rule) + 1);
      if (before.some(({ peers }) => peers === 'any' || peers.some(isAboutAllPods))) continue;
      const message =
        "This also denies connections to the pods of the cluster, by their addresses. To cut only the outside, put a rule with action Pass to 'namespaces: {}' in front.";
      yield onValue(context, path, message);
    }
  },
};

export default rule;

function isAboutAllPods(peer: Peer): boolean {
  if (peer.kind === 'unreadable') return true;
  return (
    peer.kind === 'pods' &&
    peer.namespaces.kind === 'selected' &&
    matchLabels(peer.namespaces.selector, {}) === 'yes' &&
    peer.pods.requirements.length === 0
  );
}
