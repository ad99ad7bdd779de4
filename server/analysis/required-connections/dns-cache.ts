import { memo } from '../../base/memo.ts';
import { parseIp, type Ip } from '../../base/ip.ts';
import type { Workload } from '../../model/workload.ts';
import type { Cluster, Located } from '../../workspace/cluster.ts';

/** NodeLocal DNSCache, as far as the workspace has it. */
export interface DnsCache {
  readonly workload: Located<Workload>;
  /** The addresses that it answers at, on every node. */
  readonly addresses: readonly Ip[];
}

/** The address of the add-on (kubernetes/website `nodelocaldns.md`). */
export const USUAL_ADDRESS = '169.254.20.10';

/** The DNS cache of a cluster: the pods with the option `-localip`, or the label of the add-on. */
export function dnsCache({ workloads }: Pick<Cluster, 'workloads'>): DnsCache | undefined {
  return cacheAmong(workloads);
}

const cacheAmong = memo(find);

function find(workloads: Cluster['workloads']): DnsCache | undefined {
  for (const workload of workloads) {
    const { dnsCache: texts, labels } = workload.value;
    if (!texts && labels['k8s-app'] !== 'node-local-dns') continue;
    const addresses = (texts ?? [USUAL_ADDRESS]).flatMap((text) => {
      const ip = parseIp(text);
      return ip.ok ? [ip] : [];
    });
    if (addresses.length > 0) return { workload, addresses };
  }
  return undefined;
}
