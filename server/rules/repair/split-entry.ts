import { endOfLine, startOfLine } from '../../base/lines.ts';
import type { ManifestView } from '../../analysis/context.ts';
import { lineBreak, removePair, type Edit } from '../../syntax/edit.ts';
import type { Path } from '../../syntax/path.ts';
import { asSeq, isMerge, type Pair } from '../../syntax/tree.ts';
import type { Fix } from '../finding.ts';

/**
 * The fix that writes an item of a list twice, once without each of two fields that cannot stand together; everything else of the item stays
 * in both. Only for items in block style that begin their line.
 */
export function splitEntry(
  { at, text }: Pick<ManifestView, 'at' | 'text'>,
  path: Path,
  first: string,
  second: string,
  title: string,
): readonly Fix[] {
  const list = at(path.slice(0, -1));
  const item = asSeq(list)?.items[Number(path.at(-1))];
  const map = item?.value;
  if (list?.kind !== 'seq' || list.flow || map?.kind !== 'map' || map.flow || map.anchor !== undefined || map.pairs.some(isMerge) || !item)
    return [];
  const [one, other] = [first, second].map((name) => map.pairs.find((pair) => pair.name === name));
  const start = startOfLine(text, item.span.start);
  if (!one || !other || text.slice(start, item.span.start).trim() !== '') return [];
  const end = endOfLine(text, lastCharacter(text, item.span.start, item.span.end));
  const without = (pair: Pair): string => applied(text.slice(start, end), removePair(text, map, pair), start, pair === map.pairs[0]);
  return [{ title, edits: [{ start, end, text: `${without(other)}${lineBreak(text)}${without(one)}` }], safe: false }];
}

function lastCharacter(text: string, start: number, end: number): number {
  return start + text.slice(start, end).trimEnd().length;
}

/** An edit in the middle of a text applied to a part of it. */
function applied(part: string, edit: Edit, offset: number, isFirst: boolean): string {
  const from = Math.max(0, edit.start - offset);
  const to = Math.min(part.length, edit.end - offset);
  const remaining = `${part.slice(0, from)}${edit.text}${part.slice(to)}`.trimEnd();
  return isFirst ? remaining : remaining;
}
