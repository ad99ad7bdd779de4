import { onKey } from '../draft.ts';
import { cnp } from '../examples.ts';
import { forExample, possibleInstance } from '../witness/instance.ts';
import { DIRECTIONS } from '../parts.ts';
import { coversOf, effort } from '../redundancy/covered.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'baseline-pass-last',
  scope: 'manifest',
  severity: 'hint',
  confidence: 'medium',
  kinds: ['ClusterNetworkPolicy'],
  summary: 'A Pass as the last rule of a policy in the Baseline tier.',
  why: 'Pass in the Baseline tier skips the rest of that tier, and what follows is the default: allowed. As a last rule it changes something only if another Baseline policy with a higher number would deny the same.',
  bad: [
    {
      yaml: cnp`
        tier: Baseline
        priority: 10
        subject:
          namespaces: {}
        ingress:
        - action: Pass
          from:
          - namespaces:
              matchLabels: {team: ops}
      `,
    },
  ],
  good: [
    cnp`
      tier: Baseline
      priority: 10
      subject:
        namespaces: {}
      ingress:
      - action: Pass
        from:
        - namespaces:
            matchLabels: {team: ops}
      - action: Deny
        from:
        - namespaces: {}
    `,
  ],
  *check(context) {
    const { policy } = context;
    if (!policy || policy.tier !== 'Baseline') return;
    for (const direction of DIRECTIONS) {
      const last = policy[direction]?.rules.at(-1);
      if (last?.action !== 'Pass' || policy.unreadable.length > 0) continue;
      // One that is never reached has a finding of its own.
      if (coversOf(last, policy[direction]?.rules.slice(0, -1) ?? [], direction, effort())) continue;
      const message = `Behind this Pass only the default is left, which allows${forExample(possibleInstance(policy, last, direction))}. It matters only to Baseline policies with a higher number; remove it, or put the Deny behind it that it is an exception from.`;
      yield onKey(context, [...last.path, 'action'], message);
    }
  },
};

export default rule;
