import { fileURLToPath, pathToFileURL } from 'node:url';
import { isIgnoredPath, repositoryAround } from './git-ignore.ts';
import { MAX_FILE_BYTES, type Host, type FileText } from './host.ts';
import { bytesOf, placeInWords, reasonOf } from './node-files.ts';
import { listWorkspaceFiles } from './node-walk.ts';

/** The host for Node: files of this machine. */
export const nodeHost: Host = { read, list: listWorkspaceFiles, repository, ignores };

async function read(uri: string): Promise<FileText> {
  try {
    const bytes = await bytesOf(fileURLToPath(uri), MAX_FILE_BYTES);
    return 'problem' in bytes ? bytes : { text: decode(bytes) };
  } catch (error) {
    return { problem: reasonOf(error, placeInWords(uri)) };
  }
}

async function repository(folder: string): Promise<string> {
  try {
    const root = await repositoryAround(fileURLToPath(folder));
    return root === undefined ? folder : pathToFileURL(root).href;
  } catch {
    return folder; // an address of another kind
  }
}

async function ignores(uri: string): Promise<boolean> {
  try {
    return await isIgnoredPath(fileURLToPath(uri));
  } catch {
    return false; // an address of another kind
  }
}

/** UTF-8, or UTF-16 where a byte order mark says so; the mark is dropped, as editors do. Bytes that are not text become U+FFFD. */
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
