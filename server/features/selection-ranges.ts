import { shift, type Span } from '../base/span.ts';
import { identify } from '../model/identify.ts';
import { placeAt } from '../syntax/locate.ts';
import type { FeatureContext } from './context.ts';

/** What a growing selection includes, step by step: the word, the entry, what is around it, the document. Innermost first. */
export function selectionRanges(context: FeatureContext, offset: number): readonly Span[] {
  const place = placeAt(context.file, offset);
  if (!place || !identify(place.placed.manifest).ours) return [];
  const { manifest, start } = place.placed;
  const whole = { start: 0, end: manifest.piece.text.trimEnd().length };
  const ranges: Span[] = [];
  for (const span of [...place.around].reverse().concat(whole)) {
    const last = ranges.at(-1);
    if (span.start === span.end || (last && last.start === start + span.start && last.end === start + span.end)) continue;
    // Each one must hold the one before it.
    if (!last || (start + span.start <= last.start && last.end <= start + span.end)) ranges.push(shift(span, start));
  }
  return ranges;
}
