import type { Span } from '../../base/span.ts';
import type { Work } from '../../base/work.ts';
import type { Path } from '../../syntax/path.ts';
import { stringOf, type Node } from '../../syntax/tree.ts';
import { nodeAt } from '../../syntax/locate-path.ts';
import { NAME_LABEL } from '../namespace.ts';
import type { LabelTerm, NamespaceScope } from '../policy.ts';
import { given } from '../read.ts';
import type { LabelSelector, Operator } from '../selector.ts';
import { requirementsOf } from './selector/convert.ts';
import { type Comparison, type SelectorLeaf, selectorLeaves, type Word } from './selector/expression.ts';
import { parseSelector } from './selector/parse.ts';
import { selectorNodes, type SelectorPlace } from './selector/places.ts';

/**
 * The labels that the selectors of a policy ask for, with their places in the strings, so that editors can follow and rename them. `home`: the
 * namespace of the policy, `undefined` for a global one. Selectors that cannot be parsed have none. Read in steps.
 */
export function* labelTerms(root: Node | undefined, home: string | undefined): Work<readonly LabelTerm[]> {
  const terms: LabelTerm[] = [];
  for (const place of selectorNodes(root)) {
    terms.push(...termsAt(place, root, home));
    yield;
  }
  return terms;
}

const EVERYWHERE: NamespaceScope = { kind: 'selected', selector: { requirements: [], path: [] } };

function termsAt(place: SelectorPlace, root: Node | undefined, home: string | undefined): readonly LabelTerm[] {
  const { expression } = parseSelector(place.node.text);
  // Accounts have no labels that other manifests rename.
  if (!expression || place.role === 'accounts') return [];
  const { path } = place;
  const all = place.role === 'endpoints' ? requirementsOf(expression, path) : undefined;
  const isPlain = all?.every(({ key }) => holderOf(key).of === 'pod' && !key.startsWith('projectcalico.org/')) === true;
  const within = place.role === 'endpoints' ? withinOf(root, path, home) : undefined;
  return selectorLeaves(expression).flatMap((leaf): readonly LabelTerm[] => {
    const found = 'key' in leaf ? termOf(leaf, place.role === 'namespaces', path) : undefined;
    if (!found) return [];
    const { requirement, of } = found;
    const others = isPlain && of === 'pod' ? (all?.filter(({ key }) => key !== requirement.key) ?? []) : [];
    const selector: LabelSelector = { requirements: [requirement, ...others], path };
    return [
      {
        ...found,
        selector,
        selectsSets: of === 'pod' && (place.of === 'peer' || home === undefined),
        path,
        ...(of === 'pod' && within ? { within } : {}),
      },
    ];
  });
}

/** Without a namespaceSelector, a namespaced policy looks into its own namespace. */
function withinOf(root: Node | undefined, path: Path, home: string | undefined): NamespaceScope {
  const beside = stringOf(given(nodeAt(root, path.slice(0, -1)), 'namespaceSelector')) ?? '';
  if (beside === '') return home === undefined ? EVERYWHERE : { kind: 'own', namespace: home };
  const { expression } = parseSelector(beside);
  const requirements = expression && requirementsOf(expression, path);
  const named = requirements?.map((one) => (one.key === 'projectcalico.org/name' ? { ...one, key: NAME_LABEL } : one));
  return named ? { kind: 'selected', selector: { requirements: named, path } } : EVERYWHERE;
}

type LabelTest = Extract<SelectorLeaf, { readonly key: Word }>;

/** Whose label a word of a pod selector is (felix `calc`: labels of namespaces and accounts have a prefix). */
function holderOf(key: string): { readonly of: 'pod' | 'namespace' | undefined; readonly prefix: number } {
  if (key.startsWith('pcns.')) return { of: 'namespace', prefix: 'pcns.'.length };
  return { of: key.startsWith('pcsa.') ? undefined : 'pod', prefix: 0 };
}

function termOf(leaf: LabelTest, ofNamespace: boolean, path: Path): Pick<LabelTerm, 'of' | 'requirement' | 'key' | 'values'> | undefined {
  const { key } = leaf;
  const { of, prefix } = ofNamespace ? ({ of: 'namespace', prefix: 0 } as const) : holderOf(key.text);
  const { operator, values } = testOf(leaf);
  const texts = values.map(({ text }) => text);
  const name = key.text.slice(prefix);
  // Only values that are compared as a whole are words that something else has.
  const places = operator === 'In' || operator === 'NotIn' ? values.map(inner) : [];
  if (name === 'projectcalico.org/namespace' || (of === 'namespace' && name === 'projectcalico.org/name'))
    return { of: 'namespace', requirement: { key: NAME_LABEL, operator, values: texts, path }, values: places };
  if (of === undefined || name.startsWith('projectcalico.org/')) return undefined;
  return {
    of,
    requirement: { key: name, operator, values: texts, path },
    key: { start: key.span.start + prefix, end: key.span.end },
    values: places,
  };
}

function testOf(leaf: LabelTest): { readonly operator: Operator; readonly values: readonly Word[] } {
  switch (leaf.kind) {
    case 'has':
      return { operator: 'Exists', values: [] };
    case 'compare':
      return { operator: OPERATORS[leaf.operator], values: [leaf.value] };
    case 'in':
      return { operator: leaf.negated ? 'NotIn' : 'In', values: leaf.values };
  }
}

const OPERATORS: Readonly<Record<Comparison, Operator>> = {
  '==': 'In',
  '!=': 'NotIn',
  contains: 'Contains',
  'starts with': 'StartsWith',
  'ends with': 'EndsWith',
};

/** A string without its quotes. */
function inner({ span, text }: Word): Span {
  return span.end - span.start === text.length ? span : { start: span.start + 1, end: span.start + 1 + text.length };
}
