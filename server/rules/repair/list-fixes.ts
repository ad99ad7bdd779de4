import { removeItem } from '../../syntax/edit.ts';
import type { Path } from '../../syntax/path.ts';
import { asSeq, isMerge } from '../../syntax/tree.ts';
import type { Fix } from '../finding.ts';
import type { ManifestView } from '../../analysis/context.ts';
import { mergeItems } from '../../syntax/join-items.ts';

/** A fix that makes one peer of two neighbours of a list, so that both must match. */
export function mergedPeers({ at, text }: Pick<ManifestView, 'at' | 'text'>, firstPath: Path, secondPath: Path): readonly Fix[] {
  const list = at(secondPath.slice(0, -1));
  if (list?.kind !== 'seq') return [];
  const index = Number(firstPath.at(-1));
  const items = list.items.slice(index, index + 2).map(({ value }) => value);
  // What an anchor names, other rules use too; what a merge key brings would be for both; a null beside it would be a key twice.
  const isPlain = items.every(
    (item) => item.kind === 'map' && item.anchor === undefined && item.pairs.length === 1 && !item.pairs.some(isMerge),
  );
  if (!isPlain) return [];
  const edit = mergeItems(text, list, index);
  return edit ? [{ title: 'Merge into one peer: both must match (AND)', edits: [edit], safe: false }] : [];
}

/** The repair that takes an item out of its list; none where the list comes from an alias or a merge key. */
export function removal({ at, text }: Pick<ManifestView, 'at' | 'text'>, path: Path, title: string): readonly Fix[] {
  const list = at(path.slice(0, -1));
  const item = asSeq(list)?.items[Number(path.at(-1))];
  return list?.kind === 'seq' && item ? [{ title, edits: [removeItem(text, list, item)], safe: true }] : [];
}
