import { memo } from '../base/memo.ts';
import { KUBE_SYSTEM } from '../model/namespace.ts';
import { selects } from '../model/selector.ts';
import type { Protocol } from '../base/ports.ts';
import { targetPort } from '../model/target-port.ts';
import type { Workload } from '../model/workload.ts';
import type { Cluster, Located } from '../workspace/cluster.ts';
import { clusterFacts, type ClusterFacts } from './facts.ts';

/** A workload that answers DNS, and the ports of its pods that questions arrive at. */
export interface DnsServer {
  readonly workload: Located<Workload>;
  readonly ports: readonly { readonly protocol: Protocol; readonly port: number }[];
  /** The label to select it by. */
  readonly label: readonly [key: string, value: string];
}

/**
 * Labels of the DNS that clusters come with: kubeadm and most clouds (`kube-dns` for CoreDNS too), Helm's CoreDNS chart, OpenShift, whose
 * pods listen on 5353 (opendatahub-io/models-as-a-service#1503).
 */
export const DNS_LABELS: readonly (readonly [string, string])[] = [
  ['k8s-app', 'kube-dns'],
  ['k8s-app', 'coredns'],
  ['app.kubernetes.io/name', 'coredns'],
  ['dns.operator.openshift.io/daemonset-dns', 'default'],
];

/** Where the DNS of a cluster runs; a CoreDNS in another namespace serves something else. */
const HOMES: readonly string[] = [KUBE_SYSTEM, 'openshift-dns', 'coredns', 'kube-dns'];

/** The DNS servers of a cluster, as far as they are known. */
export const dnsServers: (cluster: Cluster) => readonly DnsServer[] = memo((cluster) => find(clusterFacts(cluster)));

/** The first of some pods that is a DNS client: not a DNS server itself, and not on the host network. */
export function clientIn(pods: readonly Workload[], servers: readonly DnsServer[]): Workload | undefined {
  return pods.find((pod) => !pod.hostNetwork && !servers.some(({ workload }) => workload.value === pod));
}

function find(facts: ClusterFacts): readonly DnsServer[] {
  return HOMES.flatMap((name) => facts.workloadsIn.get(name) ?? []).flatMap((workload): readonly DnsServer[] => {
    const label = DNS_LABELS.find(([key, value]) => workload.value.labels[key] === value);
    return label && !workload.value.hostNetwork ? [{ workload, label, ports: portsOf(workload.value, facts) }] : [];
  });
}

/** Where the Service leads port 53; else what the pods declare as DNS; else 53. */
function portsOf(workload: Workload, { servicesIn }: ClusterFacts): DnsServer['ports'] {
  const fronts = (servicesIn.get(workload.namespace) ?? []).filter(
    ({ value }) => value.selector && selects(value.selector, workload.labels),
  );
  const led = fronts.flatMap(({ value }) =>
    value.ports.flatMap(({ port, protocol, targetPort: nameOrNumber }) => {
      const target = targetPort(workload, nameOrNumber, protocol);
      return port === 53 && target !== undefined ? [{ protocol, port: target }] : [];
    }),
  );
  if (led.length > 0) return unique(led);
  const declared = workload.ports.filter(({ name, port }) => /^dns/.test(name ?? '') || port === 53);
  return declared.length > 0
    ? unique(declared.map(({ protocol, port }) => ({ protocol, port })))
    : [
        { protocol: 'UDP', port: 53 },
        { protocol: 'TCP', port: 53 },
      ];
}

function unique(ports: DnsServer['ports']): DnsServer['ports'] {
  return ports.filter((one, i) => ports.findIndex(({ port, protocol }) => port === one.port && protocol === one.protocol) === i);
}
