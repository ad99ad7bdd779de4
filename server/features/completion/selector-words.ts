import { count, list, plain } from '../../base/english.ts';
import { escape } from '../../base/markdown.ts';
import { quoted } from '../../model/calico/selector/expression.ts';
import { matchesExpression } from '../../model/calico/selector/meaning.ts';
import { parseSelector } from '../../model/calico/selector/parse.ts';
import type { SelectorRole } from '../../model/calico/selector/places.ts';
import { usesGlobal } from '../../model/calico/selector/convert.ts';
import { impliedNamespace, NAME_LABEL } from '../../model/namespace.ts';
import { given } from '../../model/read.ts';
import type { Labels } from '../../model/selector.ts';
import { nodeAt } from '../../syntax/locate-path.ts';
import type { Path } from '../../syntax/path.ts';
import { stringOf, type Node } from '../../syntax/tree.ts';
import { clusterFor } from '../../workspace/snapshot.ts';
import type { FeatureContext } from '../context.ts';
import { ownerPath } from '../text/selector-matches.ts';

/** Something that a selector of Calico may select, with its labels. */
interface LabelledThing {
  readonly labels: Labels;
  readonly name: string;
}

/** Where a selector stands, and in which policy. */
export interface SelectorSite {
  readonly root: Node | undefined;
  readonly path: Path;
  readonly role: SelectorRole;
  readonly of: 'subject' | 'peer';
  /** The namespace of the policy; `undefined` for a global one. */
  readonly home: string | undefined;
}

/** A word of the workspace, how much has it, and what. */
export interface SelectorWord {
  readonly word: string;
  readonly detail: string;
  readonly documentation: string;
}

/** As many as a list can sensibly show. */
const MAX_SUGGESTIONS = 500;
/** Set by controllers anew on each pod, so useless in a selector. */
const OF_CONTROLLERS: ReadonlySet<string> = new Set(['pod-template-hash', 'controller-revision-hash', 'pod-template-generation']);
/** The label by which Calico knows the name of a namespace or service account. */
const CALICO_NAME = 'projectcalico.org/name';

/** The labels that a selector may ask for, those on most first. */
export function selectorLabels(site: SelectorSite, context: FeatureContext): readonly SelectorWord[] {
  const things = thingsAt(site, context);
  return ranked(things, ({ labels }) => Object.keys(labels).filter((key) => !OF_CONTROLLERS.has(key)), nounOf(site));
}

/** The values of a label among what a selector may select, those on most first; `taken` left out. */
export function selectorValues(
  site: SelectorSite,
  label: string,
  taken: readonly string[],
  context: FeatureContext,
): readonly SelectorWord[] {
  const values = ({ labels }: LabelledThing): readonly string[] =>
    Object.hasOwn(labels, label) ? [labels[label] ?? ''].filter((value) => !taken.includes(value)) : [];
  return ranked(thingsAt(site, context), values, nounOf(site));
}

/** Whole conditions to start with: the labels that there are, each with one of its values. */
export function selectorConditions(site: SelectorSite, context: FeatureContext): readonly SelectorWord[] {
  const conditions = ({ labels }: LabelledThing): readonly string[] =>
    Object.entries(labels)
      // A namespace has its name in two labels; the one of Calico is enough.
      .filter(([key]) => !OF_CONTROLLERS.has(key) && key !== NAME_LABEL)
      .map(([key, value]) => `${key} == ${quoted(value, "'")}`);
  return ranked(thingsAt(site, context), conditions, nounOf(site));
}

function nounOf({ role, of }: SelectorSite): string {
  if (role === 'namespaces') return 'namespace';
  if (role === 'accounts') return 'service account';
  return of === 'peer' ? 'pod template or network set' : 'pod template';
}

function thingsAt(site: SelectorSite, { snapshot, uri }: FeatureContext): readonly LabelledThing[] {
  const { role, of, home } = site;
  const { workloads, namespaces, accounts, sets } = clusterFor(snapshot, uri);
  const labelsOf = new Map(namespaces.map(({ value }) => [value.name, value.labels]));
  if (role === 'namespaces')
    return namespaces
      .filter(({ value }) => value.name !== '')
      .map(({ value }) => ({ name: value.name, labels: { ...value.labels, [CALICO_NAME]: value.name } }));
  if (role === 'accounts')
    return accounts
      .filter(({ value }) => home === undefined || of === 'peer' || value.namespace === home)
      .map(({ value }) => ({ name: `${value.namespace}/${value.name}`, labels: { ...value.labels, [CALICO_NAME]: value.name } }));
  const isThere = namespaceTest(site, (name) => labelsOf.get(name) ?? impliedNamespace(name).labels);
  const pods = workloads
    .filter(({ value }) => !value.hostNetwork && isThere(value.namespace))
    .map(({ value }) => ({ name: `${value.namespace}/${value.name}`, labels: value.labels }));
  const networkSets = of === 'subject' ? [] : sets.filter(({ value }) => value.kind !== 'HostEndpoint' && isThere(value.namespace));
  return [...pods, ...networkSets.map(({ value }) => ({ name: `${value.kind} ${value.name}`, labels: value.labels }))];
}

/** Is what lives in a namespace (`undefined`: in none) within reach of the selector? */
function namespaceTest(
  { root, path, home }: SelectorSite,
  labelsOf: (namespace: string) => Labels,
): (namespace: string | undefined) => boolean {
  const text = stringOf(given(nodeAt(root, ownerPath(path)), 'namespaceSelector')) ?? '';
  if (text === '') return (namespace) => home === undefined || namespace === home;
  const { expression } = parseSelector(text);
  if (!expression) return () => true;
  if (usesGlobal(expression)) return (namespace) => namespace === undefined;
  return (namespace) =>
    matchesExpression(expression, {
      labels: namespace === undefined ? {} : { ...labelsOf(namespace), [CALICO_NAME]: namespace },
    }) !== 'no';
}

/** The words of some things, those that most have first, then by the alphabet. */
function ranked(
  things: readonly LabelledThing[],
  wordsOf: (thing: LabelledThing) => readonly string[],
  noun: string,
): readonly SelectorWord[] {
  const owners = new Map<string, string[]>();
  for (const thing of things) {
    for (const word of wordsOf(thing)) {
      const names = owners.get(word);
      if (names) names.push(thing.name);
      else owners.set(word, [thing.name]);
    }
  }
  return [...owners]
    .toSorted(([a, some], [b, others]) => others.length - some.length || (a < b ? -1 : 1))
    .slice(0, MAX_SUGGESTIONS)
    .map(([word, names]) => ({
      word,
      detail: `on ${names.length} of ${count(things.length, noun, pluralWords(noun))}`,
      documentation: `On ${escape(list(names.map(plain), 'and', 10))}.`,
    }));
}

function pluralWords(noun: string): string {
  return noun
    .split(' or ')
    .map((one) => `${one}s`)
    .join(' or ');
}
