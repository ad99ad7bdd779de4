import type { Path } from '../syntax/path.ts';
import { asMap, hasHole, isNull, itemsOf, pairsOf, stringOf, type Node } from '../syntax/tree.ts';
import { given, sortOf, unknownFields, TEMPLATE, textIn } from './read.ts';
import type { LabelSelector, Operator, Requirement } from './selector.ts';

/**
 * What becomes of a null label value: a built-in kind stores `''`; a custom resource drops the entry, so that the requirement is gone
 * (both measured on Kubernetes 1.36).
 */
export type NullValues = 'empty' | 'dropped';

/**
 * Reads a label selector (meta/v1 LabelSelector). Keeps every requirement that can be read; the first thing that cannot goes into
 * `unreadable`. No node, or null, is the selector without requirements: whether that is "everything" is for the caller to say.
 */
export function readSelector(node: Node | undefined, path: Path, nulls: NullValues): LabelSelector {
  if (node === undefined || isNull(node)) return { requirements: [], path };
  const map = asMap(node);
  if (node.hole || map?.hole === true) return { requirements: [], path, unreadable: TEMPLATE };
  if (!map) return { requirements: [], path, unreadable: `should be an object with matchLabels or matchExpressions, not ${sortOf(node)}` };
  const wrong: string[] = unknownFields(map, ['matchLabels', 'matchExpressions']).map(
    (name) => `has a field '${name}', which no selector has`,
  );
  const requirements = [
    ...readMatchLabels(given(map, 'matchLabels'), [...path, 'matchLabels'], nulls, wrong),
    ...readMatchExpressions(given(map, 'matchExpressions'), [...path, 'matchExpressions'], nulls, wrong),
  ];
  const [unreadable] = wrong;
  return unreadable === undefined ? { requirements, path } : { requirements, path, unreadable };
}

/** A plain map of labels that selects, as in a Service: each entry is an `In` with one value. */
export function readMatchLabels(node: Node | undefined, path: Path, nulls: NullValues, wrong: string[]): readonly Requirement[] {
  if (node === undefined) return [];
  const map = asMap(node);
  if (node.hole || map?.hole === true) wrong.push(TEMPLATE);
  else if (!map) wrong.push(`has matchLabels that are ${sortOf(node)}, not an object of labels`);
  const found = new Map<string, Requirement>();
  for (const pair of map ? pairsOf(map) : []) {
    if (pair.name === undefined || (isNull(pair.value) && nulls === 'dropped')) continue;
    const value = isNull(pair.value) ? '' : textIn(pair.value);
    // kubectl lets the last of two equal keys win.
    if (value !== undefined) found.set(pair.name, { key: pair.name, operator: 'In', values: [value], path: [...path, pair.name] });
    else wrong.push(hasHole(pair.value) ? TEMPLATE : `needs a string as the value of '${pair.name}', not ${sortOf(pair.value)}`);
  }
  return [...found.values()];
}

function readMatchExpressions(node: Node | undefined, path: Path, nulls: NullValues, wrong: string[]): readonly Requirement[] {
  if (node === undefined) return [];
  if (hasHole(node)) wrong.push(TEMPLATE);
  else if (node.kind !== 'alias' && node.kind !== 'seq') wrong.push(`has matchExpressions that are ${sortOf(node)}, not a list`);
  return itemsOf(node).flatMap((item, i) => {
    const requirement = readExpression(item, [...path, i], nulls);
    if (typeof requirement !== 'string') return [requirement];
    wrong.push(requirement);
    return [];
  });
}

/** A requirement, or why it is none. The conditions are those of `LabelSelectorAsSelector` in apimachinery's meta/v1. */
function readExpression(item: Node, path: Path, nulls: NullValues): Requirement | string {
  if (hasHole(item)) return TEMPLATE;
  const [extra] = unknownFields(item, ['key', 'operator', 'values']);
  if (extra !== undefined) return `has a field '${extra}' in matchExpressions, which does not belong there`;
  const key = textIn(given(item, 'key'));
  const operator = operatorOf(stringOf(given(item, 'operator')));
  if (key === undefined || key === '') return 'has a requirement without a key';
  if (operator === undefined) return `has no operator In, NotIn, Exists or DoesNotExist for '${key}'`;
  const values = valuesOf(given(item, 'values'), nulls);
  if (values === undefined) return `has values for '${key}' that are not a list of strings`;
  const wantsValues = operator === 'In' || operator === 'NotIn';
  if (wantsValues && values.length === 0) return `has no values for '${key}', which ${operator} needs`;
  if (!wantsValues && values.length > 0) return `has values for '${key}', which ${operator} must not have`;
  return { key, operator, values, path };
}

function valuesOf(node: Node | undefined, nulls: NullValues): readonly string[] | undefined {
  if (node === undefined) return [];
  if (node.kind !== 'seq' && node.kind !== 'alias') return undefined;
  const values: string[] = [];
  for (const item of itemsOf(node)) {
    // Only a built-in kind turns a null in a list into ''; a custom resource with one is rejected.
    const value = isNull(item) && nulls === 'empty' ? '' : textIn(item);
    if (value === undefined) return undefined;
    values.push(value);
  }
  return values;
}

function operatorOf(text: string | undefined): Operator | undefined {
  return OPERATORS.find((operator) => operator === text);
}

const OPERATORS: readonly Operator[] = ['In', 'NotIn', 'Exists', 'DoesNotExist'];
