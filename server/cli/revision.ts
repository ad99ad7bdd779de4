import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { decode } from '../host/node.ts';
import { LEFT_OUT, MAX_FILE_BYTES, mayHoldManifests } from '../host/host.ts';
import { isInside, normalizeUri } from '../workspace/uri.ts';
import { UsageError } from './arguments.ts';
import { complain } from './complain.ts';
import { shortName, type InputFile } from './files.ts';
import type { BuildInputs } from './load.ts';

/** The files of a git revision: those in the folder to look at, and a reader for what they name. */
export interface Revision {
  readonly inputs: readonly InputFile[];
  readonly reader: BuildInputs;
}

/** Reads what a git revision has in a folder of its repository. Throws a UsageError where git does not know it. */
export function revisionFiles(name: string, folder: string): Revision {
  const git = gitIn(folder);
  // Not --show-toplevel, which follows links that the folder was named by.
  const up = git(['rev-parse', '--show-cdup'], `'${name}' is not a folder, and no git revision, since there is no git repository.`);
  const root = resolve(folder, up.toString('utf8').trim());
  const tree = git(
    ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{tree}`],
    `there is no folder and no git revision '${name}'.`,
  )
    .toString('utf8')
    .trim();
  const blobs = new Map<string, string>();
  for (const line of git(['ls-tree', '-r', '-z', '--full-tree', tree], `git cannot list the files of '${name}'.`)
    .toString('utf8')
    .split('\0')) {
    // Regular files only: 120000 is a symbolic link, 160000 another repository.
    const found = /^100\d+ blob ([0-9a-f]+)\t(.+)$/s.exec(line);
    const path = found?.[2] ?? '';
    if (found?.[1] === undefined || path.split('/').some((step) => LEFT_OUT.has(step))) continue;
    blobs.set(normalizeUri(pathToFileURL(resolve(root, path)).href), found[1]);
  }
  const top = normalizeUri(pathToFileURL(folder).href);
  const chosen = [...blobs].filter(([uri]) => isInside(uri, top) && mayHoldManifests(uri));
  const texts = contents(git, [...new Set(chosen.map(([, blob]) => blob))]);
  const inputs = chosen.flatMap(([uri, blob]) => {
    const text = texts.get(blob);
    if (text === undefined) complain(`${shortName(uri)} of '${name}' cannot be read.`);
    return text === undefined ? [] : [{ uri, name: shortName(uri), text }];
  });
  const reader: BuildInputs = {
    repository: normalizeUri(pathToFileURL(root).href),
    ignores: () => Promise.resolve(false),
    read: (uri) => {
      const blob = blobs.get(uri);
      const text = blob === undefined ? undefined : contents(git, [blob]).get(blob);
      return Promise.resolve(text === undefined ? { missing: true, problem: `${fileURLToPath(uri)} does not exist.` } : { text });
    },
  };
  return { inputs, reader };
}

/** The contents of blobs, as text, by their ids; those above the limit of a file are left out. */
function contents(git: Git, blobs: readonly string[]): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  if (blobs.length === 0) return texts;
  const output = git(['cat-file', '--batch'], 'git cannot read the files of the revision.', `${blobs.join('\n')}\n`);
  let at = 0;
  for (const blob of blobs) {
    const end = output.indexOf(10, at);
    const size = Number(/ blob (\d+)$/.exec(output.toString('latin1', at, end))?.[1] ?? Number.NaN);
    if (Number.isNaN(size)) {
      at = end + 1;
      continue;
    }
    if (size <= MAX_FILE_BYTES) texts.set(blob, decode(output.subarray(end + 1, end + 1 + size)));
    at = end + size + 2;
  }
  return texts;
}

const MAX_OUTPUT_BYTES = 1024 * 1024 * 1024;

/** Runs git and gives what it writes. Throws a UsageError with the message where it fails. */
type Git = (words: readonly string[], message: string, input?: string) => Buffer;

function gitIn(folder: string): Git {
  return (words, message, input) => {
    try {
      return execFileSync('git', words, {
        cwd: folder,
        ...(input === undefined ? {} : { input }),
        maxBuffer: MAX_OUTPUT_BYTES,
        stdio: ['pipe', 'pipe', 'ignore'],
      });
    } catch {
      throw new UsageError(message);
    }
  };
}
