import { memoLast } from '../../base/memo.ts';
import { NAME_LABEL } from '../../model/namespace.ts';
import type { Caller, ScrapeCall, ServiceCall } from '../../model/caller.ts';

import { selects, type Labels } from '../../model/selector.ts';
import { targetPort } from '../../model/target-port.ts';
import type { Service, ServicePort, Workload } from '../../model/workload.ts';
import type { Cluster, Located } from '../../workspace/cluster.ts';
import { clusterFacts, type ClusterFacts } from '../facts.ts';
import { podsBehind, targetsOf, type RequiredConnection, type Target } from './targets.ts';
import { namedByClients } from './clients.ts';
import { knownCallers, serversOf } from './known-callers.ts';

/** How many required connections of a cluster are listed. */
const MAX_REQUIRED_CONNECTIONS = 5000;

/** How many Services and pods are examined for all monitors together. */
const MAX_MONITOR_CANDIDATES = 200_000;

/** Required connections by their first target and by their first source, which is where a blocked one is reported. */
export interface ByEndpoint {
  readonly to: ReadonlyMap<Workload, readonly RequiredConnection[]>;
  readonly from: ReadonlyMap<Workload, readonly RequiredConnection[]>;
}

/** The required connections of a cluster, by kind. */
export type RequiredConnections = Readonly<Record<RequiredConnection['kind'], ByEndpoint>>;

interface GatheredConnections extends Pick<Cluster, 'callers' | 'services'> {
  readonly connections: RequiredConnections;
}

/** The connections to pods that a cluster depends on. What leads to no known pods is left out. Policies play no part in it. */
export function requiredConnections(cluster: Cluster): RequiredConnections {
  return requiredIn(cluster.workloads, cluster).connections;
}

const requiredIn = memoLast(
  (previous: GatheredConnections, { callers, services }: Cluster) => previous.callers === callers && previous.services === services,
  (_: Cluster['workloads'], cluster: Cluster): GatheredConnections => ({
    callers: cluster.callers,
    services: cluster.services,
    connections: findRequired(cluster),
  }),
);

function findRequired(cluster: Cluster): RequiredConnections {
  const connections = {
    scrape: emptyByEndpoint(),
    webhook: emptyByEndpoint(),
    ingress: emptyByEndpoint(),
    client: emptyByEndpoint(),
    replica: emptyByEndpoint(),
  };
  let left = MAX_REQUIRED_CONNECTIONS;
  for (const one of listed(cluster)) {
    const { to, from } = connections[one.kind];
    put(to, one.targets[0]?.workload.value, one);
    put(from, one.sources[0]?.workload.value, one);
    if (--left === 0) break;
  }
  return connections;
}

function emptyByEndpoint(): { readonly to: Map<Workload, RequiredConnection[]>; readonly from: Map<Workload, RequiredConnection[]> } {
  return { to: new Map(), from: new Map() };
}

function put(map: Map<Workload, RequiredConnection[]>, workload: Workload | undefined, one: RequiredConnection): void {
  if (!workload) return;
  const list = map.get(workload);
  if (list) list.push(one);
  else map.set(workload, [one]);
}

function* listed(cluster: Cluster): Generator<RequiredConnection> {
  const facts = clusterFacts(cluster);
  const budget = { left: MAX_MONITOR_CANDIDATES };
  for (const placed of cluster.callers) {
    for (const call of placed.value.calls) {
      if (call.kind === 'service') yield* callOf(placed, call, cluster, facts);
      if (call.kind === 'scrape') yield* scrapesOf(placed, call, cluster, facts, budget);
    }
  }
  yield* annotated(cluster);
  yield* namedByClients(cluster);
}

function* callOf({ key, value }: Located<Caller>, call: ServiceCall, cluster: Cluster, facts: ClusterFacts): Generator<RequiredConnection> {
  const service = (facts.servicesIn.get(call.namespace) ?? []).find((one) => one.value.name === call.service)?.value;
  const port = service && portOf(service, call);
  const targets = service && port ? targetsOf(facts, service, port) : [];
  // Pods whose ports are not known may be reachable anyway.
  if (!service || targets.length === 0 || targets.length < podsBehind(facts, service).length) return;
  const callers = knownCallers(cluster);
  const isWebhook = call.by === 'api-server';
  const isFromPods = !isWebhook && call.by !== 'load-balancer';
  const sources = isWebhook ? callers.apiServers : isFromPods ? serversOf(call, callers) : [];
  yield {
    kind: isWebhook ? 'webhook' : 'ingress',
    name: nameOf(value),
    sources,
    outside: !isFromPods ? 'only' : sources.length === 0 ? 'also' : 'no',
    unknownPods: isWebhook ? HOST_NETWORK : isFromPods && sources.length === 0 ? [UNKNOWN_POD, ...proxiesOf(call)] : [],
    targets,
    reason: { key, path: call.path, message: `${nameOf(value)} routes to Service ${call.namespace}/${call.service}.` },
  };
}

/** The port of a Service that a call means. A router looks for the target port, by number or name, before the port of the Service. */
function portOf({ ports }: Service, { by, port }: ServiceCall): ServicePort | undefined {
  if (port === undefined) return ports.length === 1 ? ports[0] : undefined;
  const target = by === 'router' ? ports.find((one) => one.targetPort === port) : undefined;
  return target ?? ports.find((one) => port === one.port || port === one.name);
}

/**
 * By these labels OpenShift lets NetworkPolicies mean the host network, and the API server in it (docs.redhat.com, "Network policy", label
 * policy-group.network.openshift.io/host-network).
 */
const HOST_NETWORK: RequiredConnection['unknownPods'] = [
  { namespace: { 'policy-group.network.openshift.io/host-network': '' }, labels: {}, complete: true },
  { namespace: { [NAME_LABEL]: 'openshift-kube-apiserver' }, labels: { app: 'openshift-kube-apiserver' }, complete: true },
];

/** A pod of which nothing is known, so it is not taken for one of the pods' own namespace. */
const UNKNOWN_POD = { namespace: {}, labels: {} };

/** The proxy of a Gateway may live where the Gateway does. */
function proxiesOf({ gateways = [] }: ServiceCall): RequiredConnection['unknownPods'] {
  return gateways.map(({ namespace }) => ({ namespace: { [NAME_LABEL]: namespace }, labels: {} }));
}

function* scrapesOf(
  { key, value }: Located<Caller>,
  call: ScrapeCall,
  cluster: Cluster,
  facts: ClusterFacts,
  budget: { left: number },
): Generator<RequiredConnection> {
  const { selector, namespaces, of, port: scrapePort } = call;
  if (selector.unreadable !== undefined) return;
  const { workloadsIn, servicesIn } = facts;
  const from = { name: nameOf(value), reason: { key, path: call.path, message: `${nameOf(value)} collects these metrics.` } };
  for (const namespace of namespaces === 'all' ? new Set([...workloadsIn.keys(), ...servicesIn.keys()]) : namespaces) {
    const candidates: readonly Located<Workload | Service>[] = (of === 'pods' ? workloadsIn : servicesIn).get(namespace) ?? [];
    budget.left -= candidates.length;
    if (budget.left < 0) return;
    const targets =
      of === 'pods'
        ? (workloadsIn.get(namespace) ?? [])
            .filter((pod) => selects(selector, pod.value.labels))
            .flatMap((workload) => targetAt(workload, scrapePort.port) ?? [])
        : (servicesIn.get(namespace) ?? [])
            .filter((one) => selects(selector, one.value.labels ?? {}))
            .flatMap((one) => scrapedBehind(facts, one.value, call));
    for (const target of targets)
      yield* knownCallers(cluster).scrapers.length > 0 ? scrapeOf(target, from, cluster) : [byOperator(target, from)];
  }
}

/** A monitor is for the operator, whose Prometheus is a custom resource: its pods are in no workspace, and may be anywhere. */
function byOperator(target: Target, from: Pick<RequiredConnection, 'name' | 'reason'>): RequiredConnection {
  const beside = { [NAME_LABEL]: target.workload.value.namespace };
  const unknownPods = [UNKNOWN_POD, { namespace: beside, labels: OPERATED }];
  return { kind: 'scrape', ...from, sources: [], outside: 'also', unknownPods, targets: [target] };
}

/** Labels of the pods that prometheus-operator makes (its `pkg/prometheus/server/statefulset.go`). */
const OPERATED: Labels = { 'app.kubernetes.io/name': 'prometheus', 'app.kubernetes.io/managed-by': 'prometheus-operator' };

function scrapedBehind(facts: ClusterFacts, service: Service, { port: { at, port } }: ScrapeCall): readonly Target[] {
  if (at === 'pod') return podsBehind(facts, service).flatMap((workload) => targetAt(workload, port) ?? []);
  return service.ports.filter(({ name }) => name === port).flatMap((one) => targetsOf(facts, service, one));
}

function targetAt(workload: Located<Workload>, target: number | string): Target | undefined {
  const port = targetPort(workload.value, target, 'TCP');
  return port === undefined || workload.value.hostNetwork ? undefined : { workload, protocol: 'TCP', port };
}

/** Without a port in the annotations every declared port is tried: sure only where that is one. */
function* annotated(cluster: Cluster): Generator<RequiredConnection> {
  for (const workload of cluster.workloads) {
    const { scrape, ports } = workload.value;
    if (!scrape) continue;
    const declared = ports.filter(({ protocol }) => protocol === 'TCP');
    const port = scrape.port ?? (declared.length === 1 ? declared[0]?.port : undefined);
    const target = port === undefined ? undefined : targetAt(workload, port);
    const reason = { key: workload.key, path: scrape.path, message: 'The annotation requests that these metrics are collected.' };
    if (target) yield* scrapeOf(target, { name: 'The annotation', reason }, cluster);
  }
}

/** Pods that collect metrics reach themselves. */
function* scrapeOf(target: Target, from: Pick<RequiredConnection, 'name' | 'reason'>, cluster: Cluster): Generator<RequiredConnection> {
  const { scrapers } = knownCallers(cluster);
  if (scrapers.length === 0 || scrapers.some(({ workload }) => workload === target.workload)) return;
  yield { kind: 'scrape', ...from, sources: scrapers, outside: 'no', unknownPods: [], targets: [target] };
}

function nameOf({ kind, namespace, name }: Caller): string {
  return `${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`;
}
