import { rulesDisjoint } from '../../eval/subsume.ts';
import type { Direction, Policy, Rule } from '../../model/policy.ts';
import type { Cluster } from '../../workspace/cluster.ts';
import { onKey } from '../draft.ts';
import { mayShare, policiesAfter, subjectBox } from '../ladder.ts';
import { DIRECTIONS, isReadable } from '../parts.ts';
import type { WorkspaceRule } from '../rule.ts';
import { documents } from '../workspace-examples.ts';
import { policyIn } from '../workspace-parts.ts';

const PASS = `apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata:
  name: leave-it
spec:
  tier: Admin
  priority: 10
  subject:
    namespaces:
      matchLabels: {team: shop}
  ingress:
  - action: Pass
    from:
    - namespaces:
        matchLabels: {team: web}`;

const DENY = PASS.replace('leave-it', 'closed')
  .replace('priority: 10', 'priority: 20')
  .replace('Pass', 'Deny')
  .replace(/namespaces:\n {8}matchLabels: .*$/, 'namespaces: {}');

const rule: WorkspaceRule = {
  name: 'pass-skips-nothing',
  scope: 'workspace',
  severity: 'hint',
  confidence: 'medium',
  summary: 'A Pass with nothing after it in the Admin tier that it could skip.',
  why: 'A Pass takes connections out of the Admin tier, past the rules that come later. Where no later rule matches any of them, they leave the tier anyway.',
  bad: [{ yaml: documents(PASS) }],
  good: [documents(PASS, DENY)],
  *check(context) {
    const policy = policyIn(context)?.value;
    if (policy?.tier !== 'Admin') return;
    for (const direction of DIRECTIONS) {
      const rules = policy[direction]?.rules ?? [];
      for (const [i, rule] of rules.entries()) {
        if (
          rule.action !== 'Pass' ||
          !isReadable(policy, rule.path) ||
          !skipsNothing(context.cluster, policy, rule, rules.slice(i + 1), direction)
        )
          continue;
        const message =
          'This Pass has nothing to skip: no later rule of the Admin tier matches these connections. Remove it, or put it before the rule that it is an exception from.';
        yield onKey(context, rule.path, message, { unnecessary: true });
      }
    }
  },
};

function skipsNothing(cluster: Cluster, policy: Policy, rule: Rule, behind: readonly Rule[], direction: Direction): boolean {
  const isApart = (later: Rule): boolean => rulesDisjoint(rule, later, direction).kind === 'yes';
  if (policy.unreadable.length > 0 || !behind.every((later) => isApart(later))) return false;
  return policiesAfter(cluster, policy).every(({ value }) => {
    if (value.unreadable.length > 0 || subjectBox(value) === undefined) return false;
    const rules = value[direction]?.rules ?? [];
    return rules.length === 0 || !mayShare(policy, value) || rules.every((later) => isApart(later));
  });
}

export default rule;
