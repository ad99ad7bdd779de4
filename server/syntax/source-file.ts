import { memo } from '../base/memo.ts';
import { manifestsIn, type Manifest } from './manifest.ts';
import { split, splitItems, type Piece } from './split.ts';
import type { Path } from './path.ts';

/** A file as a row of pieces. Immutable; an edit keeps every piece whose text did not change, the very same object. */
export interface SourceFile {
  readonly pieces: readonly Piece[];
}

/** A replacement of `[start, end)`, in offsets of the whole file. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A manifest and where it stands in its file. */
export interface PlacedManifest {
  readonly manifest: Manifest;
  /** Offset of the manifest's piece in the file. */
  readonly start: number;
  /** Index of its document in the YAML stream, empty documents counted. */
  readonly document: number;
  /** `items[3]` for an item of a List, `objects[0]` for one of a Template, else empty. */
  readonly prefix: Path;
}

/** Reads a text into a file. */
export function sourceFile(text: string): SourceFile {
  return { pieces: split(text) };
}

/** The whole text again. */
export function textOf(file: SourceFile): string {
  return file.pieces.map((piece) => piece.text).join('');
}

/** Another version of a file, given as its whole text: what is equal at its start and at its end keeps its pieces. */
export function revised(file: SourceFile, text: string): SourceFile {
  const before = textOf(file);
  if (before === text) return file;
  const most = Math.min(before.length, text.length);
  let start = 0;
  while (start < most && before.charCodeAt(start) === text.charCodeAt(start)) start++;
  let tail = 0;
  while (tail < most - start && before.charCodeAt(before.length - 1 - tail) === text.charCodeAt(text.length - 1 - tail)) tail++;
  return edit(file, { start, end: before.length - tail, text: text.slice(start, text.length - tail) });
}

/** The file after one replacement. Only the pieces around it are split again; equal pieces keep their identity. */
export function edit(file: SourceFile, change: TextEdit): SourceFile {
  const { pieces } = file;
  let first = 0;
  let start = 0;
  while (first < pieces.length - 1 && start + lengthAt(pieces, first) < change.start) start += lengthAt(pieces, first++);
  let last = first;
  let end = start + lengthAt(pieces, first);
  while (last < pieces.length - 1 && end <= change.end) end += lengthAt(pieces, ++last);
  const quick = editItem(pieces, first, last, start, change);
  if (quick) return quick;
  if (first > 0) start -= lengthAt(pieces, --first);
  if (last < pieces.length - 1) end += lengthAt(pieces, ++last);
  while (first > 0 && isInner(pieces[first])) start -= lengthAt(pieces, --first);
  while (last < pieces.length - 1 && isInner(pieces[last + 1])) end += lengthAt(pieces, ++last);
  const old = pieces.slice(first, last + 1);
  const text = old.map((piece) => piece.text).join('');
  const edited = text.slice(0, change.start - start) + change.text + text.slice(change.end - start);
  return replace(pieces, first, last, edited === '' && pieces.length > old.length ? [] : split(edited));
}

function lengthAt(pieces: readonly Piece[], index: number): number {
  return pieces[index]?.text.length ?? 0;
}

/** Does the piece continue the document that an earlier piece started? */
function isInner(piece: Piece | undefined): boolean {
  return piece?.kind === 'item' || piece?.kind === 'tail';
}

/** An edit strictly inside one item of a split List splits only that item again. */
function editItem(pieces: readonly Piece[], first: number, last: number, start: number, change: TextEdit): SourceFile | undefined {
  const piece = pieces[first];
  if (first !== last || piece?.kind !== 'item' || change.start <= start || change.end >= start + piece.text.length) return undefined;
  const edited = piece.text.slice(0, change.start - start) + change.text + piece.text.slice(change.end - start);
  const items = splitItems(edited, piece.text.indexOf('-'), piece.list);
  return items && replace(pieces, first, last, items);
}

function replace(pieces: readonly Piece[], first: number, last: number, fresh: readonly Piece[]): SourceFile {
  let head = 0;
  const old = pieces.slice(first, last + 1);
  while (head < fresh.length && head < old.length && samePiece(fresh[head], old[head])) head++;
  let tail = 0;
  while (tail < fresh.length - head && tail < old.length - head && samePiece(fresh.at(-1 - tail), old.at(-1 - tail))) tail++;
  const middle = fresh.slice(head, fresh.length - tail);
  const all = pieces.slice(0, first + head).concat(middle, pieces.slice(last + 1 - tail));
  return { pieces: all.length > 0 ? all : split('') };
}

function samePiece(a: Piece | undefined, b: Piece | undefined): boolean {
  return a !== undefined && b !== undefined && a.kind === b.kind && a.list === b.list && a.text === b.text;
}

/** Every manifest of the file with its place. The manifests themselves are parsed once per piece and kept with it. */
export const manifestsOf: (file: SourceFile) => readonly PlacedManifest[] = memo((file) => {
  const all: PlacedManifest[] = [];
  for (const place of placesOf(file)) {
    for (const manifest of manifestsIn(place.piece)) {
      all.push({ manifest, start: place.start, document: place.document, prefix: [...place.prefix, ...manifest.inner] });
    }
  }
  return all;
});

/** A piece and where it stands; costs no parsing. */
export interface PlacedPiece {
  readonly piece: Piece;
  readonly start: number;
  readonly document: number;
  readonly prefix: Path;
}

const NO_PREFIX: Path = [];

/** Every piece of the file with its place, without parsing any. */
export const placesOf: (file: SourceFile) => readonly PlacedPiece[] = memo((file) => {
  const all: PlacedPiece[] = [];
  let start = 0;
  let document = -1;
  let item = 0;
  for (const piece of file.pieces) {
    if (!isInner(piece)) {
      item = 0;
      if (piece.opensDocument || document < 0) document++;
    }
    all.push({ piece, start, document, prefix: piece.kind === 'item' ? ['items', item++] : NO_PREFIX });
    start += piece.text.length;
  }
  return all;
});
