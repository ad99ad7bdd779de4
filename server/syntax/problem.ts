import { endOfLine, startOfLine } from '../base/lines.ts';
import type { Span } from '../base/span.ts';
import type { YamlError } from './yaml.ts';

/** Something wrong with the YAML itself, in words for people. `code` is the name of the rule that reports it. */
export interface Problem {
  readonly code: string;
  readonly span: Span;
  readonly message: string;
}

/**
 * Turns an error of the YAML library into a problem in our words, shown where the mistake is rather than where it was noticed.
 * `undefined` where Go's parser, which the API server uses, has no objection: a comment right behind a quote, a bracket or a comma (`"x"#c`).
 */
export function yamlProblem(error: YamlError, text: string): Problem | undefined {
  const span = visible(error.span, text);
  const word = firstLine(text.slice(span.start, Math.min(span.end, span.start + 200)));
  if (/^Comments must be/.test(error.message)) return undefined;
  const marker = indentedMarker(text, error.span);
  if (marker) return { code: 'yaml-indentation', span: marker, message: markerMessage(text.slice(marker.start, marker.end)) };
  const semicolon = semicolonNear(text, span);
  if (semicolon !== undefined) return { code: 'yaml-bracket', span: { start: semicolon, end: semicolon + 1 }, message: SEMICOLON };
  if (/^Missing closing/.test(error.message)) return { code: 'yaml-quote', span: openQuote(text, span), message: QUOTE };
  if (/with a [\]}]$/.test(error.message)) return bracketProblem(text, span, error.message.endsWith(']') ? ']' : '}');
  if (/^Unexpected flow-(?:seq|map)-end/.test(error.message))
    return { code: 'yaml-bracket', span, message: `This '${word}' has no opening bracket. Remove it, or add the opening bracket.` };
  if (/^Missing directives-end/.test(error.message))
    return { code: 'yaml-directive', span: directiveAbove(text, span), message: DIRECTIVE };
  if (error.code === 'MULTILINE_IMPLICIT_KEY' || /^Implicit map keys/.test(error.message)) return colonProblem(text, span, word);
  if (error.code === 'BLOCK_AS_IMPLICIT_KEY' && isNestedPair(text, span)) {
    return { code: 'yaml-nesting', span: { start: span.start, end: contentEnd(text, span.start) }, message: TWO_COLONS };
  }
  if (/^All (?:mapping|sequence) items/.test(error.message))
    return { code: 'yaml-indentation', span: contentOfLine(text, span.end), message: INDENTATION };
  const rest = { start: span.start, end: contentEnd(text, span.start) };
  if (/block-seq-ind on same line/.test(error.message)) return { code: 'yaml-nesting', span: rest, message: DASH };
  if (/^Block collection cannot start/.test(error.message)) return { code: 'yaml-syntax', span: rest, message: BEHIND_MARKER };
  if (/^Block scalar header/.test(error.message)) return { code: 'yaml-syntax', span: rest, message: BLOCK_HEADER };
  if (/^Missing ,/.test(error.message)) return { code: 'yaml-bracket', span: rest, message: COMMA };
  if (/^Unexpected scalar at node end/.test(error.message)) {
    if (text[span.start] === '-') return { code: 'yaml-nesting', span: rest, message: DASH };
    return isFirstOnLine(text, span.start)
      ? { code: 'yaml-indentation', span: rest, message: INDENTATION }
      : { code: 'yaml-syntax', span: rest, message: BEHIND_VALUE };
  }
  return { code: CODES[error.code] ?? 'yaml-syntax', span, message: MESSAGES[error.code] ?? OTHER };
}

const QUOTE = 'This quote is not terminated, so YAML reads to the end of the document. Add the closing quote.';
const DIRECTIVE = 'A line that starts with % is a YAML directive, which is not allowed in this place. Remove it.';
const TWO_COLONS =
  'A second colon on this line starts an object where none can start. Quote the value, or write the inner field on its own line.';
const INDENTATION = 'The indentation of this line matches no block above it. Align it with the keys that it belongs to.';
const DASH = 'A list cannot start in this place. Write each dash on its own line below the key, or write the list in brackets.';
const BEHIND_MARKER = "A field cannot follow '---' on the same line. Start it on the next line.";
const BLOCK_HEADER = "Only '+', '-' or a number can follow '|' or '>'. Start the text on the next line.";
const SEMICOLON = "';' separates nothing in YAML; entries inside { } and [ ] are separated by commas. Write ',' instead.";
const COMMA = 'A comma is missing before this entry. Add it after the previous entry.';
const BEHIND_VALUE = 'The value before this is already complete. Remove this text, or quote the whole value.';
const DASH_WORD = 'A dash must be followed by a space to start an item. Add the space.';
const OTHER = 'YAML cannot parse the text from here on. Check the indentation, the quotes and the brackets around it.';

const CODES: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'yaml-tab',
  BAD_INDENT: 'yaml-indentation',
  BLOCK_AS_IMPLICIT_KEY: 'yaml-nesting',
  BLOCK_IN_FLOW: 'yaml-bracket',
  BAD_ALIAS: 'yaml-alias',
  ALIAS_PROPS: 'yaml-alias',
  MULTIPLE_ANCHORS: 'yaml-alias',
  BAD_DIRECTIVE: 'yaml-directive',
  BAD_DQ_ESCAPE: 'yaml-quote',
  TAG_RESOLVE_FAILED: 'yaml-tag',
  MULTIPLE_TAGS: 'yaml-tag',
};

const MESSAGES: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'YAML does not allow tabs in the indentation. Use spaces.',
  BAD_INDENT: INDENTATION,
  BLOCK_AS_IMPLICIT_KEY:
    'A list or an object cannot start in this place: the line above is incomplete, or the indentation does not match. End the line above with a colon, or align this line.',
  BLOCK_IN_FLOW: 'Dashes and indentation have no meaning inside [ ] and { }. Separate the items with commas, and close the bracket.',
  BAD_ALIAS: "An anchor (&) or an alias (*) must be followed by a name. Add the name, or quote a string that starts with '*' or '&'.",
  ALIAS_PROPS: 'An alias cannot have an anchor or a tag. Remove what precedes it.',
  MULTIPLE_ANCHORS: 'A value can have only one anchor. Remove the other one.',
  MULTIPLE_TAGS: 'A value can have only one tag. Remove the other one.',
  TAG_RESOLVE_FAILED: "Unknown YAML tag. Remove it, or quote a string that starts with '!'.",
  BAD_DIRECTIVE: DIRECTIVE,
  BAD_DQ_ESCAPE: 'Unknown escape sequence in double quotes. Write the backslash twice, or use single quotes.',
  BAD_SCALAR_START: 'An unquoted value cannot start with this character. Quote the value.',
  UNEXPECTED_TOKEN:
    'YAML does not expect this text. Check for a missing or extra bracket, comma or colon, and for the indentation of this line.',
};

/** `podSel` on a line of its own, `port:80` without a space, or a line that goes on where a complete value stands above it. */
function colonProblem(text: string, span: Span, word: string): Problem {
  const shown = word.length > 40 ? `${word.slice(0, 39)}…` : word;
  if (!isFirstOnLine(text, span.start) && isInBrackets(text, span.start))
    return { code: 'yaml-bracket', span: contentOfLine(text, span.end), message: COMMA };
  const here = { start: span.start, end: contentEnd(text, span.start) };
  if (/^-(?: |$)/.test(word)) return { code: 'yaml-nesting', span: here, message: DASH };
  if (/^-[^-]/.test(word)) return { code: 'yaml-nesting', span: here, message: DASH_WORD };
  if (!isFirstOnLine(text, span.start)) return { code: 'yaml-indentation', span: contentOfLine(text, span.end), message: INDENTATION };
  if (/^[\w./-]+:[^\s:]/.test(word)) {
    return {
      code: 'yaml-colon',
      span: here,
      message: `'${shown}' is one word without a space after the colon. Add the space.`,
    };
  }
  if (/^[\w./-]+$/.test(word)) {
    return {
      code: 'yaml-colon',
      span: here,
      message: `'${shown}' is not followed by a colon, so it is not a field. Write '${shown}:' and its value.`,
    };
  }
  return {
    code: 'yaml-colon',
    span: here,
    message: "This line has no colon, so YAML joins it with the next line. Write 'key: value', or indent it as part of the value above.",
  };
}

function bracketProblem(text: string, noticed: Span, closing: ']' | '}'): Problem {
  const open = openBracket(text, noticed.start, closing);
  const span = open === undefined ? noticed : { start: open, end: contentEnd(text, open) };
  const bracket = closing === ']' ? '[' : '{';
  return { code: 'yaml-bracket', span, message: `This '${bracket}' is not closed. Add '${closing}' after the last entry.` };
}

/** The opening bracket that nothing closes before the offset, looked for in the few thousand characters above it. */
function openBracket(text: string, offset: number, closing: ']' | '}'): number | undefined {
  const [open, lowest] = [closing === ']' ? '[' : '{', Math.max(0, offset - 5000)];
  let depth = 0;
  for (let at = offset - 1; at >= lowest; at--) {
    if (text[at] === closing) depth++;
    if (text[at] === open && depth-- === 0) return at;
  }
  return undefined;
}

/** Is a bracket open at the offset? */
export function isInBrackets(text: string, offset: number): boolean {
  return openBracket(text, offset, '}') !== undefined || openBracket(text, offset, ']') !== undefined;
}

/** A `;` between two entries in brackets, on the line of an error or the next one that it reaches; not one in quotes. */
function semicolonNear(text: string, { start, end }: Span): number | undefined {
  for (const offset of new Set([startOfLine(text, start), startOfLine(text, end)])) {
    const line = text.slice(offset, contentEnd(text, offset));
    const bare = line.replace(/"[^"]*"|'[^']*'/g, (quoted) => '_'.repeat(quoted.length));
    const at = bare.search(/;(?=\s*[\w"'{[-][^;,{}[\]]*:|\s*[\w"'-]+\s*[\]}])/);
    if (at !== -1 && isInBrackets(text, offset + at)) return offset + at;
  }
  return undefined;
}

/** From the quote that nothing closes to the end of its line. */
function openQuote(text: string, noticed: Span): Span {
  const start = noticed.start;
  const end = contentEnd(text, start);
  return end > start ? { start, end } : noticed;
}

function directiveAbove(text: string, noticed: Span): Span {
  const found = /(?:^|[\r\n])(%[^\r\n]*)/.exec(text.slice(0, noticed.end));
  return found?.[1] === undefined
    ? noticed
    : { start: found.index + found[0].length - found[1].length, end: found.index + found[0].length };
}

/** Is there a second colon on the line: `a: b: c`? */
function isNestedPair(text: string, span: Span): boolean {
  return !isFirstOnLine(text, span.start) && /:(?:\s|$)/.test(text.slice(span.start, contentEnd(text, span.start)));
}

/** The `---` or `...` behind blanks that is all there is on the first or the last line of an error: an editor keeps the indentation at Enter. */
function indentedMarker(text: string, { start, end }: Span): Span | undefined {
  return [start, end].map((offset) => contentOfLine(text, offset)).find((content) => isIndentedMarker(text, content));
}

/** Is the content of a line a mark between documents that does not stand at the start of the line, so that YAML does not read it as one? */
export function isIndentedMarker(text: string, content: Span): boolean {
  return content.start > startOfLine(text, content.start) && /^(?:---|\.\.\.)$/.test(text.slice(content.start, content.end));
}

function markerMessage(marker: string): string {
  return `'${marker}' separates documents only at the start of a line; here it is a string. Remove the spaces before it.`;
}

/** Does nothing but indentation and dashes stand in front of the offset on its line? */
export function isFirstOnLine(text: string, offset: number): boolean {
  return /^[ \t]*(?:- +)*$/.test(text.slice(Math.max(startOfLine(text, offset), offset - 500), offset));
}

/** The end of what stands on the line of an offset, without blanks and a comment at its end. */
function contentEnd(text: string, offset: number): number {
  const content = text
    .slice(offset, endOfLine(text, offset))
    .replace(/(?<=\s)#.*$/, '')
    .trimEnd();
  return offset + Math.max(content.length, 1);
}

/** What stands on the line of an offset, without indentation, blanks and a comment. */
export function contentOfLine(text: string, offset: number): Span {
  const start = startOfLine(text, offset);
  const indent = text.slice(start, endOfLine(text, start)).search(/\S/);
  return { start: start + Math.max(indent, 0), end: Math.min(text.length, contentEnd(text, start + Math.max(indent, 0))) };
}

function firstLine(text: string): string {
  return text.split(/[\r\n]/, 1)[0]?.trim() ?? '';
}

/** A span that an editor can show: inside the text, at least one character long where there is one. */
function visible(where: Span, text: string): Span {
  const start = Math.max(0, Math.min(where.start, text.length));
  const end = Math.max(start, Math.min(where.end, text.length));
  if (end > start) return { start, end };
  return start < text.length ? { start, end: start + 1 } : { start: Math.max(0, start - 1), end: start };
}
