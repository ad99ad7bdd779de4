import type { PlacedFinding } from '../features/diagnose.ts';
import type { Related } from '../rules/finding.ts';
import { spanOf } from '../syntax/locate-path.ts';
import { formatPath } from '../syntax/path.ts';
import { positionIn } from '../syntax/positions.ts';
import type { PlacedManifest, SourceFile } from '../syntax/source-file.ts';
import { get, stringOf } from '../syntax/tree.ts';
import type { Span } from '../base/span.ts';
import type { CheckedFile, CheckReport } from './check.ts';

/** The report as JSON, in the shape that INTERFACES promises. */
export function reportJson({ version, files, manifests }: CheckReport): string {
  const diagnostics = files.flatMap((checked) => checked.findings.map((placed) => diagnosticJson(checked, placed)));
  return `${JSON.stringify({ version, files: files.length, manifests, diagnostics }, undefined, 1)}\n`;
}

function diagnosticJson({ name, file }: CheckedFile, { place, finding }: PlacedFinding): object {
  return {
    file: name,
    document: place.document,
    range: rangeJson(file, place, finding.span),
    severity: finding.severity,
    code: finding.code,
    message: finding.message,
    path: formatPath([...place.prefix, ...finding.path]),
    manifest: manifestJson(place),
    related: finding.related.flatMap((related) => relatedJson(name, file, place, related)),
    fixes: finding.fixes.map(({ title }) => ({ title })),
  };
}

function rangeJson(file: SourceFile, place: PlacedManifest, where: Span): object {
  return { start: positionIn(file, place.start + where.start), end: positionIn(file, place.start + where.end) };
}

function manifestJson({ manifest: { root } }: PlacedManifest): object {
  const metadata = get(root, 'metadata');
  const fields = { apiVersion: get(root, 'apiVersion'), kind: get(root, 'kind'), namespace: get(metadata, 'namespace'), name: get(metadata, 'name') };
  return Object.fromEntries(Object.entries(fields).flatMap(([key, node]) => (stringOf(node) === undefined ? [] : [[key, stringOf(node)]])));
}

function relatedJson(name: string, file: SourceFile, place: PlacedManifest, related: Related): object[] {
  const where = related.span ?? spanOf(place.manifest.root, related.path);
  return related.key === undefined && where ? [{ file: name, range: rangeJson(file, place, where), message: related.message }] : [];
}
