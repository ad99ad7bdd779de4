import type { Node } from '../../syntax/tree.ts';
import type { UnevaluatedKindEntry } from '../kind.ts';
import { given, textIn } from '../read.ts';
import { everyPod, type PossibleSubject } from './policy.ts';
import { directionsWith, requirementsIn, unevaluatedKind, type ReadSpec, type UnevaluatedKind } from './read.ts';

/** OVN-Kubernetes and OpenShift SDN: what pods of a namespace may reach outside the cluster. */
const egressFirewalls: readonly UnevaluatedKind[] = [
  {
    api: 'OVN-Kubernetes',
    group: 'k8s.ovn.org',
    version: 'v1',
    kind: 'EgressFirewall',
    plural: 'egressfirewalls',
    scope: 'Namespaced',
    docs: 'https://ovn-kubernetes.io/features/network-security-controls/egress-firewall/',
    outsideOnly: true,
    readSpec: ofNamespace,
  },
  {
    api: 'OpenShift SDN',
    group: 'network.openshift.io',
    version: 'v1',
    kind: 'EgressNetworkPolicy',
    plural: 'egressnetworkpolicies',
    scope: 'Namespaced',
    docs: 'https://docs.openshift.com/container-platform/4.14/networking/openshift_sdn/configuring-egress-firewall.html',
    outsideOnly: true,
    readSpec: ofNamespace,
  },
];

function ofNamespace(_spec: Node | undefined, home: string | undefined): ReadSpec {
  return { directions: ['egress'], standing: 'restricts', subjects: [everyPod(home)] };
}

/** What cloud providers add to NetworkPolicies: allow rules for names, which add up with them. */
const byPodSelector: readonly UnevaluatedKind[] = [
  {
    api: 'GKE',
    group: 'networking.gke.io',
    version: 'v1alpha1',
    formerly: ['networking.gke.io/v1alpha3', 'networking.gke.io/v1'],
    kind: 'FQDNNetworkPolicy',
    plural: 'fqdnnetworkpolicies',
    scope: 'Namespaced',
    docs: 'https://cloud.google.com/kubernetes-engine/docs/how-to/fqdn-network-policies',
    readSpec: likeNetworkPolicy,
  },
  {
    api: 'Amazon EKS',
    group: 'networking.k8s.aws',
    version: 'v1alpha1',
    kind: 'ApplicationNetworkPolicy',
    plural: 'applicationnetworkpolicies',
    scope: 'Namespaced',
    docs: 'https://docs.aws.amazon.com/eks/latest/userguide/auto-net-pol.html',
    readSpec: likeNetworkPolicy,
  },
];

function likeNetworkPolicy(spec: Node | undefined): ReadSpec {
  return {
    directions: directionsWith(spec, ['ingress'], ['egress']),
    standing: 'beside-network-policy',
    subjects: [{ namespaces: 'own', namespaceLabels: [], podLabels: requirementsIn(given(spec, 'podSelector')) }],
  };
}

/** Istio: the proxy beside a pod judges requests that have passed all network policies (istio.io, "Authorization Policy"). */
const istio: UnevaluatedKind = {
  api: 'Istio',
  group: 'security.istio.io',
  version: 'v1',
  formerly: ['security.istio.io/v1beta1'],
  kind: 'AuthorizationPolicy',
  plural: 'authorizationpolicies',
  scope: 'Namespaced',
  docs: 'https://istio.io/latest/docs/reference/config/security/authorization-policy/',
  readSpec: (spec, home) => {
    const isAudit = textIn(given(spec, 'action')) === 'AUDIT';
    return { directions: isAudit ? [] : ['ingress'], standing: 'note', subjects: [meshSubject(spec, home)] };
  },
};

/** A policy of the root namespace, by default `istio-system`, is about the whole mesh. */
function meshSubject(spec: Node | undefined, home: string | undefined): PossibleSubject {
  return {
    namespaces: home === 'istio-system' ? 'all' : 'own',
    namespaceLabels: [],
    podLabels: requirementsIn(given(spec, 'selector')),
  };
}

/** Egress firewalls, the additions of cloud providers, and Istio. */
export const otherKinds: readonly UnevaluatedKindEntry[] = [...egressFirewalls, ...byPodSelector, istio].map(unevaluatedKind);
