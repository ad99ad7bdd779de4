import { quote } from '../../base/english.ts';
import { identify } from '../../model/identify.ts';
import { BUILT_IN_TIERS, isTierName, tierNamed } from '../../model/antrea/tiers.ts';
import { get, stringOf } from '../../syntax/tree.ts';
import { onValue } from '../draft.ts';
import type { WorkspaceRule } from '../rule.ts';

const rule: WorkspaceRule = {
  name: 'antrea-missing-tier',
  scope: 'workspace',
  severity: 'information',
  confidence: 'high',
  summary: 'A policy in a tier that is neither built in nor in the workspace.',
  why: "Antrea's webhook rejects a policy whose tier does not exist. Where no manifest of the Tier is in the workspace, nothing says when the policy is evaluated, so verdicts that it may change are unknown.",
  noFix: 'The priority of the tier is not in the workspace.',
  inText: 'crd.antrea.io',
  *check(context) {
    const { manifest, cluster } = context;
    const identity = identify(manifest);
    if (!identity.ours || identity.kind?.api !== 'antrea' || identity.kind.role !== 'policy') return;
    const tier = stringOf(get(get(manifest.root, 'spec'), 'tier')) ?? '';
    const name = tierNamed(tier);
    if (!isTierName(tier) || cluster.plane !== 'antrea' || BUILT_IN_TIERS.some((one) => one.name === name)) return;
    if (cluster.tiers.some(({ value }) => value.name === name)) return;
    yield onValue(
      context,
      ['spec', 'tier'],
      `The workspace has no Tier ${quote(name)}, so it is not known when this policy is evaluated, and verdicts that it may change are unknown. Antrea's webhook rejects the policy unless the cluster has the tier. Add the Tier.`,
    );
  },
};

export default rule;
