import { list } from '../../base/english.ts';
import { isEmptyBox, leftOf, meetBoxes, type Box } from '../../eval/label-space.ts';
import { policyName, workloadName } from '../../eval/names.ts';
import type { Policy } from '../../model/policy.ts';
import { selects } from '../../model/selector.ts';
import type { Located } from '../../workspace/cluster.ts';
import { endpointWords } from '../../analysis/connection-words.ts';
import { onValue } from '../draft.ts';
import { commonPod, subjectBox } from '../../analysis/precedence/tier-order.ts';
import type { WorkspaceRule } from '../rule.ts';
import type { WorkspaceContext } from '../../analysis/context.ts';
import { factsIn, policyIn } from '../../analysis/selection.ts';

const rule: WorkspaceRule = {
  name: 'overlapping-subject',
  scope: 'workspace',
  severity: 'hint',
  confidence: 'high',
  profile: 'audit',
  summary: 'NetworkPolicies that select some pods in common and others each.',
  why: 'For the shared pods, everything that any of the policies allows is allowed, which none of them shows. This is often intended, but easily overlooked.',
  *check(context) {
    const policy = policyIn(context);
    const box = policy?.value.traits.isolates === true ? subjectBox(policy.value) : undefined;
    if (!policy || !box || box.size < 2) return;
    const all = factsIn(context).policiesIn.get(policy.value.namespace ?? '') ?? [];
    if (all.length > MAX_COMPARED_POLICIES) return;
    const overlaps = all.flatMap((other) => (other.key < policy.key ? (overlapOf(context, policy.value, box, other) ?? []) : []));
    const [first] = overlaps;
    if (!first) return;
    const names = list(
      overlaps.map(({ other }) => policyName(other.value)),
      'and',
      3,
    );
    const message = `This policy shares some of its pods with ${names}, for example ${first.shared}: for these pods, the rules of all policies apply together. If this is not intended, make the selectors equal or disjoint.`;
    yield onValue(context, policy.value.subject.path, message, {
      related: overlaps
        .slice(0, 3)
        .map(({ other, shared }) => ({ key: other.key, path: other.value.subject.path, message: `Also selects ${shared}.` })),
    });
  },
};

/** Policies of a namespace that are compared one with the other. */
const MAX_COMPARED_POLICIES = 100;

interface Overlap {
  readonly other: Located<Policy>;
  /** A pod of both. */
  readonly shared: string;
}

/** What the subjects share, with neither inside the other. Where workloads are known, one of them has to be shared. */
function overlapOf(context: WorkspaceContext, policy: Policy, box: Box, other: Located<Policy>): Overlap | undefined {
  const theirs = subjectBox(other.value);
  if (!theirs || isEmptyBox(meetBoxes(box, theirs)) || isInside(box, theirs) || isInside(theirs, box)) return undefined;
  const workloads = factsIn(context).workloadsIn.get(policy.namespace ?? '') ?? [];
  const shared = workloads.find(
    ({ value }) => selects(policy.subject.pods, value.labels) && selects(other.value.subject.pods, value.labels),
  );
  if (shared) return { other, shared: workloadName(shared.value) };
  const pod = workloads.length === 0 ? commonPod(policy, other.value) : undefined;
  return pod && { other, shared: endpointWords({ pod }) };
}

function isInside(inner: Box, outer: Box): boolean {
  return leftOf(inner, [outer], { steps: Infinity })?.length === 0;
}

export default rule;
