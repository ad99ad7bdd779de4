import { isInside, parentOf, pathBelow } from './uri.ts';

/** A file that no build reads, and the workloads and policies that it defines. */
export interface RestFile {
  readonly uri: string;
  /** `Deployment/shop/web`. */
  readonly objects: readonly string[];
}

/** A part of the rest that forms one cluster. */
export interface RestCluster {
  /** The folder that it is named by. */
  readonly folder: string;
  readonly files: readonly string[];
}

/** Folders whose sub-folders are test cases or examples, each a cluster of its own. */
const CASES = /^(?:tests?|testdata|fixtures|\.chainsaw-test|examples)$/;

/**
 * The clusters that the rest of a folder forms: one, but sub-folders of `tests`, `examples` and their like are
 * apart, and so are sibling folders that define the same workload or policy; those see the files in the folders above them, too.
 */
export function restClusters(folder: string, files: readonly RestFile[]): readonly RestCluster[] {
  const groups = new Map<string, RestFile[]>();
  for (const file of files) {
    const key = caseOf(folder, file.uri);
    const inGroup = groups.get(key);
    if (inGroup) inGroup.push(file);
    else groups.set(key, [file]);
  }
  return [...groups].flatMap(([key, group]) => apart(key, group));
}

/** The folder that a file's cluster is named by: a sub-folder of a folder of cases, else the whole folder. */
function caseOf(folder: string, uri: string): string {
  const segments = (pathBelow(uri, folder) ?? '').split('/').slice(0, -1);
  const at = segments.findIndex((segment) => CASES.test(segment));
  if (at === -1) return folder;
  let around = parentOf(uri);
  for (let i = segments.length; i > Math.min(at + 2, segments.length); i--) around = parentOf(around);
  return around;
}

interface Folder {
  readonly uri: string;
  readonly files: RestFile[];
  readonly children: Map<string, Folder>;
}

/** Sets sibling folders apart that define the same objects. */
function apart(folder: string, files: readonly RestFile[]): readonly RestCluster[] {
  if (!hasTwice(files)) return [{ folder, files: files.map(({ uri }) => uri) }];
  const root: Folder = { uri: folder, files: [], children: new Map() };
  for (const file of files) folderAt(root, parentOf(file.uri)).files.push(file);
  const found: RestCluster[] = [];
  split(root, [], found);
  return found;
}

function hasTwice(files: readonly RestFile[]): boolean {
  const seen = new Set<string>();
  for (const { objects } of files) {
    for (const object of new Set(objects)) {
      if (seen.has(object)) return true;
      seen.add(object);
    }
  }
  return false;
}

function folderAt(root: Folder, uri: string): Folder {
  if (!isInside(uri, root.uri) || uri === root.uri) return root;
  const around = folderAt(root, parentOf(uri));
  const child = around.children.get(uri) ?? { uri, files: [], children: new Map<string, Folder>() };
  around.children.set(uri, child);
  return child;
}

/** Finds the clusters in a folder; `above` are the files in the folders around it. */
function split(folder: Folder, above: readonly string[], found: RestCluster[]): void {
  const here: string[] = [];
  const seen: string[] = [...above];
  const stack = [folder];
  for (let next = stack.pop(); next; next = stack.pop()) {
    const own = next.files.map(({ uri }) => uri);
    here.push(...own);
    const clashing = clashingChildren(next);
    const around = [...seen, ...filesAbove(folder, next)];
    for (const child of next.children.values()) {
      if (clashing.has(child)) split(child, around, found);
      else stack.push(child);
    }
  }
  if (here.length > 0) found.push({ folder: folder.uri, files: [...above, ...here] });
}

/** The files directly in a folder, and in those around it up to the top of the cluster. */
function filesAbove(top: Folder, folder: Folder): readonly string[] {
  const files: string[] = [];
  for (let at: Folder | undefined = top; at; at = [...at.children.values()].find((child) => isInside(folder.uri, child.uri))) {
    files.push(...at.files.map(({ uri }) => uri));
    if (at === folder) break;
  }
  return files;
}

/** The children that define an object which another one defines as well. */
function clashingChildren({ children }: Folder): ReadonlySet<Folder> {
  const first = new Map<string, Folder>();
  const clashing = new Set<Folder>();
  if (children.size < 2) return clashing;
  for (const child of children.values()) {
    for (const object of objectsBelow(child)) {
      const other = first.get(object);
      if (other && other !== child) {
        clashing.add(other);
        clashing.add(child);
      } else first.set(object, child);
    }
  }
  return clashing;
}

function* objectsBelow(folder: Folder): Generator<string> {
  for (const { objects } of folder.files) yield* objects;
  for (const child of folder.children.values()) yield* objectsBelow(child);
}
