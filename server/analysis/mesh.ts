import type { Workload } from '../model/workload.ts';
import type { ClusterFacts } from './facts.ts';

/** A service mesh that changes the port at which connections between its workloads arrive. */
export interface Mesh {
  /** As messages name it. */
  readonly name: string;
  readonly port: number;
}

/** Istio, "Ambient and Kubernetes NetworkPolicy": traffic of the mesh arrives as HBONE on TCP 15008. */
const AMBIENT: Mesh = { name: 'the Istio ambient mesh', port: 15008 };

/** Linkerd, "Network policy" under "Common errors", and linkerd/linkerd2#15246: the proxies of meshed pods connect to each other on TCP 4143. */
const LINKERD: Mesh = { name: 'the Linkerd mesh', port: 4143 };

/** The mesh that a workload is in, by the labels and annotations of its pods and their namespace; `undefined` where none shows. */
export function meshOf({ namespaces }: ClusterFacts, { namespace, labels, linkerd, hostNetwork }: Workload): Mesh | undefined {
  if (hostNetwork) return undefined;
  const home = namespaces.get(namespace)?.value;
  const mode = labels['istio.io/dataplane-mode'] ?? home?.labels['istio.io/dataplane-mode'];
  if (mode === 'ambient') return AMBIENT;
  const inject = linkerd ?? home?.linkerd;
  return inject === 'enabled' || inject === 'ingress' ? LINKERD : undefined;
}
