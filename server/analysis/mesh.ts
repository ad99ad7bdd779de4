import type { Workload } from '../model/workload.ts';
import type { ClusterFacts } from './facts.ts';

/** A service mesh that changes the port at which connections between its workloads arrive. */
export interface Mesh {
  /** As messages name it. */
  readonly name: string;
  readonly port: number;
  /** Does every connection between workloads of the mesh arrive there, or only those on some ports? */
  readonly every: boolean;
  /** Ports whose connections arrive there, where not every one does. */
  readonly ports: readonly number[];
}

/** Istio, "Ambient and Kubernetes NetworkPolicy": traffic of the mesh arrives as HBONE on TCP 15008. */
const AMBIENT: Mesh = { name: 'the Istio ambient mesh', port: 15008, every: true, ports: [] };

/** Linkerd, "Protocol Detection" and "Ports in Linkerd": connections on opaque ports arrive at the proxy, on TCP 4143. */
const LINKERD_PORT = 4143;
const LINKERD_OPAQUE: readonly number[] = [25, 587, 3306, 4444, 5432, 6379, 9300, 11211];

/** The mesh that a workload is in, by the labels and annotations of its pods and their namespace; `undefined` where none shows. */
export function meshOf({ namespaces }: ClusterFacts, { namespace, labels, linkerd, hostNetwork }: Workload): Mesh | undefined {
  if (hostNetwork) return undefined;
  const home = namespaces.get(namespace)?.value;
  const mode = labels['istio.io/dataplane-mode'] ?? home?.labels['istio.io/dataplane-mode'];
  if (mode === 'ambient') return AMBIENT;
  const inject = (linkerd ?? home?.linkerd)?.inject;
  if (inject !== 'enabled' && inject !== 'ingress') return undefined;
  const written = linkerd?.opaquePorts ?? home?.linkerd?.opaquePorts;
  const ports = written === undefined ? LINKERD_OPAQUE : written.split(',').map(Number).filter(Number.isInteger);
  return { name: 'the Linkerd mesh', port: LINKERD_PORT, every: false, ports };
}
