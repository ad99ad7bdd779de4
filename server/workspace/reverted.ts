import type { Piece } from '../syntax/split.ts';
import { edit, placesOf, textOf, type SourceFile, type TextEdit } from '../syntax/source-file.ts';
import type { ManifestKey } from './cluster.ts';
import { lookUp } from './persistent-map.ts';
import { recordEntryOf, recordOf, type Entry } from './record.ts';
import { withFile, type Snapshot } from './snapshot.ts';
import { normalizeUri } from './uri.ts';

/** Another version of a file: that on disk, or that of a commit; `null` where there is none. */
export type Version = SourceFile | null;

/**
 * The manifests of a file whose text is another one in an earlier version of it, by their keys in the file. Each with the edit that gives
 * it its earlier text back and leaves the rest of the file as it is; a manifest that is new is taken out. One that the file no longer has
 * under its key is found by its place, so that it can be compared while its `apiVersion` is half typed.
 */
export function changedManifests(snapshot: Snapshot, uri: string, version: Version): ReadonlyMap<ManifestKey, TextEdit> {
  const record = lookUp(snapshot.records, normalizeUri(uri));
  const changed = new Map<ManifestKey, TextEdit>();
  if (!record || record.file === version) return changed;
  const before = version ? recordOf(record.uri, version, undefined, true).entries : [];
  const earlier = new Map(before.map((entry) => [entry.key, entry]));
  const starts = new Map(placesOf(record.file).map(({ piece, start }) => [piece, start]));
  for (const [at, entry] of record.entries.entries()) {
    const same = earlier.get(entry.key) ?? renamedFrom(entry, at, before, record.entries);
    const start = starts.get(entry.piece);
    if (start === undefined || same?.piece.text === entry.piece.text) continue;
    changed.set(entry.key, revertingEdit(record.file, entry.piece, same, start, version));
  }
  const pieces = version?.pieces.length === record.file.pieces.length ? record.file.pieces : [];
  const now = new Map(pieces.map((piece, at) => [version?.pieces[at], piece]));
  for (const entry of before) {
    const piece = now.get(entry.piece);
    const start = piece && starts.get(piece);
    if (!piece || start === undefined || recordEntryOf(record, entry.key) || piece.text === entry.piece.text) continue;
    changed.set(entry.key, revertingEdit(record.file, piece, entry, start, version));
  }
  return changed;
}

/**
 * The snapshot as it would be if one manifest of a file, by its key in the file, still read as in an earlier version; the same one if it
 * does. `undefined` where the file has no such manifest, so that there is nothing to compare.
 */
export function withManifestReverted(snapshot: Snapshot, uri: string, key: ManifestKey, version: Version): Snapshot | undefined {
  const record = lookUp(snapshot.records, normalizeUri(uri));
  if (!record) return undefined;
  const change = changedManifests(snapshot, uri, version).get(key);
  if (change) return withFile(snapshot, uri, edit(record.file, change));
  return recordEntryOf(record, key) ? snapshot : undefined;
}

/** What stood at the same place where all that has changed about the objects of a file is a name. */
function renamedFrom(entry: Entry, at: number, before: readonly Entry[], now: readonly Entry[]): Entry | undefined {
  const candidate = before.length === now.length ? before[at] : undefined;
  return candidate && !now.some(({ key }) => key === candidate.key) && kindIn(candidate) === kindIn(entry) ? candidate : undefined;
}

function kindIn({ object: { id } }: Entry): string {
  return id.slice(0, id.indexOf('/'));
}

function revertingEdit(file: SourceFile, piece: Piece, same: Entry | undefined, start: number, version: Version): TextEdit {
  const end = start + piece.text.length;
  if (same && (same.piece.kind !== piece.kind || same.piece.list !== piece.list))
    return { start: 0, end: textOf(file).length, text: version ? textOf(version) : '' };
  const text = same?.piece.text ?? '';
  const isLast = piece === file.pieces.at(-1);
  const head = text !== '' && start > 0 && piece.kind !== 'item' && !/^---/.test(text) ? '---\n' : '';
  const tail = text === '' || isLast || /\n$/.test(text) ? '' : '\n';
  return { start, end, text: head + text + tail };
}
