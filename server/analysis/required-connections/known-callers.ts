import { memo } from '../../base/memo.ts';
import type { GatewayName, ServiceCall } from '../../model/caller.ts';
import { runsOnce, type Workload } from '../../model/workload.ts';
import type { Cluster, Located } from '../../workspace/cluster.ts';

/** A workload that opens required connections, and the label to select it by; absent where it has none. */
export interface KnownCaller {
  readonly workload: Located<Workload>;
  readonly label?: readonly [key: string, value: string];
}

/** One that is known by its label. */
export interface LabelledCaller extends KnownCaller {
  readonly label: readonly [key: string, value: string];
}

/** The workloads of a cluster that collect metrics, bring in traffic from outside, or are the API server; as far as labels tell. */
export interface KnownCallers {
  readonly scrapers: readonly LabelledCaller[];
  readonly controllers: readonly LabelledCaller[];
  readonly apiServers: readonly LabelledCaller[];
}

/** Who calls others in this cluster. */
export function knownCallers({ workloads }: Pick<Cluster, 'workloads'>): KnownCallers {
  return callersAmong(workloads);
}

const callersAmong = memo((workloads: Cluster['workloads']): KnownCallers => ({
  // What runs in the host's network comes from the address of its node, like an unknown source.
  scrapers: find(workloads, SCRAPERS).filter(({ workload }) => !workload.value.hostNetwork),
  controllers: find(workloads, CONTROLLERS).filter(({ workload }) => !workload.value.hostNetwork),
  apiServers: find(workloads, API_SERVERS),
}));

/** The controllers or proxies that may serve an Ingress or a route; none where no known one does. */
export function serversOf({ by, className, gateways = [] }: ServiceCall, { controllers }: KnownCallers): readonly LabelledCaller[] {
  if (by === 'gateway') return controllers.filter(({ workload }) => gateways.some((gateway) => isProxyOf(workload.value, gateway)));
  if (by === 'router') return controllers.filter(({ label: [key] }) => key === ROUTER);
  if (className === undefined) return controllers.filter(({ label: [key] }) => key !== ROUTER);
  // `nginx`, `nginx-internal`, `external-traefik`; the controller of a class without such a word is unknown.
  return controllers.filter(({ label: [, value] }) => FAMILIES.some((word) => className.includes(word) && value.includes(word)));
}

/** Does another object say that the pods of the workload are the proxy of a Gateway? (gateway-api GEP-1762; Envoy Gateway's own labels.) */
function isProxyOf({ labels, namespace }: Workload, gateway: GatewayName): boolean {
  const owner = labels['gateway.envoyproxy.io/owning-gateway-namespace'] ?? namespace;
  const name = labels['gateway.networking.k8s.io/gateway-name'] ?? labels['gateway.envoyproxy.io/owning-gateway-name'];
  return name === gateway.name && owner === gateway.namespace;
}

type Labelled = readonly (readonly [key: string, values: readonly string[] | 'any'])[];

const NAME = 'app.kubernetes.io/name';

/**
 * Labels of their Helm charts and operators. The label `prometheus` alone says nothing: some give it to pods that are to be scraped, and
 * those of prometheus-operator have one of these besides.
 */
const SCRAPERS: Labelled = [
  [NAME, ['prometheus', 'prometheus-agent', 'vmagent', 'victoria-metrics-agent', 'grafana-agent', 'alloy', 'opentelemetry-collector']],
  ['app', ['prometheus', 'prometheus-server', 'vmagent']],
];

/** The router pods of OpenShift (openshift/cluster-ingress-operator `pkg/operator/controller/names.go`). */
const ROUTER = 'ingresscontroller.operator.openshift.io/deployment-ingresscontroller';

const CONTROLLERS: Labelled = [
  [ROUTER, 'any'],
  ['gateway.networking.k8s.io/gateway-name', 'any'],
  ['gateway.envoyproxy.io/owning-gateway-name', 'any'],
  [NAME, ['ingress-nginx', 'nginx-ingress', 'traefik', 'haproxy-ingress', 'kubernetes-ingress', 'kong', 'contour', 'envoy', 'ambassador']],
  ['app', ['ingress-nginx', 'nginx-ingress', 'traefik', 'envoy', 'istio-ingressgateway']],
  ['istio', ['ingressgateway']],
];

/** Words that both classes and the labels of their controllers have. */
const FAMILIES: readonly string[] = ['nginx', 'traefik', 'haproxy', 'kong', 'contour', 'ambassador', 'istio'];

/** The static pods of kubeadm, those of other installers, and the agent that managed clusters have for connections of theirs. */
const API_SERVERS: Labelled = [
  ['k8s-app', ['konnectivity-agent']],
  ['component', ['kube-apiserver']],
  ['k8s-app', ['kube-apiserver']],
  [NAME, ['kube-apiserver']],
];

function find(workloads: Cluster['workloads'], labelled: Labelled): readonly LabelledCaller[] {
  return workloads.flatMap((workload): readonly LabelledCaller[] => {
    // A Job of the same chart, such as the one that creates certificates, serves no clients.
    if (runsOnce(workload.value)) return [];
    for (const [key, values] of labelled) {
      const value = Object.hasOwn(workload.value.labels, key) ? workload.value.labels[key] : undefined;
      if (value !== undefined && (values === 'any' || values.includes(value))) return [{ workload, label: [key, value] }];
    }
    return [];
  });
}
