import { DIRECTIONS } from '../../model/policy.ts';
import { policyName } from '../../eval/names.ts';
import { allowsAll } from '../../analysis/allow-all.ts';
import { onKey } from '../draft.ts';
import { forExample, instanceBeyond } from '../../analysis/witness/instance.ts';
import { openedBy } from '../../analysis/redundancy/redundant.ts';
import type { WorkspaceRule } from '../rule.ts';
import { policyIn } from '../../analysis/selection.ts';

const rule: WorkspaceRule = {
  name: 'redundant-with-allow-all',
  scope: 'workspace',
  severity: 'warning',
  confidence: 'high',
  summary: 'Rules without effect because another policy allows everything for the same pods.',
  why: 'NetworkPolicies only ever add up: what one of them allows, no other can take away. Beside a policy that allows everything, a list of who may connect is no limit.',
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
      const example = instanceBeyond(context.evaluation(), policy, [policy], direction, (steps) =>
        steps.some(({ action }) => action === 'Allow'),
      );
      const { value } = opened.policy;
      yield onKey(
        context,
        policy.at[direction],
        `These rules limit nothing: ${policyName(value)} allows all ${direction} of the same pods${forExample(example)}. Policies add up: narrow that one, or remove these rules.`,
        { related: [{ key: opened.policy.key, path: opened.rule.path, message: `Allows all ${direction}` }] },
      );
    }
  },
};

export default rule;
