import { inertJson, terminalText } from '../base/inert.ts';
import { statSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { decode } from '../host/node.ts';
import { formatPath } from '../syntax/path.ts';
import { blockText } from '../syntax/print.ts';
import { sourceFile, type SourceFile } from '../syntax/source-file.ts';
import type { Origin } from '../syntax/tree.ts';
import { build } from '../workspace/kustomize/build.ts';
import type { BuildFiles } from '../workspace/kustomize/files.ts';
import { KUSTOMIZATION_NAMES } from '../workspace/kustomization.ts';
import type { BuildProblem } from '../workspace/kustomize/objects.ts';
import { jsonOf, type Json } from '../workspace/kustomize/values.ts';
import { normalizeUri } from '../workspace/uri.ts';
import { choiceOf, readArguments, UsageError } from './arguments.ts';
import { shortName } from './files.ts';

export const BUILD_HELP: string = `netpol build DIR [--format yaml|json]

Prints the objects that the kustomization in DIR builds, as they are evaluated; the same as 'kustomize build DIR' prints, without content
hashes at the end of generated names. Nothing is fetched: what a remote base, a Helm chart or a plugin brings in is reported and left out.
Exit status: 0 built, 1 kustomize refuses to build it (what could be built is printed anyway), 2 the command failed.`;

/** `netpol build`: gives the exit status. */
export async function runBuild(words: readonly string[]): Promise<number> {
  const args = readArguments(words, {});
  const format = choiceOf(args, 'format', ['yaml', 'json']);
  const [path, ...others] = args.paths;
  if (path === undefined || others.length > 0) throw new UsageError('name the one folder with the kustomization to build.');
  const folder = normalizeUri(pathToFileURL(resolve(path)).href);
  if (!KUSTOMIZATION_NAMES.some((name) => diskFiles.what(`${folder}/${name}`) === 'file'))
    throw new UsageError(`there is no kustomization in '${path}': a file called ${KUSTOMIZATION_NAMES.join(', ')}.`);
  const { objects, problems } = build(folder, diskFiles);
  const manifests = objects.map(({ root }) => jsonOf(root));
  process.stdout.write(format === 'json' ? reportText(manifests, problems) : yamlText(manifests));
  if (format === 'yaml') for (const problem of problems) process.stderr.write(`${terminalText(lineOf(problem))}\n`);
  return problems.some(({ severity }) => severity === 'error') ? 1 : 0;
}

function reportText(objects: readonly Json[], problems: readonly BuildProblem[]): string {
  const reported = problems.map((problem) => {
    const { written, path } = outermost(problem.place);
    return {
      severity: problem.severity === 'error' ? 'error' : 'warning',
      file: shortName(written.uri),
      path: formatPath(path),
      message: problem.message,
    };
  });
  return `${inertJson({ objects, problems: reported }, 1)}\n`;
}

function yamlText(objects: readonly Json[]): string {
  return objects.map((object) => `${blockText(object, 0, { listIndent: 0, eol: '\n' })}\n`).join('---\n');
}

function lineOf({ severity, place, message }: BuildProblem): string {
  const { written, path } = outermost(place);
  return `${severity === 'error' ? 'error' : 'warning'}: ${shortName(written.uri)}${path.length > 0 ? ` ${formatPath(path)}` : ''}: ${message}`;
}

/** The field of a file; for a place in the text of a field that field. */
function outermost(place: Origin): Origin {
  return place.written.field ? outermost(place.written.field) : place;
}

const read = new Map<string, SourceFile | undefined>();

/** The files of this machine. */
const diskFiles: BuildFiles = {
  what(uri) {
    try {
      const stats = statSync(fileURLToPath(uri));
      if (stats.isDirectory()) return 'folder';
      return stats.isFile() ? 'file' : 'unknown';
    } catch (error) {
      const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
      return code === 'ENOENT' || code === 'ENOTDIR' ? 'missing' : 'unknown';
    }
  },
  file(uri) {
    if (!read.has(uri)) read.set(uri, fileOnDisk(uri));
    return read.get(uri);
  },
};

function fileOnDisk(uri: string): SourceFile | undefined {
  try {
    return sourceFile(decode(readFileSync(fileURLToPath(uri))));
  } catch {
    return undefined;
  }
}
