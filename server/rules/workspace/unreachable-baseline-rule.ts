import { DIRECTIONS } from '../../model/policy.ts';
import { list } from '../../base/english.ts';
import { policyName } from '../../eval/names.ts';
import { isAfterIsolation } from '../../eval/stages.ts';
import { onField } from '../draft.ts';
import { forExample, instanceOf } from '../../analysis/witness/instance.ts';
import { isolatingPolicies } from '../../analysis/precedence/isolation.ts';
import type { WorkspaceRule } from '../rule.ts';
import { policyIn } from '../../analysis/selection.ts';

const rule: WorkspaceRule = {
  name: 'unreachable-baseline-rule',
  scope: 'workspace',
  severity: 'hint',
  confidence: 'high',
  summary: 'Baseline rules for pods that NetworkPolicies isolate in every case.',
  why: 'When a NetworkPolicy isolates a pod in a direction, NetworkPolicies decide that direction, and the Baseline tier is not evaluated.',
  *check(context) {
    const policy = policyIn(context)?.value;
    if (!policy || !isAfterIsolation(policy)) return;
    for (const direction of DIRECTIONS) {
      const section = policy[direction];
      const isolated = section && section.rules.length > 0 ? isolatingPolicies(context.cluster, policy, direction) : [];
      if (!section || isolated.length === 0) continue;
      const names = list(
        isolated.map(({ value }) => policyName(value)),
        'and',
        3,
      );
      const [first] = section.rules;
      const example = first ? forExample(instanceOf(context.evaluation(), policy, first, direction)) : '';
      const verb = isolated.length === 1 ? 'isolates' : 'isolate';
      yield onField(
        context,
        section.path,
        `These rules are never reached: ${names} ${verb} all of these pods for ${direction}, so NetworkPolicies decide${example}. Remove them, or move them to the Admin tier if they must apply.`,
        {
          unnecessary: true,
          related: isolated
            .slice(0, 5)
            .map(({ key, value }) => ({ key, path: value.subject.path, message: `Isolates these pods for ${direction}.` })),
        },
      );
    }
  },
};

export default rule;
