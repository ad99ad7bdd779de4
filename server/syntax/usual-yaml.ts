import { finished, type Work } from '../base/work.ts';
import { blockScalar, type LongScalar, plainLines, quotedScalar } from './long-scalars.ts';
import {
  endOfAlias,
  endOfWord,
  flowOnLine,
  jsonWork,
  MAX_DEPTH,
  plainScalar,
  escapeFreeQuotes,
  scalarView,
  STEP_CHARACTERS,
} from './usual-flow.ts';
import type { Composed, ItemView, PairView, View } from './yaml.ts';

/**
 * Reads a text that is laid out as nearly every manifest is: block maps and lists, values that end on their line, brackets that close on
 * it, anchors and aliases, texts of several lines; or JSON. Says what the YAML library says of it, in a fraction of the time. `undefined`
 * for everything else (tags, rare escapes, and whatever is in doubt), which is left to the library.
 */
export function readUsual(text: string): Composed | undefined {
  return finished(usualWork(text));
}

/** The same in steps, each of which reads some thousand characters. */
export function* usualWork(text: string): Work<Composed | undefined> {
  if (UNUSUAL.test(text)) return undefined;
  const start = START.exec(text)?.[0].length ?? 0;
  const content = text.charAt(start) === '{' ? yield* jsonWork(text, start) : yield* lines(text, start);
  return content && { documents: [{ start: 0, content }], errors: [] };
}

function* lines(text: string, start: number): Work<View | undefined> {
  const reader: Reader = { text, line: undefined, behind: start, paused: 0 };
  advance(reader);
  const content = yield* block(reader, 0);
  return reader.line ? undefined : content;
}

/** Tabs, control characters, and characters that only some parsers take for line breaks. */
// oxlint-disable-next-line no-control-regex -- these are the characters in question
const UNUSUAL = /[\0-\x09\v\f\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]|\r(?!\n)/;

/** The marker in front of a document, and comments above it. */
const START = /^(?:(?:#[^\n]*|\r)?\n)*--- *\r?\n/;

/** A line, or what follows a dash on it: where its first word stands, and where it ends without blanks. */
interface Line {
  readonly start: number;
  readonly end: number;
  readonly column: number;
}

/** Where reading has come to: the line that is read next, and where the lines behind it start. */
interface Reader {
  readonly text: string;
  line: Line | undefined;
  behind: number;
  /** Where the last step ended. */
  paused: number;
}

/** Goes on to the next line that is neither empty nor a comment. Character by character, as this runs for every line of a workspace. */
function advance(reader: Reader): void {
  const { text } = reader;
  reader.line = undefined;
  while (reader.behind < text.length) {
    const { behind } = reader;
    let start = behind;
    while (text.charCodeAt(start) === BLANK) start++;
    const lineBreak = text.indexOf('\n', start);
    let end = lineBreak === -1 ? text.length : lineBreak;
    reader.behind = end + 1;
    const first = text.charCodeAt(start);
    if (start >= end || first === HASH || first === RETURN) continue;
    while (isBlankAt(text, end - 1)) end--;
    reader.line = { start, end, column: start - behind };
    return;
  }
}

const [BLANK, HASH, RETURN, DASH, COLON, BREAK] = [0x20, 0x23, 0x0d, 0x2d, 0x3a, 0x0a];

function isBlankAt(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === BLANK || code === RETURN;
}

function* block(reader: Reader, depth: number): Work<View | undefined> {
  const { text, line } = reader;
  if (!line || depth > MAX_DEPTH) return undefined;
  return startsWithDash(text, line) ? yield* blockList(reader, line, depth) : yield* blockMap(reader, line, depth);
}

/** A value that starts on the line that is read next. */
interface Below {
  readonly kind: 'below';
  readonly anchor: string | undefined;
}

const BELOW: Below = { kind: 'below', anchor: undefined };

/** Has so much been read since the last step that others may be served? Then the next step begins here. */
function isStepOver(reader: Reader): boolean {
  if (reader.behind - reader.paused <= STEP_CHARACTERS) return false;
  reader.paused = reader.behind;
  return true;
}

/** Reads what stands in the lines below. */
function* withBelow(reader: Reader, { anchor }: Below, depth: number): Work<View | undefined> {
  const below = yield* block(reader, depth + 1);
  return below && anchor !== undefined ? { ...below, anchor } : below;
}

function* blockList(reader: Reader, { start, column }: Line, depth: number): Work<View | undefined> {
  const items: ItemView[] = [];
  for (let { line } = reader; line?.column === column && startsWithDash(reader.text, line); { line } = reader) {
    if (isStepOver(reader)) yield;
    const own = behindDash(reader, line, depth);
    const value = own?.kind === 'below' ? yield* withBelow(reader, own, depth) : own;
    if (!value) return undefined;
    items.push({ value, dash: line.start });
  }
  return isDeeper(reader, column) ? undefined : { kind: 'seq', flow: false, start, end: start, tag: undefined, anchor: undefined, items };
}

function* blockMap(reader: Reader, { start, column }: Line, depth: number): Work<View | undefined> {
  const pairs: PairView[] = [];
  for (let { line } = reader; line?.column === column && !startsWithDash(reader.text, line); { line } = reader) {
    if (isStepOver(reader)) yield;
    const colon = colonBehindKey(reader.text, line.start);
    const own = colon === undefined ? undefined : behindColon(reader, line, colon, depth);
    const value = own?.kind === 'below' ? yield* withBelow(reader, own, depth) : own;
    if (colon === undefined || !value) return undefined;
    pairs.push({ key: keyAt(reader.text, line.start, colon), value, colon });
  }
  return isDeeper(reader, column) ? undefined : { kind: 'map', flow: false, start, end: start, tag: undefined, anchor: undefined, pairs };
}

function keyAt(text: string, start: number, colon: number): View {
  if (text[start] !== '*') return escapeFreeQuotes(text, start) ?? plainScalar(text, start, colon);
  return { kind: 'alias', start, end: colon, tag: undefined, anchor: undefined, name: text.slice(start + 1, colon) };
}

function behindDash(reader: Reader, line: Line, depth: number): View | Below | undefined {
  const { text } = reader;
  const start = afterBlanks(text, line.start + 1);
  const anchor = anchorAt(text, start);
  if (anchor) return anchoredValue(reader, anchor, line, depth);
  if (isEndOfLine(text, start, line)) {
    advance(reader);
    return isDeeper(reader, line.column) ? readBelow(reader, line, depth) : plainScalar(text, line.start + 1, line.start + 1);
  }
  const rest: Line = { start, end: line.end, column: line.column + start - line.start };
  if (!startsWithDash(text, rest) && colonBehindKey(text, start) === undefined) return valueOnLine(reader, start, line, depth);
  reader.line = rest;
  return BELOW;
}

function behindColon(reader: Reader, line: Line, colon: number, depth: number): View | Below | undefined {
  const { text } = reader;
  const start = afterBlanks(text, colon + 1);
  const anchor = anchorAt(text, start);
  if (anchor) return anchoredValue(reader, anchor, line, depth);
  if (!isEndOfLine(text, start, line)) return valueOnLine(reader, start, line, depth);
  advance(reader);
  // A list may stand at the column of its key.
  const isListHere = reader.line?.column === line.column && startsWithDash(text, reader.line);
  return isListHere || isDeeper(reader, line.column) ? readBelow(reader, line, depth) : plainScalar(text, colon + 1, colon + 1);
}

/** What stands in the lines below a key or a dash: a map or a list, which is read in steps, or a single value. */
function readBelow(reader: Reader, around: Line, depth: number): View | Below | undefined {
  const { text, line } = reader;
  if (!line || startsWithDash(text, line) || anchorAt(text, line.start) || colonBehindKey(text, line.start) !== undefined) return BELOW;
  return valueOnLine(reader, line.start, { ...line, column: around.column }, depth);
}

/** `&name` and the blanks behind it. */
interface Anchor {
  readonly name: string;
  readonly end: number;
}

function anchorAt(text: string, start: number): Anchor | undefined {
  if (text[start] !== '&') return undefined;
  const anchor = /&([\w-]+)(?=[ \r\n])/y;
  anchor.lastIndex = start;
  const name = anchor.exec(text)?.[1];
  return name === undefined ? undefined : { name, end: afterBlanks(text, anchor.lastIndex) };
}

/** What has an anchor, on its line or in the deeper lines below it. */
function anchoredValue(reader: Reader, { name, end }: Anchor, line: Line, depth: number): View | Below | undefined {
  const { text } = reader;
  if (!isEndOfLine(text, end, line)) {
    // In front of a key, the anchor would belong to the key.
    const value = colonBehindKey(text, end) === undefined ? valueOnLine(reader, end, line, depth) : undefined;
    return value && value.kind !== 'alias' ? { ...value, anchor: name } : undefined;
  }
  advance(reader);
  return isDeeper(reader, line.column) ? { kind: 'below', anchor: name } : undefined;
}

/** A value that starts on its line. Deeper lines below it belong to it. */
function valueOnLine(reader: Reader, start: number, line: Line, depth: number): View | undefined {
  const { text } = reader;
  const first = text[start];
  if (first === '|' || first === '>') {
    return longValue(reader, start, line, blockScalar(text, text.slice(start, line.end), endOfLine(text, line.end) + 1, line.column));
  }
  const value = flowOnLine(text, start, depth) ?? plainUntilComment(text, start, line.end);
  if (!value) {
    const isQuoted = first === '"' || first === "'";
    return isQuoted ? longValue(reader, start, line, quotedScalar(text, start, line.column)) : undefined;
  }
  if (value.end < line.end && !isComment(text, value.end)) return undefined;
  advance(reader);
  if (!isDeeper(reader, line.column)) return value;
  const isPlain = value.kind === 'scalar' && value.style === 'plain' && value.end === line.end;
  return isPlain ? longValue(reader, start, line, plainLines(text, start, value.end, line.column)) : undefined;
}

/** A value that ends behind its first line, where nothing else stands on its last one. */
function longValue(reader: Reader, start: number, line: Line, scalar: LongScalar | undefined): View | undefined {
  if (!scalar) return undefined;
  const { text } = reader;
  const { style, end, text: value } = scalar;
  const isBlock = style === 'literal' || style === 'folded';
  const rest = isBlock ? end : afterBlanks(text, end);
  if (!isBlock && rest < text.length && text.charCodeAt(rest) !== BREAK && !isComment(text, end)) return undefined;
  reader.behind = isBlock ? end : endOfLine(text, end) + 1;
  advance(reader);
  return isDeeper(reader, line.column) ? undefined : scalarView(style, start, end, value);
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}

function isComment(text: string, end: number): boolean {
  return text.charCodeAt(end) === BLANK && text.charCodeAt(afterBlanks(text, end)) === HASH;
}

function plainUntilComment(text: string, start: number, end: number): View | undefined {
  const line = text.slice(start, end);
  const comment = line.indexOf(' #');
  const value = comment === -1 ? line : line.slice(0, comment).replace(/ +$/, '');
  return PLAIN_START.test(value) && !KEY_INSIDE.test(value) ? plainScalar(text, start, start + value.length) : undefined;
}

/** What cannot start anything else. */
const PLAIN_START = /^(?:[^\s?:,[\]{}#&*!|>'"%@`-]|-\S)/;
/** A colon that would make what is before it a key. */
const KEY_INSIDE = /:(?: |$)/;

/**
 * The offset of the colon, where a key of plain letters, in quotes or of an alias stands. To Go's parser the colon is not part of the
 * name of an alias (go-yaml `yaml_parser_scan_anchor`); to the library it is, so that `*name:` must be read here.
 */
function colonBehindKey(text: string, start: number): number | undefined {
  const end = escapeFreeQuotes(text, start)?.end ?? endOfAlias(text, start) ?? endOfWord(text, start);
  if (end === start || end - start > MAX_KEY_CHARACTERS || text.charCodeAt(end) !== COLON) return undefined;
  const behind = text.charCodeAt(end + 1);
  return behind === BLANK || behind === BREAK || behind === RETURN || end + 1 === text.length ? end : undefined;
}

/** The library, like Go, takes no longer key of this form. */
const MAX_KEY_CHARACTERS = 201;

function startsWithDash(text: string, { start, end }: Line): boolean {
  return text.charCodeAt(start) === DASH && (start + 1 === end || text.charCodeAt(start + 1) === BLANK);
}

function isEndOfLine(text: string, at: number, { end }: Line): boolean {
  return at >= end || text[at] === '#';
}

function isDeeper({ line }: Reader, column: number): boolean {
  return line !== undefined && line.column > column;
}

function afterBlanks(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) === BLANK) at++;
  return at;
}
