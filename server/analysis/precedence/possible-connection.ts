import type { EndpointExample } from '../../eval/endpoint-example.ts';
import type { Case } from '../../eval/subsume.ts';
import { isInSet, subjectSet } from '../../model/endpoint-set.ts';
import { NAME_LABEL } from '../../model/namespace.ts';
import type { Policy } from '../../model/policy.ts';
import type { Labels } from '../../model/selector.ts';
import type { Cluster } from '../../workspace/cluster.ts';
import { clusterFacts } from '../facts.ts';

/** A pod, and a connection as seen from it. */
export interface PossibleConnection {
  readonly own: EndpointExample;
  readonly connection: Case;
}

/**
 * A connection that follows from selectors alone, as it could be in a cluster: a namespace that a manifest defines has the labels that it
 * is given there, one namespace has the same labels at both ends, and where nodes are known, a node is one of them. A namespace that is
 * known by its labels loses a name that does not matter. `undefined` where nothing of the kind `holds`.
 */
export function possibleConnection(
  cluster: Cluster | undefined,
  found: PossibleConnection,
  holds: (one: PossibleConnection) => boolean,
): PossibleConnection | undefined {
  for (const [own, other] of NAMINGS) {
    const renamed = { own: named(found.own, own), connection: named(found.connection, other) };
    const labelled = inKnownNamespaces(cluster, renamed);
    const match = labelled && onKnownNodes(cluster, labelled).find(holds);
    if (match) return { own: withoutName(match.own, own), connection: withoutName(match.connection, other) };
  }
  return undefined;
}

/** Does a policy select a pod with just these labels? */
export function selectsExample(policy: Policy, { pod }: EndpointExample): boolean {
  if (!pod) return false;
  const end = { pod: { labels: { labels: pod.labels }, namespace: { labels: pod.namespace }, hostNetwork: false } };
  return isInSet(subjectSet(policy), end) === 'yes';
}

/** Names that no namespace has, for both ends; `undefined` leaves the name as it is. The first that holds says the most. */
const NAMINGS: readonly (readonly [string | undefined, string | undefined])[] = [
  ['any namespace', 'another namespace'],
  [undefined, 'another namespace'],
  ['any namespace', undefined],
  [undefined, undefined],
];

/** A namespace without other labels keeps its name: nothing else would tell it. */
function named<T extends EndpointExample>(end: T, name: string | undefined): T {
  const { pod } = end;
  if (name === undefined || !pod || Object.keys(pod.namespace).every((key) => key === NAME_LABEL)) return end;
  return { ...end, pod: { ...pod, namespace: { ...pod.namespace, [NAME_LABEL]: name } } };
}

function withoutName<T extends EndpointExample>(end: T, name: string | undefined): T {
  const { [NAME_LABEL]: own, ...labels } = end.pod?.namespace ?? {};
  return end.pod && name !== undefined && own === name ? { ...end, pod: { ...end.pod, namespace: labels } } : end;
}

function inKnownNamespaces(cluster: Cluster | undefined, { own, connection }: PossibleConnection): PossibleConnection | undefined {
  const together = united(own.pod?.namespace, connection.pod?.namespace);
  if (!together) return undefined;
  const [mine, other] = together.map((labels) => (labels && cluster ? labelsIn(cluster, labels) : labels));
  return {
    own: own.pod && mine ? { ...own, pod: { ...own.pod, namespace: mine } } : own,
    connection: connection.pod && other ? { ...connection, pod: { ...connection.pod, namespace: other } } : connection,
  };
}

/** The labels of the namespaces at both ends, united where it is one namespace; `undefined` where one key would have two values. */
function united(one: Labels | undefined, other: Labels | undefined): readonly [Labels | undefined, Labels | undefined] | undefined {
  if (!one || !other || one[NAME_LABEL] === undefined || one[NAME_LABEL] !== other[NAME_LABEL]) return [one, other];
  if (Object.entries(one).some(([key, value]) => (other[key] ?? value) !== value)) return undefined;
  const both = { ...one, ...other };
  return [both, both];
}

/** A namespace that a manifest defines has its labels and no others. */
function labelsIn(cluster: Cluster, labels: Labels): Labels {
  const name = labels[NAME_LABEL];
  const { defined, namespaces } = clusterFacts(cluster);
  const found = name !== undefined && defined.has(name) ? namespaces.get(name) : undefined;
  return found && name !== undefined ? { ...found.value.labels, [NAME_LABEL]: name } : labels;
}

/** The range that gave the address of an example may hold that of another node. */
function onKnownNodes(cluster: Cluster | undefined, one: PossibleConnection): readonly PossibleConnection[] {
  const { own, connection } = one;
  if (!connection.node || !cluster || cluster.nodes.length === 0) return [one];
  return cluster.nodes.flatMap(({ value: { labels, ips } }) =>
    ips.map((address) => ({ own, connection: { ...connection, node: labels, address } })),
  );
}
