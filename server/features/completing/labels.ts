import { count } from '../../base/english.ts';
import { code } from '../../base/markdown.ts';
import { NAME_LABEL } from '../../model/namespace.ts';
import type { Path } from '../../syntax/path.ts';
import { labelKeys, labelValues, type Usage } from '../../workspace/lookup.ts';
import { clusterFor, indexOf, universesOf } from '../../workspace/snapshot.ts';
import type { FeatureContext } from '../context.ts';

/** A word that a selector could ask for, and why it is offered. */
export interface LabelWord {
  readonly word: string;
  readonly detail: string;
  readonly documentation: string;
}

/** Is it namespaces, pods or nodes whose labels are asked for at a path inside a selector? */
function selectedBy(path: Path): 'pod' | 'namespace' | 'node' {
  const selector = path.findLast((step) => typeof step === 'string' && SELECTORS.has(step));
  return (typeof selector === 'string' ? SELECTORS.get(selector) : undefined) ?? 'pod';
}

const SELECTORS: ReadonlyMap<string, 'pod' | 'namespace' | 'node'> = new Map([
  ['podSelector', 'pod'],
  ['namespaceSelector', 'namespace'],
  ['namespaces', 'namespace'],
  ['nodes', 'node'],
]);

/** The label keys that the workspace knows, most used first, then the usual ones. */
export function knownLabels(path: Path, usual: readonly string[], context: FeatureContext): readonly LabelWord[] {
  const of = selectedBy(path);
  if (of === 'node') return [];
  const [universe] = universesOf(context.snapshot, context.uri);
  const used = universe === undefined ? [] : labelKeys(indexOf(context.snapshot, universe), of);
  const words = used.filter(({ word }) => !OF_CONTROLLERS.has(word) && word !== NAME_LABEL).map((usage) => usedWord(usage, of));
  const others = usual.filter((word) => (word === NAME_LABEL) === (of === 'namespace') && !words.some((known) => known.word === word));
  const common = others.map((word) => ({
    word,
    detail: word === NAME_LABEL ? 'the name of a namespace' : 'a common label',
    documentation: '',
  }));
  return of === 'namespace' ? [...common, ...words] : [...words, ...common];
}

/** Set by controllers on each pod anew; nobody selects by them. */
const OF_CONTROLLERS: ReadonlySet<string> = new Set(['pod-template-hash', 'controller-revision-hash', 'pod-template-generation']);

/** The values that a label has in the workspace, most used first; the names of namespaces for their name label. */
export function knownValues(path: Path, label: string, context: FeatureContext): readonly LabelWord[] {
  const of = selectedBy(path);
  if (of === 'node') return [];
  if (of === 'namespace' && label === NAME_LABEL) return namespaceNames(context);
  const [universe] = universesOf(context.snapshot, context.uri);
  return universe === undefined ? [] : labelValues(indexOf(context.snapshot, universe), of, label).map((usage) => usedWord(usage, of));
}

/** The namespaces that the workspace knows, then those that every cluster has. */
export function namespaceNames(context: FeatureContext): readonly LabelWord[] {
  const known = clusterFor(context.snapshot, context.uri).namespaces.map(({ value }) => value.name);
  const names = [...new Set([...known, 'default', 'kube-system'])].filter((name) => name !== '');
  return names.map((word) => ({
    word,
    detail: known.includes(word) ? 'a namespace of this workspace' : 'in every cluster',
    documentation: '',
  }));
}

function usedWord({ word, count: uses }: Usage, of: 'pod' | 'namespace'): LabelWord {
  const detail = count(uses, of === 'pod' ? 'workload' : 'namespace');
  return { word, detail, documentation: `${code(word)} is on ${detail} of this workspace.` };
}
