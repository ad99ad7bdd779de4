import { list } from '../../base/english.ts';
import { policyName } from '../../eval/names.ts';
import { DIRECTIONS, type Policy } from '../../model/policy.ts';
import type { Located } from '../../workspace/cluster.ts';
import { isWithin } from '../../analysis/precedence/tier-order.ts';
import { onValue } from '../draft.ts';
import { forExample, instanceBeyond, instanceOf } from '../../analysis/witness/instance.ts';
import { redundancyOf } from '../../analysis/redundancy/redundant.ts';
import { findingTogether } from '../../analysis/redundancy/together.ts';
import { either, ofApi, upstreamPolicies } from '../about.ts';
import { ciliumRedundancy, findingCiliumRedundancy } from '../../analysis/redundancy/cilium-redundancy.ts';
import type { Draft, WorkspaceRule } from '../rule.ts';
import type { WorkspaceContext } from '../../analysis/context.ts';
import { policyIn } from '../../analysis/selection.ts';

const rule: WorkspaceRule = {
  name: 'redundant-policy',
  scope: 'workspace',
  severity: 'hint',
  confidence: 'high',
  about: either(upstreamPolicies, ofApi('cilium', 'policy')),
  summary: 'A NetworkPolicy or Cilium policy that changes nothing because other policies say the same.',
  why: 'NetworkPolicies are additive, and so are policies of Cilium, with each other and with NetworkPolicies. Others already isolate the same pods and allow (and deny) everything that this policy does, so it has no effect, although it may look like a restriction.',
  *check(context) {
    const policy = policyIn(context);
    if (policy?.value.api === 'cilium') {
      yield* amongCilium(context, policy);
      return;
    }
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

/** The same for policies of Cilium, whose entries may deny, too. */
function* amongCilium(context: WorkspaceContext, { value: policy }: Located<Policy>): Generator<Draft | undefined> {
  for (const _ of findingCiliumRedundancy(context.cluster)) yield undefined;
  const others = ciliumRedundancy(context.cluster).policies.get(policy) ?? [];
  if (others.length === 0) return;
  const names = list(
    others.map(({ value }) => `${value.kind} ${policyName(value)}`),
    'and',
    3,
  );
  const rules = DIRECTIONS.flatMap((direction) => policy[direction]?.rules ?? []);
  const does = rules.some(({ action }) => action === 'Deny')
    ? others.length === 1
      ? 'does'
      : 'do'
    : others.length === 1
      ? 'allows'
      : 'allow';
  const all = rules.some(({ action }) => action === 'Deny') ? 'all that it does' : 'all that it allows';
  const message = `This policy has no effect: for all pods that it selects, ${names} already ${does} ${all}${example(context, policy, others)}. Remove it, or narrow the wider one.`;
  yield onValue(context, ['metadata', 'name'], message, {
    unnecessary: true,
    related: others.slice(0, 5).map(({ key, value }) => ({ key, path: value.subject.path, message: 'Also selects these pods.' })),
  });
}

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
