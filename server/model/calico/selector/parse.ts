import type { Span } from '../../../base/span.ts';
import type { Expression, SelectorFix, SelectorProblem, Word } from './expression.ts';
import { conditionAt } from './parse-condition.ts';
import { callAt, isCall } from './parse-call.ts';
import { advance, covering, isJoint, peek, problem, replacementFix, type Reader, readerOf } from './reader.ts';
import { tokensOf, type Token } from './tokens.ts';

/** A selector's text, read: its words always, what it says only where nothing is wrong with it. */
export interface ParsedSelector {
  readonly text: string;
  readonly tokens: readonly Token[];
  /** What it says; `undefined` where Calico's parser refuses it. */
  readonly expression: Expression | undefined;
  /** As far as it can be read, for editors; nothing may be claimed from it. */
  readonly partial: Expression | undefined;
  readonly problems: readonly SelectorProblem[];
}

/**
 * Reads a selector of Calico: `app == 'web' && has(tier)`. Never fails; what libcalico-go's parser refuses is a problem with its place.
 * The empty string means all endpoints (`lib/selector/parser`). `quote` is the kind of quotes that fixes should write.
 */
export function parseSelector(text: string, quote: "'" | '"' = "'"): ParsedSelector {
  const tokens = tokensOf(text);
  const reader = readerOf(text, tokens, quote);
  const whole = { start: 0, end: text.length };
  if (peek(reader).kind === 'end' && reader.problems.length === 0) {
    const all: Expression = { kind: 'all', span: whole };
    return { text, tokens, expression: all, partial: all, problems: [] };
  }
  const partial = wholeOf(reader);
  const problems = reader.problems.toSorted((a, b) => a.span.start - b.span.start);
  return { text, tokens, expression: problems.length === 0 ? partial : undefined, partial, problems };
}

/** Everything up to the end of the text; closing parentheses that nothing opened are passed over. */
function wholeOf(reader: Reader): Expression | undefined {
  const parts: Expression[] = [];
  while (peek(reader).kind !== 'end') {
    const before = reader.at;
    const part = orAt(reader, 0);
    if (part) parts.push(part);
    const { kind, span } = peek(reader);
    if (kind === ')' || kind === '}') {
      problem(reader, span, `Nothing opens this '${kind}'.`, replacementFix(`Delete the '${kind}'`, span, ''));
      advance(reader);
    } else if (reader.at === before) {
      advance(reader);
    }
  }
  return joined('and', parts);
}

/** Parentheses deeper than this are no selector that someone wrote. */
const MAX_DEPTH = 50;

function orAt(reader: Reader, depth: number): Expression | undefined {
  const parts = [andAt(reader, depth)];
  while (isJoint(peek(reader), 'or')) {
    jointAt(reader, '||');
    parts.push(andAt(reader, depth));
  }
  return joined('or', parts);
}

function andAt(reader: Reader, depth: number): Expression | undefined {
  const parts = [termAt(reader, depth)];
  while (isJoint(peek(reader), 'and') || startsTerm(reader)) {
    if (isJoint(peek(reader), 'and')) jointAt(reader, '&&');
    else missingJoint(reader);
    parts.push(termAt(reader, depth));
  }
  return joined('and', parts);
}

function joined(kind: 'and' | 'or', parts: readonly (Expression | undefined)[]): Expression | undefined {
  const of = parts.filter((part) => part !== undefined);
  const [first] = of;
  const last = of.at(-1);
  if (!first || !last || of.length === 1) return first;
  return { kind, of, span: covering(first.span, last.span) };
}

/** Between two conditions: `&&` and `||`, or what people write for them. */
function jointAt(reader: Reader, sign: '&&' | '||'): void {
  const token = advance(reader);
  if (token.kind === 'and' || token.kind === 'or') return;
  const blank = token.kind === 'comma' || token.text === ';' ? ' ' : '';
  const message = `'${token.text}' does not combine conditions. Write '${sign}'.`;
  problem(reader, token.span, message, replacementFix(`Change to '${sign}'`, token.span, `${blank}${sign}`));
}

function missingJoint(reader: Reader): void {
  const { span } = peek(reader);
  const fix: SelectorFix = { title: "Insert '&&'", edits: [{ span: { start: span.start, end: span.start }, text: '&& ' }] };
  problem(reader, span, "An operator is missing between two conditions. Write '&&' or '||'.", fix);
}

/** Does a condition start here although the one before it has just ended? */
function startsTerm(reader: Reader): boolean {
  const token = peek(reader);
  const { kind, text } = token;
  if (isJoint(token, 'or')) return false;
  return kind === 'word' || kind === 'function' || kind === 'string' || kind === '(' || kind === '{' || kind === 'not' || text === '*';
}

/** One condition, or a negated or bracketed one. */
function termAt(reader: Reader, depth: number): Expression | undefined {
  const start = peek(reader).span.start;
  let negated = false;
  while (isNegation(reader)) negated = !negated;
  const of = operandAt(reader, depth);
  return of && negated ? { kind: 'not', of, span: { start, end: of.span.end } } : of;
}

/** Reads `!`, or the word `not` in its place. */
function isNegation(reader: Reader): boolean {
  const token = peek(reader);
  if (token.kind === 'not') {
    advance(reader);
    return true;
  }
  const next = peek(reader, 1);
  const isWord = /^not$/i.test(token.text) && (token.kind === 'function' || (token.kind === 'word' && isOperand(next)));
  if (!isWord) return false;
  advance(reader);
  const upTo = token.kind === 'function' ? token.span.end : next.span.start;
  problem(
    reader,
    token.span,
    `'${token.text}' does not negate a condition. Write '!'.`,
    replacementFix("Change to '!'", { start: token.span.start, end: upTo }, '!'),
  );
  return true;
}

/** Behind a word that stands for `!`. A label named `not` has an operator behind it instead. */
function isOperand({ kind, text }: Token): boolean {
  return kind === 'function' || kind === '(' || (kind === 'word' && !/^(?:in|contains|starts|ends|startswith|endswith|notin)$/i.test(text));
}

function operandAt(reader: Reader, depth: number): Expression | undefined {
  const token = peek(reader);
  if (isCall(reader)) return callAt(reader);
  switch (token.kind) {
    case 'word':
    case 'string':
    case 'function':
      return conditionAt(reader);
    case '(':
      return bracketed(reader, depth);
    case '{':
      return kubernetesMap(reader);
    case 'end':
      problem(reader, endSpan(reader), nothingThere(reader), withoutTrailing(reader));
      return undefined;
    case 'and':
    case 'or':
      problem(
        reader,
        token.span,
        `A condition is missing before '${token.text}'.`,
        replacementFix(`Delete '${token.text}'`, upToNext(reader), ''),
      );
      return undefined;
    case ')':
      problem(reader, token.span, "A condition is missing before ')'.");
      return undefined;
    default:
      return oddAt(reader);
  }
}

function nothingThere(reader: Reader): string {
  const before = reader.tokens[reader.at - 1];
  return before ? `A condition is missing after '${before.text}'.` : 'The selector has no condition.';
}

/** An operator at the end of the text, with the blanks before it. */
function withoutTrailing({ tokens, at, text }: Reader): SelectorFix | undefined {
  const last = tokens[at - 1];
  const before = tokens[at - 2];
  if (!last || !before || (last.kind !== 'and' && last.kind !== 'or')) return undefined;
  return { title: `Delete '${last.text}'`, edits: [{ span: { start: before.span.end, end: text.length }, text: '' }] };
}

function endSpan({ tokens, at, text }: Reader): Span {
  return tokens[at - 1]?.span ?? { start: 0, end: text.length };
}

function upToNext(reader: Reader): Span {
  return { start: peek(reader).span.start, end: peek(reader, 1).span.start };
}

function bracketed(reader: Reader, depth: number): Expression | undefined {
  const open = advance(reader);
  if (depth >= MAX_DEPTH) {
    problem(reader, open.span, 'Parentheses are nested too deeply to be checked.');
    reader.at = reader.tokens.length - 1;
    return undefined;
  }
  const inner = orAt(reader, depth + 1);
  const close = peek(reader);
  if (close.kind !== ')') {
    reader.unclosed++;
    if (depth === 0) unclosedAt(reader, open);
    return inner && { ...inner, span: covering(open.span, inner.span) };
  }
  advance(reader);
  return inner && { ...inner, span: covering(open.span, close.span) };
}

/** Of parentheses within each other that are all open at the end of the text, the outermost says so for all. */
function unclosedAt(reader: Reader, open: Token): void {
  const end = reader.tokens[reader.at - 1]?.span.end ?? open.span.end;
  const closing = ')'.repeat(reader.unclosed);
  problem(reader, open.span, "This '(' is never closed.", replacementFix(`Insert '${closing}'`, { start: end, end }, closing));
  reader.unclosed = 0;
}

/** `{app: web}`: a label map of Kubernetes. */
function kubernetesMap(reader: Reader): Expression | undefined {
  const open = advance(reader);
  const pairs: { key: Token; value: Token }[] = [];
  while (!['}', 'end'].includes(peek(reader).kind)) {
    const [key, colon, value] = [peek(reader), peek(reader, 1), peek(reader, 2)];
    if (colon.text === ':' && isNamed(key) && isNamed(value)) {
      pairs.push({ key, value });
      reader.at += 2;
    }
    advance(reader);
  }
  const close = peek(reader).kind === '}' ? advance(reader) : peek(reader);
  const span = covering(open.span, close.span);
  const meant = pairs.map(({ key, value }) => `${key.text} == ${reader.quoted(value.text)}`).join(' && ');
  const message = "A Kubernetes label map is not a Calico selector. Write a condition such as app == 'web'.";
  problem(reader, span, message, meant === '' ? undefined : replacementFix(`Change to ${meant}`, span, meant));
  return joined(
    'and',
    pairs.map(({ key, value }) => ({ kind: 'compare', key, operator: '==', value, at: key.span, span: covering(key.span, value.span) })),
  );
}

function isNamed({ kind }: Token): boolean {
  return kind === 'word' || kind === 'string';
}

/** Characters that the language does not have, in the place of a condition. */
function oddAt(reader: Reader): Expression | undefined {
  const token = advance(reader);
  if (token.text === '*') {
    problem(
      reader,
      token.span,
      "'*' is not a selector. Write all() to select everything.",
      replacementFix('Change to all()', token.span, 'all()'),
    );
    return { kind: 'all', span: token.span };
  }
  if (token.text === '#') return commentAt(reader, token);
  if (/[^\x00-\x7f]/.test(token.text)) return foreignLabel(reader, token);
  const isOperator = token.kind === 'equals' || token.kind === 'unequal' || /^[=!<>]/.test(token.text);
  const text = token.text.trim() === '' ? 'A character' : `'${token.text}'`;
  problem(reader, token.span, isOperator ? `A label is missing before ${text}.` : `${text} has no meaning here.`);
  if (isOperator && ['string', 'word'].includes(peek(reader).kind)) advance(reader);
  return undefined;
}

/** Nothing behind it can be read. */
function commentAt(reader: Reader, { span }: Token): undefined {
  const before = reader.tokens.findLast((token) => token.span.end <= span.start);
  const rest = { start: before?.span.end ?? span.start, end: reader.text.length };
  reader.at = reader.tokens.length - 1;
  problem(reader, { start: span.start, end: rest.end }, 'A selector has no comments.', replacementFix('Delete the comment', rest, ''));
  return undefined;
}

/** A label with characters that labels cannot have; the rest of its condition is read as usual. */
function foreignLabel(reader: Reader, first: Token): Expression | undefined {
  let end = first.span.end;
  while (peek(reader).span.start === end && /^(?:word|odd|function)$/.test(peek(reader).kind)) end = advance(reader).span.end;
  const span = { start: first.span.start, end };
  const key: Word = { text: reader.text.slice(span.start, span.end), span };
  problem(reader, span, `The label '${key.text}' has characters other than letters, digits, '_', '.', '-' and '/'.`);
  return conditionAt(reader, key);
}
