import { removePair } from '../../syntax/edit.ts';
import { pairOf, type Node } from '../../syntax/tree.ts';
import type { Fix } from '../finding.ts';

/** The repair that takes a field out of a map; none where the field comes from an alias or a merge key. */
export function removedField(text: string, map: Node | undefined, name: string, title = `Remove '${name}'`): readonly Fix[] {
  const pair = pairOf(map, name);
  if (map?.kind !== 'map' || !pair || !map.pairs.includes(pair)) return [];
  return [{ title, edits: [removePair(text, map, pair)], safe: false }];
}
