import type { Pair } from '../../syntax/tree.ts';
import type { Replacement } from '../finding.ts';

/** Gives a field another value, on the line of its key. */
export function putValue(text: string, pair: Pair, value: string): Replacement {
  const colon = text.indexOf(':', pair.key.span.end);
  const start = colon === -1 ? pair.key.span.end : colon + 1;
  const written = pair.value.span.end > pair.value.span.start;
  return { start, end: written ? Math.max(start, pair.value.span.end) : start, text: ` ${value}` };
}
