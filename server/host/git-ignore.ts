import ignore, { type Ignore } from 'ignore';
import { lstat } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { IGNORE_FILE } from './host.ts';
import { bytesOf, placeInWords } from './node-files.ts';

/** What one ignore file says about its folder and everything below. */
interface IgnoreRules {
  readonly folder: string;
  readonly rules: Ignore;
}

/** Everything that decides what git ignores in one folder, the file of the outermost folder first. */
export type Ignores = readonly IgnoreRules[];

/** Where problems with ignore files are reported: one sentence each. */
export type IgnoreReport = (path: string, problem: string) => void;

/** No ignore file is that large, and every byte of it costs time at every file. */
const MAX_IGNORE_FILE_BYTES = 1024 * 1024; // bytes

/**
 * A pattern with this many stars in one row of them costs at most some milliseconds for the longest name that a file may have: the `ignore`
 * package makes a regular expression of it, which tries every way to share the name out among the stars.
 */
const MAX_STARS = 4;

/** The rules that hold in a folder: those of the folders around it, and its own. An ignore file that is not a regular file says nothing, as for git. */
export async function withRulesOf(folder: string, outer: Ignores, report: IgnoreReport): Promise<Ignores> {
  return withFile(folder, join(folder, IGNORE_FILE), outer, report);
}

/**
 * The rules that hold for a folder before its own: of the folders around it up to the root of the git repository, and of its
 * `.git/info/exclude`. None outside a repository, and none if git ignores the folder itself: then it was opened on purpose.
 */
export async function rulesAround(folder: string, report: IgnoreReport): Promise<Ignores> {
  const above = await foldersAbove(folder);
  const [root] = above;
  if (root === undefined) return [];
  let rules = await withFile(root, join(root, '.git', 'info', 'exclude'), [], report);
  for (const [i, outer] of above.entries()) {
    if (outer === folder) break;
    rules = await withRulesOf(outer, rules, report);
    if (isIgnored(above[i + 1] ?? folder, true, rules)) return [];
  }
  return rules;
}

/** Does git ignore a file or folder, or one around it, whether or not it is there? Not outside of a repository. */
export async function isIgnoredPath(path: string): Promise<boolean> {
  const report = (): void => undefined;
  const [root, ...below] = await foldersAbove(path);
  if (root === undefined) return false;
  let rules = await withRulesOf(root, await withFile(root, join(root, '.git', 'info', 'exclude'), [], report), report);
  for (const at of below) {
    if (isIgnored(at, at !== path || !basename(at).includes('.'), rules)) return true;
    rules = await withRulesOf(at, rules, report);
  }
  return false;
}

/** The root of the git repository around a folder; `undefined` outside of one. */
export async function repositoryAround(folder: string): Promise<string | undefined> {
  return (await foldersAbove(folder))[0];
}

/** The folders from the root of the git repository down to this one; none outside a repository. */
async function foldersAbove(folder: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (let at = folder; ; at = dirname(at)) {
    found.unshift(at);
    if (await exists(join(at, '.git'))) return found;
    if (dirname(at) === at) return [];
  }
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

async function withFile(folder: string, path: string, outer: Ignores, report: IgnoreReport): Promise<Ignores> {
  if (!(await exists(path))) return outer;
  const bytes = await bytesOf(path, MAX_IGNORE_FILE_BYTES);
  if ('problem' in bytes) {
    report(path, bytes.problem);
    return outer;
  }
  const rules = ignore();
  for (const line of new TextDecoder().decode(bytes).split(/\r?\n/)) {
    if ((line.match(/\*+/g) ?? []).length <= MAX_STARS) rules.add(line);
    else report(path, `${placeInWords(path)}: a pattern with more than ${MAX_STARS} stars is not applied.`);
  }
  return [...outer, { folder, rules }];
}

/** Does git ignore a file or folder? */
export function isIgnored(path: string, isFolder: boolean, ignores: Ignores): boolean {
  let ignored = false;
  for (const { folder, rules } of ignores) {
    const below = relative(folder, path).split(sep).join('/') + (isFolder ? '/' : '');
    const verdict = rules.test(below);
    if (verdict.ignored) ignored = true;
    if (verdict.unignored) ignored = false;
  }
  return ignored;
}
