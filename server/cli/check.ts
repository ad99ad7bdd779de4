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
import { allUniverses, clusterName, fileAt, isPatch, universesOf, type Snapshot } from '../workspace/snapshot.ts';
import { clusterNamed } from './cluster.ts';
import { choiceOf, countOf, readArguments, UsageError, type Arguments } from './arguments.ts';
import { allFiles, type InputFile } from './files.ts';
import { terminalText } from '../base/inert.ts';
import { diffOf, fixed, writeBack, type AppliedFix } from './fix.ts';
import { load } from './load.ts';
import { settingsOf } from './options.ts';
import { terminalProgress } from './progress.ts';
import type { CheckReport } from './report.ts';
import { reportGithub } from './report-github.ts';
import { reportJson } from './report-json.ts';
import { reportJunit } from './report-junit.ts';
import { reportSarif } from './report-sarif.ts';
import { textReport } from './report-text.ts';
import { rebased } from './baseline.ts';
import { listSuppressions } from './suppressions.ts';

export const CHECK_HELP: string = `netpol check [PATH…] [--format text|json|sarif|github|junit] [--max-warnings N] [--fix [--dry-run]]
             [--baseline FILE] [--list-suppressions] [--allow-empty]
             [--profile relaxed|recommended|strict|audit]
             [--config FILE] [--kubernetes-version X.Y] [--policy-api-channel standard|experimental]
             [--cni auto|kubernetes|cilium|calico|antrea]

Reports manifests that the API server rejects, manifests that do not do what they seem to say, and '# expect' comments that do not hold.
PATH is a file, a folder (walked for *.yaml, *.yml and *.json) or - for standard input; without PATH, the working directory.
--profile selects how much is reported: relaxed the least, recommended by default, audit everything; it takes precedence over --config.
--fix applies every fix that has only one meaning, lists them, then reports what is left; with --dry-run it shows them as a diff.
--baseline reports only findings that are not in FILE; if FILE does not exist, it records all current findings there.
--list-suppressions lists the comments and settings that silence findings, as text or JSON, and checks nothing.
Settings come from --config, else from the nearest .netpol.json in or above the first PATH.
Exit status: 0 no problems found, 1 errors, an '# expect' that does not hold or more than N warnings, 2 the command failed, or no file was
found and --allow-empty is not given.`;

const REPORTS = { text: textReport, json: reportJson, sarif: reportSarif, github: reportGithub, junit: reportJunit } as const;

/** `netpol check`: gives the exit status. */
export async function check(words: readonly string[]): Promise<number> {
  const args = readArguments(words, {
    'max-warnings': { type: 'string' },
    fix: { type: 'boolean' },
    'dry-run': { type: 'boolean' },
    profile: { type: 'string' },
    baseline: { type: 'string' },
    'list-suppressions': { type: 'boolean' },
  });
  const format = choiceOf(args, 'format', ['text', 'json', 'sarif', 'github', 'junit']);
  const most = countOf(args, 'max-warnings');
  const fix = args.values['fix'] === true;
  const dry = args.values['dry-run'] === true;
  if (dry && !fix) throw new UsageError('--dry-run shows what --fix would change. Write --fix --dry-run.');
  if (fix && !dry && args.paths.includes('-')) throw new UsageError('--fix cannot write standard input back. Name the files.');
  const settings = settingsOf(args);
  const inputs = await allFiles(args);
  if (args.values['list-suppressions'] === true) {
    process.stdout.write(listSuppressions(inputs, settings, choiceOf(args, 'format', ['text', 'json'])));
    return 0;
  }
  const { report: whole, repairs } = await checked(inputs, args, settings, fix ? (dry ? 'dry' : 'write') : 'no');
  const baseline = typeof args.values['baseline'] === 'string' ? rebased(args.values['baseline'], whole.files) : undefined;
  const report = baseline ? { ...whole, files: baseline.files } : whole;
  if (baseline) complain(baseline.note);
  const list = repairs.flatMap(({ name, changes }) =>
    changes.map(({ code, title, line }) => terminalText(`${dry ? 'would fix' : 'fixed'} ${name}:${line}: ${title} [${code}]`)),
  );
  if (dry) process.stdout.write(repairs.map(({ name, before, after }) => diffOf(name, before, after)).join(''));
  else process.stdout.write(`${format === 'text' && list.length > 0 ? `${list.join('\n')}\n\n` : ''}${REPORTS[format](report)}`);
  if (dry || format !== 'text') for (const line of list) complain(line);
  const findings = report.files.flatMap((file) => file.findings.map(({ finding }) => finding));
  const warnings = findings.filter(({ severity }) => severity === 'warning').length;
  const fails = findings.some(({ severity, code }) => severity === 'error' || code === 'expectation-failed');
  return fails || (most !== undefined && warnings > most) ? 1 : 0;
}

/** The report, and the files that were repaired, or would be. */
interface Checked {
  readonly report: CheckReport;
  readonly repairs: readonly Repair[];
}

interface Repair {
  readonly name: string;
  readonly before: SourceFile;
  readonly after: SourceFile;
  readonly changes: readonly AppliedFix[];
}

async function checked(inputs: readonly InputFile[], args: Arguments, settings: Settings, fix: 'no' | 'write' | 'dry'): Promise<Checked> {
  const progress = terminalProgress();
  const read = inputs.map((input) => ({ ...input, file: sourceFile(input.text) }));
  const before = await load(inputs, args.paths, settings);
  const repairs = fix === 'no' ? [] : read.flatMap((input) => repairOf(input, before.snapshot, settings, fix === 'write'));
  const after = new Map(repairs.map((repair) => [repair.before, textOf(repair.after)]));
  const files = repairs.length === 0 ? inputs : read.map(({ file, ...input }) => ({ ...input, text: after.get(file) ?? input.text }));
  const { snapshot, brought } = repairs.length === 0 ? before : await load(files, args.paths, settings);
  const all = [...files, ...brought].map(({ uri, name }) => ({ uri, name, file: fileAt(snapshot, uri) ?? sourceFile('') }));
  const only = chosenCluster(snapshot, args.values['cluster']);
  const chosen = all.filter(({ uri }) => only === undefined || universesOf(snapshot, uri).includes(only));
  const report = {
    version: packageJson.version,
    files: chosen.map((one, i) => {
      progress.report(`${i} of ${chosen.length} files checked`);
      return { ...one, findings: findingsIn(one.file, one.uri, snapshot, settings, only) };
    }),
    manifests: chosen.reduce((sum, { file }) => sum + manifestCount(file), 0),
    snapshot,
  };
  progress.done();
  return { report, repairs };
}

/** With `--cluster` only the files of that cluster are judged, and only as it has them. Throws a UsageError where there is no such cluster. */
function chosenCluster(snapshot: Snapshot, option: string | boolean | undefined): string | undefined {
  if (typeof option !== 'string') return undefined;
  const names = new Map(allUniverses(snapshot).map((id) => [id, clusterName(snapshot, id)]));
  return clusterNamed(names, option);
}

function findingsIn(
  file: SourceFile,
  uri: string,
  snapshot: Snapshot,
  settings: Settings,
  only: string | undefined,
): readonly PlacedFinding[] {
  const written = finished(diagnose(file, { uri, settings, partial: isPatch(snapshot, uri) }));
  const own = finished(diagnoseBuilt(snapshot, uri, settings, written, only));
  const wide = finished(diagnoseWorkspace(snapshot, uri, settings, undefined, undefined, only));
  const all = [...own, ...wide].toSorted((a, b) => a.place.start + a.finding.span.start - b.place.start - b.finding.span.start);
  return shownFindings(all, { uri, settings, partial: isPatch(snapshot, uri) });
}

type ReadFile = InputFile & { readonly file: SourceFile };

/** What becomes of a file; nothing where nothing is repaired, or it cannot be written. */
function repairOf({ uri, name, file }: ReadFile, snapshot: Snapshot, settings: Settings, write: boolean): readonly Repair[] {
  const { file: after, changes } = fixed(file, { uri, settings, partial: isPatch(snapshot, uri) });
  if (after === file) return [];
  const problem = write ? writeBack(uri, after) : undefined;
  if (problem === undefined) return [{ name, before: file, after, changes }];
  complain(`${name} ${problem}`);
  return [];
}

function manifestCount(file: SourceFile): number {
  return placesOf(file).filter(({ piece }) => /\S/.test(piece.text) && piece.kind !== 'head' && piece.kind !== 'tail').length;
}
