import { inertJson } from '../base/inert.ts';
import { isAbsolute } from 'node:path';
import type { Fix as SarifFix, Location, Log, Region, ReportingDescriptor, Result } from 'sarif';
import packageJson from '../../package.json' with { type: 'json' };
import { shift, type Span } from '../base/span.ts';
import type { Snapshot } from '../workspace/snapshot.ts';
import { placeOfRelated, type ReportPlace } from './related.ts';
import type { PlacedFinding } from '../features/placed-finding.ts';
import type { Fix, Severity } from '../rules/finding.ts';
import type { Related } from '../analysis/related.ts';
import { manifestRules, workspaceRules } from '../rules/index.ts';
import { formatPath } from '../syntax/path.ts';
import { positionIn } from '../syntax/positions.ts';
import type { PlacedManifest, SourceFile } from '../syntax/source-file.ts';
import { withSource } from './rendered-from.ts';
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
        tool: { driver: { name: 'netpol', version, semanticVersion: version, informationUri: REPOSITORY, rules: codes.map(ruleJson) } },
        invocations: [{ executionSuccessful: true }],
        columnKind: 'utf16CodeUnits',
        results: files.flatMap((checked) => checked.findings.map((placed) => resultJson(checked, placed, codes, snapshot))),
      },
    ],
  };
  return `${inertJson(log, 1)}\n`;
}

/** A rule as code scanning shows it: GitHub asks for `help` and sorts by `precision` ("SARIF support for code scanning", reportingDescriptor). */
function ruleJson(code: string): ReportingDescriptor {
  const rule = [...manifestRules, ...workspaceRules].find(({ name }) => name === code);
  const helpUri = `${REPOSITORY}/blob/main/docs/rules/${code}.md`;
  if (!rule) return { id: code, helpUri };
  const level = LEVELS[rule.severity];
  return {
    id: code,
    helpUri,
    shortDescription: { text: rule.summary },
    fullDescription: { text: rule.why },
    help: { text: rule.why, markdown: `${rule.why}\n\n[Examples, and how to silence it](${helpUri})` },
    defaultConfiguration: { level },
    properties: { precision: rule.confidence, 'problem.severity': level === 'note' ? 'recommendation' : level },
  };
}

function resultJson(checked: CheckedFile, { place, finding }: PlacedFinding, codes: readonly string[], snapshot: Snapshot): Result {
  const related = finding.related.flatMap((other) => relatedJson(other, placeOfRelated(other, place, checked, snapshot)));
  return {
    ruleId: finding.code,
    ruleIndex: codes.indexOf(finding.code),
    level: LEVELS[finding.severity],
    message: { text: sarifText(withSource(finding.message, place)) },
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
  return where ? [{ ...locationJson(where.name, where.file, where.span, ''), message: { text: sarifText(message) } }] : [];
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

/**
 * A file's name as a URI reference (RFC 3986): relative, so that it means the same on every machine. A colon is always encoded, as in
 * front of the first slash it would end a scheme. On Windows, a file on another drive has no relative name.
 */
function uriOf(name: string): string {
  const path = encodeURI(name).replace(/[#?:]/g, encodeURIComponent);
  return isAbsolute(name) ? `file://${path.replace(/^(?!\/)/, '/')}` : path;
}

/** Plain text may hold links in SARIF (3.11.6), `[text](address)`; what stands in files is none. */
function sarifText(text: string): string {
  return text.replaceAll('](', '] (');
}
