import { DiagnosticSeverity, DiagnosticTag, type Diagnostic, type Range } from 'vscode-languageserver';
import type { Span } from '../base/span.ts';
import type { PlacedFinding } from '../features/diagnose.ts';
import type { Related } from '../analysis/related.ts';
import { spanOf } from '../syntax/locate-path.ts';
import type { Path } from '../syntax/path.ts';
import { positionIn } from '../syntax/positions.ts';
import type { ManifestKey } from '../workspace/cluster.ts';
import type { Abilities } from './abilities.ts';
import type { PlacedManifest, SourceFile } from '../syntax/source-file.ts';

/** A span of the whole file as an LSP range. */
export function rangeOf(file: SourceFile, where: Span): Range {
  return { start: positionIn(file, where.start), end: positionIn(file, where.end) };
}

/** A span of a manifest as an LSP range of its file. */
export function rangeIn(file: SourceFile, place: PlacedManifest, where: Span): Range {
  return rangeOf(file, { start: place.start + where.start, end: place.start + where.end });
}

/** What a diagnostic needs beyond the finding. */
export interface DiagnosticContext {
  /** What the client takes of a diagnostic. */
  readonly abilities: Abilities['diagnostics'];
  readonly uri: string;
  readonly file: SourceFile;
  /** The page of a finding code; `undefined` where there is none to open. */
  readonly page: (code: string) => string | undefined;
  /** Where a place of another manifest stands; `undefined` where it cannot be found any more. */
  readonly elsewhere: (key: ManifestKey, path: Path) => { readonly uri: string; readonly range: Range } | undefined;
}

const SEVERITIES = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
} as const;

/** A finding as an LSP diagnostic. */
export function diagnosticOf({ place, finding }: PlacedFinding, context: DiagnosticContext): Diagnostic {
  const { pages, related: takesRelated, tags } = context.abilities;
  const href = pages ? context.page(finding.code) : undefined;
  const related = (takesRelated ? finding.related : []).flatMap((other) => {
    const location = placeOf(place, other, context);
    return location ? [{ location, message: other.message }] : [];
  });
  return {
    range: rangeIn(context.file, place, finding.span),
    severity: SEVERITIES[finding.severity],
    source: 'netpol',
    code: finding.code,
    message: finding.message,
    ...(href === undefined ? {} : { codeDescription: { href } }),
    ...(finding.unnecessary && tags ? { tags: [DiagnosticTag.Unnecessary] } : {}),
    ...(related.length > 0 ? { relatedInformation: related } : {}),
  };
}

/** Where a related place stands: in another manifest by its key, else in the manifest of the finding. */
function placeOf(
  place: PlacedManifest,
  related: Related,
  { uri, file, elsewhere }: DiagnosticContext,
): { readonly uri: string; readonly range: Range } | undefined {
  if (related.key !== undefined) return elsewhere(related.key, related.path);
  const where = related.span ?? spanOf(place.manifest.root, related.path);
  return where && { uri, range: rangeIn(file, place, where) };
}
