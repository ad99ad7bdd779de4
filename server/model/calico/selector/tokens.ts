import type { Span } from '../../../base/span.ts';

/*
 * The words of Calico's selector expressions. Facts: libcalico-go `lib/selector/tokenizer`: blanks are spaces and tabs, strings stand in
 * single or double quotes without escapes, labels are made of letters, digits and `_ . / -`, and the words `contains`, `starts with`,
 * `ends with`, `in` and `not in` are operators behind a label only.
 */

/** A word of a selector. Spans count from the start of the selector's text. */
export interface Token {
  readonly kind: TokenKind;
  readonly span: Span;
  /** The text without quotes; of a function call such as `has(app)` the name of the function. */
  readonly text: string;
  /** For a string whose closing quote is missing. */
  readonly unterminated?: true;
}

/**
 * `word`: a label, an operator written as a word, or a value without its quotes. `function`: a word that an opening parenthesis follows at
 * once. `equals`: `==`. `odd`: characters that the language does not have, such as `=`, `&`, `;` or a line break.
 */
export type TokenKind = 'word' | 'function' | 'string' | 'equals' | 'unequal' | 'not' | 'and' | 'or' | 'comma' | Bracket | 'odd' | 'end';

type Bracket = '(' | ')' | '{' | '}';

/** The most characters a label may have. */
export const MAX_LABEL_CHARACTERS = 512;

/** The words of a text, whatever it is; the last one is always `end`. */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const blank = /^[ \t]+/.exec(text.slice(at));
    if (blank) {
      at += blank[0].length;
      continue;
    }
    const token = tokenAt(text, at);
    tokens.push(token);
    at = token.span.end;
  }
  return [...tokens, { kind: 'end', span: { start: text.length, end: text.length }, text: '' }];
}

const FIXED: readonly (readonly [string, TokenKind])[] = [
  ['&&', 'and'],
  ['||', 'or'],
  ['!=', 'unequal'],
  ['==', 'equals'],
  ['!', 'not'],
  [',', 'comma'],
  ['(', '('],
  [')', ')'],
  ['{', '{'],
  ['}', '}'],
];

const WORD = /[A-Za-z0-9_./-]+/y;
/** Signs that people write for an operator, kept together; line breaks and the blanks around them; any other single character. */
const ODD = /===+|!==+|<>|=~|!~|=|[ \t]*[\r\n][ \t\r\n]*|[^\x00-\x7f]+|[\s\S]/uy;

function tokenAt(text: string, start: number): Token {
  const first = text[start];
  if (first === '"' || first === "'") return stringAt(text, start, first);
  const odd = matchAt(ODD, text, start);
  if (odd.length > 1 && /^[=!<]/.test(odd)) return tokenOf('odd', start, odd);
  const fixed = FIXED.find(([sign]) => text.startsWith(sign, start));
  if (fixed) return tokenOf(fixed[1], start, fixed[0]);
  const word = matchAt(WORD, text, start);
  if (word !== '') return tokenOf(text[start + word.length] === '(' ? 'function' : 'word', start, word);
  return tokenOf('odd', start, odd === '' ? text.slice(start, start + 1) : odd);
}

function matchAt(pattern: RegExp, text: string, start: number): string {
  const sticky = new RegExp(pattern.source, pattern.flags);
  sticky.lastIndex = start;
  return sticky.exec(text)?.[0] ?? '';
}

function tokenOf(kind: TokenKind, start: number, text: string): Token {
  return { kind, span: { start, end: start + text.length }, text };
}

function stringAt(text: string, start: number, quote: string): Token {
  const close = text.indexOf(quote, start + 1);
  if (close !== -1) return { kind: 'string', span: { start, end: close + 1 }, text: text.slice(start + 1, close) };
  const rest = text.slice(start + 1).trimEnd();
  return { kind: 'string', span: { start, end: start + 1 + rest.length }, text: rest, unterminated: true };
}
