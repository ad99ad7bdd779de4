import { memo } from '../base/memo.ts';
import type { Cluster } from '../workspace/cluster.ts';

/** What the manifests tell about who runs the cluster. */
export interface Distribution {
  /** A cloud that runs the API server, which then listens on TCP 443 (documentation of EKS, GKE and AKS). */
  readonly isManaged: boolean;
  readonly isOpenShift: boolean;
}

/** The distribution of a cluster, as far as its objects give it away; both are false where nothing does. */
export const distributionOf: (cluster: Cluster) => Distribution = memo(({ nodes, workloads, namespaces, callers, unevaluated }) => {
  const keys = [...nodes, ...workloads, ...namespaces].flatMap(({ value }) => Object.keys(value.labels));
  const groups = [...callers.flatMap(({ value }) => value.creates?.group ?? []), ...unevaluated.map(({ value }) => value.api)];
  const classes = callers.flatMap(({ value }) => value.calls.flatMap((call) => (call.kind === 'service' ? (call.className ?? []) : [])));
  const isRouted = callers.some(({ value }) => value.calls.some((call) => call.kind === 'service' && call.by === 'router'));
  return {
    isManaged:
      keys.some((key) => CLOUD_LABELS.test(key)) ||
      groups.some((group) => CLOUD_GROUPS.test(group)) ||
      classes.some((name) => CLOUD_CLASSES.has(name)),
    isOpenShift:
      isRouted || namespaces.some(({ value }) => value.name.startsWith('openshift-')) || keys.some((key) => OPENSHIFT_LABELS.test(key)),
  };
});

const CLOUD_LABELS = /^(?:eks\.amazonaws\.com|alpha\.eksctl\.io|cloud\.google\.com|kubernetes\.azure\.com|azure\.workload\.identity)\//;
const CLOUD_GROUPS = /(?:^|\.)(?:gke\.io|cloud\.google\.com|cnrm\.cloud\.google\.com|k8s\.aws|eks\.amazonaws\.com|azure\.com)$/;
const CLOUD_CLASSES: ReadonlySet<string> = new Set([
  'alb',
  'gce',
  'gce-internal',
  'azure-application-gateway',
  'azure/application-gateway',
  'webapprouting.kubernetes.azure.com',
]);
const OPENSHIFT_LABELS = /(?:^|\.)openshift\.io\//;
