import { parseCidr } from '../../base/cidr.ts';
import { onValue } from '../draft.ts';
import { networksIn } from '../../analysis/networks.ts';
import { podPolicies } from '../about.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'cluster-range-block',
  scope: 'manifest',
  severity: 'information',
  confidence: 'medium',
  summary: 'A block of addresses that clusters assign to pods or Services by default.',
  why: 'Address blocks are meant for addresses outside the cluster. A connection to a Service is evaluated with the address of the pod behind it, so a block of Service addresses may never match; and network plugins differ in whether a block matches pods (in Cilium it never does).',
  companions: ['single-address-block'],
  about: podPolicies,
  *check(context) {
    const isCilium = context.kind?.api === 'cilium';
    for (const { cidr, network, path, rule } of networksIn(context.policy)) {
      const block = KNOWN.get(cidr.canonical);
      if (block === undefined || rule.action !== 'Accept') continue;
      const way = (isCilium ? CILIUM_WAYS : WAYS)[block.of];
      // In a NetworkPolicy it is for the network plugin to say; Cilium never matches pods.
      yield onValue(
        context,
        path,
        `Block ${network.cidr} is ${block.name}. ${way}`,
        isCilium && block.of === 'pods' ? { severity: 'warning' } : {},
      );
    }
  },
};

export default rule;

interface Known {
  readonly name: string;
  readonly of: keyof typeof WAYS;
}

/** A Service is resolved to its pods before policies are evaluated; that of the API server leads to addresses of nodes, or of the cloud. */
const WAYS: Readonly<Record<'services' | 'api' | 'pods', string>> = {
  services: 'Policies see the pod behind a Service. Select those pods instead.',
  api: 'Policies see what is behind a Service. Use the addresses of the API server itself.',
  pods: 'Network plugins differ in whether a block matches pods. Use selectors instead.',
};

/** The same where Cilium is known to enforce the policy. */
const CILIUM_WAYS: typeof WAYS = {
  services: "Cilium evaluates the pod behind a Service. Select those pods with 'toEndpoints', or name the Service with 'toServices'.",
  api: "Cilium evaluates what is behind a Service. Use 'toEntities: [kube-apiserver]'.",
  pods: 'Cilium matches no pods by their addresses, so this allows no connection with them. Select the pods by their labels.',
};

/*
 * Defaults, each as its project has it. Left out, as they are just as well blocks of other networks: AKS' Services and OpenShift's
 * machines (10.0.0.0/16), MicroK8s' pods (10.1.0.0/16), and whole private ranges (Calico 192.168.0.0/16, Cilium 10.0.0.0/8), which
 * have a rule of their own. Pods of EKS, and of GKE, have addresses of the network around the cluster.
 */
const SERVICE_RANGES: readonly (readonly [range: string, of: string])[] = [
  // kubernetes/kubernetes `cmd/kubeadm/app/apis/kubeadm/v1beta4/defaults.go`, DefaultServicesSubnet; minikube has the same.
  ['10.96.0.0/12', 'kubeadm and minikube'],
  // kubernetes-sigs/kind `pkg/apis/config/v1alpha4/default.go`; Oracle's API, KubernetesNetworkConfig.servicesCidr.
  ['10.96.0.0/16', 'kind and OKE'],
  // k3s-io/docs `docs/cli/server.md` and rancher/rke2-docs `docs/reference/server_config.md`, service-cidr.
  ['10.43.0.0/16', 'k3s and RKE2'],
  // openshift/installer `pkg/types/defaults/installconfig.go`, defaultServiceNetwork.
  ['172.30.0.0/16', 'OpenShift'],
  // Amazon EKS API, KubernetesNetworkConfigRequest.serviceIpv4Cidr: one or the other, whichever the VPC leaves free.
  ['172.20.0.0/16', 'EKS'],
  ['10.100.0.0/16', 'EKS'],
  // canonical/microk8s `microk8s-resources/default-args/kube-apiserver`, --service-cluster-ip-range.
  ['10.152.183.0/24', 'MicroK8s'],
  // GKE 1.29 and later (Autopilot 1.27): terraform-google-modules/terraform-google-kubernetes-engine#1949.
  ['34.118.224.0/20', 'GKE'],
];
const POD_RANGES: readonly (readonly [range: string, of: string])[] = [
  // flannel-io/flannel `Documentation/kube-flannel.yml`, kubernetes-sigs/kind `pkg/apis/config/v1alpha4/default.go`,
  // kubernetes/minikube `pkg/minikube/cni/cni.go`.
  ['10.244.0.0/16', 'Flannel, kind and minikube'],
  // k3s-io/docs `docs/cli/server.md` and rancher/rke2-docs `docs/reference/server_config.md`, cluster-cidr.
  ['10.42.0.0/16', 'k3s and RKE2'],
  // openshift/installer `pkg/types/defaults/installconfig.go`, defaultClusterNetwork.
  ['10.128.0.0/14', 'OpenShift'],
];

/** Reversed, since kubeadm is the one to name for an address that others have too. */
const KNOWN: ReadonlyMap<string, Known> = new Map([
  ...SERVICE_RANGES.toReversed().flatMap(([range, of]): [string, Known][] => [
    [range, { name: `the address range of Services in ${of} by default`, of: 'services' }],
    // Installers give the tenth address to cluster DNS (kubeadm: GetDNSIP), the first one is that of the API server.
    [addressIn(range, '10'), { name: `the address of the DNS Service in ${of} by default`, of: 'services' }],
    [addressIn(range, '1'), { name: `the address of the API server's Service in ${of} by default`, of: 'api' }],
  ]),
  ...POD_RANGES.map(([range, of]): [string, Known] => [range, { name: `the range of the pods in ${of} by default`, of: 'pods' }]),
]);

/** `10.96.0.10/32` for `10.96.0.0/12`. */
function addressIn(range: string, last: string): string {
  const cidr = parseCidr(range.replace(/\d+\/\d+$/, `${last}/32`));
  return cidr.ok ? cidr.canonical : range;
}
