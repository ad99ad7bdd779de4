import { yamlQuoted } from '../../base/inert.ts';
import { labelSelectorFor, selectorFor } from '../../model/calico/selector/convert.ts';
import { parseSelector } from '../../model/calico/selector/parse.ts';
import { readSelector } from '../../model/read-selector.ts';
import { asMap, asScalar, pairOf, type Node } from '../../syntax/tree.ts';
import type { Fix } from '../finding.ts';
import { putValue } from './insert-item.ts';

/**
 * A selector that is written in the form of another API, in the form of its field: a label selector of Kubernetes as a selector of Calico,
 * and the other way round. No fix where the other form cannot say the same (alternatives, parts of values, `global()`), or where comments
 * would be lost. `owner`: the map in which the field is.
 */
export function otherSelectorForm(text: string, owner: Node | undefined, field: string, form: 'text' | 'object'): readonly Fix[] {
  const pair = pairOf(owner, field);
  if (!pair) return [];
  const value = form === 'text' ? asCalicoSelector(pair.value) : asLabelSelector(pair.value);
  if (value === undefined) return [];
  const edit = putValue(text, pair, value);
  if (text.slice(edit.start, edit.end).includes('#')) return [];
  const title = form === 'text' ? 'Convert to a selector of Calico' : 'Convert to matchLabels and matchExpressions';
  return [{ title, edits: [edit], safe: false }];
}

function asCalicoSelector(node: Node): string | undefined {
  const map = asMap(node);
  const isSelector = map?.pairs.length !== 0 && map?.pairs.every(({ name }) => name === 'matchLabels' || name === 'matchExpressions');
  if (isSelector !== true) return undefined;
  const { requirements, unreadable } = readSelector(node, [], 'empty');
  if (unreadable !== undefined) return undefined;
  const selector = selectorFor(requirements);
  return parseSelector(selector).expression ? yamlQuoted(selector) : undefined;
}

function asLabelSelector(node: Node): string | undefined {
  const scalar = asScalar(node);
  if (!scalar || scalar.hole || scalar.value.type !== 'string' || scalar.text.trim() === '') return undefined;
  const { expression } = parseSelector(scalar.text);
  return expression && labelSelectorFor(expression);
}
