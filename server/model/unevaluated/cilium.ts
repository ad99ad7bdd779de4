import { itemsOf, type Node } from '../../syntax/tree.ts';
import type { UnevaluatedKindEntry } from '../kind.ts';
import { given } from '../read.ts';
import type { Requirement } from '../selector.ts';
import type { PossibleSubject } from './policy.ts';
import { directionsWith, requirementsIn, unevaluatedKind, type ReadSpec } from './read.ts';

/** Cilium: a policy for a direction isolates the pods in it, allows add up with those of NetworkPolicies, and its denies come first (docs.cilium.io, "Policy Language"). */
const SHARED = { api: 'Cilium', group: 'cilium.io', version: 'v2', docs: 'https://docs.cilium.io/en/stable/security/policy/' } as const;

/** The two policy kinds of Cilium. */
export const ciliumKinds: readonly UnevaluatedKindEntry[] = [
  unevaluatedKind({
    ...SHARED,
    kind: 'CiliumNetworkPolicy',
    plural: 'ciliumnetworkpolicies',
    scope: 'Namespaced',
    readSpec,
  }),
  unevaluatedKind({
    ...SHARED,
    kind: 'CiliumClusterwideNetworkPolicy',
    plural: 'ciliumclusterwidenetworkpolicies',
    scope: 'Cluster',
    readSpec,
  }),
];

function readSpec(spec: Node | undefined, home: string | undefined, root: Node | undefined): ReadSpec {
  const specs = [...(spec ? [spec] : []), ...itemsOf(given(root, 'specs'))];
  const directions = specs.map((one) => directionsWith(one, ['ingress', 'ingressDeny'], ['egress', 'egressDeny'])).flat();
  return {
    directions: [...new Set(directions)],
    standing: 'beside-network-policy',
    subjects: specs.flatMap((one) => subjectOf(given(one, 'endpointSelector'), home) ?? []),
  };
}

/** A rule with a `nodeSelector` instead is about nodes. */
function subjectOf(selector: Node | undefined, home: string | undefined): PossibleSubject | undefined {
  if (selector === undefined) return undefined;
  const all = requirementsIn(selector).map((one) => ({ ...one, key: keyOf(one.key) }));
  const names = all.find(({ key, operator }) => key === NAMESPACE && operator === 'In')?.values;
  return {
    namespaces: home === undefined ? (names ?? 'all') : 'own',
    namespaceLabels: all.flatMap((one) =>
      one.key.startsWith(NAMESPACE_LABELS) ? [{ ...one, key: one.key.slice(NAMESPACE_LABELS.length) }] : [],
    ),
    podLabels: all.filter(isOfPod),
  };
}

const NAMESPACE = 'io.kubernetes.pod.namespace';
const NAMESPACE_LABELS = 'io.cilium.k8s.namespace.labels.';

/** `k8s:app` and `any:app` are the label `app`; the keys of other sources keep their prefix. */
function keyOf(key: string): string {
  return key.replace(/^(?:k8s|any)[:.](?=.)/, '');
}

/** Labels that Cilium makes up (`reserved:`, `io.cilium.k8s.policy.serviceaccount`) are on no pod in a manifest. */
function isOfPod({ key }: Requirement): boolean {
  return key !== NAMESPACE && !key.startsWith('io.cilium.') && !key.includes(':');
}
