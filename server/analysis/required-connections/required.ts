import { NAME_LABEL } from '../../model/namespace.ts';
import type { Caller, ScrapeCall, ServiceCall } from '../../model/caller.ts';
import type { Protocol } from '../../model/policy.ts';
import { selects, type Labels } from '../../model/selector.ts';
import { targetPort } from '../../model/target-port.ts';
import type { Service, ServicePort, Workload } from '../../model/workload.ts';
import type { Cluster, Placed } from '../../workspace/cluster.ts';
import { clusterFacts, type ClusterFacts } from '../facts.ts';
import type { Related } from '../related.ts';
import { knownCallers, serversOf, type KnownCaller } from './known-callers.ts';

/** A connection that an object of the cluster counts on. */
export interface Wanted {
  readonly sort: 'scrape' | 'webhook' | 'ingress';
  /** What counts on it: `Ingress shop/web`. */
  readonly name: string;
  /** Who is known to open it. One that gets through is enough. */
  readonly sources: readonly KnownCaller[];
  /** May it come from an address outside the cluster as well: that of the API server, of a node, of a load balancer? */
  readonly outside: boolean;
  /** Pods that nobody knows but that may open it as well, by what is known of them. */
  readonly strangers: readonly { readonly namespace: Labels; readonly labels: Labels }[];
  /** Where it arrives. One that lets it in is enough. */
  readonly targets: readonly Target[];
  /** Where it is asked for. */
  readonly reason: Related;
}

/** A port of pods. */
export interface Target {
  readonly workload: Placed<Workload>;
  readonly protocol: Protocol;
  readonly port: number;
}

/** As many as are listed, at most. */
const MOST = 5000;

/** Services and pods that are looked at for all monitors together, at most. */
const MOST_LOOKS = 200_000;

/** Wanted connections by their first target and by their first source, which is where they are found to be cut. */
export interface ByEnd {
  readonly to: ReadonlyMap<Workload, readonly Wanted[]>;
  readonly from: ReadonlyMap<Workload, readonly Wanted[]>;
}

/** The wanted connections of a cluster, by sort. */
export type WantedConnections = Readonly<Record<Wanted['sort'], ByEnd>>;

interface Known extends Pick<Cluster, 'callers' | 'services'> {
  readonly wanted: WantedConnections;
}

const memo = new WeakMap<Cluster['workloads'], Known>();

/** The connections to pods that a cluster counts on. What leads to no known pods is left out. No policy has a say in it. */
export function wantedIn(cluster: Cluster): WantedConnections {
  const known = memo.get(cluster.workloads);
  if (known?.callers === cluster.callers && known.services === cluster.services) return known.wanted;
  const wanted = { scrape: emptyEnds(), webhook: emptyEnds(), ingress: emptyEnds() };
  let left = MOST;
  for (const one of listed(cluster)) {
    const { to, from } = wanted[one.sort];
    put(to, one.targets[0]?.workload.value, one);
    put(from, one.sources[0]?.workload.value, one);
    if (--left === 0) break;
  }
  memo.set(cluster.workloads, { callers: cluster.callers, services: cluster.services, wanted });
  return wanted;
}

function emptyEnds(): { readonly to: Map<Workload, Wanted[]>; readonly from: Map<Workload, Wanted[]> } {
  return { to: new Map(), from: new Map() };
}

function put(map: Map<Workload, Wanted[]>, workload: Workload | undefined, one: Wanted): void {
  if (!workload) return;
  const list = map.get(workload);
  if (list) list.push(one);
  else map.set(workload, [one]);
}

/** The pods behind a port of a Service, with the port that connections arrive at; those in the host's network are the node itself. */
export function targetsOf(facts: ClusterFacts, service: Service, { targetPort: asked, protocol }: ServicePort): readonly Target[] {
  return podsBehind(facts, service).flatMap((workload): readonly Target[] => {
    const port = targetPort(workload.value, asked, protocol);
    return port === undefined ? [] : [{ workload, protocol, port }];
  });
}

/** The known pods that a Service selects. */
export function podsBehind({ workloadsIn }: ClusterFacts, { selector, namespace }: Service): readonly Placed<Workload>[] {
  if (!selector || selector.unreadable !== undefined) return [];
  return (workloadsIn.get(namespace) ?? []).filter(({ value }) => !value.hostNetwork && selects(selector, value.labels));
}

function* listed(cluster: Cluster): Generator<Wanted> {
  const facts = clusterFacts(cluster);
  const looks = { left: MOST_LOOKS };
  for (const placed of cluster.callers) {
    for (const call of placed.value.calls) {
      if (call.sort === 'service') yield* callOf(placed, call, cluster, facts);
      if (call.sort === 'scrape') yield* scrapesOf(placed, call, cluster, facts, looks);
    }
  }
  yield* annotated(cluster);
}

function* callOf({ key, value }: Placed<Caller>, call: ServiceCall, cluster: Cluster, facts: ClusterFacts): Generator<Wanted> {
  const service = (facts.servicesIn.get(call.namespace) ?? []).find((one) => one.value.name === call.service)?.value;
  const port = service?.ports.find((one) => call.port === one.port || call.port === one.name);
  const targets = service && port ? targetsOf(facts, service, port) : [];
  // Pods whose ports are not known may be open all the same.
  if (!service || targets.length === 0 || targets.length < podsBehind(facts, service).length) return;
  const callers = knownCallers(cluster);
  const isWebhook = call.by === 'api-server';
  const sources = isWebhook ? callers.apiServers : serversOf(call, callers);
  yield {
    sort: isWebhook ? 'webhook' : 'ingress',
    name: nameOf(value),
    sources,
    outside: isWebhook || sources.length === 0,
    strangers: isWebhook ? [KUBE_SYSTEM] : sources.length === 0 ? [ELSEWHERE, ...proxiesOf(call)] : [],
    targets,
    reason: { key, path: call.path, message: `${nameOf(value)} leads to Service ${call.namespace}/${call.service} here` },
  };
}

/** Some managed clusters let the API server in through an agent that is a pod of this namespace (konnectivity-agent). */
const KUBE_SYSTEM = { namespace: { [NAME_LABEL]: 'kube-system' }, labels: {} };

/** A pod of which nothing is known, so it is not taken for one of the pods' own namespace. */
const ELSEWHERE = { namespace: {}, labels: {} };

/** The proxy of a Gateway may live where the Gateway does. */
function proxiesOf({ gateways = [] }: ServiceCall): Wanted['strangers'] {
  return gateways.map(({ namespace }) => ({ namespace: { [NAME_LABEL]: namespace }, labels: {} }));
}

function* scrapesOf(
  { key, value }: Placed<Caller>,
  call: ScrapeCall,
  cluster: Cluster,
  facts: ClusterFacts,
  looks: { left: number },
): Generator<Wanted> {
  const { selector, namespaces, of, port: asked } = call;
  if (selector.unreadable !== undefined) return;
  const { workloadsIn, servicesIn } = facts;
  const from = { name: nameOf(value), reason: { key, path: call.path, message: `${nameOf(value)} asks for these metrics` } };
  for (const namespace of namespaces === 'all' ? new Set([...workloadsIn.keys(), ...servicesIn.keys()]) : namespaces) {
    const candidates: readonly Placed<Workload | Service>[] = (of === 'pods' ? workloadsIn : servicesIn).get(namespace) ?? [];
    looks.left -= candidates.length;
    if (looks.left < 0) return;
    const targets =
      of === 'pods'
        ? (workloadsIn.get(namespace) ?? [])
            .filter((pod) => selects(selector, pod.value.labels))
            .flatMap((workload) => targetAt(workload, asked.port) ?? [])
        : (servicesIn.get(namespace) ?? [])
            .filter((one) => selects(selector, one.value.labels ?? {}))
            .flatMap((one) => scrapedBehind(facts, one.value, call));
    for (const target of targets)
      yield* knownCallers(cluster).scrapers.length > 0 ? scrapeOf(target, from, cluster) : [byOperator(target, from)];
  }
}

/** A monitor is for the operator, whose Prometheus is a custom resource: its pods are in no workspace, and may be anywhere. */
function byOperator(target: Target, from: Pick<Wanted, 'name' | 'reason'>): Wanted {
  const beside = { [NAME_LABEL]: target.workload.value.namespace };
  const strangers = [ELSEWHERE, { namespace: beside, labels: OPERATED }];
  return { sort: 'scrape', ...from, sources: [], outside: true, strangers, targets: [target] };
}

/** Labels of the pods that prometheus-operator makes (its `pkg/prometheus/server/statefulset.go`). */
const OPERATED: Labels = { 'app.kubernetes.io/name': 'prometheus', 'app.kubernetes.io/managed-by': 'prometheus-operator' };

function scrapedBehind(facts: ClusterFacts, service: Service, { port: { at, port } }: ScrapeCall): readonly Target[] {
  if (at === 'pod') return podsBehind(facts, service).flatMap((workload) => targetAt(workload, port) ?? []);
  return service.ports.filter(({ name }) => name === port).flatMap((one) => targetsOf(facts, service, one));
}

function targetAt(workload: Placed<Workload>, asked: number | string): Target | undefined {
  const port = targetPort(workload.value, asked, 'TCP');
  return port === undefined || workload.value.hostNetwork ? undefined : { workload, protocol: 'TCP', port };
}

/** Without a port in the annotations every declared port is tried: sure only where that is one. */
function* annotated(cluster: Cluster): Generator<Wanted> {
  for (const workload of cluster.workloads) {
    const { scrape, ports } = workload.value;
    if (!scrape) continue;
    const declared = ports.filter(({ protocol }) => protocol === 'TCP');
    const port = scrape.port ?? (declared.length === 1 ? declared[0]?.port : undefined);
    const target = port === undefined ? undefined : targetAt(workload, port);
    const reason = { key: workload.key, path: scrape.path, message: 'The annotation asks for these metrics' };
    if (target) yield* scrapeOf(target, { name: 'The annotation', reason }, cluster);
  }
}

/** Pods that collect metrics reach themselves. */
function* scrapeOf(target: Target, from: Pick<Wanted, 'name' | 'reason'>, cluster: Cluster): Generator<Wanted> {
  const { scrapers } = knownCallers(cluster);
  if (scrapers.length === 0 || scrapers.some(({ workload }) => workload === target.workload)) return;
  yield { sort: 'scrape', ...from, sources: scrapers, outside: false, strangers: [], targets: [target] };
}

function nameOf({ kind, namespace, name }: Caller): string {
  return `${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`;
}
