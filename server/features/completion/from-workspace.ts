import { KUBE_SYSTEM, NAME_LABEL } from '../../model/namespace.ts';
import { count, list, plain, thousands } from '../../base/english.ts';
import { escape } from '../../base/markdown.ts';
import { holds, selects, type Labels, type Operator, type Requirement } from '../../model/selector.ts';
import type { Workload } from '../../model/workload.ts';
import { NAMESPACE_LABELS, parseLabelKey, POD_NAMESPACE } from '../../model/cilium/label-key.ts';
import { identify } from '../../model/identify.ts';
import { selectorsIn, type SelectorPart } from '../../analysis/policy-parts.ts';
import { nodeAt } from '../../syntax/locate-path.ts';
import { isBelow, type Path } from '../../syntax/path.ts';
import type { Slot } from '../../syntax/slot.ts';
import { stringOf } from '../../syntax/tree.ts';
import { keysOf } from '../../workspace/lookup.ts';
import { lookUp } from '../../workspace/persistent-map.ts';
import { uriOf } from '../../workspace/record.ts';
import { universeOf, universesOf } from '../../workspace/snapshot.ts';
import { normalizeUri } from '../../workspace/uri.ts';
import type { FeatureContext } from '../context.ts';
import { surroundings, workloadsIn, type Surroundings } from './surroundings.ts';

/** A suggested value, and what the selector would still match with it. */
export interface KnownWord {
  readonly word: string;
  readonly detail: string;
  readonly documentation: string;
}

/** As many as a list can sensibly show. */
export const MAX_SUGGESTIONS = 500;

/**
 * The label keys that what the selector may still pick has, those that select most first; then keys of other objects, then the usual ones.
 * What the rest of the selector and its namespaces say is taken into account.
 */
export function labelKeyWords(slot: Slot, usual: readonly string[], context: FeatureContext): readonly KnownWord[] {
  const found = choiceAt(slot, context);
  if (!found) return [];
  const { of, things, all, operator } = found;
  const without = operator === 'DoesNotExist';
  const words = wordsIn(all, (labels) => Object.keys(labels).filter((key) => !OF_CONTROLLERS.has(key) && key !== NAME_LABEL));
  const ranked = rank(found, words, Object.hasOwn, (word) => things.filter(({ labels }) => Object.hasOwn(labels, word) !== without));
  const others = usual
    .filter((word) => (word === NAME_LABEL) === (of === 'namespace') && !words.has(word))
    .map((word) => ({ word, detail: word === NAME_LABEL ? 'the name of a namespace' : 'a common label', documentation: '' }));
  return of === 'namespace' ? [...others, ...ranked] : [...ranked, ...others, ...namespaceLabels(slot, context)];
}

/** A selector of Cilium asks for labels of the namespace among those of the pods. */
function namespaceLabels(slot: Slot, context: FeatureContext): readonly KnownWord[] {
  const around = isCilium(slot) ? surroundings(slot, context) : undefined;
  const keys = new Set((around?.cluster.namespaces ?? []).flatMap(({ value }) => Object.keys(value.labels)));
  keys.delete(NAME_LABEL);
  return [...keys].sort().map((key) => ({
    word: `k8s:${NAMESPACE_LABELS}${key}`,
    detail: `the label ${plain(key)} of the namespace`,
    documentation: '',
  }));
}

function isCilium({ manifest }: Slot): boolean {
  const identity = identify(manifest);
  return identity.ours && identity.kind?.api === 'cilium';
}

/** What a label key of a selector asks for: in one of Cilium, the source in front does not count, and some keys are about the namespace. */
function meantLabel(slot: Slot, written: string): { readonly of?: SelectorPart['of']; readonly label: string } {
  if (!isCilium(slot) || slot.path.includes('nodeSelector')) return { label: written };
  const { key } = parseLabelKey(written);
  if (key === POD_NAMESPACE) return { of: 'namespace', label: NAME_LABEL };
  if (key.startsWith(NAMESPACE_LABELS)) return { of: 'namespace', label: key.slice(NAMESPACE_LABELS.length) };
  return { of: 'pod', label: key };
}

/** Set by controllers anew on each pod, so useless in a selector. */
export const OF_CONTROLLERS: ReadonlySet<string> = new Set(['pod-template-hash', 'controller-revision-hash', 'pod-template-generation']);

/** The values of a label that what the selector may still pick has, those that select most first; then those of other objects. */
export function labelValueWords(slot: Slot, written: string, context: FeatureContext): readonly KnownWord[] {
  const { of: target, label } = meantLabel(slot, written);
  const found = choiceAt(slot, context, target);
  if (!found) return [];
  const { of, things, all, operator } = found;
  const words = wordsIn(all, (labels) => (Object.hasOwn(labels, label) ? [labels[label] ?? ''] : []));
  const withWord = (word: string): Requirement => ({ key: label, operator: operator ?? 'In', values: [...slot.listed, word], path: [] });
  const has = (labels: Labels, word: string): boolean => Object.hasOwn(labels, label) && labels[label] === word;
  const ranked = rank(found, words, has, (word) => things.filter(({ labels }) => holds(withWord(word), labels)));
  return of === 'namespace' && label === NAME_LABEL ? [...ranked, ...everywhere(words)] : ranked;
}

/** The namespaces that a policy can be put in, those where it means most workloads first. */
export function namespaceWords(slot: Slot, context: FeatureContext): readonly KnownWord[] {
  const around = surroundings(slot, context);
  if (!around) return [];
  const { policy, cluster } = around;
  const meant = workloadsIn(around, { pods: policy.subject.pods });
  const words = new Map(cluster.namespaces.filter(({ value }) => !isOnlyHere(value.name, context)).map(({ value }) => [value.name, 1]));
  const ranked = ranks([...words.keys()], (word) => meant.filter(({ namespace }) => namespace === word)).map(({ word, left }) => ({
    word,
    detail: selectsText(left.length, meant.length, 'workload'),
    documentation: namesText(left),
  }));
  return [...ranked, ...everywhere(words)];
}

/** A half-typed name makes the policy itself the only thing that lives in such a namespace; that is none to choose. */
function isOnlyHere(name: string, { snapshot, uri }: FeatureContext): boolean {
  const universe = universeOf(snapshot, universesOf(snapshot, uri)[0] ?? '');
  const [home, ...more] = universe ? (lookUp(universe.homes, name) ?? []) : [];
  const isDefined = universe !== undefined && keysOf(universe.index, 'Namespace', '', name).length > 0;
  return name === '' || (!isDefined && home !== undefined && more.length === 0 && uriOf(home) === normalizeUri(uri));
}

function everywhere(words: ReadonlyMap<string, number>): readonly KnownWord[] {
  return ['default', KUBE_SYSTEM]
    .filter((word) => !words.has(word))
    .map((word) => ({ word, detail: 'in every cluster', documentation: '' }));
}

/** Something with labels that a selector may pick, and the workloads that come with it. */
interface Thing {
  readonly labels: Labels;
  readonly workloads: readonly Workload[];
}

/** What can still be picked where a word is to be chosen. */
interface Choice {
  readonly of: SelectorPart['of'];
  /** What the rest of the selector leaves. */
  readonly things: readonly Thing[];
  /** Everything of the sort, wherever it is. */
  readonly all: readonly Thing[];
  /** The operator of the condition that is being written, where there is one. */
  readonly operator: Operator | undefined;
}

function choiceAt(slot: Slot, context: FeatureContext, target?: SelectorPart['of']): Choice | undefined {
  const around = surroundings(slot, context);
  if (!around) return undefined;
  const parts = selectorsIn(around.policy);
  const part = parts
    .filter(({ selector, of }) => isBelow(slot.path, selector.path) && (target === undefined || of === target))
    .toSorted((a, b) => b.selector.path.length - a.selector.path.length)[0];
  const of = target ?? part?.of ?? selectedBy(slot.path);
  const others = part?.selector.requirements.filter((one) => !isBeingWritten(one, slot)) ?? [];
  const all = thingsOf(of, around, part, parts);
  const things = all.filter(({ labels }) => selects({ requirements: others, path: [] }, labels));
  return { of, things: of === 'pod' ? things.filter(inScope(around, part)) : things, all, operator: operatorAt(slot) };
}

function inScope(around: Surroundings, part: SelectorPart | undefined): (thing: Thing) => boolean {
  const meant = new Set(workloadsIn(around, { namespaces: part?.within }));
  return ({ workloads }) => workloads.some((workload) => meant.has(workload));
}

function thingsOf(
  of: SelectorPart['of'],
  around: Surroundings,
  part: SelectorPart | undefined,
  parts: readonly SelectorPart[],
): readonly Thing[] {
  const { cluster } = around;
  if (of === 'node') return cluster.nodes.map(({ value }) => ({ labels: value.labels, workloads: [] }));
  if (of === 'pod') return cluster.workloads.map(({ value }) => ({ labels: value.labels, workloads: [value] }));
  // The pod selector next to the namespace selector in the same peer or subject.
  const pods = parts.find(({ within }) => within?.kind === 'selected' && within.selector === part?.selector)?.selector;
  const byHome = new Map<string, Workload[]>();
  for (const workload of workloadsIn(around, { pods })) {
    const home = byHome.get(workload.namespace);
    if (home) home.push(workload);
    else byHome.set(workload.namespace, [workload]);
  }
  return cluster.namespaces
    .filter(({ value }) => value.name !== '')
    .map(({ value }) => ({ labels: value.labels, workloads: byHome.get(value.name) ?? [] }));
}

/** The condition that the slot is in, or is. */
function isBeingWritten({ path, key }: Requirement, slot: Slot): boolean {
  if (slot.role === 'key') return path.length === slot.path.length + 1 && isBelow(path, slot.path) && !slot.siblings.includes(key);
  return isBelow(slot.path, path);
}

function operatorAt({ path, manifest }: Slot): Operator | undefined {
  const at = path.lastIndexOf('matchExpressions');
  const written = at === -1 ? undefined : stringOf(nodeAt(manifest.root, [...path.slice(0, at + 2), 'operator']));
  return OPERATORS.find((operator) => operator === written);
}

const OPERATORS: readonly Operator[] = ['In', 'NotIn', 'Exists', 'DoesNotExist'];

/** Is it namespaces, pods or nodes whose labels are asked for at a path inside a selector that cannot be read yet? */
function selectedBy(path: Path): SelectorPart['of'] {
  const selector = path.findLast((step) => typeof step === 'string' && SELECTORS.has(step));
  return (typeof selector === 'string' ? SELECTORS.get(selector) : undefined) ?? 'pod';
}

const SELECTORS: ReadonlyMap<string, SelectorPart['of']> = new Map([
  ['podSelector', 'pod'],
  ['namespaceSelector', 'namespace'],
  ['namespaces', 'namespace'],
  ['nodes', 'node'],
]);

/** The words that some things have, and how many have each. */
function wordsIn(things: readonly Thing[], wordsOf: (labels: Labels) => readonly string[]): ReadonlyMap<string, number> {
  const words = new Map<string, number>();
  for (const { labels } of things) for (const word of wordsOf(labels)) words.set(word, (words.get(word) ?? 0) + 1);
  return words;
}

/** `words` says how many things have each word, wherever they are; `has` whether one of them does. */
function rank(
  { of, things }: Choice,
  words: ReadonlyMap<string, number>,
  has: (labels: Labels, word: string) => boolean,
  left: (word: string) => readonly Thing[],
): readonly KnownWord[] {
  const total = new Set(things.flatMap(({ workloads }) => workloads)).size;
  return ranks([...words.keys()], left, (some) => (of === 'namespace' ? some.flatMap(({ workloads }) => workloads).length : 0)).map(
    ({ word, left: some }) => {
      const workloads = some.flatMap((thing) => thing.workloads);
      if (some.length === 0) {
        const others = (words.get(word) ?? 0) - things.filter(({ labels }) => has(labels, word)).length;
        return { word, detail: nothing(of, others, things.length), documentation: '' };
      }
      const own = of === 'pod' ? [] : [selectsText(some.length, things.length, of === 'node' ? 'node' : 'namespace')];
      const theirs =
        of === 'node'
          ? []
          : [own.length === 0 ? selectsText(workloads.length, total, 'workload') : share(workloads.length, total, 'workload')];
      return { word, detail: [...own, ...theirs].join(', '), documentation: namesText(workloads) };
    },
  );
}

interface Ranked<T> {
  readonly word: string;
  readonly left: readonly T[];
}

/** Words by how much they leave: most first, by `weight` before number, then by the alphabet. */
function ranks<T>(
  words: readonly string[],
  left: (word: string) => readonly T[],
  weight: (left: readonly T[]) => number = () => 0,
): readonly Ranked<T>[] {
  return words
    .map((word) => ({ word, left: left(word) }))
    .toSorted((a, b) => weight(b.left) - weight(a.left) || b.left.length - a.left.length || (a.word < b.word ? -1 : 1))
    .slice(0, MAX_SUGGESTIONS);
}

function selectsText(some: number, total: number, noun: string): string {
  return `selects ${share(some, total, noun)}`;
}

/** "3 of 12 workloads", "none of 12 workloads", "no workloads". */
function share(some: number, total: number, noun: string): string {
  if (total === 0) return count(0, noun);
  return `${some === 0 ? 'none' : thousands(some)} of ${count(total, noun)}`;
}

/** What has the word, but is not meant here. */
function nothing(of: SelectorPart['of'], others: number, here: number): string {
  const noun = of === 'pod' ? 'workload' : of;
  if (here === 0) return `on ${count(others, `other ${noun}`)}`;
  return selectsText(0, here, noun) + (others === 0 ? '' : `, but is on ${thousands(others)} other`);
}

function namesText(workloads: readonly Workload[]): string {
  return workloads.length === 0
    ? ''
    : `Selects ${escape(
        list(
          workloads.map(({ namespace, name }) => plain(`${namespace}/${name}`)),
          'and',
          10,
        ),
      )}.`;
}
