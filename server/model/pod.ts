import type { Path } from '../syntax/path.ts';
import { asScalar, itemsOf, stringOf, type Node } from '../syntax/tree.ts';
import type { OtherKindEntry } from './kind.ts';
import { protocolIn, readBounds } from './port.ts';
import { given, integerIn, readLabels, readMetadata, TEMPLATE, textIn, type Reading } from './read.ts';
import type { ContainerPort, Workload, WorkloadKind } from './workload.ts';

/** v1 Pod: a workload of its own, unless a controller owns it. */
export const pod: OtherKindEntry = {
  role: 'workload',
  group: '',
  version: 'v1',
  kind: 'Pod',
  plural: 'pods',
  scope: 'Namespaced',
  docs: 'https://kubernetes.io/docs/concepts/workloads/pods/',
  formerly: [],
  read: (root) => {
    const owner = ownerOf(given(root, 'metadata'));
    return { ...readPods(root, 'Pod', []), ips: addressesOf(given(root, 'status')), ...(owner ? { owner } : {}) };
  },
};

/** Reads what a policy can see of the pods of an object whose pod (template) stands at a path. */
export function readPods(root: Node | undefined, kind: WorkloadKind, template: Path): Workload {
  const reading: Reading = [];
  const { name, namespace } = readMetadata(root, reading);
  const pod = template.reduce<Node | undefined>((node, step) => given(node, String(step)), root);
  const labelsPath = [...template, 'metadata', 'labels'];
  const spec = given(pod, 'spec');
  const nodeName = textIn(given(spec, 'nodeName'));
  return {
    kind,
    name,
    namespace,
    labels: readLabels(given(given(pod, 'metadata'), 'labels'), labelsPath, reading),
    labelsPath,
    ports: readPorts(spec, [...template, 'spec']),
    hostNetwork: isTrue(given(spec, 'hostNetwork'), [...template, 'spec', 'hostNetwork'], reading),
    ips: [],
    ...(nodeName === undefined ? {} : { nodeName }),
    unreadable: reading.map(({ path, why }) => `${path.join('.')} ${why}`),
  };
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

/** The controller that owns the pod. A node owns its static pods, which stay pods of their own; without a kind it counts as a Pod. */
function ownerOf(metadata: Node | undefined): Workload['owner'] {
  for (const reference of itemsOf(given(metadata, 'ownerReferences'))) {
    const controller = asScalar(given(reference, 'controller'))?.value;
    const name = textIn(given(reference, 'name'));
    const kind = stringOf(given(reference, 'kind')) ?? 'Pod';
    if (controller?.type === 'bool' && controller.value && name !== undefined && kind !== 'Node') return { kind, name };
  }
  return undefined;
}

function addressesOf(status: Node | undefined): readonly string[] {
  const first = stringOf(given(status, 'podIP'));
  const all = itemsOf(given(status, 'podIPs')).flatMap((item) => stringOf(given(item, 'ip')) ?? []);
  return [...new Set([...(first === undefined ? [] : [first]), ...all])].filter((ip) => ip !== '');
}
