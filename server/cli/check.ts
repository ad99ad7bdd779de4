import { complain } from './complain.ts';
import { pathToFileURL } from 'node:url';
import { resolve } from 'node:path';
import { finished } from '../base/work.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { diagnose } from '../features/diagnose.ts';
import { diagnoseWorkspace } from '../features/diagnose-workspace.ts';
import type { PlacedFinding } from '../features/placed-finding.ts';
import { shownFindings } from '../features/shown-findings.ts';
import type { Settings } from '../settings.ts';
import { placesOf, sourceFile, type SourceFile } from '../syntax/source-file.ts';
import { emptySnapshot, isPatch, withFiles, type Snapshot } from '../workspace/snapshot.ts';
import { choiceOf, countOf, readArguments, UsageError } from './arguments.ts';
import { inputFiles, type InputFile } from './files.ts';
import { fixed, writeBack } from './fix.ts';
import { settingsOf } from './options.ts';
import type { CheckReport } from './report.ts';
import { reportGithub } from './report-github.ts';
import { reportJson } from './report-json.ts';
import { reportSarif } from './report-sarif.ts';
import { reportText } from './report-text.ts';

export const CHECK_HELP: string = `netpol check [PATH…] [--format text|json|sarif|github] [--max-warnings N] [--fix]
             [--profile relaxed|recommended|strict|audit]
             [--config FILE] [--kubernetes-version X.Y] [--policy-api-channel standard|experimental]

Reports what the API server rejects in these files, what it accepts but does not mean what it seems to, and which '# expect' is false.
PATH is a file, a folder (walked for *.yaml, *.yml and *.json) or - for standard input; the working directory where none is given.
--profile selects how much is reported: relaxed the least, recommended by default, audit everything; it takes precedence over --config.
--fix writes every repair back that keeps the meaning, then says what is left.
Exit status: 0 no problems found, 1 errors, a false '# expect' or more than N warnings, 2 the command failed.`;

const REPORTS = { text: reportText, json: reportJson, sarif: reportSarif, github: reportGithub } as const;

/** `netpol check`: gives the exit status. */
export async function check(words: readonly string[]): Promise<number> {
  const args = readArguments(words, { 'max-warnings': { type: 'string' }, fix: { type: 'boolean' }, profile: { type: 'string' } });
  const format = choiceOf(args, 'format', ['text', 'json', 'sarif', 'github']);
  const most = countOf(args, 'max-warnings');
  const fix = args.values['fix'] === true;
  if (fix && args.paths.includes('-')) throw new UsageError('--fix cannot write standard input back. Name the files.');
  const settings = settingsOf(args);
  const inputs: InputFile[] = [];
  for await (const input of inputFiles(args.paths)) inputs.push(input);
  const report = checked(inputs, args.paths, settings, fix);
  process.stdout.write(REPORTS[format](report));
  const findings = report.files.flatMap((file) => file.findings.map(({ finding }) => finding));
  const warnings = findings.filter(({ severity }) => severity === 'warning').length;
  const fails = findings.some(({ severity, code }) => severity === 'error' || code === 'expectation-failed');
  return fails || (most !== undefined && warnings > most) ? 1 : 0;
}

function checked(inputs: readonly InputFile[], paths: readonly string[], settings: Settings, fix: boolean): CheckReport {
  const folders = (paths.length > 0 ? paths : ['.']).filter((path) => path !== '-').map((path) => pathToFileURL(resolve(path)).href);
  const read = inputs.map((input) => ({ ...input, file: sourceFile(input.text) }));
  const before = snapshotOf(read, folders, settings);
  const files = fix ? read.map((input) => ({ ...input, file: repaired(input, before, settings) })) : read;
  const snapshot = fix ? snapshotOf(files, folders, settings) : before;
  return {
    version: packageJson.version,
    files: files.map(({ name, uri, file }) => ({ name, uri, file, findings: findingsIn(file, uri, snapshot, settings) })),
    manifests: files.reduce((sum, { file }) => sum + manifestCount(file), 0),
    snapshot,
  };
}

function findingsIn(file: SourceFile, uri: string, snapshot: Snapshot, settings: Settings): readonly PlacedFinding[] {
  const own = finished(diagnose(file, { uri, settings, partial: isPatch(snapshot, uri) }));
  const wide = finished(diagnoseWorkspace(snapshot, uri, settings));
  const all = [...own, ...wide].toSorted((a, b) => a.place.start + a.finding.span.start - b.place.start - b.finding.span.start);
  return shownFindings(all, { uri, settings, partial: isPatch(snapshot, uri) });
}

type ReadFile = InputFile & { readonly file: SourceFile };

function snapshotOf(files: readonly ReadFile[], folders: readonly string[], settings: Settings): Snapshot {
  const empty = emptySnapshot({ folders, clusters: settings.clusters, together: true });
  return withFiles(
    empty,
    files.map(({ uri, file }) => ({ uri, file, keepTrees: true })),
  );
}

function repaired({ uri, name, file }: ReadFile, snapshot: Snapshot, settings: Settings): SourceFile {
  const result = fixed(file, { uri, settings, partial: isPatch(snapshot, uri) });
  const problem = result === file ? undefined : writeBack(uri, result);
  if (problem === undefined) return result;
  complain(`${name} ${problem}`);
  return file;
}

function manifestCount(file: SourceFile): number {
  return placesOf(file).filter(({ piece }) => /\S/.test(piece.text) && piece.kind !== 'head' && piece.kind !== 'tail').length;
}
