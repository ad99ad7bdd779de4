import { store } from '../base/memo.ts';
import type { AddressRange } from '../base/addresses.ts';
import { parseIp } from '../base/ip.ts';
import type { Work } from '../base/work.ts';
import { impliedObjectLabels, impliedPodLabels, isImpliedKey } from '../model/implied-labels.ts';
import type { Labels } from '../model/selector.ts';
import type { UnevaluatedPolicy } from '../model/unevaluated/policy.ts';
import type { ClusterNode, ContainerPort, Workload } from '../model/workload.ts';
import { sameValues, type Cluster, type Located } from '../workspace/cluster.ts';
import { atomAt, atomsOf, single } from './atoms.ts';
import { bitsOf, span, type Bits } from './bits.ts';
import type { ClusterObjects } from './cluster-objects.ts';
import { labelIndex, type LabelIndex } from './label-index.ts';
import { podsOf } from './replicas.ts';
import { possiblePolicies } from './unevaluated.ts';
import { sameVocabulary, signature, type Vocabulary } from './vocabulary.ts';

/**
 * Everything that can be at one end of a connection, numbered: first the classes of workloads that no policy can tell apart, those of
 * one namespace side by side, then the ranges of addresses that no policy can tell apart.
 */
export interface EquivalenceClasses {
  readonly vocabulary: Vocabulary;
  /** What policies may refer to. */
  readonly objects: ClusterObjects;
  readonly classes: readonly WorkloadClass[];
  readonly classOf: ReadonlyMap<Workload, number>;
  readonly atoms: readonly AddressRange[];
  readonly size: number;
  /** Classes with a known address. */
  readonly addressed: readonly WorkloadClass[];
  /** Every element. */
  readonly all: Bits;
  /** All classes. */
  readonly pods: Bits;
  /** Classes of pods in the host's network. */
  readonly onHost: Bits;
  /** Classes whose pods have known addresses of both families. A connection uses one family, so each has an element for either. */
  readonly dual: readonly DualStackClass[];
  /** The same by class. */
  readonly elementsOf: ReadonlyMap<number, ReadonlyMap<4 | 6, number>>;
  /** The class that an element of `dual` stands for. */
  readonly classOfElement: ReadonlyMap<number, number>;
  /** What is at one end of a connection: the workloads, and where policies can tell the pods of one apart, its pods. */
  readonly endpoints: readonly Workload[];
  readonly labels: LabelIndex;
  /** The classes that declare a port of a name that policies ask for. */
  readonly declaring: ReadonlyMap<string, readonly WorkloadClass[]>;
  readonly groups: readonly NamespaceGroup[];
  readonly groupOf: ReadonlyMap<string, NamespaceGroup>;
  readonly groupLabels: LabelIndex;
  readonly nodes: readonly KnownNode[];
}

/** Workloads that get the same verdict, whatever the peer. */
export interface WorkloadClass {
  readonly id: number;
  /** One of them, or of their pods, to ask for labels and ports. */
  readonly sample: Workload;
  /** The labels of its pods, with those that the network plugin gives them. */
  readonly labels: Labels;
  readonly members: readonly Workload[];
  /** The same, but the pods themselves where policies can tell the pods of one workload apart. */
  readonly pods: readonly Workload[];
  /** Where their known addresses are in the space; only asked where a policy names addresses. */
  readonly atoms: readonly number[];
  /** Declared ports that a policy asks for by name. */
  readonly named: readonly ContainerPort[];
  /** Policies that may select them and are not evaluated. */
  readonly unevaluated: readonly Located<UnevaluatedPolicy>[];
}

/** A class whose pods have addresses of both families, and the elements that stand for it with one of them. */
export interface DualStackClass {
  readonly id: number;
  readonly elements: ReadonlyMap<4 | 6, number>;
}

/** Namespaces that no policy can tell apart. */
export interface NamespaceGroup {
  readonly labels: Labels;
  /** The classes of their workloads. */
  readonly classes: Bits;
}

/** A node, and where its addresses are in the space. */
export interface KnownNode {
  readonly node: ClusterNode;
  readonly atoms: readonly number[];
}

/**
 * Numbers the endpoints of a cluster for a vocabulary. An edit of a policy that adds nothing to the vocabulary gives the same classes
 * again, with everything memoised for them.
 */
export function* equivalenceClassesOf(cluster: Cluster, vocabulary: Vocabulary, objects: ClusterObjects): Work<EquivalenceClasses> {
  const previous = PREVIOUS.get(cluster.workloads);
  if (
    previous &&
    sameValues(previous.namespaces, cluster.namespaces) &&
    previous.nodes === cluster.nodes &&
    previous.unevaluated === cluster.unevaluated &&
    previous.space.objects === objects &&
    sameVocabulary(previous.space.vocabulary, vocabulary)
  )
    return previous.space;
  const space = yield* makeEquivalenceClasses(cluster, vocabulary, objects);
  const { namespaces, nodes, unevaluated } = cluster;
  return PREVIOUS.set(cluster.workloads, { namespaces, nodes, unevaluated, space }).space;
}

const PREVIOUS = store<
  Cluster['workloads'],
  Pick<Cluster, 'namespaces' | 'nodes' | 'unevaluated'> & { readonly space: EquivalenceClasses }
>();

function* makeEquivalenceClasses(cluster: Cluster, vocabulary: Vocabulary, objects: ClusterObjects): Work<EquivalenceClasses> {
  const nodes = vocabulary.asksNodes ? cluster.nodes.map(({ value }) => value) : [];
  const atoms = atomsOf([...vocabulary.blocks, ...nodes.flatMap((node) => addressesOf(node.ips))]);
  const asksAddresses = vocabulary.blocks.length > 0 || vocabulary.asksNodes;
  const find = (ips: readonly string[]): number[] => addressesOf(ips).map(({ family, from }) => atomAt(atoms, family, from));
  yield;
  const drafts = yield* groupsOf(cluster, vocabulary, asksAddresses ? find : () => [], objects);
  const base = [...drafts.values()].reduce((sum, draft) => sum + draft.classes.size, 0);
  const shift = (at: readonly number[]): number[] => at.map((atom) => base + atom);

  const classes: WorkloadClass[] = [];
  const groups: NamespaceGroup[] = [];
  const groupOf = new Map<string, NamespaceGroup>();
  for (const draft of drafts.values()) {
    const first = classes.length;
    for (const one of draft.classes.values()) classes.push({ ...one, id: classes.length, atoms: shift(one.atoms) });
    const group = { labels: draft.labels, classes: span(first, classes.length) };
    groups.push(group);
    for (const name of draft.names) groupOf.set(name, group);
  }
  const dual = dualStackClasses(classes, atoms);
  const numbersOf = elementNumbers(dual);
  const spread = (ids: readonly number[]): Bits => bitsOf(ids.flatMap(numbersOf));
  return {
    vocabulary,
    objects,
    classes,
    classOf: classNumbers(classes),
    endpoints: classes.flatMap(({ pods }) => pods),
    atoms,
    size: base + atoms.length + dual.length * 2,
    all: span(0, base + atoms.length + dual.length * 2),
    pods: dual.length === 0 ? span(0, classes.length) : spread(classes.map(({ id }) => id)),
    dual,
    elementsOf: new Map(dual.map(({ id, elements }) => [id, elements])),
    classOfElement: new Map(dual.flatMap(({ id, elements }) => [...elements.values()].map((element) => [element, id]))),
    addressed: classes.filter((one) => one.atoms.length > 0),
    onHost: spread(classes.filter((one) => one.sample.hostNetwork).map((one) => one.id)),
    labels: labelIndex(
      classes.map(({ id, labels, sample: { unknownLabels: unknown = [] } }) => ({ labels, unknown, numbers: numbersOf(id) })),
      vocabulary.pods,
    ),
    declaring: declaring(classes),
    groups,
    groupOf,
    groupLabels: labelIndex(
      groups.map(({ labels }, at) => ({ labels, numbers: [at] })),
      vocabulary.namespaces,
    ),
    nodes: nodes.map((node) => ({ node, atoms: shift(find(node.ips)) })),
  };
}

/** Of a workload whose pods policies can tell apart, the class of the first one. */
function classNumbers(classes: readonly WorkloadClass[]): ReadonlyMap<Workload, number> {
  const numbers = new Map<Workload, number>();
  for (const { id, members, pods } of classes) {
    for (const one of pods) numbers.set(one, id);
    for (const one of members) if (!numbers.has(one)) numbers.set(one, id);
  }
  return numbers;
}

function dualStackClasses(classes: readonly WorkloadClass[], atoms: readonly AddressRange[]): DualStackClass[] {
  const families = ({ atoms: own }: WorkloadClass): Set<number | undefined> =>
    new Set(own.map((atom) => atoms[atom - classes.length]?.family));
  const base = classes.length + atoms.length;
  return classes
    .filter((one) => families(one).size > 1)
    .map(({ id }, i) => ({
      id,
      elements: new Map([
        [4, base + i * 2],
        [6, base + i * 2 + 1],
      ]),
    }));
}

function elementNumbers(dual: readonly DualStackClass[]): (id: number) => readonly number[] {
  const elements = new Map(dual.map((one) => [one.id, [...one.elements.values()]]));
  return (id) => [id, ...(elements.get(id) ?? [])];
}

/** Workloads that are sorted before others may be served. */
const WORKLOADS_PER_SLICE = 64;

interface DraftGroup {
  readonly labels: Labels;
  readonly names: string[];
  readonly classes: Map<string, DraftClass>;
}

interface DraftClass {
  readonly sample: Workload;
  readonly labels: Labels;
  readonly members: Workload[];
  readonly pods: Workload[];
  readonly atoms: readonly number[];
  readonly named: readonly ContainerPort[];
  readonly unevaluated: readonly Located<UnevaluatedPolicy>[];
}

function* groupsOf(
  cluster: Cluster,
  vocabulary: Vocabulary,
  find: (ips: readonly string[]) => number[],
  { plane: { api } }: ClusterObjects,
): Work<Map<string, DraftGroup>> {
  const asksImplied = [...vocabulary.pods.keys(), ...vocabulary.namespaces.keys()].some((key) => isImpliedKey(api, key));
  const labelsOf = new Map<string, Labels>(cluster.namespaces.map(({ value }) => [value.name, value.labels]));
  const groups = new Map<string, DraftGroup>();
  const byName = new Map<string, DraftGroup>();
  const groupFor = (name: string): DraftGroup => {
    const existing = byName.get(name);
    if (existing) return existing;
    // The API server gives every namespace this label.
    const written = labelsOf.get(name) ?? { 'kubernetes.io/metadata.name': name };
    const labels = asksImplied ? { ...written, ...impliedObjectLabels(api, name) } : written;
    const key = `${vocabulary.own.has(name) ? name : ''}|${signature(labels, vocabulary.namespaces)}`;
    const group = groups.get(key) ?? { labels, names: [], classes: new Map<string, DraftClass>() };
    groups.set(key, group);
    byName.set(name, group);
    group.names.push(name);
    return group;
  };
  for (const name of labelsOf.keys()) groupFor(name);
  const possibleFor = possiblePolicies(cluster);
  const listIds = new Map<readonly Located<UnevaluatedPolicy>[], number>();
  for (const [i, { value: workload }] of cluster.workloads.entries()) {
    if (i % WORKLOADS_PER_SLICE === WORKLOADS_PER_SLICE - 1) yield;
    const { classes } = groupFor(workload.namespace);
    const around = labelsOf.get(workload.namespace) ?? {};
    const named = workload.ports.filter((port) => port.name !== undefined && vocabulary.portNames.has(port.name));
    const atoms = [...new Set(find(workload.ips))].sort((a, b) => a - b);
    const node = vocabulary.asksNodes && workload.hostNetwork ? workload.nodeName : undefined;
    const unevaluated = possibleFor(workload);
    const listId = listIds.get(unevaluated) ?? listIds.size;
    listIds.set(unevaluated, listId);
    const account = vocabulary.asksAccounts ? accountOf(workload) : undefined;
    for (const pod of podsOf(workload, vocabulary)) {
      const unknown = pod.unknownLabels?.filter((key) => vocabulary.pods.has(key));
      const labels = asksImplied ? { ...pod.labels, ...impliedPodLabels(api, pod, around) } : pod.labels;
      const properties = [
        signature(labels, vocabulary.pods),
        portNames(named),
        workload.hostNetwork,
        atoms,
        node,
        listId,
        unknown,
        account,
      ];
      const key = JSON.stringify(properties);
      const draft = classes.get(key) ?? { sample: pod, labels, members: [], pods: [], atoms, named, unevaluated };
      classes.set(key, draft);
      draft.pods.push(pod);
      if (draft.members.at(-1) !== workload) draft.members.push(workload);
    }
  }
  return groups;
}

/** The service account of pods, with its namespace. */
export function accountOf({ namespace, runsAs = 'default' }: Workload): string {
  return `${namespace}/${runsAs}`;
}

/** Declared ports as a text, to compare. */
export function portNames(named: readonly ContainerPort[]): string {
  return named
    .map((port) => `${port.name}=${port.protocol}/${port.port}`)
    .sort()
    .join();
}

function addressesOf(ips: readonly string[]): AddressRange[] {
  return ips.flatMap((text) => {
    const ip = parseIp(text);
    return ip.ok ? [single(ip)] : [];
  });
}

function declaring(classes: readonly WorkloadClass[]): Map<string, WorkloadClass[]> {
  const index = new Map<string, WorkloadClass[]>();
  for (const one of classes) {
    for (const name of new Set(one.named.flatMap((port) => port.name ?? []))) {
      const list = index.get(name);
      if (list) list.push(one);
      else index.set(name, [one]);
    }
  }
  return index;
}
