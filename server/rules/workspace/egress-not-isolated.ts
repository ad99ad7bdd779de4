import { workloadName } from '../../eval/names.ts';
import { onValue } from '../draft.ts';
import { forPair } from '../../analysis/witness/instance.ts';
import { policiesSelecting, isDefaultDenied, isUndecided } from '../../analysis/precedence/isolation.ts';
import { allowedPair } from '../../analysis/witness/pairs.ts';
import { affectedIn, otherPlaces } from '../../analysis/precedence/namespace-isolation.ts';
import type { Related } from '../../analysis/related.ts';
import { workloadList } from '../../analysis/selection.ts';
import type { WorkspaceRule } from '../rule.ts';

const rule: WorkspaceRule = {
  name: 'egress-not-isolated',
  scope: 'workspace',
  severity: 'information',
  confidence: 'high',
  profile: 'strict',
  roles: ['workload'],
  summary: 'Workloads of a namespace whose ingress is limited while their egress is not.',
  why: 'An attacker who takes over the pod can send data to any destination.',
  *check(context) {
    const evaluation = context.evaluation();
    const affected = affectedIn(
      context,
      (workload) =>
        evaluation.space.classOf.has(workload) &&
        !isUndecided(evaluation, workload) &&
        isDefaultDenied(evaluation, workload, 'ingress') &&
        !isDefaultDenied(evaluation, workload, 'egress'),
    );
    const [first] = affected ?? [];
    if (!affected || !first) return;
    const which = affected.length === 1 ? 'it' : 'they';
    const limits = policiesSelecting(evaluation, first.value, 'ingress')
      .slice(0, 3)
      .map(({ key, value }): Related => ({ key, path: value.subject.path, message: 'Limits its ingress.' }));
    yield onValue(
      context,
      ['metadata', 'name'],
      `Policies limit the ingress of ${workloadList(affected)}, but not where ${which} may connect to${forPair(allowedPair(evaluation, first.value, 'egress'))}. Add an egress policy that allows what ${which} need${which === 'it' ? 's' : ''}.`,
      { related: [...limits, ...otherPlaces(affected, (value) => `The egress of ${workloadName(value)} is not limited.`)] },
    );
  },
};

export default rule;
