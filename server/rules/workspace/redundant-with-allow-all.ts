import { DIRECTIONS } from '../../model/policy.ts';
import { policyName } from '../../eval/names.ts';
import { allowsAll } from '../../analysis/allow-all.ts';
import { onKey } from '../draft.ts';
import { forExample, instanceBeyond } from '../../analysis/witness/instance.ts';
import { openedBy } from '../../analysis/redundancy/redundant.ts';
import type { WorkspaceContext } from '../../analysis/context.ts';
import type { WorkspaceRule } from '../rule.ts';
import { policyIn } from '../../analysis/selection.ts';

const rule: WorkspaceRule = {
  name: 'redundant-with-allow-all',
  scope: 'workspace',
  severity: 'warning',
  confidence: 'high',
  summary: 'Rules without effect because another policy allows everything for the same pods.',
  why: 'NetworkPolicies are additive: what one of them allows, no other can deny. With a policy that allows everything for the same pods, a list of allowed sources has no effect.',
  companions: ['allow-all-ingress'],
  *check(context) {
    const policy = policyIn(context)?.value;
    if (policy?.traits.isolates !== true || policy.unreadable.length > 0) return;
    for (const direction of DIRECTIONS) {
      const rules = policy[direction]?.rules ?? [];
      if (rules.length === 0 || rules.some(allowsAll)) continue;
      const opened = openedBy(context.cluster, policy, direction);
      if (!opened) continue;
      // What this policy alone would deny.
      const example = isOnlyEvaluated(context)
        ? instanceBeyond(context.evaluation(), policy, [policy], direction, (steps) => steps.some(({ action }) => action === 'Allow'))
        : undefined;
      const { value } = opened.policy;
      yield onKey(
        context,
        policy.at[direction],
        `These rules have no effect: ${policyName(value)} allows all ${direction} of the same pods${forExample(example)}, and policies are additive. Narrow that policy, or remove these rules.`,
        { related: [{ key: opened.policy.key, path: opened.rule.path, message: `Allows all ${direction}.` }] },
      );
    }
  },
};

/** Another policy that is not evaluated may deny what the example shows as allowed. */
function isOnlyEvaluated({ cluster }: WorkspaceContext): boolean {
  return cluster.unevaluated.every(({ value }) => value.standing === 'note');
}

export default rule;
