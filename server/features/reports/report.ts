import type { Path } from '../../syntax/path.ts';
import type { ManifestKey } from '../../workspace/cluster.ts';

/** A read-only document for people: text, and stretches of it that lead to a place in a manifest. */
export interface Report {
  readonly title: string;
  readonly parts: readonly Part[];
}

export type Part = string | Link;

/** Text that leads to a field of a manifest. */
export interface Link {
  readonly text: string;
  readonly key: ManifestKey;
  readonly path: Path;
}

/** Text that leads somewhere. */
export function reportLink(text: string, key: ManifestKey, path: Path): Link {
  return { text, key, path };
}
