import { isBeforeIsolation } from '../../eval/stages.ts';
import { DIRECTIONS, type Direction, type Policy } from '../../model/policy.ts';
import type { Cluster, Located } from '../../workspace/cluster.ts';
import { coversOf, comparisonBudget } from '../../analysis/redundancy/covered.ts';
import { onKey } from '../draft.ts';
import type { Related } from '../../analysis/related.ts';
import { forExample, instanceOf, type Instance } from '../../analysis/witness/instance.ts';
import { stepText } from '../../analysis/witness/pairs.ts';
import { isReadable } from '../../analysis/policy-parts.ts';
import type { WorkspaceRule } from '../rule.ts';
import { shadowsOf } from '../../analysis/redundancy/shadows.ts';
import { skipsNothing } from '../../analysis/redundancy/skips.ts';
import { policyIn } from '../../analysis/selection.ts';

const rule: WorkspaceRule = {
  name: 'pass-skips-nothing',
  scope: 'workspace',
  severity: 'hint',
  confidence: 'medium',
  summary: 'A Pass with nothing after it in the Admin tier that it could skip.',
  why: 'A Pass skips the later rules of the Admin tier. Where no later rule matches any of this traffic, it leaves the tier anyway.',
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
        const message = `This Pass skips nothing: no later rule of the Admin tier matches this traffic${forExample(instance)}. Remove it, or move it before the rule that it is an exception from.`;
        yield onKey(context, rule.path, message, { unnecessary: true, related: next(instance) });
      }
    }
  },
};

/** What decides about the example instead, where that is known. */
function next(instance: Instance | undefined): readonly Related[] {
  return (instance?.steps ?? []).flatMap((step): readonly Related[] =>
    step.at && step.stage?.isolation !== 'before' && step.action !== 'NoMatch'
      ? [{ key: step.at.key, path: step.at.path, message: stepText(step) }]
      : [],
  );
}

/** A rule that is never reached has a finding that says so. */
function isNeverReached(cluster: Cluster, placed: Located<Policy>, index: number, direction: Direction): boolean {
  const rules = placed.value[direction]?.rules ?? [];
  const rule = rules[index];
  if (!rule) return false;
  return (
    shadowsOf(cluster, placed, direction).has(rule) || coversOf(rule, rules.slice(0, index), direction, comparisonBudget()) !== undefined
  );
}

export default rule;
