import { workloadName } from '../../eval/names.ts';
import { onValue } from '../draft.ts';
import { forPair } from '../../analysis/witness/instance.ts';
import { policiesSelecting, isUndecided } from '../../analysis/precedence/isolation.ts';
import { allowedPair } from '../../analysis/witness/pairs.ts';
import type { WorkspaceRule } from '../rule.ts';

const rule: WorkspaceRule = {
  name: 'unprotected-workload',
  scope: 'workspace',
  severity: 'information',
  confidence: 'high',
  profile: 'strict',
  roles: ['workload'],
  summary: 'A workload that no policy selects.',
  why: 'It accepts connections from all sources and can connect to all destinations.',
  *check(context) {
    const { resource } = context;
    if (resource?.role !== 'workload' || resource.value.hostNetwork) return;
    const evaluation = context.evaluation();
    // A Pod of a controller that is there itself has been folded into it.
    if (!evaluation.space.classOf.has(resource.value) || isUndecided(evaluation, resource.value)) return;
    if (['ingress' as const, 'egress' as const].some((direction) => policiesSelecting(evaluation, resource.value, direction).length > 0))
      return;
    yield onValue(
      context,
      ['metadata', 'name'],
      `No policy selects ${workloadName(resource.value)}, so all its ingress and egress is allowed${forPair(allowedPair(evaluation, resource.value, 'ingress'))}. Add a NetworkPolicy for it, or a default deny for its namespace.`,
    );
  },
};

export default rule;
