import { groupBy } from '../base/lists.ts';
import type { Severity } from '../rules/finding.ts';
import { MAX_FINDINGS } from '../rules/make-finding.ts';
import { findingsAboutOmitted, type FindingOptions } from '../rules/manifest-findings.ts';
import type { PlacedFinding } from './placed-finding.ts';

const URGENCY: Readonly<Record<Severity, number>> = { error: 0, warning: 1, information: 2, hint: 3 };

/** The rule that says how many there are more. */
const NOTE = 'too-many-findings';

/**
 * Of each manifest the findings that are shown, in the given order: all of them, or the most severe ones (of equally severe ones the first)
 * and one that says how many there are more.
 */
export function shownFindings(found: readonly PlacedFinding[], options: FindingOptions): readonly PlacedFinding[] {
  if (found.length <= MAX_FINDINGS && !found.some(({ finding }) => finding.code === NOTE)) return found;
  const shown = new Set<PlacedFinding>();
  const notes = new Map<PlacedFinding, readonly PlacedFinding[]>();
  for (const [manifest, all] of groupBy(found, ({ place }) => place.manifest)) {
    const own = all.filter(({ finding }) => finding.code !== NOTE);
    const first = own.toSorted((a, b) => URGENCY[a.finding.severity] - URGENCY[b.finding.severity]).slice(0, MAX_FINDINGS);
    for (const one of first) shown.add(one);
    const [top] = first;
    if (!top || own.length <= MAX_FINDINGS) continue;
    const note = findingsAboutOmitted(own.length - MAX_FINDINGS, manifest, options);
    const before = own.find((one) => shown.has(one)) ?? top;
    notes.set(
      before,
      note.map((finding) => ({ place: top.place, finding })),
    );
  }
  return found.filter((one) => shown.has(one)).flatMap((one) => [...(notes.get(one) ?? []), one]);
}
