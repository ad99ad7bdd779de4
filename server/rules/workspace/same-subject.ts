import { memo } from '../../base/memo.ts';
import { list } from '../../base/english.ts';
import { boxKey, isEmptyBox } from '../../eval/label-space.ts';
import { policyName, workloadName } from '../../eval/names.ts';
import { describeSubject } from '../../model/describe.ts';
import type { Policy } from '../../model/policy.ts';
import type { Cluster, Located } from '../../workspace/cluster.ts';
import { onValue } from '../draft.ts';
import { clusterFacts } from '../../analysis/facts.ts';
import { subjectBox } from '../../analysis/precedence/tier-order.ts';
import { rulesIn } from '../../analysis/policy-parts.ts';
import { redundancyOf } from '../../analysis/redundancy/redundant.ts';
import type { WorkspaceRule } from '../rule.ts';
import { factsIn, policyIn, workloadsPicked } from '../../analysis/selection.ts';

const rule: WorkspaceRule = {
  name: 'same-subject',
  scope: 'workspace',
  severity: 'hint',
  confidence: 'high',
  profile: 'audit',
  summary: 'NetworkPolicies that select the same pods.',
  why: 'The policies apply together, and a reader has to find all of them to know what is allowed for these pods. This is fine where the policies have different owners.',
  companions: ['in-with-one-value'],
  *check(context) {
    const policy = policyIn(context);
    const all = policy ? (groupsIn(context.cluster).get(groupKey(policy.value) ?? '') ?? []) : [];
    // A policy that is not needed at all should go, not be merged.
    const needed = all.filter((one) => redundancyOf(context.cluster, one).length === 0).toSorted((a, b) => (a.key < b.key ? -1 : 1));
    // Once for all of them, at the last one.
    const others = needed.slice(0, -1);
    if (!policy || others.length === 0 || needed.at(-1)?.key !== policy.key) return;
    const names = list(
      others.map(({ value }) => policyName(value)),
      'and',
      3,
    );
    const { namespaces, pods } = policy.value.subject;
    const [workload] = workloadsPicked(factsIn(context), namespaces, pods);
    const example = workload ? `, for example ${workloadName(workload.value)}` : '';
    const message = `${others.length === 1 ? 'NetworkPolicy' : 'NetworkPolicies'} ${names} ${others.length === 1 ? 'selects' : 'select'} the same pods: ${describeSubject(policy.value)}${example}. Merge them into one policy, unless they have different owners.`;
    yield onValue(context, policy.value.subject.path, message, {
      related: others.slice(0, 3).map(({ key, value }) => ({ key, path: value.subject.path, message: 'Selects the same pods.' })),
    });
  },
};

/** The NetworkPolicies that say something, by the pods that they are about. */
const groupsIn = memo((cluster: Cluster): ReadonlyMap<string, readonly Located<Policy>[]> => {
  const groups = new Map<string, Located<Policy>[]>();
  for (const placed of [...clusterFacts(cluster).policiesIn.values()].flat()) {
    const key = groupKey(placed.value);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group) group.push(placed);
    else groups.set(key, [placed]);
  }
  return groups;
});

/** The same for policies about the same pods; `undefined` for those that are not compared: a default deny stands apart on purpose. */
function groupKey(policy: Policy): string | undefined {
  const box = policy.traits.isolates && rulesIn(policy).length > 0 ? subjectBox(policy) : undefined;
  return box && !isEmptyBox(box) ? boxKey(box) : undefined;
}

export default rule;
