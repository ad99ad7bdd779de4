import { DIRECTIONS } from '../../model/policy.ts';
import { list } from '../../base/english.ts';
import { policyName } from '../../eval/names.ts';
import { onKey } from '../draft.ts';
import { forExample, instanceOf } from '../../analysis/witness/instance.ts';
import { coveredRules } from '../../analysis/redundancy/redundant.ts';
import { hasExclusion } from '../../analysis/redundancy/exclusions.ts';
import { removal } from '../repair/list-fixes.ts';
import type { WorkspaceRule } from '../rule.ts';
import { policyIn } from '../../analysis/selection.ts';

const rule: WorkspaceRule = {
  name: 'rule-covered-by-policy',
  scope: 'workspace',
  severity: 'hint',
  confidence: 'high',
  summary: 'A rule that allows only what other NetworkPolicies allow for the same pods.',
  why: 'NetworkPolicies are additive, so this rule has no effect. It looks like a narrow permission and hides that a wider one exists: removing it denies nothing.',
  *check(context) {
    const policy = policyIn(context);
    if (policy?.value.traits.isolates !== true) return;
    for (const direction of DIRECTIONS) {
      for (const { rule, covers } of coveredRules(context.cluster, policy, direction)) {
        const names = [...new Set(covers.map((one) => policyName(one.policy.value)))];
        const verb = names.length === 1 ? 'allows' : 'allow';
        const example = forExample(instanceOf(context.evaluation(), policy.value, rule, direction));
        const message = `This rule has no effect: ${list(names, 'and', 3)} already ${verb} all of it for these pods${example}. Remove it, or narrow the wider policy.`;
        yield onKey(context, rule.path, message, {
          unnecessary: true,
          related: covers.slice(0, 5).map((one) => ({ key: one.policy.key, path: one.rule.path, message: 'Already allows this.' })),
          // Whoever narrows the other policy later will miss this rule.
          fixes: (hasExclusion(rule) ? [] : removal(context, rule.path, 'Remove the rule')).map((fix) => ({ ...fix, safe: false })),
        });
      }
    }
  },
};

export default rule;
