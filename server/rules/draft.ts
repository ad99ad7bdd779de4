import type { Path } from '../syntax/path.ts';
import type { Draft, ManifestContext } from './rule.ts';
import { spotOf } from '../syntax/spot.ts';

/** What a finding may carry besides its place and its words. */
export type Extras = Pick<Draft, 'fixes' | 'related' | 'severity' | 'profile' | 'unnecessary'>;

/** A finding about the value of a field or about an item. */
export function onValue({ manifest }: Pick<ManifestContext, 'manifest'>, path: Path, message: string, extras: Extras = {}): Draft {
  const span = manifest.root ? spotOf(manifest.root, path).span : { start: 0, end: 0 };
  return { span, path, message, ...extras };
}

/** A finding about a field with all that stands in it, so that what is dead is faded as a whole. */
export function onField({ manifest }: Pick<ManifestContext, 'manifest'>, path: Path, message: string, extras: Extras = {}): Draft {
  const spot = manifest.root ? spotOf(manifest.root, path) : undefined;
  const span = spot ? { start: spot.keySpan.start, end: Math.max(spot.keySpan.end, spot.span.end) } : { start: 0, end: 0 };
  return { span, path, message, ...extras };
}

/** A finding about a field as such: its key is underlined. Of an item: all of it, dash included. */
export function onKey({ manifest }: Pick<ManifestContext, 'manifest'>, path: Path, message: string, extras: Extras = {}): Draft {
  const span = manifest.root ? spotOf(manifest.root, path).keySpan : { start: 0, end: 0 };
  return { span, path, message, ...extras };
}
