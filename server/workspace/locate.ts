import { memo } from '../base/memo.ts';
import { shift, type Span } from '../base/span.ts';
import { spanOf } from '../syntax/locate-path.ts';
import { manifestsIn } from '../syntax/manifest.ts';
import { isBelow, type Path } from '../syntax/path.ts';
import { placesOf, type PlacedManifest, type PlacedPiece, type SourceFile } from '../syntax/source-file.ts';
import type { Piece } from '../syntax/split.ts';
import type { Origin } from '../syntax/tree.ts';
import type { ManifestKey } from './cluster.ts';
import { originAt } from './kustomize/values.ts';
import { lookUp } from './persistent-map.ts';
import { recordEntryOf, uriOf } from './record.ts';
import { builtAt, fileAt, keysIn, rawKey, universesOf, type Snapshot } from './snapshot.ts';
import { normalizeUri } from './uri.ts';

/** Where a field of a manifest stands now. */
export interface Location {
  readonly uri: string;
  readonly file: SourceFile;
  readonly placed: PlacedManifest;
  /** In offsets of the whole file. */
  readonly span: Span;
  /** The field in that manifest. */
  readonly path: Path;
}

/**
 * Resolves a reference. A path that ends early gives the nearest value around it; `undefined` where the manifest is gone. A field that a
 * build has brought in is found where it was written: in a patch, or in a label list of the kustomization.
 */
export function locate(snapshot: Snapshot, key: ManifestKey, path: Path): Location | undefined {
  const built = builtAt(snapshot, key)?.built;
  if (built) {
    const found = locateOrigin(snapshot, originAt(built.root, built.place, path));
    if (found) return found;
  }
  const uri = uriOf(key);
  const record = lookUp(snapshot.records, uri);
  const entry = record && recordEntryOf(record, rawKey(key));
  const place = record && entry && placesIn(record.file).get(entry.piece);
  const manifest = place && manifestsIn(place.piece)[entry.object.index];
  if (!record || !place || !manifest) return undefined;
  const placed = { manifest, start: place.start, document: place.document, prefix: [...place.prefix, ...manifest.inner] };
  const span = spanOf(manifest.root, path) ?? { start: 0, end: place.piece.text.length };
  return { uri, file: record.file, placed, span: shift(span, place.start), path };
}

/** Where something was written stands now; `undefined` where its manifest is gone. */
export function locateOrigin(snapshot: Snapshot, { written, path }: Origin): Location | undefined {
  if (written.field) {
    const around = locateOrigin(snapshot, written.field);
    return around && { ...around, span: inText(around, { written, path }) ?? around.span };
  }
  const file = fileAt(snapshot, written.uri);
  const place = file && placesIn(file).get(written.piece);
  if (!file || !place) return undefined;
  const manifests = manifestsIn(place.piece);
  const wrapped = manifests.find(({ inner, list }) => inner.length > 0 && list === undefined && isBelow(path, inner));
  const manifest = wrapped ?? manifests[written.index];
  if (!manifest) return undefined;
  const own = wrapped ? path.slice(wrapped.inner.length) : path;
  const placed = { manifest, start: place.start, document: place.document, prefix: [...place.prefix, ...manifest.inner] };
  const span = spanOf(manifest.root, own) ?? { start: 0, end: place.piece.text.length };
  return { uri: written.uri, file, placed, span: shift(span, place.start), path: own };
}

/** The span of a value in a text that is a field itself, such as a patch in a kustomization: the same line, further to the right. */
function inText({ placed, span }: Location, { written, path }: Origin): Span | undefined {
  const { text } = placed.manifest.piece;
  const at = spanOf(manifestsIn(written.piece)[written.index]?.root, path);
  const field = text.slice(span.start - placed.start, span.end - placed.start);
  const head = /^[|>][^\n]*\n/.exec(field)?.[0];
  if (!at || head === undefined) return undefined;
  const indent = /^(?:[ \t]*\n)*([ \t]*)/.exec(field.slice(head.length))?.[1]?.length ?? 0;
  const lines = written.piece.text.slice(0, at.start).split('\n');
  const line = lines.length - 1;
  const rows = field.slice(head.length).split('\n');
  const start =
    rows.slice(0, line).reduce((sum, row) => sum + row.length + 1, span.start + head.length) + indent + (lines.at(-1)?.length ?? 0);
  const width = Math.min(at.end - at.start, (written.piece.text.slice(at.start).split('\n')[0] ?? '').length);
  return start + width <= span.end ? { start, end: start + width } : undefined;
}

/**
 * The key of a manifest of a file, given its piece and its path inside the piece: the one that it has in the first cluster of the file.
 * `undefined` for what the workspace does not know.
 */
export function keyOf(snapshot: Snapshot, uri: string, placed: PlacedManifest): ManifestKey | undefined {
  const raw = writtenKeyOf(snapshot, uri, placed);
  const [first] = universesOf(snapshot, uri);
  return raw === undefined || first === undefined ? raw : (keysIn(snapshot, first, raw)[0] ?? raw);
}

/** The key of a manifest of a file as it stands there. */
export function writtenKeyOf(snapshot: Snapshot, uri: string, { manifest }: PlacedManifest): ManifestKey | undefined {
  const index = manifestsIn(manifest.piece).findIndex(({ root }) => root === manifest.root);
  return lookUp(snapshot.records, normalizeUri(uri))?.entries.find(
    (entry) => entry.piece === manifest.piece && entry.object.index === index,
  )?.key;
}

const placesIn = memo((file: SourceFile): ReadonlyMap<Piece, PlacedPiece> => new Map(placesOf(file).map((place) => [place.piece, place])));

/** The keys of the manifests of a file that are members of the workspace, by piece, at the index that each has there. */
export function keysOfFile(snapshot: Snapshot, uri: string): ReadonlyMap<Piece, readonly (ManifestKey | undefined)[]> {
  const keys = new Map<Piece, (ManifestKey | undefined)[]>();
  for (const { piece, object, key } of lookUp(snapshot.records, normalizeUri(uri))?.entries ?? []) {
    const list = keys.get(piece) ?? [];
    list[object.index] ??= key;
    keys.set(piece, list);
  }
  return keys;
}
