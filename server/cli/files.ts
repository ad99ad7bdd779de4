import { relative, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { decode, nodeHost } from '../host/node.ts';
import { UsageError } from './arguments.ts';

/** A file to look at. */
export interface InputFile {
  readonly uri: string;
  /** Relative to the working directory, with `/`; `-` for standard input. */
  readonly name: string;
  readonly text: string;
}

/**
 * Reads every file that the paths name, folders walked; `-` is standard input, no path the working directory. A path that cannot be
 * read at all is a UsageError; a file inside a folder that cannot be read is told on standard error and left out.
 */
export async function* inputFiles(paths: readonly string[]): AsyncIterable<InputFile> {
  const seen = new Set<string>();
  for (const path of paths.length > 0 ? paths : ['.']) {
    if (path === '-') {
      yield { uri: 'stdin:///stdin.yaml', name: '-', text: decode(await standardInput()) };
      continue;
    }
    const top = pathToFileURL(resolve(path)).href;
    for await (const entry of nodeHost.list(top)) {
      if (seen.has(entry.uri)) continue;
      seen.add(entry.uri);
      const content = 'problem' in entry ? entry : await nodeHost.read(entry.uri);
      if ('text' in content) yield { uri: entry.uri, name: shortName(entry.uri), text: content.text };
      else if (entry.uri === top) throw new UsageError(content.problem);
      else process.stderr.write(`netpol: ${content.problem}\n`);
    }
  }
}

/** The name of a file as reports show it. */
export function shortName(uri: string): string {
  if (!uri.startsWith('file:')) return '-';
  const name = relative(process.cwd(), fileURLToPath(uri));
  return (name === '' ? '.' : name).split(sep).join('/');
}

async function standardInput(): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of process.stdin) if (chunk instanceof Uint8Array) chunks.push(chunk);
  return Buffer.concat(chunks);
}
