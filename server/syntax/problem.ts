import type { Span } from '../base/span.ts';

/** Something wrong with the YAML itself, in words for people. */
export interface Problem {
  readonly code: string;
  readonly span: Span;
  readonly message: string;
}

/**
 * Turns an error of the YAML library into a problem in our words; `undefined` where Go's parser, which the API server uses, has no
 * objection (`"x"#c` without a space before the comment).
 */
export function yamlProblem(code: string, pos: readonly [number, number], text: string): Problem | undefined {
  const where = visible({ start: pos[0], end: pos[1] }, text);
  const word = text.slice(where.start, where.end);
  if (code === 'MISSING_CHAR' && word.startsWith('#') && /["'\]}]$/.test(text.slice(0, where.start))) return undefined;
  if (code === 'MISSING_CHAR' && word.startsWith('#')) return { code: 'yaml-comment', span: where, message: 'A comment needs a space before its #. Put one in.' };
  if (code === 'MISSING_CHAR' && unclosedQuote(text, where)) return { code: 'yaml-quote', span: where, message: MESSAGES['QUOTE'] ?? '' };
  const shown = word.split(/[\r\n]/, 1)[0]?.trim().slice(0, 40) ?? '';
  if (code === 'MISSING_CHAR' && /^[\w./-]+$/.test(shown)) return { code: 'yaml-colon', span: where, message: `\`${shown}\` is not followed by a colon, so it is not a field yet. Write \`${shown}:\` and its value.` };
  const name = CODES[code] ?? 'yaml-syntax';
  return { code: name, span: where, message: MESSAGES[code] ?? 'This is not YAML: the text cannot be read from here on. Check the indentation, the quotes and the brackets around it.' };
}

const CODES: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'yaml-tab',
  BAD_INDENT: 'yaml-indentation',
  MULTILINE_IMPLICIT_KEY: 'yaml-colon',
  BLOCK_AS_IMPLICIT_KEY: 'yaml-nesting',
  BLOCK_IN_FLOW: 'yaml-bracket',
  BAD_ALIAS: 'yaml-alias',
  DUPLICATE_ANCHOR: 'yaml-alias',
  BAD_DIRECTIVE: 'yaml-directive',
  BAD_DQ_ESCAPE: 'yaml-quote',
};

const MESSAGES: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'YAML does not allow a tab for indentation. Use spaces.',
  BAD_INDENT: 'This line is indented differently from its neighbours, so YAML cannot tell where it belongs. Line it up with the keys it belongs to.',
  MULTILINE_IMPLICIT_KEY: 'This line has no colon, so YAML joins it with the next one. Write `key: value`, or indent it as part of the value above.',
  BLOCK_AS_IMPLICIT_KEY: 'A list or a map cannot start here: the line before it is not finished, or its indentation does not fit. End the line above with a colon, or line this one up.',
  BLOCK_IN_FLOW: 'Inside [ ] and { } YAML cannot use dashes and indentation. Close the bracket first.',
  BAD_ALIAS: 'This alias has no name, or no anchor of that name stands before it. Put text that starts with * or & in quotes.',
  BAD_DIRECTIVE: 'This line starts with %, which YAML reads as a directive it does not know. Remove it.',
  BAD_DQ_ESCAPE: 'This escape is not known inside double quotes. Write the backslash twice, or use single quotes.',
  BAD_SCALAR_START: 'A plain value cannot start with this character. Put the value in quotes.',
  UNEXPECTED_TOKEN: 'This does not fit here: a bracket, a comma or a colon too many or too few, or a line that does not belong to what stands above it.',
  QUOTE: 'This quote is never closed. Add the closing quote.',
};

function unclosedQuote(text: string, where: Span): boolean {
  const before = text.slice(Math.max(0, where.start - 2000), where.start);
  const line = before.slice(Math.max(before.lastIndexOf('\n'), before.lastIndexOf('\r')) + 1);
  return where.end >= text.trimEnd().length && /["'][^"']*$/.test(line + text.slice(where.start, where.end));
}

/** A span that an editor can show: inside the text, at least one character long where there is one. */
function visible(where: Span, text: string): Span {
  const start = Math.max(0, Math.min(where.start, text.length));
  const end = Math.max(start, Math.min(where.end, text.length));
  if (end > start) return { start, end };
  return start < text.length ? { start, end: start + 1 } : { start: Math.max(0, start - 1), end: start };
}
