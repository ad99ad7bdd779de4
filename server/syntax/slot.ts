import { memo } from '../base/memo.ts';
import { finished, type Work } from '../base/work.ts';
import { MAX_MANIFEST_CHARACTERS, manifestsWork, type Manifest } from './manifest.ts';
import { layoutAround, lineAround, usesIndentedLists, type Line } from './layout.ts';
import { columnAt } from '../base/lines.ts';
import type { Path } from './path.ts';
import { placesOf, type SourceFile } from './source-file.ts';
import type { Node, Pair } from './tree.ts';

/** A place where something new can be written, and how: one reading of a cursor that stands in a blank or half-typed line. */
export interface Slot {
  /** The manifest as it would be with the new entry in it. */
  readonly manifest: Manifest;
  /** What the new entry is: a key of a map, or a value (of a key, or of an item). */
  readonly role: 'key' | 'value';
  /** For a key, the map it goes into; for a value, the field or item it fills. */
  readonly path: Path;
  /** The other keys of the map. */
  readonly siblings: readonly string[];
  /** The other plain items of the list that the entry is (the start of) an item of. */
  readonly listed: readonly string[];
  /** Nothing else says that this is a map: a plain value could stand here as well. */
  readonly alone: boolean;
  readonly flow: boolean;
  /** What to replace, in offsets of the whole file; `typed` is what stands there up to the cursor. */
  readonly start: number;
  readonly end: number;
  readonly typed: string;
  /** What has to be written before the new entry: line break, indentation, dash. */
  readonly lead: string;
  /** The column of the entry once the lead is written, and that of its dash if it opens an item. */
  readonly column: number;
  readonly dash: number | undefined;
  /** It continues the item above, though the cursor stands where the next one would start. */
  readonly continuesItem: boolean;
  /** A colon, or already a value, stands behind it. */
  readonly hasColon: boolean;
  readonly hasValue: boolean;
  /** Keys and text must stand in double quotes: the document is JSON. */
  readonly json: boolean;
  /** How this document is written: its line break, the indentation of the line where writing starts, and how far its lists are indented below their key. */
  readonly eol: string;
  readonly indent: number;
  readonly listIndent: number;
}

/**
 * Every way to read the cursor, likeliest first; none in comments, block scalars, template holes, and where nothing can be added.
 * A mark is written at the cursor and the text parsed, so that the answer is what the parser would make of it. What belongs there
 * by schema is for the caller to say.
 */
export function slotsAt(file: SourceFile, offset: number): readonly Slot[] {
  return finished(slotsWork(file, offset));
}

/** The same in steps: the manifest is parsed for each reading. */
export function* slotsWork(file: SourceFile, offset: number): Work<readonly Slot[]> {
  const found = slotsByOffset(file);
  const slots = found.get(offset) ?? (yield* findSlots(file, offset));
  found.set(offset, slots);
  return slots;
}

const slotsByOffset = memo((_file: SourceFile) => new Map<number, readonly Slot[]>());

function* findSlots(file: SourceFile, offset: number): Work<readonly Slot[]> {
  const place = placesOf(file).findLast((candidate) => candidate.start <= offset);
  if (!place || place.piece.text.length > MAX_MANIFEST_CHARACTERS || place.piece.kind === 'head' || place.piece.kind === 'tail') return [];
  const { text } = place.piece;
  const line = lineAround(text, Math.min(offset - place.start, text.length));
  const found: Slot[] = [];
  for (const attempt of attemptsAt(text, line)) {
    const mark = attempt.asKey ? `${MARK}:` : MARK;
    const written = text.slice(0, attempt.from) + attempt.lead + mark + text.slice(attempt.to);
    const marked = readMark(yield* manifestsWork({ ...place.piece, text: written }), written);
    if (!marked || (marked.hasValue && line.token === '') || (attempt.inFlow && !marked.flow)) continue;
    if (found.some((slot) => slot.role === marked.role && slot.path.join('/') === marked.path.join('/'))) continue;
    found.push({
      ...marked,
      start: place.start + attempt.from,
      end: place.start + attempt.to,
      typed: text.slice(attempt.from, line.cursor),
      lead: attempt.lead,
      column: columnAt(written, attempt.from + attempt.lead.length),
      dash: attempt.dash,
      continuesItem: attempt.continuesItem === true,
      hasColon: line.hasColon,
      json: /^\s*[{[]/.test(text),
      eol: text.includes('\r\n') ? '\r\n' : '\n',
      indent: attempt.from < line.start + line.prefix.length && attempt.lead !== '' ? 0 : (/^ */.exec(line.prefix)?.[0].length ?? 0),
      listIndent: usesIndentedLists(text) ? 2 : 0,
    });
    if (marked.flow) break;
  }
  return found;
}

/** Stands for what is about to be written: a word that is read as quickly as any other, and that no YAML has. */
const MARK = '__netpol_cursor_e0fc5d1e__';

interface Attempt {
  readonly from: number;
  readonly to: number;
  readonly lead: string;
  readonly asKey: boolean;
  readonly dash: number | undefined;
  /** Counts only between braces or brackets, where indentation means nothing. */
  readonly inFlow?: boolean;
  readonly continuesItem?: boolean;
}

function attemptsAt(text: string, line: Line): readonly Attempt[] {
  const { prefix, tokenStart, tokenEnd, rest } = line;
  const isHead = tokenStart === line.start + prefix.length;
  if (line.token === '' && tokenEnd > line.cursor && (isHead || line.hasColon)) return [];
  const here = { from: tokenStart, to: tokenEnd };
  const isKey = !line.hasColon && /^\s*(?:#.*)?$/.test(rest);
  if (line.needsBlank)
    return [{ ...here, lead: ' ', asKey: line.opensItem, dash: line.opensItem ? prefix.length : undefined }, ...below(text, line)];
  if (!isHead) return [{ ...here, lead: '', asKey: false, dash: undefined }, ...(line.token === '' ? below(text, line) : [])];
  const dash = prefix.lastIndexOf('-');
  if (dash !== -1) return [{ ...here, lead: '', asKey: isKey, dash }];
  return atLineStart(text, line, isKey);
}

/** The cursor's line has nothing but indentation before it: a key there, an item there, or what the line above opens. */
function atLineStart(text: string, line: Line, asKey: boolean): readonly Attempt[] {
  if (line.hasColon) return [{ from: line.tokenStart, to: line.tokenEnd, lead: '', asKey, dash: undefined }];
  const layout = layoutAround(text, line.start, line.end);
  const { opener, next, dashes } = layout;
  const depth = line.prefix.length;
  const below = opener === undefined || depth <= opener ? undefined : opener;
  const column =
    below === undefined
      ? Math.max(-1, ...layout.columns.filter((open) => open <= depth))
      : next > below && line.token === ''
        ? next
        : depth;
  const at = column < 0 ? depth : column;
  const asIs = at !== depth && isOpenBracket(text, line.start) ? [{ ...indented(line, depth, asKey), inFlow: true }] : [];
  const canBeItem = dashes.includes(at) || (opener !== undefined && at >= opener);
  const attempts = [...asIs, indented(line, at, asKey), ...(canBeItem ? [indented(line, at, asKey, true)] : [])];
  // Enter behind `- protocol: TCP` lands on the column of the dash; what follows may belong to that item.
  const inItem = asKey && opener === undefined && dashes.includes(at) ? layout.columns.filter((open) => open > at) : [];
  const within = inItem.length > 0 ? [{ ...indented(line, Math.min(...inItem), asKey), continuesItem: true }] : [];
  if (opener === undefined || below !== undefined || !asKey) return [...attempts, ...within];
  const child = next > opener ? next : opener + 2;
  return [...attempts, indented(line, child, asKey), indented(line, child, asKey, true)];
}

/** Is a brace or bracket open there? Only a guess, as those in text and comments are counted too. */
function isOpenBracket(text: string, offset: number): boolean {
  let open = 0;
  for (let i = 0; i < offset; i++) {
    const character = text[i];
    if (character === '{' || character === '[') open++;
    else if (character === '}' || character === ']') open--;
  }
  return open > 0;
}

function indented(line: Line, column: number, asKey: boolean, withDash = false): Attempt {
  const isThere = column === line.prefix.length;
  const lead = (isThere ? '' : ' '.repeat(column)) + (withDash ? '- ' : '');
  return { from: isThere ? line.tokenStart : line.start, to: line.tokenEnd, lead, asKey, dash: withDash ? column : undefined };
}

/** Behind `key:` with nothing after it, what goes into the lines below can be offered as well. */
function below(text: string, line: Line): readonly Attempt[] {
  const key = line.prefix.length;
  if (line.opensItem || line.tokenEnd !== line.cursor || !/^\s*$/.test(line.rest) || !line.endsKey) return [];
  const { next } = layoutAround(text, line.end, line.end);
  if (next > key) return [];
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const list = key + (usesIndentedLists(text) ? 2 : 0);
  const from = line.cursor - line.blanks;
  return [
    { from, to: line.cursor, lead: eol + ' '.repeat(key + 2), asKey: true, dash: undefined },
    { from, to: line.cursor, lead: `${eol}${' '.repeat(list)}- `, asKey: true, dash: list },
  ];
}

interface Marked extends Pick<Slot, 'manifest' | 'role' | 'path' | 'siblings' | 'listed' | 'alone' | 'flow' | 'hasValue'> {}

function readMark(manifests: readonly Manifest[], text: string): Marked | undefined {
  for (const manifest of manifests) {
    const marked = manifest.root && searchMark(manifest.root, []);
    if (marked && fitsColumns(marked.nodes, text)) return { manifest, ...marked };
  }
  return undefined;
}

interface Search extends Omit<Marked, 'manifest'> {
  /** The node that holds the mark and those around it, innermost first. */
  readonly nodes: readonly Node[];
}

function searchMark(node: Node, path: Path): Search | undefined {
  if (node.kind === 'scalar' && node.text === MARK) {
    return { nodes: [], role: 'value', path, siblings: [], listed: [], alone: true, flow: false, hasValue: false };
  }
  const inner = node.kind === 'map' ? searchPairs(node.pairs, node.flow, path) : node.kind === 'seq' ? searchItems(node, path) : undefined;
  return inner && { ...inner, nodes: [...inner.nodes, node] };
}

function searchPairs(pairs: readonly Pair[], flow: boolean, path: Path): Search | undefined {
  const marked = pairs.find(({ key }) => key.kind === 'scalar' && key.text === MARK);
  if (marked) {
    const siblings = pairs.flatMap((pair) => (pair === marked || pair.name === undefined ? [] : [pair.name]));
    const hasValue = marked.value.span.start < marked.value.span.end;
    return { nodes: [], role: 'key', path, siblings, listed: [], alone: pairs.length === 1 && !flow, flow, hasValue };
  }
  for (const pair of pairs) {
    const found = searchMark(pair.value, [...path, pair.name ?? '']);
    if (found) return { ...found, flow: found.flow || (flow && found.nodes.length === 0) };
  }
  return undefined;
}

function searchItems(node: Node & { readonly kind: 'seq' }, path: Path): Search | undefined {
  for (const [i, item] of node.items.entries()) {
    const found = searchMark(item.value, [...path, i]);
    if (!found) continue;
    const isItem = found.nodes.length === 0 || (found.nodes.length === 1 && found.role === 'key');
    const listed = isItem
      ? node.items.flatMap(({ value }) => (value.kind === 'scalar' && value.text !== MARK ? [value.text] : []))
      : found.listed;
    return { ...found, listed, flow: found.flow || (node.flow && found.nodes.length === 0) };
  }
  return undefined;
}

/** Where the parser had to guess, it may put the mark beside keys of another column; such a place is none. */
function fitsColumns(nodes: readonly Node[], text: string): boolean {
  return nodes.slice(0, 3).every((node) => {
    if (node.kind === 'map' && !node.flow) return isAligned(node.pairs.map((pair) => columnAt(text, pair.key.span.start)));
    if (node.kind === 'seq' && !node.flow) return isAligned(node.items.map((item) => columnAt(text, item.span.start)));
    return true;
  });
}

function isAligned(columns: readonly number[]): boolean {
  return columns.every((column) => column === columns[0]);
}
