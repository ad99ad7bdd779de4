import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { mayHoldManifests, type FileText } from '../host/host.ts';
import { nodeHost } from '../host/node.ts';
import { clusterSettings, type Settings } from '../settings.ts';
import { sourceFile } from '../syntax/source-file.ts';
import {
  unverifiedFiles,
  emptySnapshot,
  namedFiles,
  requestedFiles,
  withFiles,
  type FileChange,
  type Snapshot,
} from '../workspace/snapshot.ts';
import { isInside, normalizeUri, parentOf } from '../workspace/uri.ts';
import { shortName, type InputFile } from './files.ts';

/** What a command looks at: the files that it was given, and those that kustomizations bring in. */
export interface Loaded {
  readonly snapshot: Snapshot;
  readonly brought: readonly InputFile[];
}

/** Where what kustomizations name is read from. */
export interface BuildInputs {
  /** Nothing outside of this folder is read. */
  readonly repository: string;
  readonly read: (uri: string) => Promise<FileText>;
  readonly ignores: (uri: string) => Promise<boolean>;
}

/**
 * A snapshot of files, with all that their kustomizations name, which is read from disk unless there is another `reader`. The names of
 * clusters are paths from the folder `base`, without it from the working directory.
 */
export async function load(
  files: readonly InputFile[],
  paths: readonly string[],
  settings: Settings,
  base: string = process.cwd(),
  reader?: BuildInputs,
): Promise<Loaded> {
  const given = paths.filter((path) => path !== '-').map((path) => resolve(path));
  const folders = (given.length > 0 ? given : [process.cwd()]).map(folderOfPath);
  const scope = { folders, ...clusterSettings(settings), together: true, base: pathToFileURL(base).href };
  const changes = files.map(({ uri, text, file }): FileChange => ({ uri, file: file ?? sourceFile(text), keepTrees: true }));
  const disk = {
    repository: repositoryOf(given[0] ?? process.cwd()),
    read: (uri: string) => nodeHost.read(uri),
    ignores: (uri: string) => nodeHost.ignores(uri),
  };
  return withRequested(withFiles(emptySnapshot(scope), changes), reader ?? disk);
}

/** Reads what kustomizations name, and what the kustomizations among these name, to the end. */
async function withRequested(start: Snapshot, { repository, read, ignores }: BuildInputs): Promise<Loaded> {
  const tried = new Set<string>();
  const brought: InputFile[] = [];
  let snapshot = start;
  const isOpen = (uri: string): boolean => uri.startsWith('file:') && !tried.has(uri) && isInside(uri, repository);
  for (;;) {
    const named = namedFiles(snapshot).filter(isOpen);
    const requested = named.length > 0 ? named : requestedFiles(snapshot).filter(isOpen);
    const unverified = named.length > 0 ? [] : unverifiedFiles(snapshot);
    if (requested.length === 0 && unverified.length === 0) return { snapshot, brought };
    const changes: FileChange[] = [];
    for (const uri of unverified) changes.push({ uri, file: undefined, isRequested: true, isIgnored: await ignores(uri) });
    for (const uri of requested) {
      tried.add(uri);
      const content = await read(uri);
      if ('text' in content) {
        changes.push({ uri, file: sourceFile(content.text), keepTrees: true, isRequested: true });
        // A file of another name is data, such as a text for a generated ConfigMap.
        if (mayHoldManifests(uri)) brought.push({ uri, name: shortName(uri), text: content.text });
      } else if (content.missing === true) changes.push({ uri, file: undefined, isRequested: true });
    }
    snapshot = withFiles(snapshot, changes);
  }
}

/** The folder that a path stands for. */
function folderOfPath(path: string): string {
  const uri = normalizeUri(pathToFileURL(path).href);
  try {
    return statSync(path).isDirectory() ? uri : parentOf(uri);
  } catch {
    return uri;
  }
}

/** The root of the git repository around a path; without one the working directory. Nothing outside of it is brought in. */
function repositoryOf(path: string): string {
  for (let at = path; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return normalizeUri(pathToFileURL(at).href);
    if (dirname(at) === at) break;
  }
  const working = normalizeUri(pathToFileURL(process.cwd()).href);
  const own = normalizeUri(pathToFileURL(path).href);
  return isInside(own, working) ? working : fileFolder(own);
}

/** A path outside of the working directory, in no repository, is looked at alone. */
function fileFolder(uri: string): string {
  return normalizeUri(pathToFileURL(fileURLToPath(uri)).href);
}
