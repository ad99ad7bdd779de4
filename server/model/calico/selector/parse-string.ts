import type { Word } from './expression.ts';
import { advance, problem, replacementFix, type Reader } from './reader.ts';

/** A string; one whose closing quote is missing reaches to the end of the text. */
export function stringAt(reader: Reader): Word {
  const { text, span, unterminated } = advance(reader);
  if (unterminated === true) {
    const quote = reader.text.charAt(span.start);
    const isOther = text.length > 1 && text.endsWith(quote === '"' ? "'" : '"');
    const at = { start: isOther ? span.end - 1 : span.end, end: span.end };
    problem(reader, span, `The string is never closed: a ${quote} is missing.`, replacementFix('Close the string', at, quote));
  }
  return { text, span };
}

/** A string in backticks, which are no quotes here. */
export function backticks(reader: Reader): Word {
  const open = advance(reader);
  const close = reader.tokens.findIndex(({ text }, i) => i >= reader.at && text === '`');
  const end = close === -1 ? open.span.end : (reader.tokens[close]?.span.end ?? open.span.end);
  if (close !== -1) reader.at = close + 1;
  const span = { start: open.span.start, end };
  const text = reader.text.slice(span.start + 1, Math.max(span.start + 1, end - 1));
  const fix = close === -1 ? undefined : replacementFix('Change the quotes', span, reader.quoted(text));
  problem(reader, span, 'Strings stand in single or double quotes, not in backticks.', fix);
  return { text, span };
}
