import { complain } from './complain.ts';
import { finished } from '../base/work.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { diagnose } from '../features/diagnose.ts';
import { diagnoseBuilt } from '../features/diagnose-built.ts';
import { diagnoseWorkspace } from '../features/diagnose-workspace.ts';
import type { PlacedFinding } from '../features/placed-finding.ts';
import { shownFindings } from '../features/shown-findings.ts';
import type { Settings } from '../settings.ts';
import { placesOf, sourceFile, textOf, type SourceFile } from '../syntax/source-file.ts';
import { clusterName, fileAt, isPatch, universesOf, type Snapshot } from '../workspace/snapshot.ts';
import { choiceOf, countOf, readArguments, UsageError, type Arguments } from './arguments.ts';
import { inputFiles, type InputFile } from './files.ts';
import { fixed, writeBack } from './fix.ts';
import { load } from './load.ts';
import { settingsOf } from './options.ts';
import type { CheckReport } from './report.ts';
import { reportGithub } from './report-github.ts';
import { reportJson } from './report-json.ts';
import { reportSarif } from './report-sarif.ts';
import { reportText } from './report-text.ts';

export const CHECK_HELP: string = `netpol check [PATH…] [--format text|json|sarif|github] [--max-warnings N] [--fix]
             [--profile relaxed|recommended|strict|audit]
             [--config FILE] [--kubernetes-version X.Y] [--policy-api-channel standard|experimental]

Says what an API server would reject in these files, what it accepts but does not mean what it seems, and which '# expect' is false.
PATH is a file, a folder (walked for *.yaml, *.yml and *.json) or - for standard input; the working directory where none is given.
--profile says how much to tell: relaxed the least, recommended by default, audit everything; it goes before the one of --config.
--fix writes every repair back that keeps the meaning, then says what is left.
Exit status: 0 nothing to complain of, 1 errors, a false '# expect' or more than N warnings, 2 could not do the work.`;

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
  const report = await checked(inputs, args, settings, fix);
  process.stdout.write(REPORTS[format](report));
  const findings = report.files.flatMap((file) => file.findings.map(({ finding }) => finding));
  const warnings = findings.filter(({ severity }) => severity === 'warning').length;
  const fails = findings.some(({ severity, code }) => severity === 'error' || code === 'expectation-failed');
  return fails || (most !== undefined && warnings > most) ? 1 : 0;
}

async function checked(inputs: readonly InputFile[], args: Arguments, settings: Settings, fix: boolean): Promise<CheckReport> {
  const before = await load(inputs, args.paths, settings);
  const files = fix ? inputs.map((input) => repaired(input, before.snapshot, settings)) : inputs;
  const { snapshot, brought } = fix ? await load(files, args.paths, settings) : before;
  const all = [...files, ...brought].map(({ uri, name }) => ({ uri, name, file: fileAt(snapshot, uri) ?? sourceFile('') }));
  const chosen = all.filter(({ uri }) => isChosen(snapshot, uri, args.values['cluster']));
  return {
    version: packageJson.version,
    files: chosen.map((one) => ({ ...one, findings: findingsIn(one.file, one.uri, snapshot, settings) })),
    manifests: chosen.reduce((sum, { file }) => sum + manifestCount(file), 0),
    snapshot,
  };
}

/** With `--cluster` only the files of that cluster are judged. */
function isChosen(snapshot: Snapshot, uri: string, wanted: string | boolean | undefined): boolean {
  return typeof wanted !== 'string' || universesOf(snapshot, uri).some((id) => clusterName(snapshot, id) === wanted);
}

function findingsIn(file: SourceFile, uri: string, snapshot: Snapshot, settings: Settings): readonly PlacedFinding[] {
  const written = finished(diagnose(file, { uri, settings, partial: isPatch(snapshot, uri) }));
  const own = finished(diagnoseBuilt(snapshot, uri, settings, written));
  const wide = finished(diagnoseWorkspace(snapshot, uri, settings));
  const all = [...own, ...wide].toSorted((a, b) => a.place.start + a.finding.span.start - b.place.start - b.finding.span.start);
  return shownFindings(all, { uri, settings, partial: isPatch(snapshot, uri) });
}

function repaired(input: InputFile, snapshot: Snapshot, settings: Settings): InputFile {
  const { uri, name } = input;
  const file = sourceFile(input.text);
  const result = fixed(file, { uri, settings, partial: isPatch(snapshot, uri) });
  const problem = result === file ? undefined : writeBack(uri, result);
  if (problem === undefined) return { ...input, text: textOf(result) };
  complain(`${name} ${problem}`);
  return input;
}

function manifestCount(file: SourceFile): number {
  return placesOf(file).filter(({ piece }) => /\S/.test(piece.text) && piece.kind !== 'head' && piece.kind !== 'tail').length;
}
