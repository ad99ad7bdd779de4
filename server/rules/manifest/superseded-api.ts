import { stageOf } from '../../eval/stages.ts';
import { apiVersionOf } from '../../model/kind.ts';
import { policyKind } from '../../model/kinds.ts';
import { onValue } from '../draft.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'superseded-api',
  scope: 'manifest',
  severity: 'information',
  confidence: 'high',
  about: (kind) => kind.role === 'policy' && kind.successor !== undefined,
  summary: 'A kind that ClusterNetworkPolicy replaces.',
  why: 'The v1alpha1 kinds were removed from network-policy-api in October 2025. A cluster that still has their CRDs accepts them; newer network plugins implement ClusterNetworkPolicy (v1alpha2) only.',
  *check(context) {
    const successor = policyKind(context.kind?.successor ?? '');
    const tier = context.policy && stageOf(context.policy).title;
    if (successor && tier !== undefined)
      yield onValue(
        context,
        ['kind'],
        `${context.kind?.kind ?? 'This kind'} is withdrawn. Use ${successor.kind} (${apiVersionOf(successor)}) with 'tier: ${tier}' instead.`,
      );
  },
};

export default rule;
