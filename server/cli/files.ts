import { complain } from './complain.ts';
import { relative, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { count } from '../base/english.ts';
import { decode, nodeHost } from '../host/node.ts';
import type { SourceFile } from '../syntax/source-file.ts';
import { UsageError, type Arguments } from './arguments.ts';
import { CONFIG_FILE } from './config.ts';

/** A file to look at. */
export interface InputFile {
  readonly uri: string;
  /** Relative to the working directory, with `/`; `-` for standard input. */
  readonly name: string;
  readonly text: string;
  /** The text as a file, where it has been split already. */
  readonly file?: SourceFile;
}

/**
 * Reads every file that the paths name, folders walked; `-` is standard input, no path the working directory. A path that cannot be
 * read at all is a UsageError; what inside a folder cannot be read or does not belong to the workspace is reported on standard error and
 * left out. A path that is named by itself is read even where git ignores it.
 */
export async function* inputFiles(paths: readonly string[]): AsyncIterable<InputFile> {
  const seen = new Set<string>();
  let ignored = 0;
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
      else if ('why' in content && content.why === 'ignored') ignored++;
      else complain(content.problem);
    }
  }
  if (ignored > 0) complain(`${count(ignored, 'file')} ignored by git: not read. Name a file to have it read anyway.`);
}

/** Reads every file that the paths of a command name. Throws a UsageError where there is none, unless `--allow-empty` is given. */
export async function allFiles(args: Arguments): Promise<readonly InputFile[]> {
  const files: InputFile[] = [];
  for await (const file of inputFiles(args.paths)) files.push(file);
  if (args.values['allow-empty'] === true || files.some(({ uri }) => !uri.endsWith(`/${CONFIG_FILE}`))) return files;
  const where = args.paths.length === 0 ? 'the working directory' : args.paths.join(', ');
  throw new UsageError(`no YAML or JSON file was found in ${where}. If that is expected, use --allow-empty.`);
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
