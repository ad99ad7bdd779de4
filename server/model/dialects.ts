/**
 * Groups of other policy APIs and of products around networking. Some have kinds named like ours (Calico and Antrea have a
 * NetworkPolicy of their own): such documents are never judged as the upstream kind.
 */
const DIALECTS: readonly string[] = [
  'projectcalico.org',
  'tigera.io',
  'cilium.io',
  'isovalent.com',
  'antrea.io',
  'antrea.tanzu.vmware.com',
  'k8s.ovn.org',
  'kubeovn.io',
  'network.openshift.io',
  'k8s.cni.cncf.io',
  'nsx.vmware.com',
  'networking.k8s.aws',
  'vpcresources.k8s.aws',
  'networking.gke.io',
  'cloud.google.com',
  'gateway.networking.k8s.io',
  'networking.x-k8s.io',
  'multicluster.x-k8s.io',
  'networking.istio.io',
  'security.istio.io',
  'networking.internal.knative.dev',
  'networking.karmada.io',
  'policy.karmada.io',
  'security.kubearmor.com',
  'kyverno.io',
  'cattle.io',
  'policy.open-cluster-management.io',
];

/** Is the group one of a known other API, or a part of one (`crd.projectcalico.org`)? */
export function isDialect(group: string): boolean {
  return DIALECTS.some((dialect) => group === dialect || group.endsWith(`.${dialect}`));
}

/** Kinds of the same API groups that are not policies. */
const SIBLINGS: readonly string[] = ['Ingress', 'IngressClass', 'IngressClassParameters', 'IPAddress', 'ServiceCIDR', 'ClusterCIDR'];

/** Files that tools write or read under our groups, such as the ConformanceReport of the Network Policy API: no objects of a cluster. */
const TOOL_FILE = /(?:Report|Profile|Configuration|Options)$/;

/** Is it a kind of our groups that is not a policy, the list of one, or a file for a tool? */
export function isSibling(kind: string): boolean {
  return SIBLINGS.includes(kind.replace(/List$/, '')) || TOOL_FILE.test(kind);
}
