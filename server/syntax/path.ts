import { sameItems } from '../base/lists.ts';

/** A field path inside a manifest: `['spec', 'ingress', 0, 'from']`. */
export type Path = readonly (string | number)[];

/** Writes a path as Kubernetes does: `spec.ingress[0].from`; `''` for the whole manifest. */
export function formatPath(path: Path): string {
  let out = '';
  for (const step of path) out += typeof step === 'number' ? `[${step}]` : out === '' ? step : `.${step}`;
  return out;
}

/** Do two paths name the same field? */
export function samePath(a: Path, b: Path): boolean {
  return sameItems(a, b);
}

/** Is `path` the field `prefix` or something below it? */
export function isBelow(path: Path, prefix: Path): boolean {
  return path.length >= prefix.length && prefix.every((step, i) => step === path[i]);
}

/** A list of things with a path each, that can be asked about a path without looking at all of them. */
export interface PathIndex<T> {
  /** Those at a path and below it, in the order of the list. */
  readonly below: (path: Path) => readonly T[];
  /** Is one of them at a path or above it? */
  readonly isAround: (path: Path) => boolean;
}

/** Something in the list, and its place in it. */
interface Entry<T> {
  readonly item: T;
  readonly index: number;
}

/**
 * Indexes a list; a question then takes one search for each step of its path. What is at a path and below it stands in a row once the list is
 * sorted, so nothing is kept for each step of each path.
 */
export function indexByPath<T extends { readonly path: Path }>(list: readonly T[]): PathIndex<T> {
  const entries = list.map((item, index): Entry<T> => ({ item, index })).toSorted((a, b) => compared(a.item.path, b.item.path));
  return { below: (path) => below(entries, path), isAround: (path) => isAround(entries, path) };
}

/** An order in which a path stands right before those below it. */
function compared(a: Path, b: Path): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const order = comparedSteps(a[i] ?? 0, b[i] ?? 0);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function comparedSteps(a: string | number, b: string | number): number {
  if (a === b) return 0;
  if (typeof a === typeof b) return a < b ? -1 : 1;
  return typeof a === 'number' ? -1 : 1;
}

function below<T extends { readonly path: Path }>(entries: readonly Entry<T>[], path: Path): readonly T[] {
  let row: Row = { start: 0, end: entries.length };
  for (let depth = 0; depth < path.length && row.start < row.end; depth++) row = narrowed(entries, row, depth, path[depth] ?? 0);
  const found = entries.slice(row.start, row.end);
  return (found.length > 1 ? found.toSorted((a, b) => a.index - b.index) : found).map(({ item }) => item);
}

function isAround<T extends { readonly path: Path }>(entries: readonly Entry<T>[], path: Path): boolean {
  let row: Row = { start: 0, end: entries.length };
  for (let depth = 0; row.start < row.end; depth++) {
    if (entries[row.start]?.item.path.length === depth) return true;
    if (depth === path.length) break;
    row = narrowed(entries, row, depth, path[depth] ?? 0);
  }
  return false;
}

/** Entries that stand in a row: those whose paths begin alike. */
interface Row {
  readonly start: number;
  readonly end: number;
}

/** Of paths that are the same up to a depth, those that go on with a step. */
function narrowed<T extends { readonly path: Path }>(
  entries: readonly Entry<T>[],
  { start, end }: Row,
  depth: number,
  step: string | number,
): Row {
  const orderAt = (at: number): number => {
    const own = entries[at]?.item.path[depth];
    return own === undefined ? -1 : comparedSteps(own, step);
  };
  const first = firstWhere(start, end, (at) => orderAt(at) >= 0);
  return { start: first, end: firstWhere(first, end, (at) => orderAt(at) > 0) };
}

/** The first number from `start` on for which something holds that holds for all behind it, too; `end` where there is none. */
function firstWhere(start: number, end: number, holds: (at: number) => boolean): number {
  let low = start;
  let high = end;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
