import { itemsOf, type Node } from '../../syntax/tree.ts';
import type { UnevaluatedKindEntry } from '../kind.ts';
import { given, textIn } from '../read.ts';
import type { PossibleSubject, Standing } from './policy.ts';
import { directionsWith, requirementsIn, unevaluatedKind, type ReadSpec } from './read.ts';

/** Antrea (antrea.io, "Antrea Network Policy CRDs"). */
const SHARED = {
  api: 'Antrea',
  group: 'crd.antrea.io',
  version: 'v1beta1',
  formerly: ['crd.antrea.io/v1alpha1', 'security.antrea.tanzu.vmware.com/v1alpha1'],
  docs: 'https://antrea.io/docs/main/docs/antrea-network-policy/',
} as const;

/** The policy kinds of Antrea. */
export const antreaKinds: readonly UnevaluatedKindEntry[] = [
  unevaluatedKind({ ...SHARED, kind: 'NetworkPolicy', plural: 'networkpolicies', scope: 'Namespaced', readSpec }),
  unevaluatedKind({ ...SHARED, kind: 'ClusterNetworkPolicy', plural: 'clusternetworkpolicies', scope: 'Cluster', readSpec }),
];

function readSpec(spec: Node | undefined, home: string | undefined): ReadSpec {
  const rules = ['ingress', 'egress'].flatMap((field) => itemsOf(given(spec, field)));
  // Either the policy says whom it is about, or each of its rules does.
  const applied = [spec, ...rules].flatMap((node) => itemsOf(given(node, 'appliedTo')));
  return {
    directions: directionsWith(spec, ['ingress'], ['egress']),
    standing: standingIn(textIn(given(spec, 'tier'))),
    subjects: applied.flatMap((one) => subjectOf(one, home) ?? []),
  };
}

/** `group`, `service` and `serviceAccount` name pods in a way that is not followed here; `nodeSelector` is about nodes. */
function subjectOf(applied: Node, home: string | undefined): PossibleSubject | undefined {
  if (given(applied, 'nodeSelector') !== undefined || given(applied, 'externalEntitySelector') !== undefined) return undefined;
  return {
    namespaces: home === undefined ? 'all' : 'own',
    namespaceLabels: home === undefined ? requirementsIn(given(applied, 'namespaceSelector')) : [],
    podLabels: requirementsIn(given(applied, 'podSelector')),
  };
}

/** The tiers that Antrea creates, by priority: those below 220 come before the Admin tier, Baseline comes after NetworkPolicies. */
function standingIn(tier: string | undefined): Standing {
  const name = tier?.toLowerCase() ?? '';
  if (name === '' || name === 'application') return 'beside-network-policy';
  return name === 'baseline' ? 'after-network-policy' : 'before-admin';
}
