/** A page that a rule's documentation points to: where its claims about Kubernetes come from. */
export interface Reference {
  readonly title: string;
  readonly url: string;
}

const KUBERNETES = 'https://kubernetes.io/docs';
const CALICO = 'https://docs.tigera.io/calico/latest/reference/resources';
const CILIUM = 'https://docs.cilium.io/en/stable';
const POLICY_API = 'https://network-policy-api.sigs.k8s.io';

/** The upstream pages that rules cite, by a short name. */
export const REFERENCES: Readonly<Record<string, Reference>> = {
  'network-policies': { title: 'Kubernetes: Network Policies', url: `${KUBERNETES}/concepts/services-networking/network-policies/` },
  'default-policies': {
    title: 'Kubernetes: Default policies',
    url: `${KUBERNETES}/concepts/services-networking/network-policies/#default-policies`,
  },
  'behavior-of-to-and-from': {
    title: 'Kubernetes: Behavior of to and from selectors',
    url: `${KUBERNETES}/concepts/services-networking/network-policies/#behavior-of-to-and-from-selectors`,
  },
  'namespace-by-name': {
    title: 'Kubernetes: Targeting a Namespace by its name',
    url: `${KUBERNETES}/concepts/services-networking/network-policies/#targeting-a-namespace-by-its-name`,
  },
  'port-range': {
    title: 'Kubernetes: Targeting a range of ports',
    url: `${KUBERNETES}/concepts/services-networking/network-policies/#targeting-a-range-of-ports`,
  },
  'cilium-policy': { title: 'Cilium: Network Policy', url: `${CILIUM}/security/policy/` },
  'cilium-language': { title: 'Cilium: Policy language', url: `${CILIUM}/security/policy/language/` },
  'cilium-deny': { title: 'Cilium: Deny policies', url: `${CILIUM}/security/policy/deny/` },
  'cilium-dns': { title: 'Cilium: DNS based', url: `${CILIUM}/security/policy/language/#dns-based` },
  'cilium-host': { title: 'Cilium: Host firewall', url: `${CILIUM}/security/host-firewall/` },
  'networkpolicy-api': {
    title: 'Kubernetes API reference: NetworkPolicy v1',
    url: `${KUBERNETES}/reference/kubernetes-api/policy-resources/network-policy-v1/`,
  },
  'field-validation': { title: 'Kubernetes: Field validation', url: `${KUBERNETES}/reference/using-api/api-concepts/#field-validation` },
  names: { title: 'Kubernetes: Object names and IDs', url: `${KUBERNETES}/concepts/overview/working-with-objects/names/` },
  labels: { title: 'Kubernetes: Labels and selectors', url: `${KUBERNETES}/concepts/overview/working-with-objects/labels/` },
  annotations: { title: 'Kubernetes: Annotations', url: `${KUBERNETES}/concepts/overview/working-with-objects/annotations/` },
  'cert-manager-http01': { title: 'cert-manager: HTTP01', url: 'https://cert-manager.io/docs/configuration/acme/http01/' },
  'well-known-labels': {
    title: 'Kubernetes: Well-known labels, annotations and taints',
    url: `${KUBERNETES}/reference/labels-annotations-taints/`,
  },
  namespaces: { title: 'Kubernetes: Namespaces', url: `${KUBERNETES}/concepts/overview/working-with-objects/namespaces/` },
  service: { title: 'Kubernetes: Service', url: `${KUBERNETES}/concepts/services-networking/service/` },
  ingress: { title: 'Kubernetes: Ingress', url: `${KUBERNETES}/concepts/services-networking/ingress/` },
  dns: { title: 'Kubernetes: DNS for Services and Pods', url: `${KUBERNETES}/concepts/services-networking/dns-pod-service/` },
  'nodelocal-dns': { title: 'Kubernetes: NodeLocal DNSCache', url: `${KUBERNETES}/tasks/administer-cluster/nodelocaldns/` },
  webhooks: {
    title: 'Kubernetes: Dynamic admission control',
    url: `${KUBERNETES}/reference/access-authn-authz/extensible-admission-controllers/`,
  },
  rbac: { title: 'Kubernetes: Using RBAC authorization', url: `${KUBERNETES}/reference/access-authn-authz/rbac/` },
  kustomization: {
    title: 'Kubernetes: Managing objects with Kustomize',
    url: `${KUBERNETES}/tasks/manage-kubernetes-objects/kustomization/`,
  },
  ports: { title: 'Kubernetes: Ports and protocols', url: `${KUBERNETES}/reference/networking/ports-and-protocols/` },
  'strict-cidr': { title: 'KEP-4858: IP/CIDR validation improvements', url: 'https://kep.k8s.io/4858' },
  'end-port-kep': { title: 'KEP-2079: NetworkPolicy port range', url: 'https://kep.k8s.io/2079' },
  'antrea-policies': { title: 'Antrea: Antrea Network Policy CRDs', url: 'https://antrea.io/docs/main/docs/antrea-network-policy/' },
  'policy-api': { title: 'Network Policy API: overview', url: `${POLICY_API}/api-overview/` },
  'policy-api-spec': { title: 'Network Policy API: specification', url: `${POLICY_API}/reference/spec/` },
  'fqdn-npep': { title: 'NPEP-133: FQDN selectors for egress', url: `${POLICY_API}/npeps/npep-133/` },
  'cluster-policy-npep': { title: 'NPEP-285: ClusterNetworkPolicy', url: `${POLICY_API}/npeps/npep-285/` },
  'egress-npep': {
    title: 'NPEP-126: Egress traffic to addresses outside the cluster',
    url: `${POLICY_API}/npeps/npep-126-egress-traffic-control/`,
  },
  'istio-ambient-policy': {
    title: 'Istio: Ambient and Kubernetes NetworkPolicy',
    url: 'https://istio.io/latest/docs/ambient/usage/networkpolicy/',
  },
  'linkerd-network-policy': {
    title: 'Linkerd: Network policy errors',
    url: 'https://linkerd.io/2.19/common-errors/network-policy/',
  },
  'calico-network-policy': { title: 'Calico: Network policy', url: `${CALICO}/networkpolicy` },
  'calico-global-network-policy': { title: 'Calico: Global network policy', url: `${CALICO}/globalnetworkpolicy` },
  'calico-selectors': { title: 'Calico: Selectors', url: `${CALICO}/networkpolicy#selectors` },
  'calico-network-set': { title: 'Calico: Network set', url: `${CALICO}/networkset` },
  'calico-tier': { title: 'Calico: Tier', url: `${CALICO}/tier` },
  'calico-staged': { title: 'Calico: Staged network policy', url: `${CALICO}/stagednetworkpolicy` },
  'calico-http': {
    title: 'Calico: HTTP methods and paths in policy rules',
    url: 'https://docs.tigera.io/calico/latest/network-policy/istio/http-methods',
  },
  'calico-host-endpoints': {
    title: 'Calico: Apply policy to forwarded traffic',
    url: 'https://docs.tigera.io/calico/latest/network-policy/hosts/host-forwarded-traffic',
  },
  'calico-service-rules': {
    title: 'Calico: Use service rules in policy',
    url: 'https://docs.tigera.io/calico/latest/network-policy/policy-rules/service-policy',
  },
  yaml: { title: 'YAML 1.2.2', url: 'https://yaml.org/spec/1.2.2/' },
};
