import type { Work } from '../base/work.ts';
import { jsonText, integerOf } from '../syntax/scalar.ts';
import type { Path } from '../syntax/path.ts';
import { asMap, asScalar, asSeq, content, get, hasHole, isNull, pairsOf, type Node } from '../syntax/tree.ts';
import type { Unreadable } from './policy.ts';
import type { Labels } from './selector.ts';

/** Where a reader puts what it cannot read. One list per manifest; it ends in the `unreadable` of the value. */
export type Reading = Unreadable[];

/** Why a value with a hole is left out: a template makes it, a placeholder stands for it, or it is still being typed. */
export const TEMPLATE = 'is not known yet, because it is filled in later or the YAML is not finished';

/** The value of a field; `undefined` where it is missing or null, which the API server stores as the same thing. */
export function given(node: Node | undefined, name: string): Node | undefined {
  const value = get(node, name);
  return isNull(value) ? undefined : value;
}

/** An item of a list and its place. A null item is there, with a null node. */
export interface ListItem {
  readonly node: Node;
  readonly path: Path;
}

/** The items of a list; `undefined` where the field is missing or null. Notes anything that is not a list, and template holes. */
export function listAt(node: Node | undefined, path: Path, reading: Reading): readonly ListItem[] | undefined {
  if (node === undefined || isNull(node)) return undefined;
  const list = asSeq(node);
  if (node.hole || list?.hole === true) reading.push({ path, why: TEMPLATE });
  else if (!list) reading.push({ path, why: `should be a list, not ${sortOf(node)}` });
  return list?.items.map((item, i) => ({ node: item.value, path: [...path, i] })) ?? [];
}

/** How many items of a list are read before others may be served. */
const ITEMS_PER_STEP = 16;

/** Reads every item of a list, in steps. */
export function* readEach<T>(items: readonly ListItem[], read: (item: ListItem, index: number) => T): Work<T[]> {
  const found: T[] = [];
  for (const [i, item] of items.entries()) {
    found.push(read(item, i));
    if (i % ITEMS_PER_STEP === ITEMS_PER_STEP - 1) yield;
  }
  return found;
}

/** Reads every rule of a list, each of them in steps. An item may give no rule, or several. */
export function* readRules<T>(items: readonly ListItem[], read: (item: ListItem, index: number) => Work<readonly T[]>): Work<T[]> {
  const found: T[] = [];
  for (const [i, item] of items.entries()) {
    found.push(...(yield* read(item, i)));
    if (i % ITEMS_PER_STEP === ITEMS_PER_STEP - 1) yield;
  }
  return found;
}

/** The map that a field must hold; notes anything else, template holes, and fields that do not belong there. */
export function mapAt(node: Node | undefined, path: Path, fields: readonly string[], reading: Reading): Node | undefined {
  if (node === undefined) return undefined;
  const map = asMap(node);
  if (node.hole || map?.hole === true) reading.push({ path, why: TEMPLATE });
  else if (!map) reading.push({ path, why: `should be an object, not ${sortOf(node)}` });
  if (!map) return undefined;
  for (const name of unknownFields(map, fields)) reading.push({ path: [...path, name], why: 'is an unknown field' });
  return map;
}

/** The keys of a map that are not among the fields known for it, null ones included (the API server does not know those either). */
export function unknownFields(node: Node | undefined, fields: readonly string[]): readonly string[] {
  const map = asMap(node);
  if (!map) return [];
  return pairsOf(map).flatMap((pair) => (pair.name === undefined || pair.key.hole || fields.includes(pair.name) ? [] : [pair.name]));
}

/**
 * The intended string where the API expects a string: a plain `y`, `on` or `80` as it is written. The API server rejects those (YAML 1.1
 * makes a boolean or a number of them), which `wrong-type` reports; the intention of the author is clear.
 */
export function textIn(node: Node | undefined): string | undefined {
  const scalar = asScalar(node);
  if (!scalar || scalar.hole || scalar.value.type === 'null') return undefined;
  return scalar.value.type === 'string' ? scalar.value.value : scalar.text;
}

/** A string field; notes a value that is not a string. */
export function textAt(node: Node | undefined, name: string, path: Path, reading: Reading): string | undefined {
  const value = given(node, name);
  if (value === undefined) return undefined;
  const text = textIn(value);
  if (text === undefined)
    reading.push({ path: [...path, name], why: hasHole(value) ? TEMPLATE : `should be a string, not ${sortOf(value)}` });
  return text;
}

/** The integer that an integer field sees: `0120` is 80 and `80.0` is 80 as well. `undefined` for anything else. */
export function integerIn(node: Node | undefined): number | undefined {
  const scalar = asScalar(node);
  return scalar && !scalar.hole ? integerOf(scalar.value) : undefined;
}

/** A value as it may be shown in a sentence: "80", "a list", "null". */
export function sortOf(node: Node | undefined): string {
  const at = node && content(node);
  if (!at || isNull(at)) return 'null';
  if (at.kind === 'map') return 'an object';
  if (at.kind === 'seq') return 'a list';
  if (at.hole) return 'a value from a template';
  const text = jsonText(at.value) ?? at.text;
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}

/** Name and namespace of an object, as far as they can be read. */
export interface Identification {
  readonly name: string;
  readonly namespace: string;
}

/** The `metadata` of any object. A namespaced object without a namespace is in `default`. */
export function readMetadata(root: Node | undefined, reading: Reading): Identification {
  const metadata = given(root, 'metadata');
  const name = textAt(metadata, 'name', ['metadata'], reading) ?? '';
  const before = reading.length;
  const namespace = textAt(metadata, 'namespace', ['metadata'], reading);
  if (reading.length > before) return { name, namespace: '' };
  // kubectl fills in an empty namespace like a missing one.
  return { name, namespace: namespace === undefined || namespace === '' ? 'default' : namespace };
}

/**
 * A map of labels of a built-in kind, read as the API server stores it: a null value becomes `''`. Anything else that is not a string is
 * noted and left out. With `holes`, the keys whose values something fills in later go there instead.
 */
export function readLabels(node: Node | undefined, path: Path, reading: Reading, holes?: string[]): Labels {
  if (node === undefined || isNull(node)) return {};
  const labels = new Map<string, string>();
  const map = asMap(node);
  if (node.hole || map?.hole === true) reading.push({ path, why: TEMPLATE });
  else if (!map) reading.push({ path, why: `should be an object of labels, not ${sortOf(node)}` });
  for (const pair of map ? pairsOf(map) : []) {
    if (pair.name === undefined) continue;
    const value = isNull(pair.value) ? '' : textIn(pair.value);
    if (value !== undefined) labels.set(pair.name, value);
    else if (holes && !pair.key.hole && asScalar(pair.value)?.hole === true) holes.push(pair.name);
    else
      reading.push({ path: [...path, pair.name], why: hasHole(pair.value) ? TEMPLATE : `should be a string, not ${sortOf(pair.value)}` });
  }
  return Object.fromEntries(labels);
}
