import { parseCidr } from '../../base/cidr.ts';
import { onValue } from '../draft.ts';
import { np } from '../examples.ts';
import { networksIn } from '../networks.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'cluster-range-block',
  scope: 'manifest',
  severity: 'information',
  confidence: 'medium',
  summary: 'A block of addresses that clusters give to pods or Services by default.',
  why: 'Blocks are for what lies outside the cluster. A connection to a Service is judged by the pod behind it, so a block of Service addresses may never match; and network plugins differ in whether a block matches pods at all (Cilium: never).',
  bad: [
    {
      yaml: np`
        podSelector: {}
        policyTypes: [Egress]
        egress:
        - to:
          - ipBlock:
              cidr: 10.96.0.10/32
              #     ^^^^^^^^^^^^^ the DNS Service
          ports:
          - {port: 53, protocol: UDP}
          - {port: 53, protocol: TCP}
      `,
    },
    {
      yaml: np`
        podSelector: {}
        policyTypes: [Ingress]
        ingress:
        - from:
          - ipBlock:
              cidr: 10.244.0.0/16
              #     ^^^^^^^^^^^^^ pods
          ports:
          - {port: 8080, protocol: TCP}
      `,
    },
  ],
  good: [
    np`
      podSelector: {}
      policyTypes: [Egress]
      egress:
      - to:
        - namespaceSelector:
            matchLabels:
              kubernetes.io/metadata.name: kube-system
          podSelector:
            matchLabels:
              k8s-app: kube-dns
        ports:
        - {port: 53, protocol: UDP}
        - {port: 53, protocol: TCP}
    `,
  ],
  companions: ['single-address-block'],
  *check(context) {
    for (const { cidr, network, path, rule } of networksIn(context.policy)) {
      const known = KNOWN.get(cidr.canonical);
      if (known === undefined || rule.action !== 'Accept') continue;
      const way = known.startsWith('the address')
        ? 'Connections to a Service are judged by the pod behind it: select those pods.'
        : 'Plugins differ in whether a block matches pods: use selectors.';
      yield onValue(context, path, `${network.cidr} is ${known}. ${way}`);
    }
  },
};

export default rule;

/** Defaults of kubeadm, k3s, OpenShift, EKS and MicroK8s, from their documentation. */
const SERVICE_RANGES: readonly (readonly [range: string, of: string])[] = [
  ['10.96.0.0/12', 'kubeadm'],
  ['10.96.0.0/16', 'kubeadm'],
  ['10.43.0.0/16', 'k3s'],
  ['172.30.0.0/16', 'OpenShift'],
  ['172.20.0.0/16', 'EKS'],
  ['10.100.0.0/16', 'EKS'],
  ['10.152.183.0/24', 'MicroK8s'],
];
const POD_RANGES: readonly (readonly [range: string, of: string])[] = [
  ['10.244.0.0/16', 'Flannel'],
  ['10.42.0.0/16', 'k3s'],
  ['10.128.0.0/14', 'OpenShift'],
];

const KNOWN: ReadonlyMap<string, string> = new Map([
  ...SERVICE_RANGES.flatMap(([range, of]): [string, string][] => [
    [range, `the address range of Services in ${of} by default`],
    [addressIn(range, '10'), `the address of the DNS Service in ${of} by default`],
    [addressIn(range, '1'), `the address of the API server's Service in ${of} by default`],
  ]),
  ...POD_RANGES.map(([range, of]): [string, string] => [range, `the range of the pods in ${of} by default`]),
]);

/** `10.96.0.10/32` for `10.96.0.0/12`. */
function addressIn(range: string, last: string): string {
  const cidr = parseCidr(range.replace(/\d+\/\d+$/, `${last}/32`));
  return cidr.ok ? cidr.canonical : range;
}
