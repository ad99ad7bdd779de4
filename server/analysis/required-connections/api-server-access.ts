import { addressesIn, hasAddress, type AddressRange } from '../../base/addresses.ts';
import { parseIp } from '../../base/ip.ts';
import type { Evaluation } from '../../eval/evaluate.ts';
import { NAME_LABEL } from '../../model/namespace.ts';
import type { Cluster } from '../../workspace/cluster.ts';
import { EXAMPLE_ADDRESS } from '../witness/pairs.ts';
import { knownCallers } from './known-callers.ts';
import { isFullyReadable, mayAccept, mayPass } from './open-to.ts';
import { openAddresses } from './outside-access.ts';

/**
 * What policies leave to a class of pods of the way to the API server.
 * `service-port`: addresses at large on 443 only; `service-address`: the address of the Service kubernetes.default only; `selector`: pods that
 * a selector matches, and the API server is none; `denied`: nothing.
 */
export type ApiServerAccess = 'open' | 'service-port' | 'service-address' | 'selector' | 'denied';

/** kubernetes/website `ports-and-protocols.md` (6443); minikube (8443); MicroK8s (16443). */
const OWN_PORTS = [6443, 8443, 16443];

/** The port of the Service kubernetes.default, and of the API servers of managed clusters. */
const SERVICE_PORT = 443;

/** The access of a class of pods, by its index. `open` where it is not sure. */
export function apiServerAccess(evaluation: Evaluation, cluster: Cluster, id: number): ApiServerAccess {
  const ports = [...OWN_PORTS, SERVICE_PORT].map((port) => ({ protocol: 'TCP', port }) as const);
  const { apiServers } = knownCallers(cluster);
  const isSure =
    isFullyReadable(evaluation, 'egress', id) &&
    ports.every(
      (at) =>
        !apiServers.some(
          ({ workload }) => !workload.value.hostNetwork && mayPass(evaluation, id, evaluation.space.classOf.get(workload.value) ?? -1, at),
        ),
    );
  if (!isSure) return 'open';
  const [onService = [], ...own] = [SERVICE_PORT, ...OWN_PORTS].map((port) =>
    openAddresses(evaluation, 'egress', id, { protocol: 'TCP', port }),
  );
  if (own.some((ranges) => ranges.length > 0)) return own.some((ranges) => !isServiceAddress(ranges)) ? 'open' : 'service-address';
  if (onService.length > 0) return isServiceAddress(onService) ? 'service-address' : isAtLarge(onService) ? 'service-port' : 'open';
  // Names of hosts, nodes, and what else is neither a block nor a selector may lead there.
  if (ports.some((at) => mayAccept(evaluation, 'egress', id, { kind: 'outside', ...at }))) return 'open';
  return ports.some((at) => HOMES.some((home) => mayAccept(evaluation, 'egress', id, { kind: 'pod', ...home, ...at })))
    ? 'selector'
    : 'denied';
}

/** By which pods people mean the API server: its static pods, or whatever is in the namespace of its Service. */
const HOMES = [
  { namespace: { [NAME_LABEL]: 'kube-system' }, labels: { component: 'kube-apiserver' } },
  { namespace: { [NAME_LABEL]: 'openshift-kube-apiserver' }, labels: { app: 'openshift-kube-apiserver' } },
  { namespace: { [NAME_LABEL]: 'default' }, labels: {} },
];

/** Blocks as large as the Internet: they were not written with the address of the API server in mind. */
function isAtLarge(ranges: readonly AddressRange[]): boolean {
  return EXAMPLE_ADDRESS.kind === 'address' && hasAddress(addressesIn(ranges), EXAMPLE_ADDRESS.ip);
}

/**
 * The first address of the ranges that installers give to Services is that of kubernetes.default: kubeadm and kind, k3s, EKS, kubespray,
 * OpenShift, MicroK8s, AKS and GKE.
 */
const SERVICE_ADDRESSES: readonly string[] = [
  '10.96.0.1',
  '10.43.0.1',
  '172.20.0.1',
  '10.100.0.1',
  '10.233.0.1',
  '172.30.0.1',
  '10.152.183.1',
  '10.0.0.1',
  '34.118.224.1',
];

function isServiceAddress(ranges: readonly AddressRange[]): boolean {
  const addresses = SERVICE_ADDRESSES.flatMap((text) => {
    const ip = parseIp(text);
    return ip.ok ? [ip] : [];
  });
  return ranges.every(({ family, from, to }) => from === to && addresses.some((ip) => ip.family === family && ip.value === from));
}
