import { blockScalar, type LongScalar, plainLines, quotedScalar } from './long-scalars.ts';
import type { Composed, ItemView, PairView, View } from './yaml.ts';

/**
 * Reads a text that is laid out as nearly every manifest is: block maps and lists, values that end on their line, brackets that close on
 * it, anchors and aliases, texts of several lines. Says what the YAML library says of it, in a fraction of the time. `undefined` for
 * everything else (tags, rare escapes, and whatever is in doubt), which is left to the library.
 */
export function readUsual(text: string): Composed | undefined {
  if (UNUSUAL.test(text)) return undefined;
  const work: Work = { text, line: undefined, behind: START.exec(text)?.[0].length ?? 0 };
  advance(work);
  const content = block(work, 0);
  return content && !work.line ? { documents: [{ start: 0, content }], errors: [] } : undefined;
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
interface Work {
  readonly text: string;
  line: Line | undefined;
  behind: number;
}

/** Goes on to the next line that is neither empty nor a comment. Character by character, as this runs for every line of a workspace. */
function advance(work: Work): void {
  const { text } = work;
  work.line = undefined;
  while (work.behind < text.length) {
    const { behind } = work;
    let start = behind;
    while (text.charCodeAt(start) === BLANK) start++;
    const lineBreak = text.indexOf('\n', start);
    let end = lineBreak === -1 ? text.length : lineBreak;
    work.behind = end + 1;
    const first = text.charCodeAt(start);
    if (start >= end || first === HASH || first === RETURN) continue;
    while (isBlankAt(text, end - 1)) end--;
    work.line = { start, end, column: start - behind };
    return;
  }
}

const [BLANK, HASH, RETURN, DASH, COLON, BREAK] = [0x20, 0x23, 0x0d, 0x2d, 0x3a, 0x0a];

function isBlankAt(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === BLANK || code === RETURN;
}

/** Deeper levels are left to the library, which knows its own limit. */
const MAX_DEPTH = 50;

function block(work: Work, depth: number): View | undefined {
  const { text, line } = work;
  if (!line || depth > MAX_DEPTH) return undefined;
  return startsWithDash(text, line) ? blockList(work, line, depth) : blockMap(work, line, depth);
}

function blockList(work: Work, { start, column }: Line, depth: number): View | undefined {
  const items: ItemView[] = [];
  for (let { line } = work; line?.column === column && startsWithDash(work.text, line); { line } = work) {
    const value = behindDash(work, line, depth);
    if (!value) return undefined;
    items.push({ value, dash: line.start });
  }
  return isDeeper(work, column) ? undefined : { kind: 'seq', flow: false, start, end: start, tag: undefined, anchor: undefined, items };
}

function blockMap(work: Work, { start, column }: Line, depth: number): View | undefined {
  const pairs: PairView[] = [];
  for (let { line } = work; line?.column === column && !startsWithDash(work.text, line); { line } = work) {
    const colon = colonBehindKey(work.text, line.start);
    const value = colon === undefined ? undefined : behindColon(work, line, colon, depth);
    if (colon === undefined || !value) return undefined;
    pairs.push({ key: keyAt(work.text, line.start, colon), value, colon });
  }
  return isDeeper(work, column) ? undefined : { kind: 'map', flow: false, start, end: start, tag: undefined, anchor: undefined, pairs };
}

function keyAt(text: string, start: number, colon: number): View {
  if (text[start] !== '*') return quoted(text, start) ?? plainScalar(text, start, colon);
  return { kind: 'alias', start, end: colon, tag: undefined, anchor: undefined, name: text.slice(start + 1, colon) };
}

function behindDash(work: Work, line: Line, depth: number): View | undefined {
  const { text } = work;
  const start = afterBlanks(text, line.start + 1);
  const anchor = anchorAt(text, start);
  if (anchor) return anchoredValue(work, anchor, line, depth);
  if (isEndOfLine(text, start, line)) {
    advance(work);
    return isDeeper(work, line.column) ? below(work, line, depth) : plainScalar(text, line.start + 1, line.start + 1);
  }
  const rest: Line = { start, end: line.end, column: line.column + start - line.start };
  if (!startsWithDash(text, rest) && colonBehindKey(text, start) === undefined) return valueOnLine(work, start, line, depth);
  work.line = rest;
  return block(work, depth + 1);
}

function behindColon(work: Work, line: Line, colon: number, depth: number): View | undefined {
  const { text } = work;
  const start = afterBlanks(text, colon + 1);
  const anchor = anchorAt(text, start);
  if (anchor) return anchoredValue(work, anchor, line, depth);
  if (!isEndOfLine(text, start, line)) return valueOnLine(work, start, line, depth);
  advance(work);
  // A list may stand at the column of its key.
  const isListHere = work.line?.column === line.column && startsWithDash(text, work.line);
  return isListHere || isDeeper(work, line.column) ? below(work, line, depth) : plainScalar(text, colon + 1, colon + 1);
}

/** What stands in the lines below a key or a dash: a map, a list, or a single value. */
function below(work: Work, around: Line, depth: number): View | undefined {
  const { text, line } = work;
  if (!line || startsWithDash(text, line) || anchorAt(text, line.start) || colonBehindKey(text, line.start) !== undefined)
    return block(work, depth + 1);
  return valueOnLine(work, line.start, { ...line, column: around.column }, depth);
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
function anchoredValue(work: Work, { name, end }: Anchor, line: Line, depth: number): View | undefined {
  const { text } = work;
  if (!isEndOfLine(text, end, line)) {
    // In front of a key, the anchor would belong to the key.
    const value = colonBehindKey(text, end) === undefined ? valueOnLine(work, end, line, depth) : undefined;
    return value && value.kind !== 'alias' ? { ...value, anchor: name } : undefined;
  }
  advance(work);
  const value = isDeeper(work, line.column) ? block(work, depth + 1) : undefined;
  return value && { ...value, anchor: name };
}

/** A value that starts on its line. Deeper lines below it belong to it. */
function valueOnLine(work: Work, start: number, line: Line, depth: number): View | undefined {
  const { text } = work;
  const first = text[start];
  if (first === '|' || first === '>') {
    return longValue(work, start, line, blockScalar(text, text.slice(start, line.end), endOfLine(text, line.end) + 1, line.column));
  }
  const value = flowValue(text, start, depth) ?? plainUntilComment(text, start, line.end);
  if (!value) {
    const isQuoted = first === '"' || first === "'";
    return isQuoted ? longValue(work, start, line, quotedScalar(text, start, line.column)) : undefined;
  }
  if (value.end < line.end && !isComment(text, value.end)) return undefined;
  advance(work);
  if (!isDeeper(work, line.column)) return value;
  const isPlain = value.kind === 'scalar' && value.style === 'plain' && value.end === line.end;
  return isPlain ? longValue(work, start, line, plainLines(text, start, value.end, line.column)) : undefined;
}

/** A value that ends behind its first line, where nothing else stands on its last one. */
function longValue(work: Work, start: number, line: Line, scalar: LongScalar | undefined): View | undefined {
  if (!scalar) return undefined;
  const { text } = work;
  const { style, end, text: value } = scalar;
  const isBlock = style === 'literal' || style === 'folded';
  const rest = isBlock ? end : afterBlanks(text, end);
  if (!isBlock && rest < text.length && text.charCodeAt(rest) !== BREAK && !isComment(text, end)) return undefined;
  work.behind = isBlock ? end : endOfLine(text, end) + 1;
  advance(work);
  return isDeeper(work, line.column) ? undefined : scalarView(style, start, end, value);
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

/** What stands in brackets or quotes. */
function flowValue(text: string, start: number, depth: number): View | undefined {
  switch (text[start]) {
    case '[':
      return flowList(text, start, depth);
    case '{':
      return flowMap(text, start, depth);
    case '"':
    case "'":
      return quoted(text, start);
    case '*':
      return alias(text, start);
    default:
      return undefined;
  }
}

function flowList(text: string, start: number, depth: number): View | undefined {
  const items: ItemView[] = [];
  const end = entries(text, start, ']', (at) => {
    const value = flowEntry(text, at, depth);
    if (value) items.push({ value, dash: undefined });
    return value?.end;
  });
  return end === undefined ? undefined : { kind: 'seq', flow: true, start, end, tag: undefined, anchor: undefined, items };
}

function flowMap(text: string, start: number, depth: number): View | undefined {
  const pairs: PairView[] = [];
  const end = entries(text, start, '}', (at) => {
    const key = quoted(text, at) ?? flowWord(text, at);
    if (!key || text[key.end] !== ':' || text[key.end + 1] !== ' ') return undefined;
    const value = flowEntry(text, afterBlanks(text, key.end + 1), depth);
    if (value) pairs.push({ key, value, colon: key.end });
    return value?.end;
  });
  return end === undefined ? undefined : { kind: 'map', flow: true, start, end, tag: undefined, anchor: undefined, pairs };
}

/** Reads what stands between brackets; `entry` says where an entry ends. Gives the offset behind the closing bracket. */
function entries(text: string, start: number, close: string, entry: (at: number) => number | undefined): number | undefined {
  let at = afterBlanks(text, start + 1);
  if (text[at] === close) return at + 1;
  for (;;) {
    const end = entry(at);
    if (end === undefined) return undefined;
    at = afterBlanks(text, end);
    if (text[at] === close) return at + 1;
    if (text[at] !== ',') return undefined;
    at = afterBlanks(text, at + 1);
  }
}

function flowEntry(text: string, at: number, depth: number): View | undefined {
  return depth > MAX_DEPTH ? undefined : (flowValue(text, at, depth + 1) ?? flowWord(text, at));
}

function flowWord(text: string, start: number): View | undefined {
  const end = endOfWord(text, start);
  return end > start ? plainScalar(text, start, end) : undefined;
}

/** The end of the word that starts at an offset: letters, digits, `_`, `.`, `/` and, but not at the start, dashes. */
function endOfWord(text: string, start: number): number {
  let at = start;
  for (let code = text.charCodeAt(at); isWordCode(code) || (code === DASH && at > start); code = text.charCodeAt(at)) at++;
  return at;
}

function isWordCode(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) || // a to z
    (code >= 0x41 && code <= 0x5a) || // A to Z
    (code >= 0x2e && code <= 0x39) || // . / 0 to 9
    code === 0x5f // _
  );
}

/** Go's parser takes letters, digits, dashes and underscores. */
function endOfAlias(text: string, start: number): number {
  let end = start + 1;
  for (let code = text.charCodeAt(end); code === DASH || (isWordCode(code) && code !== 0x2e && code !== 0x2f); code = text.charCodeAt(end))
    end++;
  return end;
}

function alias(text: string, start: number): View | undefined {
  const end = endOfAlias(text, start);
  if (end === start + 1 || (end < text.length && !' \r\n,]}'.includes(text.charAt(end)))) return undefined;
  return { kind: 'alias', start, end, tag: undefined, anchor: undefined, name: text.slice(start + 1, end) };
}

/** Quotes without escapes in them. */
function quoted(text: string, start: number): View | undefined {
  const quote = text.charAt(start);
  if (quote !== '"' && quote !== "'") return undefined;
  const end = text.indexOf(quote, start + 1);
  if (end === -1 || (quote === "'" && text.charAt(end + 1) === quote)) return undefined;
  const inside = text.slice(start + 1, end);
  if (inside.includes('\n') || (quote === '"' && inside.includes('\\'))) return undefined;
  return scalarView(quote === '"' ? 'double' : 'single', start, end + 1, inside);
}

function plainScalar(text: string, start: number, end: number): View {
  return scalarView('plain', start, end, text.slice(start, end));
}

function scalarView(style: LongScalar['style'], start: number, end: number, text: string): View {
  return { kind: 'scalar', style, start, end, tag: undefined, anchor: undefined, text };
}

/**
 * The offset of the colon, where a key of plain letters, in quotes or of an alias stands. To Go's parser the colon is not part of the
 * name of an alias (go-yaml `yaml_parser_scan_anchor`); to the library it is, so that `*name:` must be read here.
 */
function colonBehindKey(text: string, start: number): number | undefined {
  const end = quoted(text, start)?.end ?? (text[start] === '*' ? endOfAlias(text, start) : endOfWord(text, start));
  if (end === start || end - start > MAX_KEY || text.charCodeAt(end) !== COLON) return undefined;
  const behind = text.charCodeAt(end + 1);
  return behind === BLANK || behind === BREAK || behind === RETURN || end + 1 === text.length ? end : undefined;
}

/** The library, like Go, takes no longer key of this form. */
const MAX_KEY = 201;

function startsWithDash(text: string, { start, end }: Line): boolean {
  return text.charCodeAt(start) === DASH && (start + 1 === end || text.charCodeAt(start + 1) === BLANK);
}

function isEndOfLine(text: string, at: number, { end }: Line): boolean {
  return at >= end || text[at] === '#';
}

function isDeeper({ line }: Work, column: number): boolean {
  return line !== undefined && line.column > column;
}

function afterBlanks(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) === BLANK) at++;
  return at;
}
