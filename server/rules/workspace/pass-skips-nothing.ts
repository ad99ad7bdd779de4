import { isBeforeIsolation } from '../../eval/stages.ts';
import { DIRECTIONS, type Direction, type Policy } from '../../model/policy.ts';
import type { Cluster, Placed } from '../../workspace/cluster.ts';
import { coversOf, effort } from '../redundancy/covered.ts';
import { onKey } from '../draft.ts';
import type { Related } from '../finding.ts';
import { forExample, instanceOf, type Instance } from '../witness/instance.ts';
import { isReadable } from '../parts.ts';
import type { WorkspaceRule } from '../rule.ts';
import { shadowsOf } from '../redundancy/shadows.ts';
import { skipsNothing } from '../redundancy/skips.ts';
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
    const placed = policyIn(context);
    if (!placed || !isBeforeIsolation(placed.value)) return;
    const { value: policy } = placed;
    for (const direction of DIRECTIONS) {
      const rules = policy[direction]?.rules ?? [];
      for (const [i, rule] of rules.entries()) {
        if (
          rule.action !== 'Pass' ||
          !isReadable(policy, rule.path) ||
          !skipsNothing(context.cluster, policy, rule, rules.slice(i + 1), direction) ||
          isNeverReached(context.cluster, placed, i, direction)
        )
          continue;
        const instance = instanceOf(context.evaluation(), policy, rule, direction);
        const message = `This Pass has nothing to skip: no later rule of the Admin tier matches these connections${forExample(instance)}. Remove it, or put it before the rule that it is an exception from.`;
        yield onKey(context, rule.path, message, { unnecessary: true, related: next(instance) });
      }
    }
  },
};

/** What decides about the example instead, where that is known. */
function next(instance: Instance | undefined): readonly Related[] {
  return (instance?.steps ?? []).flatMap(({ at, stage, action, why }): readonly Related[] =>
    at && stage?.isolation !== 'before' && action !== 'NoMatch' ? [{ key: at.key, path: at.path, message: why }] : [],
  );
}

/** A rule that is never reached has a finding that says so. */
function isNeverReached(cluster: Cluster, placed: Placed<Policy>, index: number, direction: Direction): boolean {
  const rules = placed.value[direction]?.rules ?? [];
  const rule = rules[index];
  if (!rule) return false;
  return shadowsOf(cluster, placed, direction).has(rule) || coversOf(rule, rules.slice(0, index), direction, effort()) !== undefined;
}

export default rule;
