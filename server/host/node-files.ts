import { constants, type Dirent, type Stats } from 'node:fs';
import { lstat, open } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { plain } from '../base/english.ts';

/**
 * Opens without waiting (a pipe without a writer would hold a thread for ever) and follows no link, so that what was looked at and what is
 * opened are the same file, even if it is replaced in between. Windows knows neither flag, and has no such pipes.
 */
const CAREFULLY = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0);

/** The bytes of a regular file of at most `maxBytes`, or why it is not read, in one sentence. Never opens anything else. */
export async function bytesOf(
  path: string,
  maxBytes: number,
): Promise<Uint8Array | { readonly problem: string; readonly missing?: boolean }> {
  const words = placeInWords(path);
  try {
    const stats = await lstat(path);
    const special = specialIn(stats);
    if (special !== undefined) return { problem: `${words} is ${special}, and only regular files are read.`, missing: stats.isDirectory() };
    const file = await open(path, CAREFULLY);
    try {
      const opened = await file.stat();
      const exchanged = specialIn(opened);
      if (exchanged !== undefined) return { problem: `${words} is ${exchanged}, and only regular files are read.` };
      if (opened.size > maxBytes) return { problem: `${words} is larger than ${Math.floor(maxBytes / 1024 / 1024)} MB and is not read.` };
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (error) {
    return { problem: reasonOf(error, words), missing: isMissing(error) };
  }
}

/** What something is that is not a regular file, in words; `undefined` for a regular file. */
export function specialIn(stats: Stats | Dirent): string | undefined {
  if (stats.isFile()) return undefined;
  if (stats.isDirectory()) return 'a folder';
  if (stats.isSymbolicLink()) return 'a symbolic link';
  if (stats.isFIFO()) return 'a named pipe';
  if (stats.isSocket()) return 'a socket';
  return 'a device';
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'does not exist',
  EACCES: 'may not be read by this user',
  EPERM: 'may not be read by this user',
  EISDIR: 'is a folder',
  ELOOP: 'is a symbolic link, and only regular files are read',
  ENAMETOOLONG: 'has too long a name',
};

/** Why a place cannot be read, in one sentence about it. */
export function reasonOf(error: unknown, words: string): string {
  const code = codeOf(error);
  return `${words} ${REASONS[code] ?? `cannot be read${code === '' ? '' : ` (${code})`}`}.`;
}

/** Does the error say that nothing is there? */
export function isMissing(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes(codeOf(error));
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** A path, or the path of an address, in quotes and fit for a message. */
export function placeInWords(place: string): string {
  return `'${plain(place.startsWith('file:') ? pathIn(place) : place)}'`;
}

function pathIn(uri: string): string {
  try {
    return fileURLToPath(uri);
  } catch {
    return uri;
  }
}
