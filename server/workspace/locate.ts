import { memo } from '../base/memo.ts';
import { shift, type Span } from '../base/span.ts';
import { spanOf } from '../syntax/locate-path.ts';
import { manifestsIn } from '../syntax/manifest.ts';
import type { Path } from '../syntax/path.ts';
import { placesOf, type PlacedManifest, type PlacedPiece, type SourceFile } from '../syntax/source-file.ts';
import type { Piece } from '../syntax/split.ts';
import type { ManifestKey } from './cluster.ts';
import { lookUp } from './persistent-map.ts';
import { recordEntryOf, uriOf } from './record.ts';
import type { Snapshot } from './snapshot.ts';
import { normalizeUri } from './uri.ts';

/** Where a field of a manifest stands now. */
export interface Location {
  readonly uri: string;
  readonly file: SourceFile;
  readonly placed: PlacedManifest;
  /** In offsets of the whole file. */
  readonly span: Span;
}

/** Resolves a reference. A path that ends early gives the nearest value around it; `undefined` where the manifest is gone. */
export function locate(snapshot: Snapshot, key: ManifestKey, path: Path): Location | undefined {
  const uri = uriOf(key);
  const record = lookUp(snapshot.records, uri);
  const entry = record && recordEntryOf(record, key);
  const place = record && entry && placesIn(record.file).get(entry.piece);
  const manifest = place && manifestsIn(place.piece)[entry.object.index];
  if (!record || !place || !manifest) return undefined;
  const placed = { manifest, start: place.start, document: place.document, prefix: [...place.prefix, ...manifest.inner] };
  const span = spanOf(manifest.root, path) ?? { start: 0, end: place.piece.text.length };
  return { uri, file: record.file, placed, span: shift(span, place.start) };
}

/** The key of a manifest of a file, given its piece and its path inside the piece; `undefined` for what the workspace does not know. */
export function keyOf(snapshot: Snapshot, uri: string, { manifest }: PlacedManifest): ManifestKey | undefined {
  const index = manifestsIn(manifest.piece).findIndex(({ root }) => root === manifest.root);
  return lookUp(snapshot.records, uri)?.entries.find((entry) => entry.piece === manifest.piece && entry.object.index === index)?.key;
}

const placesIn = memo((file: SourceFile): ReadonlyMap<Piece, PlacedPiece> => new Map(placesOf(file).map((place) => [place.piece, place])));

/** The keys of the manifests of a file that are members of the workspace, by piece, at the index that each has there. */
export function keysOfFile(snapshot: Snapshot, uri: string): ReadonlyMap<Piece, readonly (ManifestKey | undefined)[]> {
  const keys = new Map<Piece, (ManifestKey | undefined)[]>();
  for (const { piece, object, key } of lookUp(snapshot.records, normalizeUri(uri))?.entries ?? []) {
    const list = keys.get(piece) ?? [];
    list[object.index] = key;
    keys.set(piece, list);
  }
  return keys;
}
