import type { Caller } from '../../model/caller.ts';
import type { NamedHost, ReadConfigMap } from '../../model/client.ts';
import { targetPort } from '../../model/target-port.ts';
import type { Service, Workload } from '../../model/workload.ts';
import type { Cluster, ManifestKey, Located } from '../../workspace/cluster.ts';
import { clusterFacts, type ClusterFacts } from '../facts.ts';
import { podsBehind, type Target } from './targets.ts';

/** A workload whose manifest, or a ConfigMap that it reads, names a Service of the cluster. */
export interface NamedService {
  readonly client: Located<Workload>;
  readonly service: Located<Service>;
  /** The pods that the name leads to, on each port that may be meant. */
  readonly targets: readonly Target[];
  readonly host: NamedHost;
  /** The manifest that names it. */
  readonly key: ManifestKey;
}

/** Every Service that a workload of the cluster names. Names without a Service in the workspace are left out; each Service and port once. */
export function* namedServices(cluster: Cluster): Generator<NamedService> {
  const facts = clusterFacts(cluster);
  const configs = new Map(
    cluster.callers.flatMap((caller) =>
      caller.value.kind === 'ConfigMap' ? [[`${caller.value.namespace}/${caller.value.name}`, caller] as const] : [],
    ),
  );
  const readers = readersOf(cluster.workloads);
  for (const client of cluster.workloads) {
    const { client: settings, hostNetwork, namespace } = client.value;
    // Connections from the host's network come from the node.
    if (!settings || hostNetwork) continue;
    const seen = new Set<string>();
    const named = [
      ...(settings.hosts ?? []).map((host) => ({ host, key: client.key })),
      ...(settings.configMaps ?? []).flatMap((read) => {
        const config = configs.get(`${namespace}/${read.name}`);
        return config ? hostsFor(config, read, readers.get(`${namespace}/${read.name}`) ?? 0) : [];
      }),
    ];
    for (const { host, key } of named) {
      const found = resolve(facts, namespace, host);
      const id = found && `${found.service.key} ${found.targets.map(({ protocol, port }) => `${protocol} ${port}`).join()}`;
      if (!found || id === undefined || seen.has(id)) continue;
      seen.add(id);
      yield { client, host, key, ...found };
    }
  }
}

/** How many workloads read each ConfigMap, by namespace and name. */
function readersOf(workloads: Cluster['workloads']): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { value } of workloads) {
    const names = new Set((value.client?.configMaps ?? []).map(({ name }) => `${value.namespace}/${name}`));
    for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

/** So many workloads share a ConfigMap only as a list of all that there is. */
const MIN_SHARED_READERS = 3;

/**
 * The hosts that a ConfigMap names for a pod that reads it. Where many workloads read all of it, and it names several hosts, it is a list of
 * what there is, and says of none of them what it connects to.
 */
function hostsFor(
  { key, value }: Located<Caller>,
  { key: only }: ReadConfigMap,
  readers: number,
): readonly { readonly host: NamedHost; readonly key: ManifestKey }[] {
  const hosts = value.calls.flatMap((call) => (call.kind === 'hosts' ? call.hosts : []));
  const isList = only === undefined && readers >= MIN_SHARED_READERS && new Set(hosts.map(({ host }) => host)).size > 1;
  // What one of several programs needs from a file that they share is not known.
  const meant = hosts.filter(({ path, inFile }) => (only === undefined ? inFile !== true || readers === 1 : path.at(-1) === only));
  return isList ? [] : meant.map((host) => ({ host, key }));
}

type Resolved = Pick<NamedService, 'service' | 'targets'>;

/** The Service that a name means in a namespace (kubernetes/website `dns-pod-service.md`), and the ports of its pods. */
function resolve(facts: ClusterFacts, namespace: string, { host, port }: NamedHost): Resolved | undefined {
  for (const name of readings(host, namespace)) {
    const service = (facts.servicesIn.get(name.namespace) ?? []).find(({ value }) => value.name === name.service);
    if (!service || (name.ofPod && service.value.headless !== true)) continue;
    const targets = targetsOn(facts, service.value, port);
    return targets.length === 0 ? undefined : { service, targets };
  }
  return undefined;
}

interface ServiceName {
  readonly namespace: string;
  readonly service: string;
  /** The name of one pod behind a headless Service. */
  readonly ofPod: boolean;
}

/** `service`, `service.namespace`, with `.svc` and the domain behind it, and each with the name of a pod before it. */
function readings(host: string, home: string): readonly ServiceName[] {
  const labels = host.split('.');
  const svc = labels.indexOf('svc');
  const [a = '', b = '', c = ''] = labels;
  if (svc === 2) return [{ service: a, namespace: b, ofPod: false }];
  if (svc === 3) return [{ service: b, namespace: c, ofPod: true }];
  if (svc !== -1) return [];
  if (labels.length === 1) return [{ service: a, namespace: home, ofPod: false }];
  if (labels.length === 2)
    return [
      { service: b, namespace: home, ofPod: true },
      { service: a, namespace: b, ofPod: false },
    ];
  return labels.length === 3 ? [{ service: b, namespace: c, ofPod: true }] : [];
}

/** Where connections arrive: at the ports of the Service, behind a headless one at the port of the pods that the client names. */
function targetsOn(facts: ClusterFacts, service: Service, port: number | undefined): readonly Target[] {
  const pods = podsBehind(facts, service);
  const ports = service.ports.filter((one) => one.protocol === 'TCP' && (port === undefined || one.port === port));
  if (service.headless === true && port !== undefined) return pods.map((workload) => ({ workload, protocol: 'TCP', port }));
  return ports.flatMap((one) =>
    pods.flatMap((workload): readonly Target[] => {
      const target = targetPort(workload.value, one.targetPort, one.protocol);
      return target === undefined ? [] : [{ workload, protocol: one.protocol, port: target }];
    }),
  );
}
