import { memo } from '../../base/memo.ts';
import type { Workload } from '../../model/workload.ts';
import type { Cluster, Located } from '../../workspace/cluster.ts';
import { clusterFacts } from '../facts.ts';

/**
 * Where the parts of a cluster run that other things stop without: Kubernetes' own (kube-system), network plugins (Calico and its
 * operator, Flannel, Cilium), OpenShift's operators, service meshes and ingress controllers, by the namespaces their installers make.
 * Monitoring is not among them: whether it may be blocked is for its owner to say.
 */
const SYSTEM =
  /^(?:kube-system|kube-flannel|calico-system|calico-apiserver|tigera-operator|cilium|openshift-.+|istio-system|linkerd|ingress-nginx|metallb-system)$/;

/** The system pods of a cluster, as far as they are known. Those in the host's network are left out: no ClusterNetworkPolicy is about them. */
export const systemWorkloads: (cluster: Cluster) => readonly Located<Workload>[] = memo(find);

function find(cluster: Cluster): readonly Located<Workload>[] {
  return [...clusterFacts(cluster).workloadsIn]
    .filter(([namespace]) => SYSTEM.test(namespace))
    .flatMap(([, workloads]) => workloads.filter(({ value }) => !value.hostNetwork));
}
