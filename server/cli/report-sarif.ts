import type { Fix as SarifFix, Location, Log, Region, ReportingDescriptor, Result } from 'sarif';
import packageJson from '../../package.json' with { type: 'json' };
import { shift, type Span } from '../base/span.ts';
import type { Snapshot } from '../workspace/snapshot.ts';
import { placeOfRelated, type ReportPlace } from './related.ts';
import type { PlacedFinding } from '../features/placed-finding.ts';
import type { Fix, Related, Severity } from '../rules/finding.ts';
import { manifestRules, workspaceRules } from '../rules/index.ts';
import { formatPath } from '../syntax/path.ts';
import { positionIn } from '../syntax/positions.ts';
import type { PlacedManifest, SourceFile } from '../syntax/source-file.ts';
import type { CheckedFile, CheckReport } from './report.ts';

const LEVELS: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  error: 'error',
  warning: 'warning',
  information: 'note',
  hint: 'note',
};
const REPOSITORY = packageJson.repository.url.replace(/^git\+/, '').replace(/\.git$/, '');

/** The report as SARIF 2.1.0 (OASIS), for code scanning. Columns count UTF-16 units, as the log says. */
export function reportSarif({ version, files, snapshot }: CheckReport): string {
  const codes = [...new Set(files.flatMap((checked) => checked.findings.map(({ finding }) => finding.code)))].sort();
  const log: Log = {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'netpol', version, informationUri: REPOSITORY, rules: codes.map(ruleJson) } },
        columnKind: 'utf16CodeUnits',
        results: files.flatMap((checked) => checked.findings.map((placed) => resultJson(checked, placed, codes, snapshot))),
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 1)}\n`;
}

function ruleJson(code: string): ReportingDescriptor {
  const rule = [...manifestRules, ...workspaceRules].find(({ name }) => name === code);
  return {
    id: code,
    helpUri: `${REPOSITORY}/blob/main/docs/rules/${code}.md`,
    ...(rule ? { shortDescription: { text: rule.summary }, fullDescription: { text: rule.why } } : {}),
  };
}

function resultJson(checked: CheckedFile, { place, finding }: PlacedFinding, codes: readonly string[], snapshot: Snapshot): Result {
  const related = finding.related.flatMap((other) => relatedJson(other, placeOfRelated(other, place, checked, snapshot)));
  return {
    ruleId: finding.code,
    ruleIndex: codes.indexOf(finding.code),
    level: LEVELS[finding.severity],
    message: { text: finding.message },
    locations: [locationJson(checked.name, checked.file, shift(finding.span, place.start), formatPath([...place.prefix, ...finding.path]))],
    ...(related.length > 0 ? { relatedLocations: related } : {}),
    ...(finding.fixes.length > 0 ? { fixes: finding.fixes.map((fix) => fixJson(checked, place, fix)) } : {}),
  };
}

function locationJson(name: string, file: SourceFile, where: Span, path: string): Location {
  return {
    physicalLocation: { artifactLocation: { uri: uriOf(name) }, region: regionJson(file, where) },
    ...(path === '' ? {} : { logicalLocations: [{ fullyQualifiedName: path }] }),
  };
}

function relatedJson({ message }: Related, where: ReportPlace | undefined): Location[] {
  return where ? [{ ...locationJson(where.name, where.file, where.span, ''), message: { text: message } }] : [];
}

function fixJson(checked: CheckedFile, place: PlacedManifest, fix: Fix): SarifFix {
  const replacements = fix.edits.map((edit) => ({
    deletedRegion: regionJson(checked.file, shift(edit, place.start)),
    insertedContent: { text: edit.text },
  }));
  return { description: { text: fix.title }, artifactChanges: [{ artifactLocation: { uri: uriOf(checked.name) }, replacements }] };
}

function regionJson(file: SourceFile, where: Span): Region {
  const start = positionIn(file, where.start);
  const end = positionIn(file, where.end);
  return { startLine: start.line + 1, startColumn: start.character + 1, endLine: end.line + 1, endColumn: end.character + 1 };
}

function uriOf(name: string): string {
  return encodeURI(name).replace(/#/g, '%23').replace(/\?/g, '%3F');
}
