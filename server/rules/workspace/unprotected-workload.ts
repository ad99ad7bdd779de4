import { workloadName } from '../../eval/names.ts';
import { onValue } from '../draft.ts';
import { forPair } from '../../analysis/witness/instance.ts';
import { policiesSelecting, isUndecided } from '../../analysis/precedence/isolation.ts';
import { allowedPair } from '../../analysis/witness/pairs.ts';
import { affectedIn, otherPlaces } from '../../analysis/precedence/namespace-isolation.ts';
import { workloadList } from '../../analysis/selection.ts';
import { DIRECTIONS } from '../../model/policy.ts';
import type { WorkspaceRule } from '../rule.ts';

const rule: WorkspaceRule = {
  name: 'unprotected-workload',
  scope: 'workspace',
  severity: 'information',
  confidence: 'high',
  profile: 'strict',
  roles: ['workload'],
  summary: 'Workloads of a namespace that no policy selects.',
  why: 'A pod that no policy selects accepts connections from all sources and can connect to all destinations.',
  *check(context) {
    const evaluation = context.evaluation();
    // A Pod of a controller that is there itself has been folded into it.
    const affected = affectedIn(
      context,
      (workload) =>
        evaluation.space.classOf.has(workload) &&
        !isUndecided(evaluation, workload) &&
        DIRECTIONS.every((direction) => policiesSelecting(evaluation, workload, direction).length === 0),
    );
    const [first] = affected ?? [];
    if (!affected || !first) return;
    const which = affected.length === 1 ? 'it' : 'them';
    yield onValue(
      context,
      ['metadata', 'name'],
      `No policy selects ${workloadList(affected)}, so all sources can connect to ${which} and ${which === 'it' ? 'it' : 'they'} can connect to all destinations${forPair(allowedPair(evaluation, first.value, 'ingress'))}. Add a NetworkPolicy for ${which}, or a default deny for the namespace.`,
      { related: otherPlaces(affected, (value) => `No policy selects ${workloadName(value)}`) },
    );
  },
};

export default rule;
