import { plain } from '../../base/english.ts';
import { escape } from '../../base/markdown.ts';
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

/**
 * Text from files in a report, which people read as it stands and in a Markdown preview: on one line, and escaped where Markdown would
 * make something of it. Names of Kubernetes stay as they are.
 */
export function reportText(text: string): string {
  return /[<`*~\\&$]|!\[|\]\s*[([]|(?<!\w)_|_(?!\w)|:\/\/|\bwww\.|\w@\w|^\s*(?:[-+=#>]|\d+[.)])/i.test(text) ? escape(text) : plain(text);
}
