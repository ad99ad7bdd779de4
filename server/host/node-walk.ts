import type { Dirent, Stats } from 'node:fs';
import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isIgnored, rulesAround, withRulesOf, type Ignores } from './git-ignore.ts';
import { LEFT_OUT, mayHoldManifests, type HostEntry, type HostFile, type HostProblem } from './host.ts';
import { isMissing, placeInWords, reasonOf, specialIn } from './node-files.ts';

/** What belongs to the workspace at or below some places of a folder; see `Host.list`. */
export async function* listWorkspaceFiles(folder: string, places: readonly string[] = [folder]): AsyncIterable<HostEntry> {
  try {
    const root = fileURLToPath(folder);
    // The folder was named explicitly, so a link to a folder is followed.
    const stats = await stat(root);
    if (!stats.isDirectory()) {
      yield await namedFile(root);
      return;
    }
    const walk: Walk = { root, rules: new Map(), problems: [] };
    for (const place of places) {
      const path = pathOf(place);
      if (path !== undefined) yield* below(walk, path);
      yield* walk.problems.splice(0);
    }
  } catch (error) {
    yield problem(folder, reasonOf(error, placeInWords(folder)), isMissing(error) ? 'missing' : 'unreadable');
  }
}

/** A file that was named by itself, whatever its ending. A link stands for the file that it leads to, which has a name of its own. */
async function namedFile(path: string): Promise<HostEntry> {
  const named = await lstat(path);
  const file = named.isSymbolicLink() ? await realpath(path) : path;
  const stats = file === path ? named : await lstat(file);
  const special = specialIn(stats);
  if (special === undefined) return fileEntry(file, stats);
  const what = file === path ? special : `a symbolic link to ${special}`;
  return problem(urlOf(path), `${placeInWords(path)} is ${what}, and only regular files are read.`, 'special');
}

/** One pass through a folder: ignore files are read once in it. */
interface Walk {
  readonly root: string;
  readonly rules: Map<string, Promise<Ignores>>;
  /** What ignore files have to be reported about, until it is reported. */
  readonly problems: HostProblem[];
}

/** What belongs to the workspace at or below a place; nothing for a place outside of the folder. */
async function* below(walk: Walk, place: string): AsyncIterable<HostEntry> {
  const steps = stepsTo(walk.root, place);
  if (!steps) return;
  let at = walk.root;
  for (const [i, step] of steps.entries()) {
    const folder = at;
    const isLast = i === steps.length - 1;
    at = join(at, step);
    try {
      const stats = await lstat(at);
      const found = standing(step, at, stats, await rulesIn(walk, folder));
      if (found.kind === 'folder' && isLast && mayHoldManifests(step)) yield folderProblem(at);
      if (found.kind === 'folder') continue;
      // What lies below a file, a link or an ignored folder does not belong to the workspace.
      if (isLast) yield* entryOf(found, at, stats);
      return;
    } catch (error) {
      yield problem(urlOf(at), reasonOf(error, placeInWords(at)), isMissing(error) ? 'missing' : 'unreadable');
      return;
    }
  }
  yield* inside(walk, at);
}

async function* inside(walk: Walk, folder: string): AsyncIterable<HostEntry> {
  let entries: Dirent[];
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch (error) {
    yield problem(urlOf(folder), reasonOf(error, placeInWords(folder)), 'unreadable');
    return;
  }
  const rules = await rulesIn(walk, folder);
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    const found = standing(entry.name, path, entry, rules);
    if (found.kind === 'folder') {
      if (mayHoldManifests(entry.name)) yield folderProblem(path);
      yield* inside(walk, path);
      continue;
    }
    try {
      if (found.kind !== 'outside') yield* entryOf(found, path, await lstat(path));
    } catch (error) {
      // What went while the folder was read is not there.
      if (!isMissing(error)) yield problem(urlOf(path), reasonOf(error, placeInWords(path)), 'unreadable');
    }
  }
}

/** The one decision about one entry of a folder. */
function standing(name: string, path: string, entry: Dirent | Stats, rules: Ignores): Standing {
  const isFolder = entry.isDirectory();
  if (isFolder ? LEFT_OUT.has(name) : !mayHoldManifests(name)) return { kind: 'outside' };
  if (isIgnored(path, isFolder, rules)) return { kind: isFolder ? 'outside' : 'ignored' };
  if (isFolder) return { kind: 'folder' };
  const special = specialIn(entry);
  return special === undefined ? { kind: 'file' } : { kind: 'special', special };
}

function rulesIn(walk: Walk, folder: string): Promise<Ignores> {
  const cached = walk.rules.get(folder) ?? readRules(walk, folder);
  walk.rules.set(folder, cached);
  return cached;
}

async function readRules(walk: Walk, folder: string): Promise<Ignores> {
  const report = (path: string, text: string): void => void walk.problems.push(problem(urlOf(path), text, 'unreadable'));
  const outer = folder === walk.root ? await rulesAround(folder, report) : await rulesIn(walk, dirname(folder));
  return withRulesOf(folder, outer, report);
}

type Standing = { readonly kind: 'outside' | 'ignored' | 'folder' | 'file' } | { readonly kind: 'special'; readonly special: string };

function* entryOf(found: Standing, path: string, stats: Stats): Iterable<HostEntry> {
  switch (found.kind) {
    case 'file':
      yield fileEntry(path, stats);
      return;
    case 'special':
      yield problem(urlOf(path), `${placeInWords(path)} is ${found.special}, and only regular files are read.`, 'special');
      return;
    case 'ignored':
      yield problem(urlOf(path), `${placeInWords(path)} is ignored by git and is not read.`, 'ignored');
      return;
    case 'outside':
    case 'folder':
      return;
  }
}

function folderProblem(path: string): HostProblem {
  return problem(
    urlOf(path),
    `${placeInWords(path)} is a folder, although it is named like a manifest. Only files in it are read.`,
    'special',
  );
}

function fileEntry(path: string, { size }: Stats): HostFile {
  return { uri: urlOf(path), size };
}

function problem(uri: string, text: string, why: HostProblem['why']): HostProblem {
  return { uri, problem: text, why };
}

/** The names that lead from a folder to a place in it; `undefined` for a place outside. */
function stepsTo(root: string, place: string): readonly string[] | undefined {
  const steps = relative(root, place).split(sep).filter(Boolean);
  // On Windows the path to another drive is absolute.
  return steps[0] === '..' || /^[A-Za-z]:/.test(steps[0] ?? '') ? undefined : steps;
}

function pathOf(uri: string): string | undefined {
  try {
    return fileURLToPath(uri);
  } catch {
    return undefined; // an address of another kind, or none that a file can have
  }
}

function urlOf(path: string): string {
  return pathToFileURL(path).href;
}
