/** A stretch of a file: one YAML document, or one part of a `List` document. Its identity is the key of all caches. */
export interface Piece {
  readonly text: string;
  /** `head` and `tail` are what stands around the items of a split List; `item` is one of its items, dash included. */
  readonly kind: 'document' | 'head' | 'item' | 'tail';
}

/**
 * Splits a text into pieces that, put together, are the text again. `---` and `...` at the start of a line always end a YAML document,
 * even inside a block scalar (YAML 1.2, 9.1.4), so looking at line starts is enough. A block-style List is split at its items too.
 */
export function split(text: string): readonly Piece[] {
  return splitDocuments(text).flatMap(splitList);
}

const MARKER = /^(?:---(?=[ \t\r\n]|$)|\.\.\.(?=[ \t\r\n]|$))/gm;

function splitDocuments(text: string): string[] {
  const documents: string[] = [];
  let start = 0;
  MARKER.lastIndex = 0;
  for (let marker = MARKER.exec(text); marker; marker = MARKER.exec(text)) {
    const isEnd = marker[0] === '...';
    const at = isEnd ? nextLine(text, marker.index) : marker.index;
    if (!isEnd && onlyDirectives(text.slice(start, at))) continue;
    documents.push(text.slice(start, at));
    start = at;
  }
  if (start < text.length || documents.length === 0) documents.push(text.slice(start));
  return documents;
}

/** Comments and directives in front of a `---` belong to the document it opens. */
function onlyDirectives(text: string): boolean {
  return !/^---/.test(text) && /^\uFEFF?(?:[ \t]*(?:#[^\r\n]*)?(?:\r\n|\r|\n)|%[^\r\n]*(?:\r\n|\r|\n))*$/.test(text);
}

function nextLine(text: string, from: number): number {
  const line = /\r\n|\r|\n/g;
  line.lastIndex = from;
  const found = line.exec(text);
  return found ? found.index + found[0].length : text.length;
}

const LIST_KIND = /^kind:[ \t]*["']?[A-Za-z]*List["']?[ \t]*(?:#.*)?$/m;
const ITEMS = /^items:[ \t]*(?:#[^\r\n]*)?(?:\r\n|\r|\n)/gm;
const ANCHOR_OR_ALIAS = /(?:^|[\s,[{:-])[&*][^\s,[\]{}]/m;

function splitList(text: string): readonly Piece[] {
  const whole: readonly Piece[] = [{ text, kind: 'document' }];
  ITEMS.lastIndex = 0;
  const items = ITEMS.exec(text);
  if (!items || !LIST_KIND.test(text) || ANCHOR_OR_ALIAS.test(text)) return whole;
  const body = items.index + items[0].length;
  const end = bodyEnd(text, body);
  const starts = itemStarts(text, body, end);
  if (starts.length === 0 || !LIST_KIND.test(text.slice(0, starts[0]) + '\n' + text.slice(end))) return whole;
  const pieces: Piece[] = [{ text: text.slice(0, starts[0]), kind: 'head' }];
  starts.forEach((start, i) => pieces.push({ text: text.slice(start, starts[i + 1] ?? end), kind: 'item' }));
  if (end < text.length) pieces.push({ text: text.slice(end), kind: 'tail' });
  return pieces;
}

/** Where the items end: at the next key in the first column. */
function bodyEnd(text: string, body: number): number {
  const key = /^[^\s#-]/gm;
  key.lastIndex = body;
  return key.exec(text)?.index ?? text.length;
}

function itemStarts(text: string, body: number, end: number): number[] {
  const first = /^([ ]*)-(?=[ \t\r\n]|$)/m.exec(text.slice(body, end));
  if (!first || /\S/.test(text.slice(body, body + first.index).replace(/#.*/g, ''))) return [];
  const indent = first[1]?.length ?? 0;
  const starts: number[] = [];
  const dash = new RegExp(`^ {${indent}}-(?=[ \\t\\r\\n]|$)`, 'gm');
  dash.lastIndex = body;
  for (let found = dash.exec(text); found && found.index < end; found = dash.exec(text)) starts.push(found.index);
  return starts;
}

/** Can this text stand for one or more items of a split List, with no look at the rest of the List? Used for the fast path of an edit. */
export function splitItems(text: string, indent: number): readonly Piece[] | undefined {
  if (text.search(MARKER) !== -1 || ANCHOR_OR_ALIAS.test(text) || new RegExp(`^ {0,${indent}}[^\\s#-]`, 'm').test(text)) return undefined;
  const starts = itemStarts(text, 0, text.length);
  if (starts[0] !== 0 || !text.startsWith(`${' '.repeat(indent)}-`)) return undefined;
  return starts.map((start, i) => ({ text: text.slice(start, starts[i + 1] ?? text.length), kind: 'item' as const }));
}
