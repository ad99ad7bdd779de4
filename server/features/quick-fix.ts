import { touches, type Span } from '../base/span.ts';
import type { Work } from '../base/work.ts';
import type { Finding, Fix, Severity } from '../rules/finding.ts';
import { findingsOf } from '../rules/manifest-findings.ts';
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

const URGENCY: Readonly<Record<Severity, number>> = { error: 0, warning: 1, information: 2, hint: 3 };

/**
 * The repairs for those of some findings of a file that touch a range (in offsets of the file): first what repairs the most severe
 * finding, of equally severe ones in the order of the text; to ignore a finding comes after all repairs. A repair that two findings share
 * is offered once, for the more severe one. Yields between findings.
 */
export function* quickFixes(findings: readonly PlacedFinding[], range: Span): Work<readonly OfferedFix[]> {
  const found = findings
    .filter(({ place, finding }) => isIn(finding.span, place.start, range))
    .toSorted((a, b) => URGENCY[a.finding.severity] - URGENCY[b.finding.severity] || firstEdit(a) - firstEdit(b));
  const repairs = new Map<string, OfferedFix>();
  const silences = new Map<string, OfferedFix>();
  for (const { place, finding } of found) {
    for (const fix of finding.fixes) addDistinct(repairs, { place, finding, fix });
    for (const fix of ignoreFixes(place.manifest, finding)) addDistinct(silences, { place, finding, fix });
    yield;
  }
  return [...repairs.values(), ...silences.values()];
}

function addDistinct(byEffect: Map<string, OfferedFix>, offered: OfferedFix): void {
  const effect = JSON.stringify([offered.place.start, offered.fix.edits]);
  if (!byEffect.has(effect)) byEffect.set(effect, offered);
}

/** Every repair that keeps the meaning, as replacements that do not overlap: where two do, the first in the text is taken. */
export function fixAll(file: SourceFile, options: DiagnoseOptions): readonly OfferedFix[] {
  const taken: OfferedFix[] = [];
  let end = -1;
  for (const { place, finding } of findingsIn(file, options)) {
    const fix = finding.fixes.find(({ safe }) => safe);
    if (!fix || fix.edits.length === 0) continue;
    const first = Math.min(...fix.edits.map((edit) => place.start + edit.start));
    if (first < end || (first === end && fix.edits.some((edit) => edit.start === edit.end))) continue;
    taken.push({ place, finding, fix });
    end = Math.max(...fix.edits.map((edit) => place.start + edit.end));
  }
  return taken;
}

/** What the manifests of a file say by themselves, in the order of the first edits. */
function findingsIn(file: SourceFile, options: DiagnoseOptions): readonly PlacedFinding[] {
  const found: PlacedFinding[] = [];
  for (const { piece, start, document, prefix } of placesOf(file)) {
    for (const manifest of manifestsIn(piece)) {
      const place = { manifest, start, document, prefix: [...prefix, ...manifest.inner] };
      for (const finding of findingsOf(manifest, options)) found.push({ place, finding });
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
