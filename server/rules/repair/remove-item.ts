import { removeItem } from '../../syntax/edit.ts';
import type { Path } from '../../syntax/path.ts';
import { asSeq } from '../../syntax/tree.ts';
import type { Fix } from '../finding.ts';
import type { ManifestView } from '../../analysis/context.ts';

/** The repair that takes an item out of its list; none where the list comes from elsewhere. */
export function removal({ at, text }: Pick<ManifestView, 'at' | 'text'>, path: Path, title: string): readonly Fix[] {
  const list = at(path.slice(0, -1));
  const item = asSeq(list)?.items[Number(path.at(-1))];
  return list?.kind === 'seq' && item ? [{ title, edits: [removeItem(text, list, item)], safe: true }] : [];
}
