import { memo } from '../base/memo.ts';
import type { Work } from '../base/work.ts';
import type { Caller } from '../model/caller.ts';
import { identify, mayMatter, type Identity } from '../model/identify.ts';
import { kindWord } from '../model/api.ts';
import { isJudged, readResource, resourceWork, type Kind, type Resource } from '../model/kind.ts';
import { mayExpect } from '../syntax/expectation.ts';
import { dropTree, isParsed, MAX_MANIFEST_CHARACTERS, manifestsIn, manifestsWork, type Manifest } from '../syntax/manifest.ts';
import type { SourceFile } from '../syntax/source-file.ts';
import type { Piece } from '../syntax/split.ts';
import type { ManifestKey } from './cluster.ts';
import { deployersIn, mayDeploy, type Deployer } from './deployer.ts';
import { isKustomization, readKustomization, type Kustomization } from './kustomization.ts';

/** What the workspace keeps of a file: its text, and what stands in it. Trees are not kept here. */
export interface FileRecord {
  readonly uri: string;
  readonly file: SourceFile;
  readonly entries: readonly Entry[];
  readonly kustomization?: Kustomization;
  /** Objects that apply folders of the workspace to clusters. */
  readonly deployers?: readonly Deployer[];
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

/** Reads a file. With `before`, only the pieces between what is equal at the start and at the end are looked at, and what reads as before keeps its objects. */
export function recordOf(uri: string, file: SourceFile, before: FileRecord | undefined, keepTrees: boolean): FileRecord {
  const stretch = changedStretch(before?.file.pieces ?? [], file.pieces);
  const dropped = keepTrees ? [] : file.pieces.slice(stretch.start, stretch.end).filter((piece) => !isParsed(piece));
  const entries = (before && entriesAfterStretch(before, file, stretch)) ?? keyed(uri, readPieces(file.pieces), before);
  const kustomization = isKustomization(uri) ? { kustomization: sameOr(before?.kustomization, readKustomization(uri, file)) } : {};
  const deployers = file.pieces.some(({ text }) => mayDeploy(text)) ? { deployers: deployersIn(uri, file) } : {};
  for (const piece of dropped) dropTree(piece);
  return { uri, file, entries, ...kustomization, ...deployers };
}

/**
 * Reads what `recordOf` will ask of a file, so that it has little left to do. Yields between pieces. The trees of a closed file are let go
 * at once, so that a big one is never in memory as a whole.
 */
export function* reading({ pieces }: SourceFile, keepTrees: boolean): Work<void> {
  for (const piece of pieces) {
    const wasParsed = isParsed(piece);
    yield* pieceWork(piece);
    objectsIn(piece);
    if (!keepTrees && !wasParsed) dropTree(piece);
    yield;
  }
}

/** Parses a piece and reads the objects in it in steps, where it may hold any. */
export function* pieceWork(piece: Piece): Work<void> {
  if (!isRead(piece)) return;
  for (const manifest of yield* manifestsWork(piece)) {
    const { kind } = identify(manifest);
    if (kind) yield* resourceWork(kind, manifest.root);
  }
}

/** How many manifests the workspace adds at a time. */
export const MANIFESTS_PER_STEP = 1000;

/**
 * A file as it grows by portions (a number of manifests): each with more of its manifests than the one before, the last one whole. Putting them into a snapshot one
 * after the other leaves room for other work in between. The ends of Lists are there from the start, since they say what the items are.
 */
export function* growing(file: SourceFile, portion: number = MANIFESTS_PER_STEP): Generator<SourceFile> {
  const { pieces } = file;
  for (let most = portion; most < pieces.length; most += portion)
    yield { pieces: pieces.filter(({ kind }, i) => i < most || kind === 'head' || kind === 'tail') };
  yield file;
}

/**
 * Does nothing depend on the file? Then its text need not be kept: a folder of a hundred thousand unrelated files costs nothing. A comment
 * with an expectation about verdicts may stand in any file.
 */
export function isIdle({ entries, kustomization, deployers, file }: FileRecord): boolean {
  return entries.length === 0 && kustomization === undefined && deployers === undefined && !file.pieces.some(({ text }) => mayExpect(text));
}

/** The pieces of the new file from `start` to `end` stand where the old one had those up to `oldEnd`. */
interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly oldEnd: number;
}

function changedStretch(before: readonly Piece[], after: readonly Piece[]): Stretch {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start++;
  let tail = 0;
  while (tail < most - start && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  return { start, end: after.length - tail, oldEnd: before.length - tail };
}

/** The entries where the changed pieces name the same objects as before, so that no key changes; else `undefined`. */
function entriesAfterStretch(before: FileRecord, file: SourceFile, { start, end, oldEnd }: Stretch): readonly Entry[] | undefined {
  const old = before.file.pieces;
  const pieces = file.pieces.slice(start, end);
  // The ends of a List may have changed what its items are; then every item is looked at again.
  if ([...old.slice(start, oldEnd), ...pieces].some(({ kind }) => kind === 'head' || kind === 'tail')) return undefined;
  const first = countEntries(before.entries, old, start);
  const last = countEntries(before.entries, old, oldEnd);
  const found = readPieces(pieces);
  const was = before.entries.slice(first, last);
  if (found.length !== was.length || found.some(({ object }, i) => object.id !== was[i]?.object.id)) return undefined;
  return [...before.entries.slice(0, first), ...found.flatMap((one, i) => entryAfter(was[i], one) ?? []), ...before.entries.slice(last)];
}

/** How many of the entries stand in the first pieces. */
function countEntries(entries: readonly Entry[], pieces: readonly Piece[], end: number): number {
  let count = 0;
  for (let i = 0; i < end; i++) while (count < entries.length && entries[count]?.piece === pieces[i]) count++;
  return count;
}

interface Found {
  readonly piece: Piece;
  readonly object: ReadObject;
}

function readPieces(pieces: readonly Piece[]): readonly Found[] {
  return pieces.flatMap((piece) => objectsIn(piece).map((object) => ({ piece, object })));
}

/** Can the piece hold anything that is judged, or that matters to verdicts? Most unrelated YAML is recognized by its words, and not parsed. */
export const mayHoldObjects: (piece: Piece) => boolean = memo((piece: Piece) => isOfTypedList(piece) || mayMatter(piece.text));

const objectsIn = memo((piece: Piece): readonly ReadObject[] => {
  return isRead(piece) ? manifestsIn(piece).flatMap(readManifest) : [];
});

function isRead(piece: Piece): boolean {
  return piece.text.length <= MAX_MANIFEST_CHARACTERS && mayHoldObjects(piece);
}

/** The items of a PodList need not say what they are. */
function isOfTypedList({ list }: Piece): boolean {
  return list !== undefined && list !== 'List';
}

/**
 * What a manifest is read into: one object, and a workload for each pod template where it has several; nothing for what does not matter to
 * the workspace. `index` is its number in its piece.
 */
export function readManifest(manifest: Manifest, index: number): readonly ReadObject[] {
  const identity = identify(manifest);
  if (!identity.kind) return [];
  const resource = readResource(identity.kind, manifest.root);
  const kind = identity.kind.role === 'caller' ? identity.kind : undefined;
  const workloads = (kind?.workloads?.(manifest.root) ?? []).map((value): ReadObject => {
    const outside = value.unreadable[0];
    const id = `${value.kind}/${value.namespace}/${value.name}`;
    return { id, resource: { role: 'workload', value }, index, ...(outside === undefined ? {} : { outside }) };
  });
  if (resource.role === 'caller' && !matters(resource.value)) return workloads;
  return [readObject(identity, identity.kind, resource, index), ...workloads];
}

function readObject(identity: Identity, entry: Kind, resource: Resource, index: number): ReadObject {
  const { name, namespace } = namesOf(resource);
  const outside =
    identity.ours && identity.mistakes.length > 0 ? 'its apiVersion and kind name nothing that the API server knows' : whyOutside(resource);
  // Calico and Antrea have kinds with the names of ours.
  const kind = isJudged(entry) ? kindWord(entry) : resource.role === 'unevaluated' ? `${entry.kind}.${entry.group}` : entry.kind;
  return { id: `${kind}/${namespace}/${name}`, resource, index, ...(outside === undefined ? {} : { outside }) };
}

/** Name and namespace of an object; no namespace for what has none. */
function namesOf({ value }: Resource): { readonly name: string; readonly namespace: string } {
  return { name: value.name, namespace: 'namespace' in value && value.namespace !== undefined ? value.namespace : '' };
}

/** Evaluation itself says what it leaves out of policies. */
function whyOutside(resource: Resource): string | undefined {
  if (resource.role === 'caller' || resource.role === 'unevaluated') return undefined;
  if (resource.role !== 'policy' && resource.role !== 'set' && resource.role !== 'tier') return resource.value.unreadable?.[0];
  const part = resource.value.unreadable.find(({ path }) => path[0] === 'metadata');
  return part && `${part.path.join('.')} ${part.why}`;
}

/**
 * Keys: the address, what it is, and which one of equal ones in the file. They outlive edits of other manifests, and of everything but
 * the name. An object that reads as before is the object of before.
 */
function keyed(uri: string, found: readonly Found[], before: FileRecord | undefined): readonly Entry[] {
  const old = new Map(before?.entries.map((entry) => [entry.key, entry]));
  const counts = new Map<string, number>();
  return found.map(({ piece, object }) => {
    const nth = counts.get(object.id) ?? 0;
    counts.set(object.id, nth + 1);
    const key = `${uri}\n${object.id}\n${nth}`;
    return entryAfter(old.get(key), { piece, object }) ?? { key, piece, object };
  });
}

function entryAfter(existing: Entry | undefined, { piece, object }: Found): Entry | undefined {
  if (!existing || (existing.piece === piece && existing.object === object)) return existing;
  return { key: existing.key, piece, object: sameOr(existing.object, object) };
}

/** The old value where the new one says the same. */
function sameOr<T>(old: T | undefined, fresh: T): T {
  return old !== undefined && (old === fresh || JSON.stringify(old) === JSON.stringify(fresh)) ? old : fresh;
}

/** The manifest of a key in its file. */
export function recordEntryOf(record: FileRecord, key: ManifestKey): Entry | undefined {
  return byKey(record).get(key);
}

const byKey = memo(({ entries }: FileRecord): ReadonlyMap<ManifestKey, Entry> => new Map(entries.map((entry) => [entry.key, entry])));

/** The address of the file that a key is of. */
export function uriOf(key: ManifestKey): string {
  return key.slice(0, key.indexOf('\n'));
}

/** Is there anything in it that other manifests are judged by? */
function matters({ calls, creates, scales, pods, provesOverHttp }: Caller): boolean {
  return calls.length > 0 || [creates, scales, pods, provesOverHttp].some((one) => one !== undefined);
}
