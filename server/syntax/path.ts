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
