import { count } from '../../base/english.ts';
import { touches, type Span } from '../../base/span.ts';
import { requiredConnections } from '../../analysis/required-connections/required.ts';
import type { RequiredConnection } from '../../analysis/required-connections/targets.ts';
import { endpointIndex, evaluationOf } from '../../eval/evaluate.ts';
import { workloadsByName, workloadName } from '../../eval/names.ts';
import { POLICY_KINDS } from '../../model/kinds.ts';
import { NAME_LABEL } from '../../model/namespace.ts';
import type { ManifestValue, PeerRequest, RuleRequest } from '../../model/rule-request.ts';
import { selectableLabels } from '../../model/selectable-labels.ts';
import type { Workload } from '../../model/workload.ts';
import type { Edit } from '../../syntax/edit.ts';
import { nodeAt, spanOf } from '../../syntax/locate-path.ts';
import type { PlacedManifest } from '../../syntax/source-file.ts';
import type { Cluster, Located } from '../../workspace/cluster.ts';
import { keyOf } from '../../workspace/locate.ts';
import { clusterFor } from '../../workspace/snapshot.ts';
import { normalizeUri } from '../../workspace/uri.ts';
import type { FeatureContext } from '../context.ts';
import { remediationEdits } from './remediation-edits.ts';

/** A policy for a workload, as an edit of the file of the workload. */
interface WorkloadPolicy {
  readonly title: string;
  /** In offsets of the whole file. */
  readonly edits: readonly Edit[];
}

/**
 * "Write a NetworkPolicy for shop/web": isolates the pods of a workload for ingress, and allows the connections that other manifests show to
 * be required. Offered on the kind, the name and the pod labels of a workload that nothing isolates yet; the policy goes to the end of the file.
 */
export function workloadPolicyFor(context: FeatureContext, placed: PlacedManifest, range: Span): readonly WorkloadPolicy[] {
  const { snapshot, uri } = context;
  const key = keyOf(snapshot, uri, placed);
  if (key === undefined) return [];
  const cluster = clusterFor(snapshot, uri);
  const found = cluster.workloads.find((one) => one.key === key);
  if (!found || !isNamedIn(placed, found, range) || !canBeIsolated(cluster, found.value)) return [];
  const connections = connectionsTo(cluster, found.value);
  const isPlaced = nodeAt(placed.manifest.root, ['metadata', 'namespace']) !== undefined;
  const value = policyValue(found.value, connections, isPlaced);
  const files = value === undefined ? [] : (remediationEdits(snapshot, { title: '', edits: [{ kind: 'create', value }] }, uri) ?? []);
  const own = files.find((file) => file.uri === normalizeUri(uri));
  return own ? [{ title: titleOf(found.value, connections), edits: own.edits }] : [];
}

function isNamedIn({ manifest, start }: PlacedManifest, { value }: Located<Workload>, range: Span): boolean {
  const inside = { start: range.start - start, end: range.end - start };
  return [['kind'], ['metadata', 'name'], value.labelsPath].some((path) => {
    const span = spanOf(manifest.root, path);
    return span !== undefined && (touches(span, inside.start) || touches(span, inside.end));
  });
}

/** Has it labels to select it by, a network of its own, and no policy that isolates it? One that is not evaluated may isolate it. */
function canBeIsolated(cluster: Cluster, workload: Workload): boolean {
  if (workload.hostNetwork || workload.unreadable.length > 0 || Object.keys(selectableLabels(workload)).length === 0) return false;
  const evaluation = evaluationOf(cluster);
  const own = evaluation.podPolicies.ingress[endpointIndex(evaluation, { kind: 'workload', workload })];
  return own !== undefined && own.unevaluated.length === 0 && !own.policies.some(({ value }) => value.traits.isolates);
}

/** A connection that others require of the workload. */
interface Requirement {
  readonly connection: RequiredConnection;
  readonly port: RuleRequest['ports'][number];
}

function connectionsTo(cluster: Cluster, workload: Workload): readonly Requirement[] {
  const name = workloadName(workload);
  const same = new Set(workloadsByName(cluster).get(name) ?? []);
  return Object.values(requiredConnections(cluster)).flatMap(({ to }) =>
    [...to.values()].flat().flatMap((connection) =>
      connection.targets
        .filter((target) => same.has(target.workload.value))
        .slice(0, 1)
        .map(({ protocol, port }) => ({ connection, port: { protocol, port } })),
    ),
  );
}

/** The namespace is written where the workload has one written: otherwise it is given where the manifests are applied. */
function policyValue(workload: Workload, requirements: readonly Requirement[], isPlaced: boolean): ManifestValue | undefined {
  const { name, namespace } = workload;
  const [writer] = POLICY_KINDS.flatMap(({ write }) => (write.isolation ? [write] : []));
  const rules = requestsFor(requirements).map((request) => writer?.rule(request, namespace));
  const written = rules.filter((rule) => rule !== undefined);
  return written.length === rules.length
    ? writer?.isolation?.(`${name}-ingress`, isPlaced ? namespace : undefined, selectableLabels(workload), 'ingress', written)
    : undefined;
}

/** One rule for each set of sources, with all ports that they use. */
function requestsFor(requirements: readonly Requirement[]): readonly RuleRequest[] {
  const byPort = new Map<string, { readonly port: Requirement['port']; readonly peers: Map<string, PeerRequest>; isOpen: boolean }>();
  for (const { connection, port } of requirements) {
    const entry = byPort.get(JSON.stringify(port)) ?? { port, peers: new Map<string, PeerRequest>(), isOpen: false };
    byPort.set(JSON.stringify(port), entry);
    const peers = peersOf(connection);
    if (peers.length === 0) entry.isOpen = true;
    for (const peer of peers) entry.peers.set(JSON.stringify(peer), peer);
  }
  const bySources = new Map<string, RuleRequest>();
  for (const { port, peers, isOpen } of byPort.values()) {
    const sources = isOpen ? [] : [...peers.values()];
    const before = bySources.get(JSON.stringify(sources));
    const request = { direction: 'ingress', action: 'Accept', peers: sources, ports: [...(before?.ports ?? []), port] } as const;
    bySources.set(JSON.stringify(sources), request);
  }
  return [...bySources.values()];
}

/** The sources of a connection; none where it comes from addresses that cannot be named, such as those of a load balancer. */
function peersOf({ sources, unknownPods }: RequiredConnection): readonly PeerRequest[] {
  const pods = sources
    .filter(({ workload }) => !workload.value.hostNetwork)
    .map(({ workload: { value } }): PeerRequest => ({ kind: 'pods', namespace: value.namespace, labels: selectableLabels(value) }));
  const unknown = unknownPods.map(({ namespace, labels }): PeerRequest => {
    const name = namespace[NAME_LABEL];
    return { kind: 'pods', labels, ...(name === undefined ? {} : { namespace: name }) };
  });
  return pods.length < sources.length ? [] : [...pods, ...unknown];
}

function titleOf(workload: Workload, requirements: readonly Requirement[]): string {
  const head = `Write a NetworkPolicy for ${workload.namespace}/${workload.name}`;
  if (requirements.length === 0) return `${head}: it denies all ingress, as no manifest shows a connection that needs it`;
  const allowed = `the ${count(requirements.length, 'connection')} that other manifests need`;
  return `${head}: it allows ${allowed}, and denies all other ingress`;
}
