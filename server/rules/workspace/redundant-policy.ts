import { list } from '../../base/english.ts';
import { policyName } from '../../eval/names.ts';
import { DIRECTIONS, type Policy } from '../../model/policy.ts';
import type { Located } from '../../workspace/cluster.ts';
import { isWithin } from '../../analysis/precedence/tier-order.ts';
import { onValue } from '../draft.ts';
import { forExample, instanceBeyond, instanceOf } from '../../analysis/witness/instance.ts';
import { redundancyOf } from '../../analysis/redundancy/redundant.ts';
import { findingTogether } from '../../analysis/redundancy/together.ts';
import type { WorkspaceRule } from '../rule.ts';
import type { WorkspaceContext } from '../../analysis/context.ts';
import { policyIn } from '../../analysis/selection.ts';

const rule: WorkspaceRule = {
  name: 'redundant-policy',
  scope: 'workspace',
  severity: 'hint',
  confidence: 'high',
  summary: 'A NetworkPolicy that changes nothing because other policies allow the same.',
  why: 'NetworkPolicies are additive. Others already isolate the same pods and allow everything that this policy allows, so it has no effect, although it may look like a restriction.',
  *check(context) {
    const policy = policyIn(context);
    if (policy?.value.traits.isolates === true)
      for (const _ of findingTogether(context.cluster, policy.value.namespace ?? '')) yield undefined;
    const others = policy ? redundancyOf(context.cluster, policy) : [];
    if (!policy || others.length === 0) return;
    const names = list(
      others.map(({ value }) => policyName(value)),
      'and',
      3,
    );
    const verbs = others.length === 1 ? 'isolates these pods already and allows' : 'isolate these pods already and allow';
    const message = `This policy has no effect: ${names} ${verbs} all that it allows${example(context, policy.value, others)}. Remove it, or narrow the wider one.`;
    yield onValue(context, ['metadata', 'name'], message, {
      unnecessary: true,
      related: others.slice(0, 5).map(({ key, value }) => ({
        key,
        path: value.subject.path,
        message: isWithin(policy.value, [value]) ? 'Also selects these pods.' : 'Also selects some of these pods.',
      })),
    });
  },
};

/** A connection that it allows, and others do too; if it allows nothing, one that is denied without it. */
function example(context: WorkspaceContext, policy: Policy, others: readonly Located<Policy>[]): string {
  const evaluation = context.evaluation();
  for (const direction of DIRECTIONS) {
    const [first] = policy[direction]?.rules ?? [];
    if (first) return forExample(instanceOf(evaluation, policy, first, direction));
  }
  const direction = policy.ingress ? 'ingress' : 'egress';
  const closed = instanceBeyond(
    evaluation,
    policy,
    others.map(({ value }) => value),
    direction,
    (steps) => steps.some(({ action }) => action === 'Isolated'),
  );
  return closed ? `, and denies everything else, for example ${closed.words}` : '';
}

export default rule;
