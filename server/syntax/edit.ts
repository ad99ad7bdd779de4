import { yamlQuoted } from '../base/inert.ts';
import { endOfLine, startOfLine } from '../base/lines.ts';
import type { Span } from '../base/span.ts';
import { resolvePlain } from './scalar.ts';
import type { Item, MapNode, Pair, ScalarNode, SeqNode } from './tree.ts';

/** A replacement in the text that a tree was parsed from. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Replaces what stands at a span. */
export function replace(at: Span, text: string): Edit {
  return { start: at.start, end: at.end, text };
}

/** A text as a YAML scalar that is read as this text: plain where that is safe, else in double quotes. */
export function scalarText(value: string): string {
  const plain =
    /^[A-Za-z0-9_./](?:[A-Za-z0-9_./ -]|:(?=[A-Za-z0-9_./:]))*$/.test(value) &&
    !value.endsWith(' ') &&
    resolvePlain(value).type === 'string';
  return plain ? value : yamlQuoted(value);
}

/** A text in the quotes that the given scalar has; a plain one stays plain where that is safe. */
export function likeScalar(value: string, like: ScalarNode): string {
  if (like.style === 'double') return yamlQuoted(value);
  if (like.style === 'single') return `'${value.replaceAll("'", "''")}'`;
  return scalarText(value);
}

/** Takes a field out of its map, with its line and the comment behind it. An empty map becomes `{}`. */
export function removePair(text: string, map: MapNode, pair: Pair): Edit {
  const index = map.pairs.indexOf(pair);
  const next = map.pairs[index + 1];
  const before = map.pairs[index - 1];
  if (!next && !before) return map.flow ? replace(map.span, '{}') : emptied(text, { start: map.span.start, end: pair.span.end }, '{}');
  if (map.flow)
    return next
      ? { start: pair.span.start, end: next.span.start, text: '' }
      : { start: before?.span.end ?? pair.span.start, end: pair.span.end, text: '' };
  return removeLines(text, pair.span, before?.span, next?.span);
}

/** Takes an item out of its list, dash included. An empty list becomes `[]`. */
export function removeItem(text: string, list: SeqNode, item: Item): Edit {
  const index = list.items.indexOf(item);
  const next = list.items[index + 1];
  const before = list.items[index - 1];
  if (!next && !before) return list.flow ? replace(list.span, '[]') : emptied(text, { start: list.span.start, end: item.span.end }, '[]');
  if (list.flow)
    return next
      ? { start: item.span.start, end: next.span.start, text: '' }
      : { start: before?.span.end ?? item.span.start, end: item.span.end, text: '' };
  return removeLines(text, item.span, before?.span, next?.span);
}

/** Puts an empty collection in the place of a block one: on the line of its key, where it has one. */
function emptied(text: string, at: Span, empty: string): Edit {
  const before = text.slice(0, at.start).trimEnd().length;
  return text[before - 1] === ':' ? { start: before, end: at.end, text: ` ${empty}` } : replace(at, empty);
}

/** Removes an entry of a block collection: whole lines, except behind a dash or a key on the same line. */
function removeLines(text: string, at: Span, before: Span | undefined, next: Span | undefined): Edit {
  const line = startOfLine(text, at.start);
  const alone = text.slice(line, at.start).trim() === '';
  if (!alone && next) return { start: at.start, end: next.start, text: '' };
  const end = endOfLine(text, at.end);
  if (end < text.length) return { start: line, end: afterBreak(text, end), text: '' };
  // The last line of a text without a line break at its end: take the break before it.
  return { start: Math.max(endOfLine(text, before?.end ?? line), 0), end, text: '' };
}

/**
 * Puts a field into a map: behind the field `after`, before all others (`first`), else at the end. The value may have several lines,
 * indented from column 0.
 */
export function insertField(
  text: string,
  map: MapNode,
  key: string,
  value: string,
  where: { readonly after?: Pair; readonly first?: boolean } = {},
): Edit {
  if (map.flow || map.pairs.length === 0) return insertFlow(text, map, key, value);
  const first = map.pairs[0];
  const column = first ? first.span.start - startOfLine(text, first.span.start) : 0;
  const indent = ' '.repeat(column);
  const field = fieldLines(key, value, indent).join(lineBreak(text));
  if (where.first === true && first) return { start: first.span.start, end: first.span.start, text: `${field}${lineBreak(text)}${indent}` };
  const anchor = where.after ?? map.pairs.at(-1);
  const end = endOfLine(text, anchor?.span.end ?? map.span.end);
  return { start: end, end, text: `${lineBreak(text)}${indent}${field}` };
}

/** The lines of a field as block text; those after the first carry the indentation of the map. */
function fieldLines(key: string, value: string, indent: string): readonly string[] {
  const lines = value.split('\n');
  if (lines.length === 1 && !/^- /.test(value)) return [value === '' ? `${key}:` : `${key}: ${value}`];
  return [`${key}:`, ...lines.map((line) => `${indent}  ${line}`)];
}

function insertFlow(text: string, map: MapNode, key: string, value: string): Edit {
  const quoted = map.pairs.some((pair) => pair.key.kind === 'scalar' && pair.key.style === 'double');
  const field = quoted ? `"${key}": ${/^[[{"\d]/.test(value) ? value : JSON.stringify(value)}` : `${key}: ${value}`;
  const last = map.pairs.at(-1);
  if (last) return { start: last.span.end, end: last.span.end, text: `, ${field}` };
  const inner = map.flow && text[map.span.start] === '{' ? map.span : { start: map.span.start, end: map.span.start };
  return replace(inner, `{${field}}`);
}

function afterBreak(text: string, end: number): number {
  return text.startsWith('\r\n', end) ? end + 2 : end + 1;
}

/** The line break that the text uses. */
export function lineBreak(text: string): string {
  return /\r\n|\r|\n/.exec(text)?.[0] ?? '\n';
}

/** The text after some edits that do not overlap, given in any order. What is put in at one place stands in the order of the edits. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let out = '';
  let at = 0;
  for (const { start, end, text: put } of edits.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    out += text.slice(at, start) + put;
    at = Math.max(at, end);
  }
  return out + text.slice(at);
}

/** A span without the blanks and line breaks at its end. */
export function trimmedSpan(text: string, { start, end }: Span): Span {
  return { start, end: start + text.slice(start, end).trimEnd().length };
}

/** The end of the last line that a span has text on. */
export function endOfLastLine(text: string, span: Span): number {
  return endOfLine(text, Math.max(startOfLine(text, span.start), trimmedSpan(text, span).end));
}

/** The text of a field with its lines moved to another column, its first line without indentation. */
export function reindented(text: string, at: Span, column: number): string {
  const by = column - (at.start - startOfLine(text, at.start));
  const [first = '', ...rest] = text.slice(at.start, at.end).split(/\r\n|\r|\n/);
  const moved = rest.map((line) =>
    line.trim() === '' ? '' : by >= 0 ? ' '.repeat(by) + line : line.slice(Math.min(-by, line.length - line.trimStart().length)),
  );
  return [first, ...moved].join(lineBreak(text));
}

/** Puts a field of a block map one level deeper: under a new key in its place, as a field or as the first item of a list. */
export function wrapPair(text: string, pair: Pair, key: string, asItem: boolean): Edit {
  const column = pair.span.start - startOfLine(text, pair.span.start);
  const inner = column + (asItem ? 4 : 2);
  return replace(pair.span, `${key}:${lineBreak(text)}${' '.repeat(column + 2)}${asItem ? '- ' : ''}${reindented(text, pair.span, inner)}`);
}

/**
 * Moves a field of a block map up into a map around it, behind the entry of that map in which it stands now. `undefined` where it is
 * the first or only field of its map: what is left would be no map any more.
 */
export function movePairUp(text: string, map: MapNode, pair: Pair, outer: MapNode, entry: Pair): readonly Edit[] | undefined {
  const index = map.pairs.indexOf(pair);
  if (map.flow || outer.flow || index <= 0) return undefined;
  const column = (outer.pairs[0]?.span.start ?? 0) - startOfLine(text, outer.pairs[0]?.span.start ?? 0);
  const moved = ' '.repeat(column) + reindented(text, pair.span, column);
  const from = startOfLine(text, pair.span.start);
  const end = endOfLine(text, pair.span.end);
  if (entry.span.end <= pair.span.end) return [{ start: from, end, text: moved + text.slice(pair.span.end, end) }];
  const target = endOfLine(text, entry.span.end);
  return [
    { start: from, end: Math.min(afterBreak(text, end), text.length), text: '' },
    { start: target, end: target, text: lineBreak(text) + moved },
  ];
}

/** Puts a dash before some fields of an item in block style, so that each starts an item of its own. `undefined` where there is no room for it. */
export function splitBefore(text: string, pairs: readonly Pair[]): readonly Edit[] | undefined {
  const starts = pairs.map(({ span }) => span.start);
  const isAlone = starts.every(
    (start) => /(?:^|[\r\n])[ ]*$/.test(text.slice(Math.max(0, start - 200), start)) && text.slice(start - 2, start) === '  ',
  );
  return isAlone && starts.length > 0 ? starts.map((start) => ({ start: start - 2, end: start, text: '- ' })) : undefined;
}
