import { isAfterIsolation } from '../../eval/stages.ts';
import { DIRECTIONS } from '../../model/policy.ts';
import { onKey } from '../draft.ts';
import { forExample, instanceOf } from '../../analysis/witness/instance.ts';
import { coversOf, comparisonBudget } from '../../analysis/redundancy/covered.ts';
import { skipsNothing } from '../../analysis/redundancy/skips.ts';
import type { WorkspaceRule } from '../rule.ts';
import { policyIn } from '../../analysis/selection.ts';

const rule: WorkspaceRule = {
  name: 'baseline-pass-last',
  scope: 'workspace',
  severity: 'hint',
  confidence: 'medium',
  summary: 'A Pass as the last rule of a policy in the Baseline tier.',
  why: 'Pass in the Baseline tier skips the rest of the tier, and the default follows: traffic is allowed. As a last rule it has an effect only if another Baseline policy with a higher priority number would deny the same traffic.',
  *check(context) {
    const policy = policyIn(context)?.value;
    if (!policy || !isAfterIsolation(policy) || policy.unreadable.length > 0) return;
    for (const direction of DIRECTIONS) {
      const rules = policy[direction]?.rules ?? [];
      const last = rules.at(-1);
      if (last?.action !== 'Pass' || !skipsNothing(context.cluster, policy, last, [], direction)) continue;
      // One that is never reached has a finding of its own.
      if (coversOf(last, rules.slice(0, -1), direction, comparisonBudget())) continue;
      const example = forExample(instanceOf(context.evaluation(), policy, last, direction));
      const message = `After this Pass only the default follows, which allows${example}. It matters only to Baseline policies with a higher priority number. Remove it, or add the Deny that it is an exception from.`;
      yield onKey(context, [...last.path, 'action'], message);
    }
  },
};

export default rule;
