import { memoBy } from '../base/memo.ts';
import { globMatcher, type PathMatcher } from './glob.ts';
import { KUSTOMIZATION_NAMES, type Kustomization, type KustomizeStep, type Patched } from './kustomization.ts';
import type { Transform } from './transform.ts';
import { isInside, isMember, parentOf, pathBelow } from './uri.ts';

/** What decides which manifests form one cluster: the settings, and the folders that are open. Addresses are normalised. */
export interface Scope {
  readonly folders: readonly string[];
  /** `netpol.clusters`: a name for each cluster, and the globs of its files. */
  readonly clusters: Readonly<Record<string, readonly string[]>>;
  /** The folders, and files outside of them, are one cluster, as the paths of a command are; else each folder is one. */
  readonly together?: boolean;
}

/** Who belongs where. Changes only when settings, folders or kustomizations change. */
export interface ClusterLayout {
  readonly scope: Scope;
  /** Files that kustomizations name, and what these do to them. A file may belong to several (a base and two overlays). */
  readonly kustomized: ReadonlyMap<string, readonly Membership[]>;
  /** Files that hold patches only. */
  readonly patches: ReadonlySet<string>;
  /** Those of them that say themselves what they patch: the layout depends on it. */
  readonly selfNamed: ReadonlySet<string>;
  readonly matchers: readonly { readonly universe: string; readonly globs: readonly PathMatcher[] }[];
}

/** A file is part of a universe: of all that forms one cluster. */
export interface Membership {
  readonly universe: string;
  readonly transform?: Transform;
}

/** Works out the layout. `patchedIn` tells what a file of patches names. */
export function layoutOf(
  scope: Scope,
  read: ReadonlyMap<string, Kustomization>,
  patchedIn: (uri: string) => readonly Patched[] = () => [],
): ClusterLayout {
  const kustomizations = new Map([...read].map(([uri, one]) => [uri, withFilePatches(one, patchedIn)]));
  const matchers = Object.entries(scope.clusters).map(([name, globs]) => ({ universe: `cluster ${name}`, globs: globs.map(globMatcher) }));
  const patches = new Set([...kustomizations.values()].flatMap((kustomization) => kustomization.patches));
  const selfNamed = new Set([...kustomizations.values()].flatMap((kustomization) => kustomization.selfNamed));
  return { scope, kustomized: kustomizedFiles(kustomizations), patches, selfNamed, matchers };
}

function withFilePatches(one: Kustomization, patchedIn: (uri: string) => readonly Patched[]): Kustomization {
  const more = one.selfNamed.flatMap(patchedIn);
  return more.length === 0 ? one : { ...one, step: { ...one.step, patched: [...one.step.patched, ...more] } };
}

/**
 * The universes that a file is part of: those of the settings where some match; else those of the kustomizations that reach it and that no
 * other one references; else that of its workspace folder. A file outside every folder shares one with its neighbours.
 */
export const membershipsOf: (layout: ClusterLayout, uri: string) => readonly Membership[] = memoBy(findMemberships);

function findMemberships(layout: ClusterLayout, uri: string): readonly Membership[] {
  if (layout.patches.has(uri) || !isMember(uri)) return [];
  const kustomized = layout.kustomized.get(uri) ?? [];
  const set = layout.matchers.filter(({ globs }) => pathsOf(layout.scope, uri).some((path) => globs.some((glob) => glob(path))));
  // Where two kustomizations make different things of a file, the settings do not say which one is meant: the file counts as it stands.
  const [transform, ...more] = kustomized.flatMap((one) => one.transform ?? []);
  if (set.length > 0) return set.map(({ universe }) => ({ universe, ...(transform && more.length === 0 ? { transform } : {}) }));
  return kustomized.length > 0
    ? kustomized
    : [{ universe: layout.scope.together === true ? 'together' : `folder ${folderFor(layout.scope, uri)}` }];
}

function pathsOf({ folders }: Scope, uri: string): readonly string[] {
  const inside = folders.flatMap((folder) => pathBelow(uri, folder) ?? []);
  return inside.length > 0 ? inside : [pathBelow(uri, parentOf(uri)) ?? uri];
}

function folderFor({ folders }: Scope, uri: string): string {
  const around = folders.filter((folder) => isInside(uri, folder)).toSorted((a, b) => b.length - a.length);
  // A new document has no place yet; it is judged against what is open.
  const open = uri.startsWith('untitled:') ? folders[0] : undefined;
  return around[0] ?? open ?? parentOf(uri);
}

function kustomizedFiles(kustomizations: ReadonlyMap<string, Kustomization>): ReadonlyMap<string, readonly Membership[]> {
  const found = new Map<string, Membership[]>();
  const reached = new Set<string>();
  const referenced = new Set(
    [...kustomizations].flatMap(([uri, { resources }]) =>
      resources.flatMap((resource) => kustomizationAt(resource, kustomizations, uri) ?? []),
    ),
  );
  const inOrder = [...kustomizations.keys()].toSorted();
  // Kustomizations that go round in a circle reference one another; the first of them stands for all.
  for (const root of [...inOrder.filter((uri) => !referenced.has(uri)), ...inOrder]) {
    if (reached.has(root)) continue;
    gather(`kustomization ${root}`, root, [], kustomizations, found);
    for (const uri of reachableFrom(root, kustomizations)) reached.add(uri);
  }
  return found;
}

function gather(
  universe: string,
  uri: string,
  outer: readonly KustomizeStep[],
  all: ReadonlyMap<string, Kustomization>,
  found: Map<string, Membership[]>,
): void {
  const kustomization = all.get(uri);
  if (!kustomization || !addTo(found, uri, { universe })) return;
  const steps = [kustomization.step, ...outer];
  const transform: Transform = { steps };
  for (const resource of kustomization.resources) {
    const inner = kustomizationAt(resource, all, uri);
    if (inner !== undefined) gather(universe, inner, steps, all, found);
    else addTo(found, resource, { universe, transform });
  }
}

/** A file counts once in a universe, the way it is reached first; so circles end. Is it new there? */
function addTo(found: Map<string, Membership[]>, uri: string, membership: Membership): boolean {
  const known = found.get(uri) ?? [];
  if (known.some(({ universe }) => universe === membership.universe)) return false;
  found.set(uri, [...known, membership]);
  return true;
}

/** The kustomization of a folder that a resource names. */
function kustomizationAt(resource: string, all: ReadonlyMap<string, Kustomization>, from: string): string | undefined {
  return KUSTOMIZATION_NAMES.map((name) => `${resource}/${name}`).find((uri) => uri !== from && all.has(uri));
}

function reachableFrom(root: string, all: ReadonlyMap<string, Kustomization>): ReadonlySet<string> {
  const reached = new Set([root]);
  for (const uri of reached) {
    for (const resource of all.get(uri)?.resources ?? []) {
      const inner = kustomizationAt(resource, all, uri);
      if (inner !== undefined) reached.add(inner);
    }
  }
  return reached;
}
