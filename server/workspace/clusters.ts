import type { Api } from '../model/api.ts';
import type { CiliumSetup } from './cluster.ts';
import { deployerAt, type Deployer } from './deployer.ts';
import { globMatcher, pathMatcher } from './glob.ts';
import { KUSTOMIZATION_NAMES, type Kustomization } from './kustomization.ts';
import { isInside, parentOf, pathBelow, resolveFrom } from './uri.ts';

/** What decides which manifests form one cluster: the settings, and the folders that are open. Addresses are normalised. */
export interface Scope {
  readonly folders: readonly string[];
  /** `netpol.clusters`: a name for each cluster, and the globs of its files. */
  readonly clusters: Readonly<Record<string, readonly string[]>>;
  /** `netpol.cni`: what enforces the policies; `auto` where absent. */
  readonly cni?: Api | 'auto';
  /** How Cilium is set up where it enforces the policies; its defaults where absent. */
  readonly cilium?: CiliumSetup;
  /** The folders, and files outside of them, are one cluster, as the paths of a command are; else each folder is one. */
  readonly together?: boolean;
  /** Names of clusters are paths from here; from the folder that is open where absent. */
  readonly base?: string;
}

/** A kustomization that forms a cluster, or a part of one, and what deploys it. */
export interface BuildPlan {
  /** The folder of the kustomization. */
  readonly folder: string;
  readonly deployer?: Deployer;
}

/** A cluster that is built: decision 11, (2) and (3). */
export interface BuiltCluster {
  readonly id: string;
  readonly builds: readonly BuildPlan[];
}

/** What the workspace knows of kustomizations: their files by folder, what they refer to, and what deploys them. */
export interface KustomizationGraph {
  /** Kustomization files, by their address. */
  readonly kustomizations: ReadonlyMap<string, Kustomization>;
  readonly deployers: readonly Deployer[];
  /** Folders with files in them or below. */
  readonly folders: ReadonlySet<string>;
}

/** The clusters that kustomizations build: those that deployers bring together, and every other one that none references. */
export function builtClusters(
  { folders }: Scope,
  { kustomizations, deployers, folders: all }: KustomizationGraph,
): readonly BuiltCluster[] {
  const byFolder = new Map([...kustomizations].map(([uri, one]) => [parentOf(uri), { uri, one }]));
  const deployed = deployedClusters(folders, deployers, (folder) => byFolder.has(folder), all);
  const taken = new Set(deployed.flatMap(({ builds }) => builds.map(({ folder }) => folder)));
  const referenced = new Set(
    [...byFolder].flatMap(([folder, { one }]) =>
      [...one.resources, ...one.components].filter((other) => other !== folder && byFolder.has(other)),
    ),
  );
  const reached = new Set<string>();
  const roots: BuiltCluster[] = [];
  const inOrder = [...byFolder].filter(([, { one }]) => !one.isComponent).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const reach = (start: string): void => {
    const queue = [start];
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      if (reached.has(next)) continue;
      reached.add(next);
      const { one } = byFolder.get(next) ?? {};
      queue.push(...[...(one?.resources ?? []), ...(one?.components ?? [])].filter((other) => byFolder.has(other)));
    }
  };
  for (const folder of taken) reach(folder);
  // Of a folder without a kustomization Flux takes those below it.
  for (const { folder, deployer } of deployed.flatMap(({ builds }) => builds))
    if (deployer?.tool === 'Flux' && !byFolder.has(folder)) for (const one of byFolder.keys()) if (isInside(one, folder)) reach(one);
  // Kustomizations that go round in a circle reference one another; the first of them stands for all.
  for (const [folder, { uri }] of [...inOrder.filter(([one]) => !referenced.has(one)), ...inOrder]) {
    if (taken.has(folder) || reached.has(folder)) continue;
    roots.push({ id: `kustomization ${uri}`, builds: [{ folder }] });
    reach(folder);
  }
  return [...deployed, ...roots];
}

interface Target extends BuildPlan {
  readonly deployer: Deployer;
}

/** What is deployed to one destination is one cluster, for the folders of this workspace. */
function deployedClusters(
  folders: readonly string[],
  deployers: readonly Deployer[],
  isThere: (folder: string) => boolean,
  all: ReadonlySet<string>,
): readonly BuiltCluster[] {
  const targets = deployers
    .flatMap((one) => applicationsOf(one, folders, all))
    .flatMap((deployer): readonly Target[] => {
      const folder = folderOf(deployer, folders, isThere) ?? folderOf(deployer, folders, (uri) => isNamed(deployer) && all.has(uri));
      return folder === undefined ? [] : [{ folder, deployer }];
    });
  const groups = new Map<string, Target[]>();
  for (const target of targets) {
    const key = clusterOf(target, targets);
    const existing = groups.get(key);
    if (existing) existing.push(target);
    else groups.set(key, [target]);
  }
  return [...groups.values()].map((group) => {
    const ordered = group.toSorted((a, b) =>
      a.folder < b.folder ? -1 : a.folder > b.folder ? 1 : a.deployer.name < b.deployer.name ? -1 : 1,
    );
    return { id: `deployed ${ordered[0]?.folder ?? ''}`, builds: ordered };
  });
}

/** The Applications that an ApplicationSet stands for, one for each folder that it takes; any other deployer stands for itself. */
function applicationsOf(deployer: Deployer, folders: readonly string[], all: ReadonlySet<string>): readonly Deployer[] {
  const { directories } = deployer;
  if (!directories) return [deployer];
  const globs = directories.map(({ path, exclude }) => ({ matches: pathMatcher(path.replace(/^\.?\/+|\/+$/g, '')), exclude }));
  const isTaken = (path: string): boolean => {
    const found = globs.filter(({ matches }) => matches(path));
    return found.length > 0 && !found.some(({ exclude }) => exclude);
  };
  for (const start of startsFor(deployer, folders)) {
    const paths = [...all].flatMap((uri) => pathBelow(uri, start) ?? []).filter((path) => path !== '' && isTaken(path));
    if (paths.length > 0) return paths.toSorted().flatMap((path) => deployerAt(deployer, path));
  }
  return [];
}

function startsFor({ place }: Deployer, folders: readonly string[]): readonly string[] {
  return [...folders, ...ancestorsOf(parentOf(place.written.uri)), ...folders.flatMap(ancestorsOf)];
}

/** Does the path name a folder below the root? The root itself may be that of another repository. */
function isNamed({ path }: Deployer): boolean {
  return /[^./]/.test(path);
}

/** The folder that a deployer names from the root of the repository, which is a workspace folder, or around one or around the deployer. */
function folderOf(deployer: Deployer, folders: readonly string[], isThere: (folder: string) => boolean): string | undefined {
  const relative = deployer.path.replace(/^\/+/, '');
  return startsFor(deployer, folders)
    .map((start) => resolveFrom(start, relative === '' ? '.' : relative))
    .find((folder) => folder !== undefined && isThere(folder));
}

function ancestorsOf(folder: string): readonly string[] {
  const all: string[] = [];
  for (let at = folder; !all.includes(at); at = parentOf(at)) all.push(at);
  return all;
}

/**
 * Which cluster: the one that `spec.kubeConfig` or `spec.destination` names; else that of the deployer which applies this one, and the
 * outermost of these by its folder where it lies in what it applies itself (`clusters/prod`), so that two such trees stay apart.
 */
function clusterOf(target: Target, all: readonly Target[]): string {
  if (target.deployer.destination !== '') return `${target.deployer.tool} ${target.deployer.destination}`;
  let at = target;
  const seen = new Set<Target>();
  while (!seen.has(at)) {
    seen.add(at);
    const { uri } = at.deployer.place.written;
    const around = all.find(
      (other) => other !== at && !seen.has(other) && other.deployer.destination === '' && isInside(uri, other.folder),
    );
    if (!around) break;
    at = around;
  }
  const isRooted = isInside(at.deployer.place.written.uri, at.folder);
  return isRooted ? `in ${at.folder}` : at.deployer.tool;
}

/** The clusters of the settings that a file belongs to. */
export function settingsMatcher({ folders, clusters }: Scope): (uri: string) => readonly string[] {
  const matchers = Object.entries(clusters).map(([name, globs]) => ({ id: `cluster ${name}`, globs: globs.map(globMatcher) }));
  if (matchers.length === 0) return () => [];
  return (uri) => {
    const inside = folders.flatMap((folder) => pathBelow(uri, folder) ?? []);
    const paths = inside.length > 0 ? inside : [pathBelow(uri, parentOf(uri)) ?? uri];
    return matchers.filter(({ globs }) => paths.some((path) => globs.some((glob) => glob(path)))).map(({ id }) => id);
  };
}

/** The name of a cluster as commands and editors say it. `pathTo` writes an address for the reader. */
export function nameOfCluster(id: string, pathTo: (uri: string) => string): string {
  const space = id.indexOf(' ');
  const [sort, rest] = space === -1 ? [id, ''] : [id.slice(0, space), id.slice(space + 1)];
  if (sort === 'cluster') return rest;
  if (sort === 'kustomization') return pathTo(parentOf(rest));
  if (sort === 'deployed') return pathTo(rest);
  const path = rest === '' ? '.' : pathTo(rest);
  return path.endsWith('/') ? path : `${path}/`;
}

/** The kustomization file of a folder, among known addresses. */
export function kustomizationIn(folder: string, isKnown: (uri: string) => boolean): string | undefined {
  return KUSTOMIZATION_NAMES.map((name) => `${folder}/${name}`).find(isKnown);
}
