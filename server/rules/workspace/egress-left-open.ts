import { workloadName } from '../../eval/names.ts';
import { onValue } from '../draft.ts';
import { forPair } from '../../analysis/witness/instance.ts';
import { policiesSelecting, isDefaultDenied, isUndecided } from '../../analysis/precedence/isolation.ts';
import { allowedPair } from '../../analysis/witness/pairs.ts';
import type { WorkspaceRule } from '../rule.ts';

const rule: WorkspaceRule = {
  name: 'egress-left-open',
  scope: 'workspace',
  severity: 'information',
  confidence: 'high',
  profile: 'strict',
  roles: ['workload'],
  summary: 'A workload whose ingress is limited while its egress is not.',
  why: 'An attacker who takes over the pod can send data to any destination.',
  *check(context) {
    const { resource } = context;
    if (resource?.role !== 'workload' || resource.value.hostNetwork) return;
    const evaluation = context.evaluation();
    if (
      !evaluation.space.classOf.has(resource.value) ||
      isUndecided(evaluation, resource.value) ||
      !isDefaultDenied(evaluation, resource.value, 'ingress') ||
      isDefaultDenied(evaluation, resource.value, 'egress')
    )
      return;
    yield onValue(
      context,
      ['metadata', 'name'],
      `Policies limit the ingress of ${workloadName(resource.value)}, but not its egress${forPair(allowedPair(evaluation, resource.value, 'egress'))}. Add a policy with policyTypes Egress that allows what it needs.`,
      {
        related: policiesSelecting(evaluation, resource.value, 'ingress')
          .slice(0, 3)
          .map(({ key, value }) => ({ key, path: value.subject.path, message: 'Limits its ingress.' })),
      },
    );
  },
};

export default rule;
