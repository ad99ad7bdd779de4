import type { Path } from '../syntax/path.ts';
import { asScalar, itemsOf, stringOf, type Node } from '../syntax/tree.ts';
import { readClient } from './client.ts';
import { readLinkerd } from './linkerd.ts';
import { protocolIn, readBounds } from './port.ts';
import { generatedLabels, replicaLabels, type GeneratedLabels } from './generated-labels.ts';
import { given, integerIn, readLabels, readMetadata, TEMPLATE, textIn, type Reading } from './read.ts';
import type { Labels } from './selector.ts';
import type { ContainerPort, Workload } from './workload.ts';

/** Reads what a policy can see of the pods of an object whose pod (template) stands at a path. */
export function readPods(root: Node | undefined, kind: string, template: Path): Workload {
  return readPodsAt(root, kind, { metadata: [...template, 'metadata'], spec: [...template, 'spec'] }, (name) =>
    template.length === 0 ? {} : generatedLabels(kind, name, root),
  );
}

/** Where the metadata and the spec of the pods stand in an object. */
interface PodPlaces {
  readonly metadata: Path;
  readonly spec: Path;
}

/** The same where the two do not stand side by side. `addedTo` says which labels the controller adds for an object of a name. */
export function readPodsAt(root: Node | undefined, kind: string, places: PodPlaces, addedTo: (name: string) => GeneratedLabels): Workload {
  const reading: Reading = [];
  const { name, namespace } = readMetadata(root, reading);
  const [metadata, spec] = [places.metadata, places.spec].map((path) =>
    path.reduce<Node | undefined>((node, step) => (typeof step === 'number' ? itemsOf(node)[step] : given(node, step)), root),
  );
  const labelsPath = [...places.metadata, 'labels'];
  const nodeName = textIn(given(spec, 'nodeName'));
  const probed = readProbes(spec);
  return {
    kind,
    name,
    ...(name === '' ? readGenerateName(root) : {}),
    namespace,
    ...readPodLabels(given(metadata, 'labels'), labelsPath, reading, addedTo(name)),
    labelsPath,
    ports: readPorts(spec, places.spec),
    hostNetwork: isTrue(given(spec, 'hostNetwork'), [...places.spec, 'hostNetwork'], reading),
    ips: [],
    ...(nodeName === undefined ? {} : { nodeName }),
    ...readAccount(spec),
    ...(probed.length === 0 ? {} : { probed }),
    ...clientOf(spec, places.spec),
    ...objectLabels(root, labelsPath),
    ...cacheIn(spec),
    ...readLinkerd(given(metadata, 'annotations')),
    ...readScrape(given(metadata, 'annotations'), [...places.metadata, 'annotations']),
    unreadable: reading.map(({ path, why }) => `${path.join('.')} ${why}`),
  };
}

function readGenerateName(root: Node | undefined): Pick<Workload, 'generateName'> {
  const generateName = textIn(given(given(root, 'metadata'), 'generateName'));
  return generateName === undefined || generateName === '' ? {} : { generateName };
}

/** kubernetes/dns `cmd/node-cache`: `-localip 169.254.20.10,10.96.0.10`. */
function cacheIn(spec: Node | undefined): Pick<Workload, 'dnsCache'> {
  const words = itemsOf(given(spec, 'containers')).flatMap((container) =>
    ['command', 'args'].flatMap((field) => itemsOf(given(container, field)).flatMap((item) => textIn(item)?.split(/[\s=]+/) ?? [])),
  );
  const at = words.findIndex((word) => /^--?localip$/.test(word));
  const addresses = at === -1 ? undefined : words[at + 1]?.split(',');
  return addresses === undefined ? {} : { dnsCache: addresses };
}

function objectLabels(root: Node | undefined, labelsPath: Path): Pick<Workload, 'objectLabels'> {
  if (labelsPath.length <= 2) return {};
  const labels = readLabels(given(given(root, 'metadata'), 'labels'), ['metadata', 'labels'], []);
  return Object.keys(labels).length === 0 ? {} : { objectLabels: labels };
}

function clientOf(spec: Node | undefined, path: Path): Pick<Workload, 'client'> {
  const client = readClient(spec, path);
  return client.hosts || client.configMaps ? { client } : {};
}

/** The labels that are written and those that the controller adds. A value that a tool fills in later is unknown. */
function readPodLabels(
  node: Node | undefined,
  path: Path,
  reading: Reading,
  added: GeneratedLabels,
): Pick<Workload, 'labels' | keyof GeneratedLabels> {
  const holes: string[] = [];
  const written = readLabels(node, path, reading, holes);
  const { replicas, generatedLabels: initial = {} } = added;
  // The number of a single pod is known.
  const only: Labels = replicas?.count === 1 ? replicaLabels(replicas, replicas.first) : {};
  const generated = { ...initial, ...only };
  const unknown = [...new Set([...holes, ...(added.unknownLabels ?? [])])].filter(
    (key) => !Object.hasOwn(written, key) && !Object.hasOwn(generated, key),
  );
  return {
    labels: { ...written, ...generated },
    ...(Object.keys(generated).length === 0 ? {} : { generatedLabels: generated }),
    ...(unknown.length === 0 ? {} : { unknownLabels: unknown }),
    ...(replicas === undefined || replicas.count === 1 ? {} : { replicas }),
  };
}

/** `serviceAccount` is the old name of the field. Pods without the token cannot call the API server by that name. */
function readAccount(spec: Node | undefined): Pick<Workload, 'account' | 'runsAs'> {
  const account = textIn(given(spec, 'serviceAccountName')) ?? textIn(given(spec, 'serviceAccount'));
  const mounted = asScalar(given(spec, 'automountServiceAccountToken'))?.value;
  if (account === undefined || account === '') return {};
  return mounted?.type === 'bool' && !mounted.value ? { runsAs: account } : { account, runsAs: account };
}

/** The annotations that the scrape configuration of Prometheus' own example and of its Helm chart goes by. */
function readScrape(annotations: Node | undefined, path: Path): Pick<Workload, 'scrape'> {
  if (annotations === undefined || textIn(given(annotations, 'prometheus.io/scrape')) !== 'true') return {};
  const port = Number(textIn(given(annotations, 'prometheus.io/port')));
  return { scrape: { ...(readBounds(port, port) ? { port } : {}), path: [...path, 'prometheus.io/scrape'] } };
}

/** The ports of HTTP, TCP and gRPC probes; a name is looked up in the container that is probed (core/v1 `Probe`). */
function readProbes(spec: Node | undefined): readonly number[] {
  const ports = itemsOf(given(spec, 'containers')).flatMap((container) =>
    ['readinessProbe', 'livenessProbe', 'startupProbe'].flatMap((field) => {
      const probe = given(container, field);
      const port = given(given(probe, 'httpGet') ?? given(probe, 'tcpSocket') ?? given(probe, 'grpc'), 'port');
      const named = itemsOf(given(container, 'ports')).find((one) => textIn(given(one, 'name')) === textIn(port));
      return port === undefined ? [] : (integerIn(port) ?? integerIn(given(named, 'containerPort')) ?? []);
    }),
  );
  return [...new Set(ports)].filter((port) => readBounds(port, port));
}

/** The ports of the containers, and of the init containers that go on running beside them (sidecars, `restartPolicy: Always`). */
function readPorts(spec: Node | undefined, path: Path): readonly ContainerPort[] {
  return ['containers', 'initContainers'].flatMap((field) =>
    itemsOf(given(spec, field)).flatMap((container, i) => {
      if (field === 'initContainers' && stringOf(given(container, 'restartPolicy')) !== 'Always') return [];
      return itemsOf(given(container, 'ports')).flatMap((port, j) => readContainerPort(port, [...path, field, i, 'ports', j]) ?? []);
    }),
  );
}

/** A port that cannot be read is left out: only a named port of a policy would look for it. */
function readContainerPort(node: Node, path: Path): ContainerPort | undefined {
  const protocol = protocolIn(given(node, 'protocol'), path, []);
  const number = integerIn(given(node, 'containerPort'));
  const name = textIn(given(node, 'name'));
  if (!protocol || number === undefined || !readBounds(number, number)) return undefined;
  return { ...(name === undefined ? {} : { name }), port: number, protocol, path };
}

function isTrue(node: Node | undefined, path: Path, reading: Reading): boolean {
  if (node?.hole === true) reading.push({ path, why: TEMPLATE });
  const value = asScalar(node)?.value;
  return value?.type === 'bool' && value.value;
}
