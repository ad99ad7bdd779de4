import { endOfLine } from '../base/lines.ts';
import type { YamlError } from './yaml.ts';

/**
 * Quotes that are opened as a value and certainly not closed: not on their line, and what would close them further down is followed by
 * something that cannot follow a quote, or nothing would. None where any of this is in doubt, for a quote may go on over lines.
 * Without this, the next quote below would be taken for the closing one, and the last quote of the text for the one that is open.
 */
export function openQuotes(text: string): readonly YamlError[] {
  const errors: YamlError[] = [];
  const value = /^ *(?:- +)*(?:[\w./-]+: +)?(["'])/gm;
  for (let found = value.exec(text); found; found = value.exec(text)) {
    const start = value.lastIndex - 1;
    const end = endOfLine(text, start);
    if (closingQuote(text.slice(start, end)) !== undefined) continue;
    if (!isCertain(text, start)) return [];
    errors.push({ code: 'MISSING_CHAR', span: { start, end }, message: `Missing closing ${found[1]}quote` });
    if (errors.length > MAX_ERRORS) return [];
  }
  return errors;
}

/** A text with more of them is no half-typed YAML. */
const MAX_ERRORS = 10;

function isCertain(text: string, start: number): boolean {
  const length = closingQuote(text.slice(start));
  // Whatever may stand behind a quote: nothing, a comment, what ends an entry in brackets, or a colon.
  return length === undefined || !/^[ \t]*(?:[\r\n,\]}:]|$)|^[ \t]+#/.test(text.slice(start + length, start + length + 200));
}

/** How many characters the quoted text at the start of a text has; `undefined` where it is not closed. */
function closingQuote(text: string): number | undefined {
  const quoted = text.startsWith('"') ? /^"[^"\\]*(?:\\[^][^"\\]*)*"/ : /^'[^']*(?:''[^']*)*'/;
  return quoted.exec(text)?.[0].length;
}
