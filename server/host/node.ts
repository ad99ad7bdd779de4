import ignore, { type Ignore } from 'ignore';
import { lstat, readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { MAX_FILE_BYTES, mayHoldManifests, type Host, type HostEntry, type HostText } from './host.ts';

/** The host for Node: files of this machine. */
export const nodeHost: Host = { read, list };

async function read(uri: string): Promise<HostText> {
  try {
    const path = fileURLToPath(uri);
    const { size } = await lstat(path);
    if (size > MAX_FILE_BYTES) return { problem: `${path} is larger than 50 MB and is not read.` };
    return { text: decode(await readFile(path)) };
  } catch (error) {
    return { problem: reasonOf(error, uri) };
  }
}

/** UTF-8, or UTF-16 where a byte order mark says so; the mark is dropped, as editors do. Bytes that are no text become U+FFFD. */
export function decode(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  return new TextDecoder('utf-8').decode(bytes);
}

/** A text in the encoding that a file has, with its byte order mark; `undefined` where reading that file has lost something. */
export function encode(text: string, like: Uint8Array): Uint8Array | undefined {
  return Buffer.compare(encodedLike(decode(like), like), like) === 0 ? encodedLike(text, like) : undefined;
}

function encodedLike(text: string, like: Uint8Array): Uint8Array {
  if (like[0] === 0xff && like[1] === 0xfe) return Buffer.from(`\uFEFF${text}`, 'utf16le');
  if (like[0] === 0xfe && like[1] === 0xff) return Buffer.from(`\uFEFF${text}`, 'utf16le').swap16();
  const hasMark = like[0] === 0xef && like[1] === 0xbb && like[2] === 0xbf;
  return Buffer.from(hasMark ? `\uFEFF${text}` : text);
}

async function* list(uri: string): AsyncIterable<HostEntry> {
  try {
    const path = fileURLToPath(uri);
    const stats = await lstat(path);
    if (stats.isDirectory()) yield* walk(path, []);
    else yield { uri, size: stats.size };
  } catch (error) {
    yield { uri, problem: reasonOf(error, uri) };
  }
}

interface IgnoreFile {
  readonly folder: string;
  readonly rules: Ignore;
}

const LEFT_OUT = new Set(['.git', 'node_modules', '.hg', '.svn']);

async function* walk(folder: string, ignores: readonly IgnoreFile[]): AsyncIterable<HostEntry> {
  let entries;
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch (error) {
    yield { uri: pathToFileURL(folder).href, problem: reasonOf(error, folder) };
    return;
  }
  const inForce = entries.some((entry) => entry.name === '.gitignore') ? [...ignores, await ignoreFile(folder)] : ignores;
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    // Symbolic links are not followed: they may lead out of the workspace, or in circles.
    if (entry.isDirectory() && !LEFT_OUT.has(entry.name) && !isIgnored(path, true, inForce)) yield* walk(path, inForce);
    if (entry.isFile() && mayHoldManifests(entry.name) && !isIgnored(path, false, inForce)) yield await found(path);
  }
}

async function found(path: string): Promise<HostEntry> {
  try {
    return { uri: pathToFileURL(path).href, size: (await lstat(path)).size };
  } catch (error) {
    return { uri: pathToFileURL(path).href, problem: reasonOf(error, path) };
  }
}

async function ignoreFile(folder: string): Promise<IgnoreFile> {
  const rules = ignore();
  try {
    rules.add(await readFile(join(folder, '.gitignore'), 'utf8'));
  } catch {
    // An unreadable .gitignore ignores nothing.
  }
  return { folder, rules };
}

function isIgnored(path: string, isFolder: boolean, ignores: readonly IgnoreFile[]): boolean {
  let ignored = false;
  for (const { folder, rules } of ignores) {
    const below = relative(folder, path).split(sep).join('/') + (isFolder ? '/' : '');
    const verdict = rules.test(below);
    if (verdict.ignored) ignored = true;
    if (verdict.unignored) ignored = false;
  }
  return ignored;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  EACCES: 'may not be read by this user',
  EPERM: 'may not be read by this user',
  EISDIR: 'is a folder',
  ELOOP: 'is a link that leads in circles',
  ENAMETOOLONG: 'has too long a name',
};

function reasonOf(error: unknown, place: string): string {
  const code = typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : '';
  return `${place.startsWith('file:') ? pathOf(place) : place} ${REASONS[code] ?? `cannot be read${code ? ` (${code})` : ''}`}.`;
}

function pathOf(uri: string): string {
  try {
    return fileURLToPath(uri);
  } catch {
    return uri;
  }
}
