import { groupBy } from '../base/lists.ts';
import { memo, store } from '../base/memo.ts';
import type { Work } from '../base/work.ts';
import type { Resource } from '../model/kind.ts';
import { edit, type SourceFile, type TextEdit } from '../syntax/source-file.ts';
import { foldersIn } from './build-files.ts';
import type { BuiltMember } from './built-members.ts';
import type { Cluster, ManifestKey } from './cluster.ts';
import { nameOfCluster, type Scope } from './clusters.ts';
import { gather } from './gather.ts';
import { KUSTOMIZATION_NAMES, type Kustomization } from './kustomization.ts';
import type { BuildResult } from './kustomize/finish.ts';
import type { BuildObject, BuildProblem } from './kustomize/objects.ts';
import type { Outermost } from './kustomize/state.ts';
import { fileOf, writtenIn } from './kustomize/values.ts';
import type { Index } from './lookup.ts';
import type { Member } from './member.ts';
import { emptyMap, mapEntries, lookUp, updated, type PersistentMap } from './persistent-map.ts';
import { recordEntryOf, isIdle, recordOf, uriOf, type FileRecord } from './record.ts';
import type { Universe } from './universe-state.ts';
import { isMember, normalizeUri, parentOf, pathBetween } from './uri.ts';
import { buildAfter } from './what-if.ts';
import {
  buildFoldersReading,
  folderFor,
  objectsBuiltAt,
  patchFilesOf,
  worldOf,
  worldWork,
  type ClusterState,
  type World,
  type WorldProblem,
} from './world.ts';

/**
 * Everything that is known of the workspace at one moment. Never changes: a change gives a new snapshot that shares all that the change
 * did not touch. Whatever the way to a snapshot, its answers are those of a fresh one made of the same files.
 */
export interface Snapshot {
  readonly scope: Scope;
  readonly records: PersistentMap<FileRecord>;
  /** Addresses that a kustomization names and that do not exist. */
  readonly absent: ReadonlySet<string>;
  /** Those of them of which is known whether git ignores them. */
  readonly ignored: ReadonlyMap<string, boolean>;
  /** Files that a kustomization names, of which nothing else matters. */
  readonly brought: ReadonlyMap<string, SourceFile>;
  /** The clusters of an earlier snapshot, and what has changed since. */
  readonly earlier?: { readonly world: World; readonly changed: ReadonlySet<string> };
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
  /** A kustomization names the file: it is kept, and known to be missing where there is none. */
  readonly isRequested?: boolean;
  /** For a file that is missing: does git ignore it? */
  readonly isIgnored?: boolean;
}

/** A workspace without files. */
export function emptySnapshot(scope: Scope = { folders: [], clusters: {} }): Snapshot {
  return { scope: normalScope(scope), records: emptyMap(), absent: new Set(), ignored: new Map(), brought: new Map() };
}

/** The snapshot after settings or workspace folders have changed. */
export function withScope({ records, absent, ignored, brought }: Snapshot, scope: Scope): Snapshot {
  return { scope: normalScope(scope), records, absent, ignored, brought };
}

function normalScope(scope: Scope): Scope {
  return { ...scope, folders: scope.folders.map(folderUri), ...(scope.base === undefined ? {} : { base: folderUri(scope.base) }) };
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
  const differences: (readonly [uri: string, after: FileRecord | undefined])[] = [];
  const absent = new Set(snapshot.absent);
  const ignored = new Map(snapshot.ignored);
  const brought = new Map(snapshot.brought);
  const changed = new Set<string>();
  for (const [uri, { file, keepTrees, isRequested, isIgnored }] of latest) {
    const before = lookUp(snapshot.records, uri);
    const read = file && isMember(uri) ? recordOf(uri, file, before, keepTrees ?? false) : undefined;
    const after = read && (keepTrees === true || !isIdle(read)) ? read : undefined;
    if (before !== after) differences.push([uri, after]);
    const isAbsent = file === undefined && isRequested === true;
    const isBrought = file !== undefined && after === undefined && (isRequested === true || brought.has(uri)) ? file : undefined;
    const isNews = isAbsent && isIgnored !== undefined && ignored.get(uri) !== isIgnored;
    if (before !== after || brought.get(uri) !== isBrought || absent.has(uri) !== isAbsent || isNews) changed.add(uri);
    if (isAbsent) absent.add(uri);
    else absent.delete(uri);
    if (isNews) ignored.set(uri, isIgnored);
    else if (!isAbsent) ignored.delete(uri);
    if (isBrought) brought.set(uri, isBrought);
    else brought.delete(uri);
  }
  if (changed.size === 0) return snapshot;
  const records = updated(snapshot.records, differences);
  return { scope: snapshot.scope, records, absent, ignored, brought, ...earlierOf(snapshot, changed) };
}

function earlierOf(snapshot: Snapshot, changed: ReadonlySet<string>): Pick<Snapshot, 'earlier'> {
  const world = worlds.get(snapshot);
  if (world) return { earlier: { world, changed } };
  if (!snapshot.earlier) return {};
  return { earlier: { world: snapshot.earlier.world, changed: new Set([...snapshot.earlier.changed, ...changed]) } };
}

const worlds = store<Snapshot, World>();

/** The clusters of the snapshot, computed on demand. */
function world(snapshot: Snapshot): World {
  return worlds.get(snapshot) ?? worlds.set(snapshot, worldOf(snapshot, snapshot.earlier?.world, snapshot.earlier?.changed ?? new Set()));
}

/** Works the clusters out in steps, so that the next question about them is answered at once. */
export function* clusterWork(snapshot: Snapshot): Work<void> {
  if (worlds.get(snapshot)) return;
  worlds.set(snapshot, yield* worldWork(snapshot, snapshot.earlier?.world, snapshot.earlier?.changed ?? new Set()));
}

/**
 * Addresses that kustomizations name as resources, components and patches, and that have not been read: what a build needs in any case, found
 * without building. To be read, and given back as wanted changes, until there are none; then `requestedFiles` has the few that are left.
 */
export function namedFiles({ records, absent, brought }: Snapshot): readonly string[] {
  const named = new Set<string>();
  const isRead = (uri: string): boolean => lookUp(records, uri) !== undefined || brought.has(uri);
  const ask = (uri: string): void => void (isRead(uri) || absent.has(uri) || named.add(uri));
  const askAt = (folder: string): void => KUSTOMIZATION_NAMES.forEach((name) => ask(`${folder}/${name}`));
  const folders = foldersIn(records);
  for (const [uri, { kustomization }] of mapEntries(records)) {
    if (!kustomization) continue;
    askAt(parentOf(uri));
    for (const path of [...kustomization.resources, ...kustomization.components]) {
      if (isRead(path)) continue;
      if (!folders.has(path)) ask(path);
      askAt(path);
    }
    kustomization.patches.forEach(ask);
  }
  return [...named].sort();
}

/** Addresses that kustomizations name and that have not been read: the caller reads them and gives them back as wanted changes. */
export function requestedFiles(snapshot: Snapshot): readonly string[] {
  return [...world(snapshot).requested].sort();
}

/** Missing addresses of which the caller says with wanted changes whether git ignores them. */
export function unverifiedFiles(snapshot: Snapshot): readonly string[] {
  return [...world(snapshot).unverified].sort();
}

/** What the builds of kustomizations have to say about a file. */
export function problemsIn(snapshot: Snapshot, uri: string): readonly WorldProblem[] {
  const { problems } = world(snapshot);
  return byFile(problems).get(normalizeUri(uri)) ?? [];
}

const byFile = memo((problems: readonly WorldProblem[]) => groupBy(problems, ({ problem }) => fileOf(problem.place)));

/** The kustomization files of the workspace, by their address. */
export function kustomizationsOf(snapshot: Snapshot): ReadonlyMap<string, Kustomization> {
  return world(snapshot).kustomizations;
}

/** The folders of the builds that read a file, in the order of their clusters. */
export function foldersReading(snapshot: Snapshot, uri: string): readonly string[] {
  return buildFoldersReading(world(snapshot), normalizeUri(uri));
}

/** The objects that the kustomization of a folder makes; of a Component all those of the builds with it. */
export function builtObjectsAt(snapshot: Snapshot, folder: string): readonly BuildObject[] {
  return objectsBuiltAt(world(snapshot), folder);
}

/** What the kustomization of a folder would come to if that of `change.folder` were another one. */
export function builtAfter(snapshot: Snapshot, folder: string, change: Outermost): BuildResult {
  return buildAfter(snapshot, world(snapshot).cache, folder, change);
}

/** The text of a file as the snapshot has it. */
export function fileAt(snapshot: Snapshot, uri: string): SourceFile | undefined {
  const normal = normalizeUri(uri);
  return lookUp(snapshot.records, normal)?.file ?? snapshot.brought.get(normal);
}

/** The address of every file that the snapshot has something of, in no order. */
export function fileUris(snapshot: Snapshot): readonly string[] {
  return [...[...mapEntries(snapshot.records)].map(([uri]) => uri), ...snapshot.brought.keys()];
}

/** The clusters that a file is part of, in whatever role. */
export function universesOf(snapshot: Snapshot, uri: string): readonly string[] {
  const normal = normalizeUri(uri);
  const { memberships, clusters } = world(snapshot);
  // A file that has not been read yet belongs to its folder.
  const own = memberships.get(normal) ?? (isMember(normal) ? [`folder ${folderFor(snapshot.scope, normal)}`] : []);
  return own.filter((id) => clusters.get(id)?.universe !== undefined);
}

/** Every cluster that has an object, in the order of their ids. */
export function allUniverses(snapshot: Snapshot): readonly string[] {
  return [...world(snapshot).clusters.values()].flatMap(({ id, universe }) => (universe ? [id] : [])).sort();
}

/** The name of a cluster, as commands and editors say it: the path of its folder, with a slash at its end for the rest of a folder. */
export function clusterName(snapshot: Snapshot, id: string): string {
  const { scope } = snapshot;
  const base = scope.base ?? scope.folders[0];
  return nameOfCluster(id, (uri) => {
    if (base === undefined) return uri;
    const path = pathBetween(base, uri);
    return path === '' ? '.' : path;
  });
}

/** The index of one cluster and what else is kept of it; `undefined` where it has no objects. */
export function universeOf(snapshot: Snapshot, id: string): Universe | undefined {
  return world(snapshot).clusters.get(id)?.universe;
}

/** The cluster of an id, as a file sees it: of two definitions of one object the one nearest to that file counts. */
export function cluster(snapshot: Snapshot, universeId: string, asking?: string): Cluster {
  const universe = universeOf(snapshot, universeId);
  return universe ? gather(universe, asking === undefined ? undefined : normalizeUri(asking), snapshot.scope) : NOTHING;
}

/** The cluster of a file, the first where it is part of several; with nothing in it for a file that is part of none. */
export function clusterFor(snapshot: Snapshot, uri: string): Cluster {
  const [universe] = universesOf(snapshot, uri);
  return universe === undefined ? NOTHING : cluster(snapshot, universe, uri);
}

const NOTHING: Cluster = {
  plane: 'kubernetes',
  policies: [],
  workloads: [],
  namespaces: [],
  services: [],
  nodes: [],
  slices: [],
  accounts: [],
  sets: [],
  tiers: [],
  unevaluated: [],
  unenforced: [],
  callers: [],
  problems: [],
};

/** The index of a cluster, for look-ups by name and by label. */
export function indexOf(snapshot: Snapshot, universeId: string): Index {
  return universeOf(snapshot, universeId)?.index ?? NO_INDEX;
}

const NO_INDEX: Index = emptyMap();

/** Does a kustomization name this file as a patch? Then what is missing in it may be in another document. */
export function isPatch(snapshot: Snapshot, uri: string): boolean {
  // Asked at every key, before the clusters are worked out anew.
  return patchFilesOf(snapshot.records).has(normalizeUri(uri));
}

/** Why a cluster may hold objects that the workspace does not show: what its builds leave out. Nothing where it is whole. */
export function unknownParts(snapshot: Snapshot, universeId: string): readonly BuildProblem[] {
  return world(snapshot).clusters.get(universeId)?.unknown ?? [];
}

/** The cluster that a key of a built object names, with what the build has made of it. */
export function builtAt(snapshot: Snapshot, key: ManifestKey): BuiltMember | undefined {
  const id = key.split('\n')[3];
  return id === undefined ? undefined : world(snapshot).clusters.get(id)?.built.get(key);
}

/** The objects of a cluster that builds have made, in no order. */
export function builtIn(snapshot: Snapshot, universeId: string): readonly BuiltMember[] {
  return [...(world(snapshot).clusters.get(universeId)?.built.values() ?? [])];
}

/** The built objects of a cluster of which something was written in a file. */
export function builtTouching(snapshot: Snapshot, universeId: string, uri: string): readonly BuiltMember[] {
  const state = stateOf(snapshot, universeId);
  return state ? (touching(state).get(normalizeUri(uri)) ?? []) : [];
}

const touching = memo(({ built }: ClusterState): ReadonlyMap<string, readonly BuiltMember[]> => {
  const index = new Map<string, BuiltMember[]>();
  for (const one of built.values()) {
    if (!one.built) continue;
    for (const uri of new Set([one.built.place.written.uri, ...writtenIn(one.built.root)])) {
      const members = index.get(uri);
      if (members) members.push(one);
      else index.set(uri, [one]);
    }
  }
  return index;
});

/** The members of a cluster that a file has brought, as it has them. */
export function membersOfFile(snapshot: Snapshot, universeId: string, uri: string): readonly Member[] {
  return stateOf(snapshot, universeId)?.files.get(normalizeUri(uri)) ?? [];
}

function stateOf(snapshot: Snapshot, universeId: string): ClusterState | undefined {
  return world(snapshot).clusters.get(universeId);
}

/** The keys that a manifest of a file has in a cluster: none where the build leaves it out, several where it takes it in twice. */
export function keysIn(snapshot: Snapshot, universeId: string, key: ManifestKey): readonly ManifestKey[] {
  const members = byRawKey(membersOfFile(snapshot, universeId, uriOf(key))).get(rawKey(key)) ?? [];
  return members.flatMap((member) => (member.key === key || member.key.startsWith(`${key}\n`) ? [member.key] : []));
}

const byRawKey = memo((members: readonly Member[]) => groupBy(members, (member) => rawKey(member.key)));

/** The object of a key, as its cluster has it; as it stands in its file where the key names no cluster. */
export function resourceAt(snapshot: Snapshot, key: ManifestKey): Resource | undefined {
  const built = builtAt(snapshot, key);
  if (built) return built.member.resource;
  const record = lookUp(snapshot.records, uriOf(key));
  return record && recordEntryOf(record, rawKey(key))?.object.resource;
}

/** The key of the manifest in its file that an object of a cluster was written in first. */
export function rawKey(key: ManifestKey): ManifestKey {
  const parts = key.split('\n');
  return parts.length <= 3 ? key : parts.slice(0, 3).join('\n');
}

function folderUri(uri: string): string {
  return normalizeUri(uri).replace(/(?<=[^/])\/$/, '');
}
