import { countBreaks } from '../base/lines.ts';

/** A stretch of a file: one YAML document, or one part of a `List` document. Its identity is the key of all caches. */
export interface Piece {
  readonly text: string;
  /** `head` and `tail` are what stands around the items of a split List; `item` is one of its items, dash included. */
  readonly kind: PieceKind;
  /** Of an item: the kind of its List. */
  readonly list?: string;
  /** How many line breaks the text has; every piece but the last ends with one. */
  readonly breaks: number;
  /** Does a document of the YAML stream start here? A piece of comments alone, such as what follows the last `...`, holds none. */
  readonly opensDocument: boolean;
}

export type PieceKind = 'document' | 'head' | 'item' | 'tail';

/**
 * Splits a text into pieces that, put together, are the text again. `---` and `...` at the start of a line always end a YAML document,
 * even inside a block scalar (YAML 1.2, 9.1.4), so looking at line starts is enough. A block-style List is split at its items too.
 * Takes time in proportion to the length of the text, whatever is in it.
 */
export function split(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  for (const document of splitDocuments(text)) {
    const parts = splitList(document);
    if (parts) for (const part of parts) pieces.push(part);
    else pieces.push(pieceOf(document, 'document'));
  }
  return pieces;
}

// Lines end with \n, \r\n or \r. A multi-line `^` would also match behind U+2028, which neither YAML 1.2 nor LSP counts as a line end.
const LINE_START = '(?<![^\\r\\n])';
/** A `---`, or a line that is neither empty nor a comment, a directive, or a `...`. */
const CONTENT = new RegExp(`${LINE_START}\uFEFF?(?:---|(?!%|\\.\\.\\.(?:[ \\t\\r\\n]|$))[ \\t]*[^ \\t\\r\\n#])`);
const MARKER = /(?:---|\.\.\.)(?=[ \t\r\n]|$)/;

function pieceOf(text: string, kind: PieceKind, list?: string): Piece {
  const opensDocument = kind === 'head' || (kind === 'document' && CONTENT.test(text));
  return { text, kind, breaks: countBreaks(text), opensDocument, ...(list === undefined ? {} : { list }) };
}

function splitDocuments(text: string): string[] {
  const documents: string[] = [];
  let start = 0;
  const marker = new RegExp(MARKER, 'g');
  for (let found = marker.exec(text); found; found = marker.exec(text)) {
    if (!startsLine(text, found.index)) continue;
    const isEnd = found[0] === '...';
    const at = isEnd ? nextLine(text, found.index) : found.index;
    if (!isEnd && onlyDirectives(text, start, at)) continue;
    documents.push(text.slice(start, at));
    start = at;
  }
  if (start < text.length || documents.length === 0) documents.push(text.slice(start));
  return documents;
}

function startsLine(text: string, at: number): boolean {
  const before = text[at - 1];
  return before === undefined || before === '\n' || before === '\r';
}

/** Comments and directives in front of a `---` belong to the document it opens. */
function onlyDirectives(text: string, start: number, end: number): boolean {
  const line = /(?:\uFEFF?[ \t]*(?:#[^\r\n]*)?|%[^\r\n]*)(?:\r\n|\r|\n)/y;
  line.lastIndex = start;
  while (line.lastIndex < end) if (!line.test(text)) return false;
  return true;
}

function nextLine(text: string, from: number): number {
  const line = /\r\n|\r|\n/g;
  line.lastIndex = from;
  return line.test(text) ? line.lastIndex : text.length;
}

const LIST_KIND = new RegExp(`${LINE_START}kind:[ \\t]*["']?([A-Za-z]*List)["']?[ \\t]*(?:[ \\t]#[^\\r\\n]*)?(?=[\\r\\n]|$)`);
const ITEMS = new RegExp(`${LINE_START}items:[ \\t]*(?:#[^\\r\\n]*)?(?:\\r\\n|\\r|\\n)`);
const ANCHOR_OR_ALIAS = /(?<![^\s,[{:-])[&*][^\s,[\]{}]/;

/** The parts of a block-style List; `undefined` for anything else, and where anchors may join the items. */
function splitList(text: string): readonly Piece[] | undefined {
  const items = ITEMS.exec(text);
  if (!items || !LIST_KIND.test(text) || ANCHOR_OR_ALIAS.test(text)) return undefined;
  const body = items.index + items[0].length;
  const end = bodyEnd(text, body);
  const starts = itemStarts(text, body, end);
  const first = starts[0];
  const list = first === undefined ? undefined : (LIST_KIND.exec(text.slice(0, first)) ?? LIST_KIND.exec(text.slice(end)))?.[1];
  if (first === undefined || list === undefined) return undefined;
  const pieces = [pieceOf(text.slice(0, first), 'head')];
  starts.forEach((start, i) => pieces.push(pieceOf(text.slice(start, starts[i + 1] ?? end), 'item', list)));
  if (end < text.length) pieces.push(pieceOf(text.slice(end), 'tail'));
  return pieces;
}

/** Where the items end: at the next key in the first column. */
function bodyEnd(text: string, body: number): number {
  const key = new RegExp(`${LINE_START}[^\\s#-]`, 'g');
  key.lastIndex = body;
  return key.exec(text)?.index ?? text.length;
}

/** Where the items of a list start, one per dash in the column of the first; none where something else comes first. */
function itemStarts(text: string, body: number, end: number): number[] {
  const indent = indentOfDash(text, body);
  if (indent === undefined) return [];
  const starts: number[] = [];
  const dash = new RegExp(`${LINE_START} {${indent}}-(?=[ \\t\\r\\n]|$)`, 'g');
  dash.lastIndex = body;
  for (let found = dash.exec(text); found && found.index < end; found = dash.exec(text)) starts.push(found.index);
  return starts;
}

function indentOfDash(text: string, body: number): number | undefined {
  // Line by line: one expression over millions of comment lines would exhaust the stack of the regular expression engine.
  const empty = /[ \t]*(?:#[^\r\n]*)?(?:\r\n|\r|\n)/y;
  let at = body;
  for (empty.lastIndex = body; empty.test(text);) at = empty.lastIndex;
  const dash = /( *)-(?=[ \t\r\n]|$)/y;
  dash.lastIndex = at;
  return dash.exec(text)?.[1]?.length;
}

/** Can this text stand for one or more items of a split List, with no look at the rest of the List? Used for the fast path of an edit. */
export function splitItems(text: string, indent: number, list: string | undefined): readonly Piece[] | undefined {
  if (!text.startsWith(`${' '.repeat(indent)}-`) || ANCHOR_OR_ALIAS.test(text)) return undefined;
  if (new RegExp(`${LINE_START}(?:${MARKER.source}| {0,${indent}}[^\\s#-])`).test(text)) return undefined;
  const starts = itemStarts(text, 0, text.length);
  return starts[0] === 0 ? starts.map((start, i) => pieceOf(text.slice(start, starts[i + 1] ?? text.length), 'item', list)) : undefined;
}
