import type { Resource } from '../model/kind.ts';
import { edit, type SourceFile, type TextEdit } from '../syntax/source-file.ts';
import type { Cluster, ManifestKey } from './cluster.ts';
import { gather } from './gather.ts';
import type { Kustomization, Patched } from './kustomization.ts';
import type { Index } from './lookup.ts';
import { resourcesOf } from './member.ts';
import { emptyMap, entriesOf, lookUp, updated, type PersistentMap } from './persistent-map.ts';
import { recordEntryOf, isIdle, recordOf, uriOf, type FileRecord } from './record.ts';
import { layoutOf, membershipsOf, type ClusterLayout, type Scope } from './universe.ts';
import { universeAfter, type FileDifference, type Universe } from './universe-state.ts';
import { isMember, normalizeUri } from './uri.ts';

/**
 * Everything that is known of the workspace at one moment. Never changes: a change gives a new snapshot that shares all that the change
 * did not touch. Whatever the way to a snapshot, its answers are those of a fresh one made of the same files.
 */
export interface Snapshot {
  readonly layout: ClusterLayout;
  readonly records: PersistentMap<FileRecord>;
  readonly kustomizations: ReadonlyMap<string, Kustomization>;
  readonly universes: ReadonlyMap<string, Universe>;
}

/** A file that comes or changes, or goes (`undefined`). */
export interface FileChange {
  readonly uri: string;
  readonly file: SourceFile | undefined;
  /**
   * For open files: keep the parsed trees, and the file even where nothing in it matters. The trees of other files are parsed again when
   * needed.
   */
  readonly keepTrees?: boolean;
}

/** A workspace without files. */
export function emptySnapshot(scope: Scope = { folders: [], clusters: {} }): Snapshot {
  const normal = { ...scope, folders: scope.folders.map(folderUri) };
  return { layout: layoutOf(normal, new Map()), records: emptyMap(), kustomizations: new Map(), universes: new Map() };
}

/** The snapshot after settings or workspace folders have changed. */
export function withScope(snapshot: Snapshot, scope: Scope): Snapshot {
  const { layout } = emptySnapshot(scope);
  return rebuilt({ ...snapshot, layout });
}

/** The snapshot after one file has come, changed or gone. */
export function withFile(snapshot: Snapshot, uri: string, file: SourceFile | undefined, keepTrees: boolean = true): Snapshot {
  return withFiles(snapshot, [{ uri, file, keepTrees }]);
}

/** The snapshot after an edit of a file that it has. */
export function withEdit(snapshot: Snapshot, uri: string, change: TextEdit): Snapshot {
  const file = fileAt(snapshot, uri);
  return file ? withFile(snapshot, uri, edit(file, change)) : snapshot;
}

/** The snapshot after several files have changed at once: much cheaper than one after the other. Addresses that cannot be members are left out. */
export function withFiles(snapshot: Snapshot, changes: readonly FileChange[]): Snapshot {
  const latest = new Map(changes.map((change) => [normalizeUri(change.uri), change]));
  const differences: { readonly uri: string; readonly before: FileRecord | undefined; readonly after: FileRecord | undefined }[] = [];
  for (const [uri, { file, keepTrees }] of latest) {
    const before = lookUp(snapshot.records, uri);
    const read = file && isMember(uri) ? recordOf(uri, file, before, keepTrees ?? false) : undefined;
    const after = read && (keepTrees === true || !isIdle(read)) ? read : undefined;
    if (before !== after) differences.push({ uri, before, after });
  }
  const records = updated(
    snapshot.records,
    differences.map(({ uri, after }) => [uri, after]),
  );
  const kustomized = differences.filter(({ before, after }) => before?.kustomization !== after?.kustomization);
  const repatched = differences.some(({ uri, before, after }) => snapshot.layout.selfNamed.has(uri) && namesIn(before) !== namesIn(after));
  if (kustomized.length === 0 && !repatched)
    return { ...snapshot, records, universes: universesAfter(snapshot.layout, snapshot.universes, differences) };
  const kustomizations = new Map(snapshot.kustomizations);
  for (const { uri, after } of kustomized) {
    if (after?.kustomization) kustomizations.set(uri, after.kustomization);
    else kustomizations.delete(uri);
  }
  return rebuilt({ ...snapshot, records, kustomizations });
}

type RecordDifference = { readonly uri: string; readonly before: FileRecord | undefined; readonly after: FileRecord | undefined };

/** Who belongs where may have changed for any file: the slow path. */
function rebuilt(snapshot: Snapshot): Snapshot {
  const layout = layoutOf(snapshot.layout.scope, snapshot.kustomizations, (uri) => patchedIn(lookUp(snapshot.records, uri)));
  const all: RecordDifference[] = [];
  for (const [uri, after] of entriesOf(snapshot.records)) all.push({ uri, before: undefined, after });
  return { ...snapshot, layout, universes: universesAfter(layout, new Map(), all) };
}

/** What a file of patches names: each object by its kind and name. */
function patchedIn(record: FileRecord | undefined): readonly Patched[] {
  return (record?.entries ?? []).map(({ object }) => {
    const [kind = '', , ...name] = object.id.split('/');
    return { kind, name: name.join('/') };
  });
}

function namesIn(record: FileRecord | undefined): string {
  return (record?.entries ?? []).map(({ object }) => object.id).join();
}

function universesAfter(
  layout: ClusterLayout,
  universes: Snapshot['universes'],
  differences: readonly RecordDifference[],
): Snapshot['universes'] {
  const byUniverse = new Map<string, FileDifference[]>();
  for (const { uri, before, after } of differences) {
    for (const { universe, transform } of membershipsOf(layout, uri)) {
      const difference = {
        uri,
        before: someOf(before && resourcesOf(before, transform)),
        after: someOf(after && resourcesOf(after, transform, before)),
      };
      const known = byUniverse.get(universe);
      if (known) known.push(difference);
      else byUniverse.set(universe, [difference]);
    }
  }
  if (byUniverse.size === 0) return universes;
  const result = new Map(universes);
  for (const [id, files] of byUniverse) {
    const universe = universeAfter(universes.get(id), id, files);
    if (universe) result.set(id, universe);
    else result.delete(id);
  }
  return result;
}

/** A file that brings nothing is no part of a universe. */
function someOf<T>(list: readonly T[] | undefined): readonly T[] | undefined {
  return list?.length === 0 ? undefined : list;
}

/** The text of a file as the snapshot has it. */
export function fileAt(snapshot: Snapshot, uri: string): SourceFile | undefined {
  return lookUp(snapshot.records, normalizeUri(uri))?.file;
}

/** The address of every file that the snapshot has something of, in no order. */
export function fileUris(snapshot: Snapshot): readonly string[] {
  return [...entriesOf(snapshot.records)].map(([uri]) => uri);
}

/** The universes that a file is part of; none for patches and the other sides of diffs. */
export function universesOf(snapshot: Snapshot, uri: string): readonly string[] {
  return membershipsOf(snapshot.layout, normalizeUri(uri)).map(({ universe }) => universe);
}

/** Every universe that has a file, in the order of their ids. */
export function allUniverses(snapshot: Snapshot): readonly string[] {
  return [...snapshot.universes.keys()].sort();
}

/** The cluster of a universe, as a file sees it: of two definitions of one object the one nearest to that file counts. */
export function cluster(snapshot: Snapshot, universeId: string, asking?: string): Cluster {
  const universe = snapshot.universes.get(universeId);
  return universe ? gather(universe, asking === undefined ? undefined : normalizeUri(asking)) : NOTHING;
}

/** The cluster of a file, the first where it is part of several; with nothing in it for a file that is part of none. */
export function clusterFor(snapshot: Snapshot, uri: string): Cluster {
  const [universe] = universesOf(snapshot, uri);
  return universe === undefined ? NOTHING : cluster(snapshot, universe, uri);
}

const NOTHING: Cluster = {
  policies: [],
  workloads: [],
  namespaces: [],
  services: [],
  nodes: [],
  unevaluated: [],
  callers: [],
  problems: [],
};

/** The index of a universe, for look-ups by name and by label. */
export function indexOf(snapshot: Snapshot, universeId: string): Index {
  return snapshot.universes.get(universeId)?.index ?? NO_INDEX;
}

const NO_INDEX: Index = emptyMap();

/** Does a kustomization name this file as a patch? Then what is missing in it may stand elsewhere. */
export function isPatch(snapshot: Snapshot, uri: string): boolean {
  return snapshot.layout.patches.has(normalizeUri(uri));
}

/** The object of a key, as it stands in its file. */
export function resourceAt(snapshot: Snapshot, key: ManifestKey): Resource | undefined {
  const record = lookUp(snapshot.records, uriOf(key));
  return record && recordEntryOf(record, key)?.object.resource;
}

function folderUri(uri: string): string {
  return normalizeUri(uri).replace(/(?<=[^/])\/$/, '');
}
