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

interface Branch<T> {
  readonly below: T[];
  /** Is one of them exactly here? */
  isPlace: boolean;
  steps: Map<string | number, Branch<T>> | undefined;
}

/** Indexes a list; a question then takes as many steps as its path is long. */
export function indexByPath<T extends { readonly path: Path }>(list: readonly T[]): PathIndex<T> {
  const root = branch<T>();
  for (const item of list) {
    let at = root;
    at.below.push(item);
    for (const step of item.path) {
      const next = at.steps?.get(step) ?? branch<T>();
      at.steps ??= new Map();
      at.steps.set(step, next);
      next.below.push(item);
      at = next;
    }
    at.isPlace = true;
  }
  return { below: (path) => branchAt(root, path)?.below ?? [], isAround: (path) => isAround(root, path) };
}

function branch<T>(): Branch<T> {
  return { below: [], isPlace: false, steps: undefined };
}

function branchAt<T>(root: Branch<T>, path: Path): Branch<T> | undefined {
  let at: Branch<T> | undefined = root;
  for (const step of path) at = at?.steps?.get(step);
  return at;
}

function isAround<T>(root: Branch<T>, path: Path): boolean {
  let at: Branch<T> | undefined = root;
  for (const step of path) {
    if (at === undefined || at.isPlace) break;
    at = at.steps?.get(step);
  }
  return at?.isPlace === true;
}
