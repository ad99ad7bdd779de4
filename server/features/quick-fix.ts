import { touches, type Span } from '../base/span.ts';
import type { Finding, Fix } from '../rules/finding.ts';
import { findingsOf } from '../rules/run.ts';
import { ignoreFixes, silenceInFile } from '../rules/silence.ts';
import { placesOf, type PlacedManifest, type SourceFile } from '../syntax/source-file.ts';
import { manifestsIn } from '../syntax/manifest.ts';
import type { DiagnoseOptions, PlacedFinding } from './diagnose.ts';

/** A repair that can be offered, and the finding it is for. */
export interface OfferedFix {
  readonly place: PlacedManifest;
  readonly finding: Finding;
  readonly fix: Fix;
}

/** The repairs for the findings that touch a range of the file, in the order of the text. */
export function quickFixes(file: SourceFile, options: DiagnoseOptions, range: Span): readonly OfferedFix[] {
  const found = findingsIn(file, options, range);
  const repairs = found.flatMap(({ place, finding }) => finding.fixes.map((fix) => ({ place, finding, fix })));
  // Not looking comes last.
  return [
    ...repairs,
    ...found.flatMap(({ place, finding }) => ignoreFixes(place.manifest, finding).map((fix) => ({ place, finding, fix }))),
  ];
}

/** Every repair that keeps the meaning, as replacements that do not overlap: where two do, the first in the text is taken. */
export function fixAll(file: SourceFile, options: DiagnoseOptions): readonly OfferedFix[] {
  const taken: OfferedFix[] = [];
  let end = -1;
  for (const { place, finding } of findingsIn(file, options, undefined)) {
    const fix = finding.fixes.find(({ safe }) => safe);
    if (!fix || fix.edits.length === 0) continue;
    const first = Math.min(...fix.edits.map((edit) => place.start + edit.start));
    if (first < end || (first === end && fix.edits.some((edit) => edit.start === edit.end))) continue;
    taken.push({ place, finding, fix });
    end = Math.max(...fix.edits.map((edit) => place.start + edit.end));
  }
  return taken;
}

/** The findings of the manifests that a range touches; of the whole file without one. */
function findingsIn(file: SourceFile, options: DiagnoseOptions, range: Span | undefined): readonly PlacedFinding[] {
  const found: PlacedFinding[] = [];
  for (const { piece, start, document, prefix } of placesOf(file)) {
    if (range && (start > range.end || start + piece.text.length < range.start)) continue;
    for (const manifest of manifestsIn(piece)) {
      const place = { manifest, start, document, prefix: [...prefix, ...manifest.inner] };
      for (const finding of findingsOf(manifest, options)) {
        if (range === undefined || isIn(finding.span, start, range)) found.push({ place, finding });
      }
    }
  }
  const silence = silenceInFile(file);
  const left = silence ? found.filter(({ finding }) => !silence.isSilenced(finding.code)) : found;
  return left.toSorted((a, b) => firstEdit(a) - firstEdit(b));
}

function firstEdit({ place, finding }: PlacedFinding): number {
  return place.start + Math.min(finding.span.start, ...(finding.fixes[0]?.edits.map((edit) => edit.start) ?? []));
}

function isIn(where: Span, start: number, range: Span): boolean {
  const at = { start: where.start + start, end: where.end + start };
  return touches(at, range.start) || touches(at, range.end) || (range.start <= at.start && at.end <= range.end);
}
