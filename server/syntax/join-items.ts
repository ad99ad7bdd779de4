import { startOfLine, endOfLine, columnAt } from '../base/lines.ts';
import { lineBreak, reindented, replace, type Edit } from './edit.ts';
import type { Item, MapNode, Node, SeqNode } from './tree.ts';

/** Makes one item of two that follow each other. Comments stay; `undefined` where that cannot be. */
export function mergeItems(text: string, list: SeqNode, index: number): Edit | undefined {
  const [first, second] = [list.items[index], list.items[index + 1]];
  const [a, b] = [first?.value, second?.value];
  if (!first || !second || a?.kind !== 'map' || b?.kind !== 'map') return undefined;
  // What a template does between the items, it must not do in the middle of one.
  if (/^[ \t]*\{\{/m.test(text.slice(first.span.start, second.span.end))) return undefined;
  if (a.flow && b.flow) return mergeFlow(text, list, [a, b], second);
  if (a.flow || b.flow || list.flow) return undefined;
  const column = columnAt(text, a.span.start);
  // A comment behind the dash has the line to itself without it.
  if (text.slice(second.span.start, b.span.start).includes('#'))
    return columnAt(text, b.span.start) === column ? { start: second.span.start, end: second.span.start + 1, text: ' ' } : undefined;
  const room = column - columnAt(text, second.span.start);
  if (room < 0 || text.slice(startOfLine(text, second.span.start), second.span.start).trim() !== '') return undefined;
  // Only the dash goes where the columns agree: comments and everything else stay where they are.
  if (columnAt(text, b.span.start) === column && b.span.start - second.span.start === room)
    return { start: second.span.start, end: second.span.start + 1, text: ' ' };
  return { start: second.span.start, end: b.span.end, text: ' '.repeat(room) + reindented(text, b.span, column) };
}

function mergeFlow(text: string, list: SeqNode, [a, b]: readonly [MapNode, MapNode], second: Item): Edit | undefined {
  const [end, start] = [closingOf(text, a), b.pairs[0]?.span.start ?? b.span.start + 1];
  if (!text.slice(end, start).includes('#')) return { start: end, end: start, text: ', ' };
  const between = text.slice(a.span.end, second.span.start);
  if (list.flow || /#/.test(text.slice(end, a.span.end) + text.slice(second.span.start, start))) return undefined;
  // The comments stay where they are; the line of the second item goes, unless a comment ends it.
  const isBare = text.slice(b.span.end, endOfLine(text, b.span.end)).trim() === '';
  const left = isBare ? between.trimEnd() : between;
  return { start: end, end: b.span.end, text: `, ${text.slice(start, b.span.end)}${left}` };
}

/** Where the closing brace of a flow map stands, and the blanks before it. */
function closingOf(text: string, map: MapNode): number {
  return text.slice(0, map.span.end - 1).trimEnd().length;
}

/** Makes two items of one with two fields: the second field gets a dash of its own. Comments stay; `undefined` where that cannot be. */
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
