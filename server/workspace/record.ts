import { identify, mayMatter } from '../model/identify.ts';
import { readResource, type Resource } from '../model/kind.ts';
import { dropTree, isParsed, LARGEST_MANIFEST, manifestsIn, type Manifest } from '../syntax/manifest.ts';
import type { SourceFile } from '../syntax/source-file.ts';
import type { Piece } from '../syntax/split.ts';
import type { ManifestKey } from './cluster.ts';
import { isKustomization, readKustomization, type Kustomization } from './kustomization.ts';

/** What the workspace keeps of a file: its text, and what stands in it. Trees are not kept here. */
export interface FileRecord {
  readonly uri: string;
  readonly file: SourceFile;
  readonly entries: readonly Entry[];
  readonly kustomization?: Kustomization;
}

/** One manifest that matters to the workspace. */
export interface Entry {
  readonly key: ManifestKey;
  readonly object: ReadObject;
  readonly piece: Piece;
}

/** What a manifest was read into. The same object as long as nothing about it has changed but its text. */
export interface ReadObject {
  /** `NetworkPolicy/shop/web`. */
  readonly id: string;
  readonly resource: Resource;
  /** Index among the manifests of its piece. */
  readonly index: number;
  /** Why it takes no part in verdicts. */
  readonly outside?: string;
}

/** Reads a file. With `before`, what did not change keeps its objects. */
export function recordOf(uri: string, file: SourceFile, before: FileRecord | undefined, keepTrees: boolean): FileRecord {
  const parsedBefore = new Set(keepTrees ? [] : file.pieces.filter(isParsed));
  const found = readPieces(file);
  const entries = keyed(uri, found, before);
  const kustomization = isKustomization(uri) ? { kustomization: sameOr(before?.kustomization, readKustomization(uri, file)) } : {};
  if (!keepTrees) for (const { piece } of found) if (!parsedBefore.has(piece)) dropTree(piece);
  return { uri, file, entries, ...kustomization };
}

interface Found {
  readonly piece: Piece;
  readonly object: ReadObject;
}

function readPieces(file: SourceFile): readonly Found[] {
  const { pieces } = file;
  let list: string | undefined;
  return pieces.flatMap((piece, i) => {
    if (piece.kind === 'head') list = listKindOf(pieces, i);
    return objectsIn(piece, piece.kind === 'item' ? list : undefined).map((object) => ({ piece, object }));
  });
}

/** The kind of the List that a head opens; it may stand behind the items. */
function listKindOf(pieces: readonly Piece[], head: number): string | undefined {
  const tail = pieces.findIndex((piece, i) => i > head && piece.kind !== 'item');
  return listKindIn(pieces[head]?.text ?? '') ?? (tail === -1 ? undefined : listKindIn(pieces[tail]?.text ?? ''));
}

function listKindIn(text: string): string | undefined {
  return /^[ \t{,]*["']?kind["']?[ \t]*:[ \t]*["']?([A-Za-z]+List)\b/m.exec(text)?.[1] ?? /"kind"\s*:\s*"([A-Za-z]+List)"/.exec(text)?.[1];
}

interface Known {
  readonly list: string | undefined;
  readonly objects: readonly ReadObject[];
}

const memo = new WeakMap<Piece, Known>();

function objectsIn(piece: Piece, list: string | undefined): readonly ReadObject[] {
  const known = memo.get(piece);
  if (known && known.list === list) return known.objects;
  const objects =
    piece.text.length <= LARGEST_MANIFEST && (list !== undefined || mayMatter(piece.text))
      ? manifestsIn(piece).flatMap((manifest, index) => readObject(manifest, index, list) ?? [])
      : [];
  memo.set(piece, { list, objects });
  return objects;
}

function readObject(manifest: Manifest, index: number, list: string | undefined): ReadObject | undefined {
  const implied = list ?? (manifest.inner.length > 0 ? listKindIn(manifest.piece.text) : undefined);
  const identity = identify(manifest, implied);
  if (!identity.kind) return undefined;
  const resource = readResource(identity.kind, manifest.root);
  const { name, namespace } = namesOf(resource);
  const outside =
    identity.ours && identity.mistakes.length > 0 ? 'its apiVersion and kind name nothing that the API server knows' : whyOutside(resource);
  return { id: `${identity.kind.kind}/${namespace}/${name}`, resource, index, ...(outside === undefined ? {} : { outside }) };
}

/** Name and namespace of an object; no namespace for what has none. */
export function namesOf({ value }: Resource): { readonly name: string; readonly namespace: string } {
  return { name: value.name, namespace: 'namespace' in value && value.namespace !== undefined ? value.namespace : '' };
}

/** Evaluation itself says what it leaves out of policies. */
function whyOutside(resource: Resource): string | undefined {
  if (resource.role !== 'policy') return resource.value.unreadable?.[0];
  const part = resource.value.unreadable.find(({ path }) => path[0] === 'metadata');
  return part && `${part.path.join('.')} ${part.why}`;
}

/**
 * Keys: the address, what it is, and which one of equal ones in the file. They outlive edits of other manifests, and of everything but
 * the name. An object that reads as before is the object of before.
 */
function keyed(uri: string, found: readonly Found[], before: FileRecord | undefined): readonly Entry[] {
  const inPlace =
    before && before.entries.length === found.length && before.entries.every((entry, i) => entry.object.id === found[i]?.object.id);
  // The usual edit leaves every name as it is, so the keys stay without counting again.
  if (inPlace) return found.flatMap((one, i) => entryAfter(before.entries[i], one) ?? []);
  const old = new Map(before?.entries.map((entry) => [entry.key, entry]));
  const counts = new Map<string, number>();
  return found.map(({ piece, object }) => {
    const nth = counts.get(object.id) ?? 0;
    counts.set(object.id, nth + 1);
    const key = `${uri}\n${object.id}\n${nth}`;
    return entryAfter(old.get(key), { piece, object }) ?? { key, piece, object };
  });
}

function entryAfter(known: Entry | undefined, { piece, object }: Found): Entry | undefined {
  if (!known || (known.piece === piece && known.object === object)) return known;
  return { key: known.key, piece, object: sameOr(known.object, object) };
}

/** The old value where the new one says the same. */
function sameOr<T>(old: T | undefined, fresh: T): T {
  return old !== undefined && (old === fresh || JSON.stringify(old) === JSON.stringify(fresh)) ? old : fresh;
}

/** The manifest of a key in its file. */
export function entryOf(record: FileRecord, key: ManifestKey): Entry | undefined {
  const known = byKey.get(record) ?? new Map(record.entries.map((entry) => [entry.key, entry]));
  byKey.set(record, known);
  return known.get(key);
}

const byKey = new WeakMap<FileRecord, ReadonlyMap<ManifestKey, Entry>>();

/** The address of the file that a key is of. */
export function uriOf(key: ManifestKey): string {
  return key.slice(0, key.indexOf('\n'));
}
