import { formatIp } from '../../base/ip.ts';
import { readResource, type Resource } from '../../model/kind.ts';
import { kindOf } from '../../model/kinds.ts';
import { NAME_LABEL } from '../../model/namespace.ts';
import { DIRECTIONS, type NamespaceScope, type Policy } from '../../model/policy.ts';
import type { LabelSelector } from '../../model/selector.ts';
import { parse } from '../../syntax/parse.ts';
import { blockText, type Data } from '../../syntax/print.ts';
import { clusterObjects } from '../../eval/cluster-objects.ts';
import { vocabularyOf, type Vocabulary } from '../../eval/vocabulary.ts';
import type { Cluster } from '../../workspace/cluster.ts';

/** Pods and namespaces made up for some policies: with the labels, addresses and port names that these ask for, and others. */
export type GeneratedWorkloads = Pick<Cluster, 'workloads' | 'namespaces'>;

const NAMESPACES = 4;
const PODS = 9;

/**
 * Makes up clusters for the proof of a conversion, each by its number: the same policies and number give the same pods. `all`: the policies
 * of the cluster; `converted`: the ones in question, on both sides. In every other cluster only these are asked for, so that few pods meet
 * many of them.
 */
export function workloadGenerator(
  cluster: Cluster,
  all: readonly Policy[],
  converted: readonly Policy[],
): (seed: number) => GeneratedWorkloads {
  const objects = clusterObjects(cluster);
  const wide = vocabularyOf(all, objects);
  const narrow = vocabularyOf(converted, objects);
  const selections = converted.flatMap(selectionsIn);
  return (seed) => generated(seed % 2 === 0 ? wide : narrow, selections, seed);
}

/** Pods that a policy selects, or that one of its rules names. */
interface Selection {
  readonly namespaces: NamespaceScope;
  readonly pods: LabelSelector;
}

function selectionsIn(policy: Policy): readonly Selection[] {
  const rules = DIRECTIONS.flatMap((direction) => policy[direction]?.rules ?? []);
  const peers = rules.flatMap((rule) => (rule.peers === 'any' ? [] : rule.peers.flatMap((peer) => (peer.kind === 'pods' ? [peer] : []))));
  return [policy.subject, ...peers];
}

function generated(words: Vocabulary, selections: readonly Selection[], seed: number): GeneratedWorkloads {
  const random = randomOf(seed);
  const wanted = Array.from({ length: PODS }, () => (random() < 0.6 ? pick(selections, random) : undefined));
  const names = namespaceNames(words, wanted, random);
  const namespaces = names.map((name, i) => {
    const labels = { ...labelsFrom(words.namespaces, random), ...labelsFor(scopeOf(wanted[i]), random), [NAME_LABEL]: name };
    return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
  });
  const used = new Set<string>();
  const pods = wanted.map((selection, i) => {
    const own =
      selection?.namespaces.kind === 'own' && names.includes(selection.namespaces.namespace) ? selection.namespaces.namespace : undefined;
    return podOf(`pod-${i}`, own ?? names[i % names.length] ?? 'default', selection?.pods, words, used, random);
  });
  return {
    namespaces: namespaces.flatMap((object, i) => {
      const read = resourceOf(object, 'Namespace');
      return read?.role === 'namespace' ? [{ key: `generated:namespace-${i}`, value: read.value }] : [];
    }),
    workloads: pods.flatMap((object, i) => {
      const read = resourceOf(object, 'Pod');
      return read?.role === 'workload' ? [{ key: `generated:pod-${i}`, value: read.value }] : [];
    }),
  };
}

function scopeOf(selection: Selection | undefined): LabelSelector | undefined {
  return selection?.namespaces.kind === 'selected' ? selection.namespaces.selector : undefined;
}

/** Labels that meet the conditions of a selector that ask for a label. */
function labelsFor(selector: LabelSelector | undefined, random: Random): Readonly<Record<string, string>> {
  return Object.fromEntries(
    (selector?.requirements ?? []).flatMap(({ key, operator, values }) =>
      operator === 'NotIn' || operator === 'DoesNotExist' || key === NAME_LABEL ? [] : [[key, pick(values, random) ?? 'some'] as const],
    ),
  );
}

function podOf(
  name: string,
  namespace: string,
  selector: LabelSelector | undefined,
  words: Vocabulary,
  used: Set<string>,
  random: Random,
): Data {
  const ports = [...words.portNames].flatMap((port) =>
    random() < 0.6 ? [{ name: port, containerPort: pick(PORTS, random) ?? 80, protocol: pick(PROTOCOLS, random) ?? 'TCP' }] : [],
  );
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels: { ...labelsFrom(words.pods, random), ...labelsFor(selector, random) } },
    spec: {
      ...(random() < 0.08 ? { hostNetwork: true } : {}),
      containers: [{ name: 'main', image: 'example/main', ...(ports.length === 0 ? {} : { ports }) }],
    },
    status: { podIP: addressFor(words, used, random) },
  };
}

const PORTS = [80, 443, 8080, 53, 5432, 9090];
const PROTOCOLS = ['TCP', 'TCP', 'UDP', 'SCTP'];

/** Some of the namespaces that policies name, those of the wanted pods first, and others. */
function namespaceNames({ own, namespaces }: Vocabulary, wanted: readonly (Selection | undefined)[], random: Random): readonly string[] {
  const first = wanted.flatMap((one) => (one?.namespaces.kind === 'own' ? [one.namespaces.namespace] : []));
  const mentioned = shuffled([...own, ...valuesOf(namespaces.get(NAME_LABEL))], random);
  const named = [...new Set([...first, ...mentioned])].filter((name) => /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name));
  const some = named.slice(0, NAMESPACES - 1);
  const others = ['one', 'two', 'three', 'four'].filter((name) => !some.includes(name));
  return [...some, ...others.slice(0, NAMESPACES - some.length)];
}

/** Each label that policies ask for is missing, has a value that they name, or another one. */
function labelsFrom(keys: Vocabulary['pods'], random: Random): Readonly<Record<string, string>> {
  const labels: [string, string][] = [];
  for (const [key, values] of keys) {
    if (key === NAME_LABEL || random() < 0.3) continue;
    labels.push([key, random() < 0.8 ? (pick(valuesOf(values), random) ?? 'some') : 'other']);
  }
  return Object.fromEntries(labels);
}

/** The values that policies name; some that differ in their parts where a selector asks for parts. */
function valuesOf(values: Vocabulary['pods'] extends ReadonlyMap<string, infer V> ? V | undefined : never): readonly string[] {
  if (values === undefined) return [];
  return 'forEach' in values ? [...values] : ['a', 'ab', 'b', 'ba'];
}

/** An address at the edge of a block that policies name, or one of a cluster; no two pods have the same. */
function addressFor({ blocks }: Vocabulary, used: Set<string>, random: Random): string {
  const edges = blocks.flatMap(({ family, from, to }) => [from - 1n, from, to, to + 1n].map((value) => ({ family, value })));
  const fitting = edges.filter(({ family, value }) => value > 0n && value < 1n << (family === 4 ? 32n : 128n));
  const chosen = random() < 0.5 ? pick(fitting, random) : undefined;
  const text = chosen && formatIp(chosen.family, chosen.value);
  const address = text === undefined || used.has(text) ? `10.244.${used.size}.${1 + Math.floor(random() * 200)}` : text;
  used.add(address);
  return address;
}

/** An object, read; `undefined` for what this program does not read. */
function resourceOf(object: Data, word: 'Pod' | 'Namespace'): Resource | undefined {
  const kind = kindOf('v1', word);
  return kind && readResource(kind, parse(blockText(object, 0, { listIndent: 0, eol: '\n' })).root);
}

type Random = () => number;

/** Numbers from 0 to 1 that only the seed decides (mulberry32). */
function randomOf(seed: number): Random {
  let state = (seed * 0x9e3779b9) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function pick<T>(list: readonly T[], random: Random): T | undefined {
  return list[Math.floor(random() * list.length)];
}

function shuffled<T>(list: readonly T[], random: Random): readonly T[] {
  return list
    .map((item) => ({ item, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
