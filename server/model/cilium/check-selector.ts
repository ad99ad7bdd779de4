import { quote } from '../../base/english.ts';
import type { Path } from '../../syntax/path.ts';
import { asMap, itemsOf, pairsOf, stringOf, type Node } from '../../syntax/tree.ts';
import { isLabelValue, isQualifiedName } from '../label-syntax.ts';
import { given, textIn } from '../read.ts';
import { extendedKey } from './label-key.ts';
import { isOpen, type Rejections } from './rejection.ts';

/** What a key becomes before it is checked: with the source in front, or as a label of a CiliumCIDRGroup. */
export type KeyForm = (key: string) => string;

/** Keys of selectors of CiliumCIDRGroups name no source. */
export const groupKey: KeyForm = (key) => `cidrgroup.${key}`;

/** What Cilium objects to in a label selector. Values of matchLabels are left to the API server. */
export function checkSelector(selector: Node | undefined, path: Path, into: Rejections, form: KeyForm = extendedKey): void {
  const labels = asMap(given(selector, 'matchLabels'));
  for (const { name, key, value } of labels ? pairsOf(labels) : []) {
    // A null value is dropped with its key before it is stored.
    if (name === undefined || key.hole || given(labels, name) === undefined || isOpen(value)) continue;
    checkKey(name, [...path, 'matchLabels', name], true, form, into);
  }
  for (const [i, item] of itemsOf(given(selector, 'matchExpressions')).entries())
    checkExpression(item, [...path, 'matchExpressions', i], form, into);
}

function checkExpression(item: Node, path: Path, form: KeyForm, into: Rejections): void {
  const key = textIn(given(item, 'key'));
  if (key !== undefined) checkKey(key, [...path, 'key'], false, form, into);
  const operator = stringOf(given(item, 'operator'));
  const node = given(item, 'values');
  const values = itemsOf(node);
  const needs = operator === 'In' || operator === 'NotIn';
  const refuses = operator === 'Exists' || operator === 'DoesNotExist';
  if (isOpen(item)) return;
  if (needs && values.length === 0) {
    const way = `Add 'values', or write ${operator === 'In' ? 'Exists' : 'DoesNotExist'}.`;
    into.push({
      code: 'invalid-selector',
      path: node ? [...path, 'values'] : [...path, 'operator'],
      onKey: false,
      why: `'${operator}' has no values`,
      way,
    });
  }
  if (refuses && values.length > 0) {
    const way = `Remove 'values', or write ${operator === 'Exists' ? 'In' : 'NotIn'}.`;
    into.push({
      code: 'invalid-selector',
      path: [...path, 'values'],
      onKey: true,
      why: `'${operator}' must not have values`,
      way,
      mistake: 'values',
    });
  }
  for (const [i, value] of values.entries()) {
    const text = textIn(value);
    if (text === undefined || isLabelValue(text)) continue;
    const way = 'Correct it: a label value has at most 63 letters, digits, dashes, dots and underscores.';
    into.push({ code: 'invalid-selector', path: [...path, 'values', i], onKey: false, why: `${quote(text)} is not a label value`, way });
  }
}

function checkKey(key: string, path: Path, onKey: boolean, form: KeyForm, into: Rejections): void {
  const full = form(key);
  if (isQualifiedName(full)) return;
  const source = form === extendedKey ? undefined : /^(?:k8s|any|reserved|cidr):/.exec(key)?.[0];
  const tooLong = isQualifiedName(key)
    ? `, because with '${full.slice(0, full.length - key.length)}' in front of it, it is longer than 63 characters`
    : '';
  const why = `${quote(key)} is not a label key${tooLong}`;
  const way =
    source === undefined
      ? 'Write a name of letters, digits, dashes, dots and underscores, optionally with a domain and a slash before it.'
      : `Remove '${source}': labels of CiliumCIDRGroups have no source.`;
  into.push({ code: 'invalid-selector', path, onKey, why, way });
}
