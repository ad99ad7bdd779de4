import { type Pair, isMerge, pairOf, type MapNode, type Node } from '../../syntax/tree.ts';
import type { Replacement } from '../finding.ts';
import { startOfLine, endOfLine } from '../../base/lines.ts';
import { insertField, lineBreak } from '../../syntax/edit.ts';

/** Puts an item behind the last one of a list in block style; `undefined` for other lists. The item may have several lines. */
export function itemBehind(text: string, list: Node | undefined, item: string): Replacement | undefined {
  if (list?.kind !== 'seq' || list.hole) return undefined;
  const last = list.items.at(-1);
  const column = last ? last.span.start - startOfLine(text, last.span.start) : -1;
  // In flow style an item begins behind a bracket or comma, not with a dash.
  if (!last || text[last.span.start] !== '-') return undefined;
  const written = itemText(text, column, item);
  const end = endOfLine(text, Math.max(last.span.start, last.span.end - (text[last.span.end - 1] === '\n' ? 1 : 0)));
  return { start: end, end, text: `${lineBreak(text)}${written}` };
}

/**
 * Puts an item at the end of the list that a field of a block map holds, with the list if it is empty or not there yet; `undefined` for a
 * list in flow style with items.
 */
export function itemIn(text: string, map: Node | undefined, field: string, item: string): Replacement | undefined {
  if (map?.kind !== 'map' || map.flow || map.pairs.some(isMerge)) return undefined;
  const pair = pairOf(map, field);
  if (!pair) return insertField(text, map, field, itemText('\n', 0, item), behind(map));
  const { value } = pair;
  const isEmpty = value.kind === 'seq' ? value.items.length === 0 : value.kind === 'scalar' && value.value.type === 'null';
  if (!isEmpty) return itemBehind(text, value, item);
  const column = pair.span.start - startOfLine(text, pair.span.start);
  const edit = putValue(text, pair, '');
  return { ...edit, text: `${lineBreak(text)}${itemText(text, column, item)}` };
}

/** Behind the fields that say what a policy is about, as most write it. */
function behind(map: MapNode): { readonly after?: Pair } {
  const after = pairOf(map, 'policyTypes') ?? pairOf(map, 'podSelector');
  return after ? { after } : {};
}

/** Puts an item in front of one of a list in block style, and of the comments above that; `undefined` for other lists. */
export function itemBefore(text: string, list: Node | undefined, index: number, item: string): Replacement | undefined {
  if (list?.kind !== 'seq' || list.hole) return undefined;
  const next = list.items[index];
  if (!next || text[next.span.start] !== '-') return undefined;
  let start = startOfLine(text, next.span.start);
  const column = next.span.start - start;
  // An item that shares its line with something else has no line to go before.
  if (text.slice(start, next.span.start).trim() !== '') return undefined;
  for (let above = start; above > 0; start = above) {
    above = startOfLine(text, above - 1);
    if (!text.slice(above, start).trimStart().startsWith('#')) break;
  }
  return { start, end: start, text: `${itemText(text, column, item)}${lineBreak(text)}` };
}

function itemText(text: string, column: number, item: string): string {
  const indent = ' '.repeat(column);
  return item
    .split('\n')
    .map((line, i) => `${indent}${i === 0 ? '- ' : '  '}${line}`)
    .join(lineBreak(text));
}

/** Gives a field another value, on the line of its key. */
export function putValue(text: string, pair: Pair, value: string): Replacement {
  const colon = text.indexOf(':', pair.key.span.end);
  const start = colon === -1 ? pair.key.span.end : colon + 1;
  const written = pair.value.span.end > pair.value.span.start;
  return { start, end: written ? Math.max(start, pair.value.span.end) : start, text: ` ${value}` };
}
