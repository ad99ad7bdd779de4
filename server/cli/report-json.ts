import { inertJson } from '../base/inert.ts';
import type { PlacedFinding } from '../features/placed-finding.ts';
import type { Related } from '../analysis/related.ts';
import { formatPath } from '../syntax/path.ts';
import { positionIn } from '../syntax/positions.ts';
import type { PlacedManifest, SourceFile } from '../syntax/source-file.ts';
import { get, stringOf } from '../syntax/tree.ts';
import { shift, type Span } from '../base/span.ts';
import { clusterName, type Snapshot } from '../workspace/snapshot.ts';
import { placeOfRelated, type ReportPlace } from './related.ts';
import { renderedFrom } from './rendered-from.ts';
import type { CheckedFile, CheckReport } from './report.ts';

/** The report as JSON. Its shape is public: fields are added, never changed. */
export function reportJson({ version, files, manifests, snapshot }: CheckReport): string {
  const diagnostics = files.flatMap((checked) => checked.findings.map((placed) => diagnosticJson(checked, placed, snapshot)));
  return `${inertJson({ version, files: files.length, manifests, diagnostics }, 1)}\n`;
}

function diagnosticJson(checked: CheckedFile, { place, finding }: PlacedFinding, snapshot: Snapshot): object {
  const { name, file } = checked;
  const source = renderedFrom(place);
  return {
    file: name,
    document: place.document,
    range: rangeJson(file, shift(finding.span, place.start)),
    severity: finding.severity,
    code: finding.code,
    message: finding.message,
    path: formatPath([...place.prefix, ...finding.path]),
    manifest: manifestJson(place),
    ...(source === undefined ? {} : { source }),
    ...(finding.clusters ? { clusters: finding.clusters.map((id) => clusterName(snapshot, id)) } : {}),
    related: finding.related.flatMap((related) => relatedJson(related, placeOfRelated(related, place, checked, snapshot))),
    fixes: finding.fixes.map(({ title }) => ({ title })),
  };
}

function rangeJson(file: SourceFile, where: Span): object {
  return { start: positionIn(file, where.start), end: positionIn(file, where.end) };
}

function manifestJson({ manifest: { root } }: PlacedManifest): object {
  const metadata = get(root, 'metadata');
  const fields = {
    apiVersion: get(root, 'apiVersion'),
    kind: get(root, 'kind'),
    namespace: get(metadata, 'namespace'),
    name: get(metadata, 'name'),
  };
  return Object.fromEntries(Object.entries(fields).flatMap(([key, node]) => (stringOf(node) === undefined ? [] : [[key, stringOf(node)]])));
}

function relatedJson({ message }: Related, where: ReportPlace | undefined): object[] {
  return where ? [{ file: where.name, range: rangeJson(where.file, where.span), message }] : [];
}
