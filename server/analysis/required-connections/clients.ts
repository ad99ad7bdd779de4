import { workloadName } from '../../eval/names.ts';
import type { ContainerPort, Workload } from '../../model/workload.ts';
import { selects } from '../../model/selector.ts';
import type { Cluster, Located } from '../../workspace/cluster.ts';
import { clusterFacts, type ClusterFacts } from '../facts.ts';
import type { KnownCaller } from './known-callers.ts';
import { namedServices } from './named-services.ts';
import type { RequiredConnection } from './targets.ts';

/**
 * The connections that workloads are configured to make, and those among the replicas of a StatefulSet: because it names
 * its own Service, or because it declares a port that only replicas use.
 */
export function* namedByClients(cluster: Cluster): Generator<RequiredConnection> {
  for (const { client, service, targets, host, key } of namedServices(cluster)) {
    const isOwn = targets.some(({ workload }) => workload === client);
    if (isOwn && !hasReplicas(client.value)) continue;
    // Behind a Service with several workloads the client needs one of them; among its own replicas, each other.
    const meant = isOwn ? targets.filter(({ workload }) => workload === client) : targets;
    const name = `Service ${service.value.namespace}/${service.value.name}`;
    yield {
      kind: isOwn ? 'replica' : 'client',
      name,
      sources: [callerOf(client)],
      outside: 'no',
      unknownPods: [],
      targets: meant,
      reason: { key, path: host.path, message: `Workload ${workloadName(client.value)} connects to '${host.host}': ${host.where}.` },
    };
  }
  yield* amongReplicas(cluster);
}

/** A workload as a source, with the label that tells best which one it is. */
export function callerOf(workload: Located<Workload>): KnownCaller {
  const { labels, generatedLabels = {} } = workload.value;
  const written = Object.entries(labels).filter(([key]) => !Object.hasOwn(generatedLabels, key));
  const rank = (key: string): number => (NAME_KEYS.includes(key) ? NAME_KEYS.indexOf(key) : NAME_KEYS.length);
  const [label] = written.toSorted(([a], [b]) => rank(a) - rank(b));
  return { workload, ...(label ? { label } : {}) };
}

const NAME_KEYS: readonly string[] = ['app.kubernetes.io/name', 'app', 'k8s-app', 'name', 'run'];

/** Two pods or more that connect to each other by name. */
function hasReplicas({ kind, replicas }: Workload): boolean {
  return kind === 'StatefulSet' && replicas?.count !== undefined && replicas.count > 1;
}

function* amongReplicas(cluster: Cluster): Generator<RequiredConnection> {
  const facts = clusterFacts(cluster);
  for (const workload of cluster.workloads) {
    const { value } = workload;
    if (!hasReplicas(value) || value.hostNetwork || !hasHeadlessService(facts, value)) continue;
    for (const port of value.ports.filter(isForReplicas)) {
      yield {
        kind: 'replica',
        name: workloadName(value),
        sources: [callerOf(workload)],
        outside: 'no',
        unknownPods: [],
        targets: [{ workload, protocol: port.protocol, port: port.port }],
        reason: { key: workload.key, path: port.path, message: `Its replicas connect to each other on port '${port.name ?? ''}'.` },
      };
    }
  }
}

/** apps/v1 StatefulSet: its headless Service gives each pod the name that the others find it by. */
function hasHeadlessService({ servicesIn }: ClusterFacts, { namespace, labels }: Workload): boolean {
  return (servicesIn.get(namespace) ?? []).some(
    ({ value: { headless, selector } }) =>
      headless === true && selector !== undefined && selector.unreadable === undefined && selects(selector, labels),
  );
}

/**
 * Names that databases, queues and caches give to the port between their members (charts of etcd, Vault, Cassandra, RabbitMQ, Elasticsearch,
 * ZooKeeper, Galera, Alertmanager, Redis Cluster, NATS, Kafka).
 */
function isForReplicas({ name }: ContainerPort): boolean {
  return (
    name !== undefined &&
    /^(?:(?:tcp|https?|tls|grpc)-)?(?:cluster(?:ing)?|cluster-rpc|peers?|gossip|raft|election|leader-election|follower|intra|intra-node|internode|tls-internode|epmd|dist|erlang|memberlist|mesh(?:-tcp|-udp)?|transport|galera|sst|ist|wsrep|bus|redis-bus|replication|controller|interbroker)$/.test(
      name,
    )
  );
}
