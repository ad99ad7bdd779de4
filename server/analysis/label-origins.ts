import { memo2 } from '../base/memo.ts';
import type { Cluster } from '../workspace/cluster.ts';

/** Labels of applications, which people and charts write into pod templates. */
const APPLICATION_DOMAINS: readonly string[] = ['app.kubernetes.io', 'helm.sh'];

/** Labels without a domain that a controller writes (Kubernetes reference, "Well-known labels"; Rook, the Zalando operator, Spark). */
const CONTROLLER_KEYS =
  /^(?:pod-template-hash|rollouts-pod-template-hash|pod-template-generation|controller-revision-hash|controller-uid|job-name|deployment|deploymentconfig|rook_[a-z_]+|ceph_[a-z_]+|spilo-role|spark-[a-z-]+|workflow-name|kubevirt\.io)$/;

/** Domains under which operators, meshes and Kubernetes itself label pods and namespaces. */
const OPERATOR_DOMAINS =
  /(?:^|\.)(?:kubernetes\.io|k8s\.io|istio\.io|linkerd\.io|knative\.dev|tekton\.dev|cert-manager\.io|cnpg\.io|strimzi\.io|longhorn\.io|rook\.io|kubevirt\.io|argoproj\.io|fluxcd\.io|openshift\.io|prometheus\.io|coreos\.com|elastic\.co|mongodb\.com|percona\.com|crunchydata\.com|zalan\.do|rabbitmq\.com|redis\.io|dragonflydb\.io|victoriametrics\.com|grafana\.com|min\.io|nats\.io|dapr\.io|hashicorp\.com|velero\.io|kruise\.io|ray\.io|kubeflow\.org|actions\.github\.com|gitlab\.com|jenkins\.io|keda\.sh|crossplane\.io|kyverno\.io|cattle\.io|rancher\.io|cilium\.io|projectcalico\.org|tigera\.io|antrea\.io|amazonaws\.com|azure\.com|gke\.io|cloud\.google\.com|altinity\.com|mariadb\.com|vitess\.io|apache\.org|flink\.apache\.org|agones\.dev|jobset\.sigs\.k8s\.io|open-cluster-management\.io|kubernetes\.azure\.com|oracle\.com|temporal\.io)$/;

/** The domain of a label key, `''` where it has none: `cnpg.io` of `cnpg.io/cluster`. */
function domainOf(key: string): string {
  const slash = key.indexOf('/');
  return slash === -1 ? '' : key.slice(0, slash);
}

/**
 * Who writes a label, where that is not the author of the pod template: an operator or a mesh, known by the domain of the label or by
 * the custom resources that are here. `undefined` for the labels of applications and those that pods here have written.
 */
export function foreignLabel(cluster: Cluster, key: string): string | undefined {
  if (CONTROLLER_KEYS.test(key)) return 'a controller writes that label';
  const domain = domainOf(key);
  if (domain === '' || APPLICATION_DOMAINS.includes(domain)) return undefined;
  const { groups, written } = originsIn(cluster);
  const group = groups.find((one) => isWithin(one, domain));
  if (group !== undefined) return `the operator of ${group} writes labels of ${domain}`;
  if (OPERATOR_DOMAINS.test(domain)) return `operators and controllers write labels of ${domain}`;
  return written.has(domain) ? undefined : `no pod template in this workspace has a label of ${domain}`;
}

/** Is it certain that something else than a pod template has the label? An unknown domain may be a typo. */
export function isOperatorLabel(cluster: Cluster, key: string): boolean {
  const domain = domainOf(key);
  if (CONTROLLER_KEYS.test(key)) return true;
  if (domain === '' || APPLICATION_DOMAINS.includes(domain)) return false;
  return OPERATOR_DOMAINS.test(domain) || originsIn(cluster).groups.some((group) => isWithin(group, domain));
}

interface Origins {
  /** API groups of the custom resources that are here. */
  readonly groups: readonly string[];
  /** The domains of labels that pod templates write. */
  readonly written: ReadonlySet<string>;
}

function originsIn({ workloads, callers }: Cluster): Origins {
  return originsOf(workloads, callers);
}

const originsOf = memo2((workloads: Cluster['workloads'], callers: Cluster['callers']): Origins => {
  const groups = new Set(callers.flatMap(({ value }) => value.creates?.group ?? []));
  const written = new Set<string>();
  for (const { value } of workloads)
    for (const key of Object.keys(value.labels)) if (!Object.hasOwn(value.generatedLabels ?? {}, key)) written.add(domainOf(key));
  return { groups: [...groups].sort(), written };
});

/** Does a label domain belong to an API group: the same, one below it, or one above it that is a registered name (`cnpg.io`)? */
function isWithin(group: string, domain: string): boolean {
  if (group === domain || domain.endsWith(`.${group}`)) return true;
  return group.endsWith(`.${domain}`) && domain.includes('.');
}
