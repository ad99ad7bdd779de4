import type { Span } from '../../../base/span.ts';
import { quoted, type SelectorFix, type SelectorProblem } from './expression.ts';
import type { Token } from './tokens.ts';

/** Where the parser stands in the words of a selector, and what it has found wrong. Lives as long as one text is read. */
export interface Reader {
  readonly text: string;
  /** Without line breaks, each of which is a problem by itself. */
  readonly tokens: readonly Token[];
  at: number;
  readonly problems: SelectorProblem[];
  /** Opening parentheses that were open at the end of the text. */
  unclosed: number;
  /** A string in the quotes that suit the YAML around it. */
  readonly quoted: (text: string) => string;
}

/** Starts to read. */
export function readerOf(text: string, tokens: readonly Token[], quote: "'" | '"'): Reader {
  const breaks = tokens.filter(isBreak);
  const reader: Reader = {
    text,
    tokens: breaks.length === 0 ? tokens : tokens.filter((token) => !isBreak(token)),
    at: 0,
    problems: [],
    unclosed: 0,
    quoted: (value) => quoted(value, quote),
  };
  const [first] = breaks;
  if (first)
    problem(reader, first.span, breakWords(first, text), {
      title: 'Write it on one line',
      edits: breaks.map((token) => joining(token, text)),
    });
  return reader;
}

/** Blanks are spaces and tabs only (libcalico-go `lib/selector/tokenizer`). */
function isBreak({ kind, text }: Token): boolean {
  return kind === 'odd' && /[\r\n]/.test(text);
}

function breakWords({ span }: Token, text: string): string {
  return span.end === text.length
    ? 'The selector ends with a line break, which Calico does not accept as white space.'
    : 'The selector has a line break, which Calico does not accept as white space.';
}

function joining({ span }: Token, text: string): SelectorFix['edits'][number] {
  return { span, text: span.end === text.length || span.start === 0 ? '' : ' ' };
}

/** The word at the place of the reader, or some words behind it; the end of the text beyond it. */
export function peek({ tokens, at, text }: Reader, ahead: number = 0): Token {
  return tokens[at + ahead] ?? { kind: 'end', span: { start: text.length, end: text.length }, text: '' };
}

/** The word at the place of the reader, which then stands behind it; never beyond the end. */
export function advance(reader: Reader): Token {
  const token = peek(reader);
  if (token.kind !== 'end') reader.at++;
  return token;
}

/** Notes a problem. */
export function problem(reader: Reader, span: Span, message: string, fix?: SelectorFix): void {
  // Of two things that are wrong about the same characters the first one explains the other.
  if (reader.problems.some((other) => other.span.start < span.end && span.start < other.span.end)) return;
  reader.problems.push({ span, message, ...(fix ? { fix } : {}) });
}

/** A fix that replaces one stretch of the text. */
export function replacementFix(title: string, span: Span, text: string): SelectorFix {
  return { title, edits: [{ span, text }] };
}

/** From the start of one stretch to the end of another. */
export function covering(first: Span, last: Span): Span {
  return { start: first.start, end: last.end };
}

/** Does a word combine conditions, or stand where people of other languages would write one that does? */
export function isJoint({ kind, text }: Token, which: 'and' | 'or'): boolean {
  if (kind === which) return true;
  if (which === 'or') return text === '|' || (kind === 'word' && /^or$/i.test(text));
  return kind === 'comma' || text === '&' || text === ';' || (kind === 'word' && /^and$/i.test(text));
}

/** Adds the change of a value to the fix for the operator before it, which is the same mistake; gives whether there was one. */
export function extendFix({ problems }: Reader, at: Span, value: { readonly span: Span; readonly text: string }): boolean {
  const index = problems.findIndex(({ span, fix }) => span.start === at.start && span.end === at.end && fix !== undefined);
  const found = problems[index];
  const [operator] = found?.fix?.edits ?? [];
  if (!found?.fix || !operator) return false;
  problems[index] = { ...found, fix: { title: `Change to '${operator.text.trim()} ${value.text}'`, edits: [...found.fix.edits, value] } };
  return true;
}
