import { statSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { finished } from '../base/work.ts';
import { diffWork } from '../eval/diff.ts';
import { namedEndpoints } from '../eval/endpoint-names.ts';
import { evaluationOf } from '../eval/evaluate.ts';
import { NO_CHANGES } from '../features/reports/changes.ts';
import type { Settings } from '../settings.ts';
import { revised, sourceFile } from '../syntax/source-file.ts';
import { choiceOf, readArguments, UsageError } from './arguments.ts';
import { clusterNamed, clustersOf, type LoadedCluster } from './cluster.ts';
import { diffJson } from './diff-json.ts';
import { diffProblems, type DiffState } from './diff-problems.ts';
import type { DiffedCluster } from './diffed.ts';
import { diffHtml, diffMarkdown, diffText } from './diff-report.ts';
import { inputFiles, type InputFile } from './files.ts';
import { judged, type JudgedCluster } from './judged.ts';
import { load } from './load.ts';
import { settingsOf } from './options.ts';
import { revisionFiles } from './revision.ts';

export const DIFF_HELP: string = `netpol diff OLD NEW [--format text|json|md|html] [--fail-on allowed|denied|any] [--git]
            [--cluster NAME] [--config FILE] [--only-valid]

Compares two states of the manifests, cluster by cluster, and reports the connections that become allowed, denied or unknown, each with
the rules that decide. OLD and NEW are folders, or git revisions of the folder in which the command runs; if one is a
revision and the other a folder, the revision of that folder is compared ('netpol diff HEAD .'). A folder takes precedence over a
revision of the same name, unless --git is given.
Exit status: 0 done, 1 the change includes what --fail-on names, 2 the command failed.`;

const WRITERS = { text: diffText, json: diffJson, md: diffMarkdown, html: diffHtml } as const;

/** `netpol diff`: gives the exit status. */
export async function runDiff(words: readonly string[]): Promise<number> {
  const args = readArguments(words, { 'fail-on': { type: 'string' }, git: { type: 'boolean' } });
  const format = choiceOf(args, 'format', ['text', 'json', 'md', 'html']);
  const failOn = args.values['fail-on'] === undefined ? undefined : choiceOf(args, 'fail-on', ['allowed', 'denied', 'any']);
  const [old, now, ...others] = args.paths;
  if (old === undefined || now === undefined || others.length > 0)
    throw new UsageError('name the two folders or git revisions to compare.');
  const settings = settingsOf(args);
  const isFolder = (path: string): boolean => args.values['git'] !== true && isDirectory(path);
  const place = [old, now].find(isFolder) ?? '.';
  const first = await stateOf(old, isFolder(old), place, settings);
  const states = [first, await stateOf(now, isFolder(now), place, settings, first)] as const;
  const onlyValid = args.values['only-valid'] === true;
  const [before, after] = states.map(({ clusters }) => new Map(clusters.map((one) => [one.name, judged(one, settings, onlyValid)])));
  const option = args.values['cluster'];
  const names = [...new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])])].toSorted();
  const chosen = typeof option === 'string' ? [clusterNamed(new Map(names.map((name) => [name, name])), option)] : names;
  const clusters = chosen.map((name) => compared(name, before?.get(name), after?.get(name)));
  const problems = diffProblems(clusters, ...states);
  process.stdout.write(WRITERS[format]({ old, now, clusters, problems }));
  const changes = clusters.flatMap(({ diff }) => diff.changes.map(({ change }) => change));
  return failOn !== undefined && changes.some((change) => failOn === 'any' || change === failOn) ? 1 : 0;
}

interface State extends DiffState {
  readonly folder: string;
  readonly clusters: readonly LoadedCluster[];
}

/** One of the two states. What its files have in common with those of `other` is read once. */
async function stateOf(name: string, isFolder: boolean, place: string, settings: Settings, other?: State): Promise<State> {
  const folder = resolve(isFolder ? name : place);
  const { inputs: found, reader } = isFolder ? { inputs: await filesIn(name), reader: undefined } : revisionFiles(name, folder);
  const earlier = new Map(other?.files.map((file) => [pathIn(other.folder, file.uri), file]));
  const inputs = found.map((input): InputFile => {
    const before = earlier.get(pathIn(folder, input.uri));
    return { ...input, file: before?.file ? revised(before.file, input.text) : sourceFile(input.text) };
  });
  const { snapshot } = await load(inputs, [folder], settings, folder, reader);
  return { files: inputs, folder, snapshot, clusters: clustersOf(snapshot) };
}

function pathIn(folder: string, uri: string): string {
  return relative(folder, fileURLToPath(uri));
}

async function filesIn(folder: string): Promise<readonly InputFile[]> {
  const files: InputFile[] = [];
  for await (const file of inputFiles([folder])) files.push(file);
  return files;
}

function compared(name: string, before: JudgedCluster | undefined, after: JudgedCluster | undefined): DiffedCluster {
  if (!after) return { name, status: 'removed', diff: NO_CHANGES, names: [], ...(before ? { before } : {}) };
  const now = evaluationOf(after.cluster);
  const names = namedEndpoints(now).map((one) => one.name);
  const earlier = evaluationOf(before?.cluster ?? { ...after.cluster, workloads: [], policies: [], unevaluated: [] });
  const diff = finished(diffWork(earlier, now));
  return { name, status: before ? 'both' : 'new', diff, names, after, ...(before ? { before } : {}) };
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
