import type { Path } from '../../syntax/path.ts';
import { isListValue, type Json } from './values.ts';

/** A field that differs between two values; `before` or `after` is `undefined` where it is missing. */
export interface FieldChange {
  readonly path: Path;
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

/**
 * The fields in which two values differ, in their order. Items of lists are compared by their place; where one item came or went, it is that
 * item; where more did, it is the list.
 */
export function changesBetween(before: Json | undefined, after: Json | undefined, path: Path = []): readonly FieldChange[] {
  if (isObject(before) && isObject(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return names.flatMap((name) => changesBetween(valueIn(before, name), valueIn(after, name), [...path, name]));
  }
  if (before !== undefined && after !== undefined && isListOf(before) && isListOf(after)) return changesInList(before, after, path);
  return before === after ? [] : [{ path, before, after }];
}

function changesInList(before: readonly Json[], after: readonly Json[], path: Path): readonly FieldChange[] {
  if (before.length === after.length)
    return before.flatMap((one, i) => (isSame(one, after[i]) ? [] : changesBetween(one, after[i], [...path, i])));
  const [longer, shorter] = before.length > after.length ? [before, after] : [after, before];
  const at = shorter.findIndex((one, i) => !isSame(one, longer[i]));
  const index = at === -1 ? shorter.length : at;
  const isOne = longer.length === shorter.length + 1 && shorter.slice(index).every((one, i) => isSame(one, longer[index + 1 + i]));
  if (!isOne) return [{ path, before, after }];
  const item = longer[index];
  return [{ path: [...path, index], before: longer === before ? item : undefined, after: longer === after ? item : undefined }];
}

function isSame(a: Json | undefined, b: Json | undefined): boolean {
  return a === b || changesBetween(a, b).length === 0;
}

function isObject(value: Json | undefined): value is { readonly [name: string]: Json } {
  return typeof value === 'object' && value !== null && !isListValue(value);
}

function isListOf(value: Json): value is readonly Json[] {
  return typeof value === 'object' && value !== null && isListValue(value);
}

function valueIn(map: { readonly [name: string]: Json }, name: string): Json | undefined {
  return Object.hasOwn(map, name) ? map[name] : undefined;
}
