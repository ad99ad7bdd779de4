import { isAfterIsolation, isBeforeIsolation } from '../../eval/stages.ts';
import { policyName } from '../../eval/names.ts';
import { DIRECTIONS } from '../../model/policy.ts';
import { isReadable } from '../../analysis/policy-parts.ts';
import { fatesOf } from '../../analysis/witness/rule-fate.ts';
import { pairWords } from '../../analysis/witness/instance.ts';
import { onKey } from '../draft.ts';
import type { WorkspaceRule } from '../rule.ts';
import { policyIn } from '../../analysis/selection.ts';

const rule: WorkspaceRule = {
  name: 'pass-into-deny',
  scope: 'workspace',
  severity: 'warning',
  confidence: 'medium',
  summary: 'A Pass whose connections are all denied in the Baseline tier.',
  why: 'Pass does not allow: it leaves the Admin tier, and NetworkPolicies decide next. For pods that none of them isolates, the Baseline tier does, and a Deny there denies what the Pass skipped.',
  *check(context) {
    const policy = policyIn(context)?.value;
    if (!policy || !isBeforeIsolation(policy) || policy.unreadable.length > 0) return;
    for (const direction of DIRECTIONS) {
      for (const pass of policy[direction]?.rules ?? []) {
        if (pass.action !== 'Pass' || !isReadable(policy, pass.path)) continue;
        const fates = fatesOf(context.evaluation(), policy, pass, direction);
        const [first] = fates;
        yield undefined;
        const isDenied = fates.every(({ deniedBy }) => deniedBy?.action === 'Deny' && isAfterIsolation(deniedBy.policy.value));
        if (!first?.deniedBy || !isDenied) continue;
        const { policy: by, path } = first.deniedBy;
        const message = `This Pass allows nothing: no NetworkPolicy isolates these pods, so the Baseline tier decides next, and ${policyName(by.value)} denies it, for example ${pairWords(first.connection)}. Use the action that allows, if these connections must be allowed in any case.`;
        yield onKey(context, pass.path, message, { related: [{ key: by.key, path, message: 'This rule denies it.' }] });
      }
    }
  },
};

export default rule;
