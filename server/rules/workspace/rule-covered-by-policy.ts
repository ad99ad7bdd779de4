import { DIRECTIONS, type Policy } from '../../model/policy.ts';
import { list } from '../../base/english.ts';
import { policyName } from '../../eval/names.ts';
import { onKey } from '../draft.ts';
import { forExample, instanceOf } from '../../analysis/witness/instance.ts';
import { coveredRules } from '../../analysis/redundancy/redundant.ts';
import { hasExclusion } from '../../analysis/redundancy/exclusions.ts';
import { removal } from '../repair/list-fixes.ts';
import type { WorkspaceContext } from '../../analysis/context.ts';
import { ciliumRedundancy, findingCiliumRedundancy } from '../../analysis/redundancy/cilium-redundancy.ts';
import { either, ofApi, upstreamPolicies } from '../about.ts';
import type { Draft, WorkspaceRule } from '../rule.ts';
import { policyIn } from '../../analysis/selection.ts';

const rule: WorkspaceRule = {
  name: 'rule-covered-by-policy',
  scope: 'workspace',
  severity: 'hint',
  confidence: 'high',
  about: either(upstreamPolicies, ofApi('cilium', 'policy')),
  summary: 'A rule that allows only what other policies allow for the same pods, or, in Cilium, denies only what they deny.',
  why: 'NetworkPolicies are additive, and so are policies of Cilium, with each other and with NetworkPolicies. This rule has no effect. It looks like a narrow permission and hides that a wider one exists: removing it denies nothing.',
  *check(context) {
    const policy = policyIn(context);
    if (policy?.value.api === 'cilium') {
      yield* amongCilium(context, policy.value);
      return;
    }
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

/** The same for entries of Cilium, which may deny, too. */
function* amongCilium(context: WorkspaceContext, policy: Policy): Generator<Draft | undefined> {
  for (const _ of findingCiliumRedundancy(context.cluster)) yield undefined;
  for (const { rule, direction, covers, isOnly } of ciliumRedundancy(context.cluster).entries.get(policy) ?? []) {
    const names = [...new Set(covers.map((one) => `${one.policy.value.kind} ${policyName(one.policy.value)}`))];
    const [one, all] = rule.action === 'Deny' ? ['denies', 'deny'] : ['allows', 'allow'];
    const example = forExample(instanceOf(context.evaluation(), policy, rule, direction));
    const message = `This entry has no effect: ${list(names, 'and', 3)} already ${names.length === 1 ? one : all} all of it for these pods${example}. Remove it, or narrow the wider policy.`;
    yield onKey(context, rule.path, message, {
      unnecessary: true,
      related: covers.slice(0, 5).map((other) => ({
        key: other.policy.key,
        path: other.rule.path,
        message: rule.action === 'Deny' ? 'Already denies this.' : 'Already allows this.',
      })),
      // Without its only entry the list would be empty, which Cilium rejects.
      fixes: (hasExclusion(rule) || isOnly ? [] : removal(context, rule.path, 'Remove the entry')).map((fix) => ({ ...fix, safe: false })),
    });
  }
}
