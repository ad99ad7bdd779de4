import { count, list, plain } from '../../base/english.ts';
import { escape } from '../../base/markdown.ts';
import { quoted } from '../../model/calico/selector/expression.ts';
import type { SelectorRole } from '../../model/calico/selector/places.ts';
import { NAME_LABEL } from '../../model/namespace.ts';
import type { Labels } from '../../model/selector.ts';
import type { Path } from '../../syntax/path.ts';
import type { Node } from '../../syntax/tree.ts';
import { clusterFor } from '../../workspace/snapshot.ts';
import type { FeatureContext } from '../context.ts';
import { CALICO_NAME, namespaceMatch, ownerPath } from '../text/selector-matches.ts';
import { MAX_SUGGESTIONS, OF_CONTROLLERS, type KnownWord } from './from-workspace.ts';

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

/** The labels that a selector may ask for, those on most first. */
export function selectorLabels(site: SelectorSite, context: FeatureContext): readonly KnownWord[] {
  const things = thingsAt(site, context);
  return ranked(things, ({ labels }) => Object.keys(labels).filter((key) => !OF_CONTROLLERS.has(key)), nounOf(site));
}

/** The values of a label among what a selector may select, those on most first; `taken` left out. */
export function selectorValues(site: SelectorSite, label: string, taken: readonly string[], context: FeatureContext): readonly KnownWord[] {
  const values = ({ labels }: LabelledThing): readonly string[] =>
    Object.hasOwn(labels, label) ? [labels[label] ?? ''].filter((value) => !taken.includes(value)) : [];
  return ranked(thingsAt(site, context), values, nounOf(site));
}

/** Whole conditions to start with: the labels that there are, each with one of its values. */
export function selectorConditions(site: SelectorSite, context: FeatureContext): readonly KnownWord[] {
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
  const { role, of, home, root, path } = site;
  const cluster = clusterFor(snapshot, uri);
  const { workloads, namespaces, accounts, sets } = cluster;
  if (role === 'namespaces')
    return namespaces
      .filter(({ value }) => value.name !== '')
      .map(({ value }) => ({ name: value.name, labels: { ...value.labels, [CALICO_NAME]: value.name } }));
  if (role === 'accounts')
    return accounts
      .filter(({ value }) => home === undefined || of === 'peer' || value.namespace === home)
      .map(({ value }) => ({ name: `${value.namespace}/${value.name}`, labels: { ...value.labels, [CALICO_NAME]: value.name } }));
  const matchOf = namespaceMatch(cluster, root, ownerPath(path), home);
  const isThere = (namespace: string | undefined): boolean => matchOf(namespace) !== 'no';
  const pods = workloads
    .filter(({ value }) => !value.hostNetwork && isThere(value.namespace))
    .map(({ value }) => ({ name: `${value.namespace}/${value.name}`, labels: value.labels }));
  const networkSets = of === 'subject' ? [] : sets.filter(({ value }) => value.kind !== 'HostEndpoint' && isThere(value.namespace));
  return [...pods, ...networkSets.map(({ value }) => ({ name: `${value.kind} ${value.name}`, labels: value.labels }))];
}

/** The words of some things, those that most have first, then by the alphabet. */
function ranked(
  things: readonly LabelledThing[],
  wordsOf: (thing: LabelledThing) => readonly string[],
  noun: string,
): readonly KnownWord[] {
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
