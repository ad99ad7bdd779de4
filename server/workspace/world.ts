import { memo } from '../base/memo.ts';
import type { Work } from '../base/work.ts';
import { finished } from '../base/work.ts';
import { builtMembers, type BuiltMember } from './built-members.ts';
import type { ManifestKey } from './cluster.ts';
import { builtClusters, kustomizationIn, settingsMatcher, type BuildPlan, type BuiltCluster, type Scope } from './clusters.ts';
import type { Deployer } from './deployer.ts';
import { deployedBuild } from './deployed-build.ts';
import type { Kustomization } from './kustomization.ts';
import type { BuildResult } from './kustomize/finish.ts';
import { placeKey, type BuildObject, type BuildProblem } from './kustomize/objects.ts';
import { cacheKey, type BuildCache } from './kustomize/state.ts';
import { buildFiles, foldersIn, type WorldFiles } from './build-files.ts';
import { resourcesOf, type Member } from './member.ts';
import { mapEntries, lookUp, type PersistentMap } from './persistent-map.ts';
import type { FileRecord } from './record.ts';
import { restClusters, type RestFile } from './rest.ts';
import { universeAfter, type FileDifference, type Universe } from './universe-state.ts';
import { isInside, isMember, parentOf } from './uri.ts';

/** The clusters of the workspace. Computed on demand, from the previous ones where there are some. */
export interface World {
  readonly clusters: ReadonlyMap<string, ClusterState>;
  /** The clusters that each file is read by, in any role. */
  readonly memberships: ReadonlyMap<string, readonly string[]>;
  /** Addresses that a build has requested and that have not been read. */
  readonly requested: ReadonlySet<string>;
  /** Missing addresses of which it matters whether git ignores them, and that have not been looked up. */
  readonly unverified: ReadonlySet<string>;
  /** What builds have to say, each once, with the clusters that it is about. */
  readonly problems: readonly WorldProblem[];
  /** Kustomization files, by their address. */
  readonly kustomizations: ReadonlyMap<string, Kustomization>;
  readonly plan: Plan;
  readonly cache: BuildCache;
  readonly results: ReadonlyMap<string, BuildResult>;
}

/** A problem of a build, and the clusters whose builds have it. */
export interface WorldProblem {
  readonly problem: BuildProblem;
  readonly clusters: readonly string[];
}

/** One cluster. */
export interface ClusterState {
  readonly id: string;
  readonly universe: Universe | undefined;
  /** What it has of each file. */
  readonly files: ReadonlyMap<string, readonly Member[]>;
  readonly built: ReadonlyMap<ManifestKey, BuiltMember>;
  /** Why objects may exist that are not visible. */
  readonly unknown: readonly BuildProblem[];
}

interface Plan {
  readonly built: readonly BuiltCluster[];
  /** Files that count as they are, by cluster. */
  readonly plain: ReadonlyMap<string, readonly string[]>;
  /** Folders of kustomizations whose objects a cluster sees besides. */
  readonly guests: ReadonlyMap<string, readonly string[]>;
}

/** The clusters of a workspace. */
export function worldOf(files: WorldFiles, before: World | undefined, changed: ReadonlySet<string>): World {
  return finished(worldWork(files, before, changed));
}

/** The same in steps: yields between builds. */
export function* worldWork(files: WorldFiles, before: World | undefined, changed: ReadonlySet<string>): Work<World> {
  const cache: BuildCache = new Map([...(before?.cache ?? [])].filter(([, { reads }]) => !meets(reads, changed)));
  const results = new Map([...(before?.results ?? [])].filter(([, { reads, below }]) => !meets(reads, changed, below)));
  const requested = new Set<string>();
  const unverified = new Set<string>(before?.unverified);
  const source = buildFiles(files, requested, unverified);
  const { kustomizations, deployers } = graphOf(files.records);
  const graph = { kustomizations, deployers, folders: deployers.length === 0 ? new Set<string>() : foldersIn(files.records) };
  const built = builtClusters(files.scope, graph);
  const run = (plan: BuildPlan): BuildResult => {
    const key = keyOfPlan(plan);
    const result = results.get(key) ?? deployedBuild(plan, source, cache);
    results.set(key, result);
    return result;
  };
  for (const { builds } of built) {
    for (const plan of builds) {
      run(plan);
      yield;
    }
  }
  const plan = planOf(files, built, results, kustomizations);
  for (const folders of plan.guests.values()) for (const folder of folders) run({ folder });
  const clusters = new Map<string, ClusterState>();
  for (const id of idsOf(plan)) {
    const state = yield* clusterAfter(id, plan, files, results, before?.clusters.get(id));
    if (state.universe || state.unknown.length > 0 || plan.built.some((one) => one.id === id)) clusters.set(id, state);
    yield;
  }
  const needed = new Set(
    [...built.flatMap(({ builds }) => builds), ...[...plan.guests.values()].flat().map((folder) => ({ folder }))].map(keyOfPlan),
  );
  for (const key of results.keys()) if (!needed.has(key)) results.delete(key);
  for (const result of results.values()) for (const uri of result.reads) if (source.what(uri) === 'unknown') requested.add(uri);
  return {
    clusters,
    memberships: membershipsIn(plan, results),
    requested,
    unverified: new Set([...unverified].filter((uri) => files.absent.has(uri) && !files.ignored.has(uri))),
    problems: problemsOf(plan, results),
    kustomizations,
    plan,
    cache,
    results,
  };
}

/** Files that kustomizations name as patches. Says this without any build. */
export const patchFilesOf: (records: PersistentMap<FileRecord>) => ReadonlySet<string> = memo((records) => {
  const named = [...mapEntries(records)].flatMap(([, { kustomization }]) => kustomization?.patches ?? []);
  return new Set(named);
});

function meets(reads: ReadonlySet<string>, changed: ReadonlySet<string>, below?: string): boolean {
  for (const uri of changed) if (reads.has(uri) || (below !== undefined && isInside(uri, below))) return true;
  return false;
}

/** The folders of the builds that read a file, in the order of their clusters. */
export function buildFoldersReading({ plan, results }: World, uri: string): readonly string[] {
  const folders = plan.built.flatMap(({ builds }) =>
    builds.flatMap((one) => (results.get(keyOfPlan(one))?.reads.has(uri) === true ? [one.folder] : [])),
  );
  return [...new Set(folders)];
}

/**
 * What the kustomization of a folder makes, names and labels as they are behind its last step. Of a Component, which is never built alone,
 * all that the builds with it make.
 */
export function objectsBuiltAt(world: World, folder: string): readonly BuildObject[] {
  const accumulated = world.cache.get(folder) ?? world.cache.get(cacheKey(folder, { readsAnywhere: true }));
  if (accumulated) return accumulated.objects;
  const uri = kustomizationIn(folder, (address) => world.kustomizations.has(address));
  if (uri === undefined) return [];
  const readers = world.plan.built.flatMap(({ builds }) => builds.map((one) => world.results.get(keyOfPlan(one))));
  return readers.flatMap((result) => (result?.reads.has(uri) === true ? result.objects : []));
}

function keyOfPlan({ folder, deployer }: BuildPlan): string {
  return deployer ? `${folder} ${deployer.place.written.uri} ${deployer.name}` : folder;
}

function idsOf({ built, plain, guests }: Plan): readonly string[] {
  return [...new Set([...built.map(({ id }) => id), ...plain.keys(), ...guests.keys()])];
}

function graphOf(records: PersistentMap<FileRecord>): {
  readonly kustomizations: ReadonlyMap<string, Kustomization>;
  readonly deployers: readonly Deployer[];
} {
  const kustomizations: (readonly [string, Kustomization])[] = [];
  const deployers: Deployer[] = [];
  for (const [uri, { kustomization, deployers: own }] of mapEntries(records)) {
    if (kustomization) kustomizations.push([uri, kustomization]);
    if (own) deployers.push(...own);
  }
  const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  return {
    kustomizations: new Map(kustomizations.toSorted(([a], [b]) => order(a, b))),
    deployers: deployers.toSorted((a, b) => order(a.place.written.uri, b.place.written.uri) || order(a.name, b.name)),
  };
}

/** Who counts where: files that no build reads, and what the settings say. */
function planOf(
  { scope, records }: WorldFiles,
  built: readonly BuiltCluster[],
  results: ReadonlyMap<string, BuildResult>,
  kustomizations: ReadonlyMap<string, Kustomization>,
): Plan {
  const matching = settingsMatcher(scope);
  const plain = new Map<string, string[]>();
  const add = (id: string, uri: string): void => {
    const roots = plain.get(id);
    if (roots) roots.push(uri);
    else plain.set(id, [uri]);
  };
  const read = new Set(built.flatMap(({ builds }) => builds.flatMap((one) => [...(results.get(keyOfPlan(one))?.reads ?? [])])));
  const rest = new Map<string, RestFile[]>();
  const inSettings = new Set<string>();
  for (const [uri, record] of mapEntries(records)) {
    if (!isMember(uri)) continue;
    const ids = matching(uri);
    if (ids.length > 0) inSettings.add(uri);
    for (const id of ids) add(id, uri);
    if (ids.length > 0 || read.has(uri)) continue;
    const folder = folderFor(scope, uri);
    const members = rest.get(folder);
    const file = { uri, objects: definedIn(record) };
    if (members) members.push(file);
    else rest.set(folder, [file]);
  }
  const guests = new Map<string, string[]>();
  for (const [folder, files] of rest) {
    const ordered = files.toSorted((a, b) => (a.uri < b.uri ? -1 : 1));
    for (const cluster of restClusters(folder, ordered)) {
      const id = `folder ${cluster.folder}`;
      for (const uri of cluster.files) add(id, uri);
      const around = [...new Set(cluster.files.map(parentOf))].filter(
        (one) => kustomizationIn(one, (uri) => kustomizations.has(uri)) !== undefined,
      );
      const seen = around.filter(
        (one) => kustomizations.get(kustomizationIn(one, (uri) => kustomizations.has(uri)) ?? '')?.isComponent === false,
      );
      if (seen.length > 0) guests.set(id, seen);
    }
  }
  return { built: withSettings(built, matching, inSettings), plain: withoutBuilt(plain, built, results, matching), guests };
}

/** Kustomizations whose file the settings name are built in those clusters. */
function withSettings(
  built: readonly BuiltCluster[],
  matching: (uri: string) => readonly string[],
  inSettings: ReadonlySet<string>,
): readonly BuiltCluster[] {
  if (inSettings.size === 0) return built;
  const bySettings = new Map<string, BuildPlan[]>();
  const others: BuiltCluster[] = [];
  for (const cluster of built) {
    const own = cluster.builds.filter(({ folder }) => idsAt(folder, matching).length > 0);
    for (const plan of own) for (const id of idsAt(plan.folder, matching)) bySettings.set(id, [...(bySettings.get(id) ?? []), plan]);
    const left = cluster.builds.filter((one) => !own.includes(one));
    if (left.length > 0) others.push({ ...cluster, builds: left });
  }
  return [...[...bySettings].map(([id, builds]) => ({ id, builds })), ...others];
}

function idsAt(folder: string, matching: (uri: string) => readonly string[]): readonly string[] {
  return matching(`${folder}/kustomization.yaml`);
}

/** What a build of the same cluster reads counts as it is built. Without a build of it, it counts as it stands. */
function withoutBuilt(
  plain: ReadonlyMap<string, readonly string[]>,
  built: readonly BuiltCluster[],
  results: ReadonlyMap<string, BuildResult>,
  matching: (uri: string) => readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const reads = new Map<string, Set<string>>();
  for (const { builds } of built) {
    for (const plan of builds) {
      for (const id of idsAt(plan.folder, matching)) {
        const readers = reads.get(id) ?? new Set<string>();
        reads.set(id, readers);
        for (const uri of results.get(keyOfPlan(plan))?.reads ?? []) readers.add(uri);
      }
    }
  }
  if (reads.size === 0) return plain;
  return new Map([...plain].map(([id, uris]) => [id, uris.filter((uri) => reads.get(id)?.has(uri) !== true)]));
}

/** The workloads and policies of a file; objects without a name duplicate nothing. */
function definedIn({ entries }: FileRecord): readonly string[] {
  return entries.flatMap(({ object }) =>
    (object.resource.role === 'workload' || object.resource.role === 'policy') && !object.id.endsWith('/') && object.outside === undefined
      ? [object.id]
      : [],
  );
}

/** The workspace folder that a file is in; a file outside of every folder shares one with its neighbours. */
export function folderFor(scope: Scope, uri: string): string {
  const [only, ...more] = scope.folders;
  if (scope.together === true) return only !== undefined && more.length === 0 ? only : (scope.base ?? '');
  const around = scope.folders.filter((folder) => isInside(uri, folder)).toSorted((a, b) => b.length - a.length);
  // A new document has no place yet; it is judged against what is open.
  const open = uri.startsWith('untitled:') ? scope.folders[0] : undefined;
  return around[0] ?? open ?? parentOf(uri);
}

function* clusterAfter(
  id: string,
  plan: Plan,
  { records }: WorldFiles,
  results: ReadonlyMap<string, BuildResult>,
  before: ClusterState | undefined,
): Work<ClusterState> {
  const recordAt = (uri: string): FileRecord | undefined => lookUp(records, uri);
  const files = new Map<string, Member[]>();
  const built = new Map<ManifestKey, BuiltMember>();
  const used = new Set<ManifestKey>();
  const add = (uri: string, member: Member): void => {
    const members = files.get(uri);
    if (members) members.push(member);
    else files.set(uri, [member]);
  };
  const unknown: BuildProblem[] = [];
  const own = plan.built.filter((one) => one.id === id).flatMap(({ builds }) => builds);
  for (const one of [...own, ...(plan.guests.get(id) ?? []).map((folder) => ({ folder }))]) {
    const result = results.get(keyOfPlan(one));
    for (const found of builtMembers(id, result?.objects ?? [], recordAt, before?.built ?? new Map(), used)) {
      built.set(found.member.key, found);
      add(parentUri(found.member.key), found.member);
    }
    unknown.push(...(result?.problems ?? []).filter(({ severity, code }) => severity === 'unknown' || code === 'kustomization-path'));
  }
  for (const uri of plan.plain.get(id) ?? []) {
    const record = recordAt(uri);
    if (!record) continue;
    for (const member of resourcesOf(record)) if (!used.has(member.key)) add(uri, member);
  }
  const kept = new Map([...files].map(([uri, members]) => [uri, sameList(before?.files.get(uri), members)]));
  return { id, universe: yield* universeOf(id, before, kept), files: kept, built, unknown };
}

function parentUri(key: ManifestKey): string {
  return key.slice(0, key.indexOf('\n'));
}

function sameList(old: readonly Member[] | undefined, fresh: readonly Member[]): readonly Member[] {
  return old && old.length === fresh.length && old.every((member, i) => member === fresh[i]) ? old : fresh;
}

function* universeOf(
  id: string,
  before: ClusterState | undefined,
  files: ReadonlyMap<string, readonly Member[]>,
): Work<Universe | undefined> {
  const differences: FileDifference[] = [];
  for (const [uri, members] of before?.files ?? []) {
    const after = files.get(uri);
    if (after !== members) differences.push({ uri, before: members, after });
  }
  for (const [uri, members] of files) if (before?.files.has(uri) !== true) differences.push({ uri, before: undefined, after: members });
  return differences.length === 0 ? before?.universe : yield* universeAfter(before?.universe, id, differences);
}

function membershipsIn(plan: Plan, results: ReadonlyMap<string, BuildResult>): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, Set<string>>();
  const add = (uri: string, id: string): void => {
    const clusters = found.get(uri);
    if (clusters) clusters.add(id);
    else found.set(uri, new Set([id]));
  };
  for (const [id, uris] of plan.plain) for (const uri of uris) add(uri, id);
  for (const { id, builds } of plan.built)
    for (const one of builds) for (const uri of results.get(keyOfPlan(one))?.reads ?? []) add(uri, id);
  return new Map([...found].map(([uri, ids]) => [uri, [...ids].sort()]));
}

/** A Component is made for more kustomizations than one: a target that matches in any of them is right. */
function problemsOf(plan: Plan, results: ReadonlyMap<string, BuildResult>): readonly WorldProblem[] {
  const found = new Map<string, { readonly problem: BuildProblem; readonly clusters: Set<string> }>();
  const matched = new Set([...results.values()].flatMap((result) => [...result.matched]));
  for (const { id, builds } of plan.built) {
    for (const one of builds) {
      for (const problem of results.get(keyOfPlan(one))?.problems ?? []) {
        const place = placeKey(problem.place);
        if (problem.code === 'kustomization-target' && matched.has(place)) continue;
        const key = `${place}\n${problem.message}`;
        const entry = found.get(key) ?? { problem, clusters: new Set<string>() };
        entry.clusters.add(id);
        found.set(key, entry);
      }
    }
  }
  return [...found.values()].map(({ problem, clusters }) => ({ problem, clusters: [...clusters].sort() }));
}
