import packageJson from '../../package.json' with { type: 'json' };
import { diagnose, type PlacedFinding } from '../features/diagnose.ts';
import { sourceFile, placesOf, type SourceFile } from '../syntax/source-file.ts';
import { choice, count, readArguments } from './arguments.ts';
import { inputFiles } from './files.ts';
import { settingsOf } from './options.ts';
import { reportJson } from './report-json.ts';
import { reportText } from './report-text.ts';

export const CHECK_HELP: string = `netpol check [PATH…] [--format text|json] [--max-warnings N]
             [--config FILE] [--kubernetes-version X.Y] [--policy-api-channel standard|experimental]

Says what an API server would reject in these files, and what it accepts but does not mean what it seems.
PATH is a file, a folder (walked for *.yaml, *.yml and *.json) or - for standard input; the working directory where none is given.
Exit status: 0 nothing to complain of, 1 errors or more than N warnings, 2 could not do the work.`;

/** A file and everything found in it. */
export interface CheckedFile {
  readonly name: string;
  readonly uri: string;
  readonly file: SourceFile;
  readonly findings: readonly PlacedFinding[];
}

/** Everything a report may want to say. */
export interface CheckReport {
  readonly version: string;
  readonly files: readonly CheckedFile[];
  readonly manifests: number;
}

const REPORTS = { text: reportText, json: reportJson } as const;

/** `netpol check`: gives the exit status. */
export async function check(words: readonly string[]): Promise<number> {
  const args = readArguments(words, { 'max-warnings': { type: 'string' } });
  const format = choice(args, 'format', ['text', 'json']);
  const most = count(args, 'max-warnings');
  const settings = settingsOf(args);
  const files: CheckedFile[] = [];
  let manifests = 0;
  for await (const { uri, name, text } of inputFiles(args.paths)) {
    const file = sourceFile(text);
    const findings = finished(diagnose(file, { uri, settings, partial: false }));
    manifests += placesOf(file).filter(({ piece }) => /\S/.test(piece.text) && piece.kind !== 'head' && piece.kind !== 'tail').length;
    files.push({ name, uri, file, findings });
  }
  process.stdout.write(REPORTS[format]({ version: packageJson.version, files, manifests }));
  const severities = files.flatMap((checked) => checked.findings.map(({ finding }) => finding.severity));
  const warnings = severities.filter((severity) => severity === 'warning').length;
  return severities.includes('error') || (most !== undefined && warnings > most) ? 1 : 0;
}

/** Runs work to its end. */
function finished<T>(work: Generator<void, T>): T {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}
