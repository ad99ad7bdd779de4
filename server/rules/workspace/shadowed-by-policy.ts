import { list } from '../../base/english.ts';
import type { Direction, Policy, Rule } from '../../model/policy.ts';
import type { Cluster } from '../../workspace/cluster.ts';
import { coversOf, effort } from '../covered.ts';
import { onKey } from '../draft.ts';
import { adminRules, ruleName, wholeBefore, type PlacedRule } from '../ladder.ts';
import { DIRECTIONS, isReadable } from '../parts.ts';
import type { Draft, WorkspaceContext, WorkspaceRule } from '../rule.ts';
import { documents } from '../workspace-examples.ts';
import { policyIn } from '../workspace-parts.ts';

const admin = (name: string, priority: number, rules: string): string => `apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata:
  name: ${name}
spec:
  tier: Admin
  priority: ${priority}
  subject:
    namespaces:
      matchLabels: {kubernetes.io/metadata.name: shop}
  ingress:
${rules}`;

const DENY_ALL = `  - name: deny-all
    action: Deny
    from:
    - namespaces: {}`;

const ACCEPT_WEB = `  - name: accept-web
    action: Accept
    from:
    - namespaces:
        matchLabels: {team: web}`;

const PASS_WEB = ACCEPT_WEB.replace('accept-web', 'pass-web').replace('Accept', 'Pass');

const OPEN = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: open
  namespace: shop
spec:
  podSelector: {}
  policyTypes: [Ingress]
  ingress:
  - from:
    - namespaceSelector:
        matchLabels: {team: web}`;

const rule: WorkspaceRule = {
  name: 'shadowed-by-policy',
  scope: 'workspace',
  severity: 'warning',
  confidence: 'high',
  summary: 'A rule that is never reached, because other policies settle all that it matches before.',
  why: 'The Admin tier is asked first, lower priorities before higher ones, then NetworkPolicies, then the Baseline tier. What has been accepted or denied on the way is not asked again.',
  bad: [
    { yaml: documents(admin('first', 10, DENY_ALL), admin('second', 20, ACCEPT_WEB)) },
    { yaml: documents(admin('first', 10, DENY_ALL), OPEN) },
  ],
  good: [
    documents(admin('first', 10, ACCEPT_WEB), admin('second', 20, DENY_ALL)),
    documents(admin('first', 10, PASS_WEB), admin('second', 20, DENY_ALL), OPEN),
  ],
  *check(context) {
    const policy = policyIn(context)?.value;
    if (!policy || !isReadable(policy, policy.subject.path)) return;
    for (const direction of DIRECTIONS) {
      const rules = policy[direction]?.rules.filter(({ path }) => isReadable(policy, path)) ?? [];
      if (rules.length === 0 || rules.length > MOST) continue;
      const budget = effort();
      const before = earlierRules(context.cluster, policy, direction);
      for (const [i, rule] of rules.entries()) {
        const own = policy.tier === 'NetworkPolicy' ? [] : rules.slice(0, i);
        const above = [...before, ...(policy.tier === 'Admin' ? [] : adminRules(context.cluster, policy, rule, direction))];
        if (above.length === 0 || (own.length > 0 && coversOf(rule, own, direction, budget))) continue;
        const covers = coversOf(rule, [...above.map((one) => one.rule), ...own], direction, budget);
        const deciders = covers && above.filter((one) => covers.includes(one.rule));
        yield deciders && deciders.length > 0 ? finding(context, policy, rule, deciders) : undefined;
      }
    }
  },
};

/** The rules of a policy that are compared one by one; there are at most 25 in the tiers. */
const MOST = 100;

/** The rules of earlier policies of the same tier that are about all pods of a policy. */
function earlierRules(cluster: Cluster, policy: Policy, direction: Direction): readonly PlacedRule[] {
  if (policy.tier === 'NetworkPolicy') return [];
  return wholeBefore(cluster, policy).flatMap((other) =>
    (other.value[direction]?.rules ?? []).filter(({ path }) => isReadable(other.value, path)).map((one) => ({ policy: other, rule: one })),
  );
}

function finding(context: WorkspaceContext, policy: Policy, rule: Rule, deciders: readonly PlacedRule[]): Draft {
  const same = deciders.every((one) => one.rule.action === rule.action);
  const names = list(deciders.map(ruleName), 'and', 3);
  const verb = deciders.length === 1 ? VERBS[deciders[0]?.rule.action ?? 'Deny'] : 'together settle';
  const tier = policy.tier === 'NetworkPolicy' ? ' in the Admin tier' : '';
  const way = same
    ? 'Remove it.'
    : policy.tier === 'NetworkPolicy'
      ? 'Only a Pass or an Accept up there can let these connections through.'
      : `For its ${rule.action} to count, it has to come before.`;
  return onKey(context, rule.path, `This rule is never reached: ${names} ${verb} all of it first${tier}. ${way}`, {
    severity: same ? 'hint' : 'warning',
    unnecessary: true,
    related: deciders.slice(0, 5).map((one) => ({ key: one.policy.key, path: one.rule.path, message: `${one.rule.action}: asked before` })),
  });
}

const VERBS = { Accept: 'accepts', Deny: 'denies', Pass: 'passes' } as const;

export default rule;
