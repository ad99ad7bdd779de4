import { quote } from '../../base/english.ts';
import { policyIn } from '../../analysis/selection.ts';
import { missingTier } from '../../model/tiers.ts';
import { ofApi } from '../about.ts';
import { onValue } from '../draft.ts';
import type { WorkspaceRule } from '../rule.ts';

const rule: WorkspaceRule = {
  name: 'calico-missing-tier',
  scope: 'workspace',
  severity: 'information',
  confidence: 'high',
  summary: 'A Calico policy in a tier of which the workspace has no Tier object.',
  why: 'The order and the default action of a tier are in its Tier object. Calico evaluates policies of a tier without one after all tiers that exist, so its rules may never be reached.',
  noFix: 'The order of the tier is not in the workspace.',
  about: ofApi('calico', 'policy'),
  *check(context) {
    const policy = policyIn(context);
    if (!policy || policy.value.notInForce) return;
    const tiers = context.cluster.tiers.map(({ value }) => value);
    const name = missingTier(policy.value, tiers);
    if (name === undefined || context.cluster.plane !== 'calico') return;
    yield onValue(
      context,
      ['spec', 'tier'],
      `The workspace has no Tier ${quote(name)}, so it is not known when this policy is evaluated. Verdicts evaluate it after all tiers, as Calico does where the cluster does not have the tier either. Add the Tier.`,
    );
  },
};

export default rule;
