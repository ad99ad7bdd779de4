import { list } from '../../base/english.ts';
import { policyName } from '../../eval/names.ts';
import { NAME_LABEL } from '../../model/namespace.ts';
import type { Direction, Policy } from '../../model/policy.ts';
import type { Placed } from '../../workspace/cluster.ts';
import { onKey } from '../draft.ts';
import type { ClusterFacts } from '../facts.ts';
import { forExample, instanceOf } from '../instance.ts';
import { isWithin } from '../ladder.ts';
import { DIRECTIONS, isFirm } from '../parts.ts';
import type { WorkspaceRule } from '../rule.ts';
import { documents } from '../workspace-examples.ts';
import { factsIn, policyIn } from '../workspace-parts.ts';

const BASELINE = `apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata:
  name: net
spec:
  tier: Baseline
  priority: 10
  subject:
    namespaces:
      matchLabels: {kubernetes.io/metadata.name: shop}
  ingress:
  - action: Deny
    from:
    - namespaces:
        matchLabels: {team: guests}`;

const isolating = (selector: string): string => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: closed
  namespace: shop
spec:
  podSelector: ${selector}
  policyTypes: [Ingress]`;

const rule: WorkspaceRule = {
  name: 'baseline-never-asked',
  scope: 'workspace',
  severity: 'hint',
  confidence: 'high',
  summary: 'Baseline rules for pods that NetworkPolicies isolate without exception.',
  why: 'Once a NetworkPolicy isolates a pod in a direction, NetworkPolicies alone decide there, and the Baseline tier is not asked.',
  bad: [{ yaml: documents(BASELINE, isolating('{}')) }],
  good: [documents(BASELINE, isolating('{matchLabels: {app: web}}'))],
  *check(context) {
    const policy = policyIn(context)?.value;
    if (policy?.tier !== 'Baseline') return;
    for (const direction of DIRECTIONS) {
      const section = policy[direction];
      const isolated = section && section.rules.length > 0 ? isolatingAll(policy, direction, factsIn(context)) : [];
      if (!section || isolated.length === 0) continue;
      const names = list(
        isolated.map(({ value }) => policyName(value)),
        'and',
        3,
      );
      const [first] = section.rules;
      const example = first ? forExample(instanceOf(context.cluster, context.evaluation(), policy, first, direction)) : '';
      const verb = isolated.length === 1 ? 'isolates' : 'isolate';
      yield onKey(
        context,
        section.path,
        `These rules are never asked: ${names} ${verb} all of these pods for ${direction}, and then NetworkPolicies alone decide${example}.`,
        {
          unnecessary: true,
          related: isolated
            .slice(0, 5)
            .map(({ key, value }) => ({ key, path: value.subject.path, message: `Isolates these pods for ${direction}` })),
        },
      );
    }
  },
};

/** The NetworkPolicies that together isolate all pods of a policy, which must name its namespaces for that to be sure. */
function isolatingAll(policy: Policy, direction: Direction, { policiesIn }: ClusterFacts): readonly Placed<Policy>[] {
  const { namespaces } = policy.subject;
  const named =
    namespaces.kind === 'selected'
      ? namespaces.selector.requirements.find(({ key, operator }) => key === NAME_LABEL && operator === 'In')
      : undefined;
  if (!named) return [];
  const candidates = named.values.flatMap((name) => policiesIn.get(name) ?? []).filter(({ value }) => isFirm(value, direction));
  if (
    !isWithin(
      policy,
      candidates.map(({ value }) => value),
    )
  )
    return [];
  // As few as can be told: those about every pod say it all.
  const whole = candidates.filter(({ value }) => value.subject.pods.requirements.length === 0);
  return isWithin(
    policy,
    whole.map(({ value }) => value),
  )
    ? whole.slice(0, named.values.length)
    : candidates;
}

export default rule;
