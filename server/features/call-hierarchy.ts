import {
  type Protocol,
  firstTraffic,
  formatTraffic,
  intersectTraffic,
  isNoTraffic,
  portSet,
  trafficOf,
  uniteTraffic,
  ALL_TRAFFIC,
  NO_TRAFFIC,
  type Traffic,
} from '../base/ports.ts';
import type { AddressRange } from '../base/addresses.ts';
import { list, plain } from '../base/english.ts';
import { outsideOf } from '../eval/connections.ts';
import { evaluationOf, verdict, type Endpoint, type Evaluation } from '../eval/evaluate.ts';
import { stepsOnBothSides } from '../eval/explain.ts';
import { bareName } from '../eval/names.ts';
import { selects } from '../model/selector.ts';
import { targetPort } from '../model/target-port.ts';
import type { Service, Workload } from '../model/workload.ts';
import { nodeAt } from '../syntax/locate-path.ts';
import { placeAt } from '../syntax/locate.ts';
import { isBelow, type Path } from '../syntax/path.ts';
import type { ManifestKey, Located } from '../workspace/cluster.ts';
import { keyOf } from '../workspace/locate.ts';
import { clusterFor, resourceAt, type Snapshot } from '../workspace/snapshot.ts';
import { addressWords, outsideEntries } from './reports/outside.ts';
import type { FeatureContext } from './context.ts';

/** Something that can be reached: a workload, one of its ports, or a Service. */
export interface Reachable {
  readonly name: string;
  readonly detail: string;
  readonly kind: 'workload' | 'port' | 'service' | 'outside';
  /** Where it stands. */
  readonly key: ManifestKey;
  readonly path: Path;
  /** The port it is about, where it is one. */
  readonly port?: { readonly protocol: Protocol; readonly port: number };
}

/** An allowed connection, with what may pass and which rules decide. */
export interface Reached {
  readonly end: Reachable;
  readonly traffic: string;
}

/** The longest list of sources or destinations. */
const MAX_LISTED_CALLS = 500;

/** What can be asked about at an offset of the file: the workload, container port or Service there. */
export function reachableAt(context: FeatureContext, offset: number): Reachable | undefined {
  const place = placeAt(context.file, offset);
  const key = place && keyOf(context.snapshot, context.uri, place.placed);
  const resource = key === undefined ? undefined : resourceAt(context.snapshot, key);
  if (!place || key === undefined) return undefined;
  if (resource?.role === 'service') {
    const { value } = resource;
    return {
      name: `${value.namespace}/${value.name}`,
      detail: `Service, ${value.ports.map((port) => `${port.protocol} ${port.port}`).join(', ')}`,
      kind: 'service',
      key,
      path: ['metadata', 'name'],
    };
  }
  if (resource?.role !== 'workload') return undefined;
  const declared = resource.value.ports.find(({ path }) => isBelow(place.path, path));
  const whole = reachableWorkload(key, resource.value);
  if (!declared || !nodeAt(place.placed.manifest.root, declared.path)) return whole;
  const { protocol, port } = declared;
  return { ...whole, name: `${whole.name} ${protocol} ${port}`, kind: 'port', path: declared.path, port: { protocol, port } };
}

function reachableWorkload(key: ManifestKey, workload: Workload): Reachable {
  return {
    name: bareName(workload),
    detail: list(
      Object.entries(workload.labels).map(([label, value]) => `${label}=${value}`),
      'and',
      4,
    ),
    kind: 'workload',
    key,
    path: ['metadata', 'name'],
  };
}

/** Who may connect to it (`incoming`), or where it may connect to (`outgoing`). */
export function reached(
  snapshot: Snapshot,
  uri: string,
  subject: Pick<Reachable, 'key' | 'port'>,
  way: 'incoming' | 'outgoing',
): readonly Reached[] {
  const evaluation = evaluationOf(clusterFor(snapshot, uri));
  const targets = targetsOf(evaluation, subject);
  const found: Reached[] = [];
  for (const { workload, traffic } of targets) {
    for (const other of evaluation.cluster.workloads) {
      if (other.value === workload || found.length >= MAX_LISTED_CALLS) continue;
      const edge = edgeBetween(evaluation, workload, { kind: 'workload', workload: other.value }, way, traffic);
      if (edge !== undefined) found.push({ end: reachableWorkload(other.key, other.value), traffic: edge });
    }
    found.push(...outside(evaluation, workload, way, traffic, subject.key));
  }
  return found;
}

interface Target {
  readonly workload: Workload;
  /** The traffic that is asked about. */
  readonly traffic: Traffic;
}

function targetsOf({ cluster }: Evaluation, { key, port }: Pick<Reachable, 'key' | 'port'>): readonly Target[] {
  const traffic = port ? trafficOf(port.protocol, portSet(port.port)) : ALL_TRAFFIC;
  const workload = cluster.workloads.find((placed) => placed.key === key);
  if (workload) return [{ workload: workload.value, traffic }];
  const service = cluster.services.find((placed) => placed.key === key);
  return service ? behind(cluster.workloads, service.value) : [];
}

/** The workloads behind a Service, each with the ports that the Service leads to. */
function behind(workloads: readonly Located<Workload>[], { namespace, selector, ports }: Service): readonly Target[] {
  if (!selector) return [];
  return workloads
    .filter(({ value }) => value.namespace === namespace && selects(selector, value.labels))
    .map(({ value }) => ({
      workload: value,
      traffic: uniteTraffic(NO_TRAFFIC, ...ports.flatMap((port) => targetTraffic(value, port.protocol, port.targetPort))),
    }));
}

function targetTraffic(workload: Workload, protocol: Protocol, target: number | string): Traffic[] {
  const port = targetPort(workload, target, protocol);
  return port === undefined ? [] : [trafficOf(protocol, portSet(port))];
}

function edgeBetween(
  evaluation: Evaluation,
  workload: Workload,
  other: Endpoint,
  way: 'incoming' | 'outgoing',
  traffic: Traffic,
): string | undefined {
  const own: Endpoint = { kind: 'workload', workload };
  const [from, to] = way === 'incoming' ? [other, own] : [own, other];
  const { allowed: open, conditional = [] } = verdict(evaluation, from, to);
  const allowed = intersectTraffic(open, traffic);
  const witness = isNoTraffic(allowed) ? undefined : firstTraffic(allowed);
  if (!witness) return undefined;
  const deciding = stepsOnBothSides(evaluation, { from, to, protocol: witness.protocol, port: witness.port })
    .filter(({ action, policy }) => policy !== undefined && (action === 'Accept' || action === 'Allow'))
    .map(({ policy, rule }) => `${plain(policy ?? '')} ${rule ?? ''}`.trim());
  // Layer 7 judges some of it: each condition with the traffic that it is about, where that is not all of it.
  const conditions = conditional.flatMap((one) => {
    const part = formatTraffic(intersectTraffic(one.traffic, allowed));
    if (isNoTraffic(intersectTraffic(one.traffic, allowed))) return [];
    return [`${part === formatTraffic(allowed) ? '' : `${part} `}if ${plain(one.condition)}`];
  });
  const judged = conditions.length === 0 ? '' : ` (${list(conditions, 'and', 3)})`;
  return `${formatTraffic(allowed)}${judged}${deciding.length > 0 ? `, by ${list(deciding, 'and', 3)}` : ', no policy denies it'}`;
}

/** Addresses outside the cluster, one entry for those with the same traffic. */
function outside(
  evaluation: Evaluation,
  workload: Workload,
  way: 'incoming' | 'outgoing',
  traffic: Traffic,
  key: ManifestKey,
): readonly Reached[] {
  const ranges = [...outsideOf(evaluation, workload, way === 'incoming' ? 'in' : 'out')].map(({ range, verdict: { allowed } }) => ({
    range,
    traffic: intersectTraffic(allowed, traffic),
  }));
  return outsideEntries(ranges).map((entry) => ({ end: outsideEnd(entry.ranges, key), traffic: formatTraffic(entry.traffic) }));
}

function outsideEnd(ranges: readonly AddressRange[], key: ManifestKey): Reachable {
  return { name: addressWords(ranges), detail: 'outside the cluster', kind: 'outside', key, path: ['metadata', 'name'] };
}
