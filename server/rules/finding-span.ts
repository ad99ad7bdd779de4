import type { Span } from '../base/span.ts';
import { contentOfLine } from '../syntax/problem.ts';

/**
 * What to underline for a finding, in offsets of the text: never blank space, and of what goes over several lines the first one. What is
 * `faded` keeps its length, as all of it has no effect.
 */
export function findingSpan({ start: from, end: to }: Span, text: string, faded: boolean): Span {
  const start = Math.max(0, Math.min(from, text.length));
  const end = Math.max(start, Math.min(to, text.length));
  if (start === end) return { start, end };
  const written = text.slice(start, end);
  const blank = written.length - written.trimStart().length;
  // A tab in the indentation is itself what is wrong.
  if (blank === written.length) return written.includes('\t') ? { start, end } : besideBlank({ start, end }, text);
  const first = start + blank;
  if (faded || !/[\r\n]/.test(written.trim())) return { start: first, end: start + written.trimEnd().length };
  return { start: first, end: Math.min(start + written.trimEnd().length, Math.max(first + 1, contentOfLine(text, first).end)) };
}

/** Blank space is nothing to underline: the rest of its line is, where something stands there. */
function besideBlank(blank: Span, text: string): Span {
  const content = contentOfLine(text, blank.start);
  return text.slice(content.start, content.end).trim() === '' ? blank : content;
}
