import { startOfLine } from '../../base/lines.ts';
import { lineBreak, reindented, replace, type Edit } from '../../syntax/edit.ts';
import { columnAt } from '../../syntax/layout.ts';
import { isMerge, isNull, type Item, type MapNode, type Node, type SeqNode } from '../../syntax/tree.ts';

/** The selectors of a list item that is nothing but selectors; `undefined` for other items, and where an anchor or alias would be torn. */
export function selectorsOf(item: Item | undefined): readonly string[] | undefined {
  const map = item?.value;
  if (map?.kind !== 'map' || map.hole || map.anchor !== undefined || map.tag !== undefined) return undefined;
  const isPlain = map.pairs.every((pair) => !isMerge(pair) && SELECTORS.has(pair.name ?? '') && !pair.value.hole);
  return isPlain && map.pairs.length > 0 ? map.pairs.flatMap(({ name, value }) => (isNull(value) ? [] : [name ?? ''])) : undefined;
}

const SELECTORS: ReadonlySet<string> = new Set(['podSelector', 'namespaceSelector']);

/** Makes one list item of two that follow each other. Comments stay; `undefined` where that cannot be. */
export function mergeItems(text: string, list: SeqNode, index: number): Edit | undefined {
  const [first, second] = [list.items[index], list.items[index + 1]];
  const [a, b] = [first?.value, second?.value];
  if (!first || !second || a?.kind !== 'map' || b?.kind !== 'map') return undefined;
  if (a.flow && b.flow) {
    const [end, start] = [closingOf(text, a), b.pairs[0]?.span.start ?? b.span.start + 1];
    return text.slice(end, start).includes('#') ? undefined : { start: end, end: start, text: ', ' };
  }
  if (a.flow || b.flow || list.flow || text.slice(second.span.start, b.span.start).includes('#')) return undefined;
  const column = columnAt(text, a.span.start);
  const room = column - columnAt(text, second.span.start);
  if (room < 0 || text.slice(startOfLine(text, second.span.start), second.span.start).trim() !== '') return undefined;
  // Only the dash goes where the columns agree: comments and everything else stay where they are.
  if (columnAt(text, b.span.start) === column && b.span.start - second.span.start === room)
    return { start: second.span.start, end: second.span.start + 1, text: ' ' };
  return { start: second.span.start, end: b.span.end, text: ' '.repeat(room) + reindented(text, b.span, column) };
}

/** Where the closing brace of a flow map stands, and the blanks before it. */
function closingOf(text: string, map: MapNode): number {
  return text.slice(0, map.span.end - 1).trimEnd().length;
}

/** Makes two list items of one with two fields: the second field gets a dash of its own. Comments stay; `undefined` where that cannot be. */
export function splitItem(text: string, list: SeqNode, index: number): Edit | undefined {
  const item = list.items[index];
  const map: Node | undefined = item?.value;
  if (!item || map?.kind !== 'map') return undefined;
  const [first, second, ...more] = map.pairs;
  if (!first || !second || more.length > 0) return undefined;
  if (map.flow) {
    const between = { start: first.span.end, end: second.span.start };
    if (text.slice(between.start, between.end).includes('#')) return undefined;
    return replace(between, list.flow ? '}, {' : `}${lineBreak(text)}${' '.repeat(columnAt(text, item.span.start))}- {`);
  }
  const line = startOfLine(text, second.span.start);
  const dash = line + columnAt(text, item.span.start);
  if (text.slice(line, second.span.start).trim() !== '' || dash >= second.span.start - 1) return undefined;
  return { start: dash, end: dash + 1, text: '-' };
}
