import type { Span } from '../../../base/span.ts';
import type { Expression, SelectorFix, Word } from './expression.ts';
import { advance, covering, peek, problem, type Reader } from './reader.ts';
import type { Token } from './tokens.ts';
import { stringAt } from './parse-string.ts';

type Edits = SelectorFix['edits'];

/** The set of strings behind `in` and `not in`: `{'a', 'b'}`. A trailing comma is allowed, and so is an empty set, which has no member. */
export function setAt(
  reader: Reader,
  key: Word,
  { negated, at }: { readonly negated: boolean; readonly at: Span },
): Expression | undefined {
  const open = peek(reader);
  const closing = CLOSING.get(open.text);
  const read = closing === undefined ? bareValue(reader, at, negated) : listed(reader, closing, negated);
  return read && { kind: 'in', key, negated, values: read.values, at, span: { start: key.span.start, end: read.end } };
}

const CLOSING: ReadonlyMap<string, string> = new Map([
  ['{', '}'],
  ['(', ')'],
  ['[', ']'],
]);

interface SetRead {
  readonly values: readonly Word[];
  readonly end: number;
}

/** A list in brackets of any kind. Everything that is wrong with it is one mistake, mended at once. */
function listed(reader: Reader, closing: string, negated: boolean): SetRead | undefined {
  const open = advance(reader);
  const edits: { span: Span; text: string }[] = open.kind === '{' ? [] : [{ span: open.span, text: '{' }];
  const values: Word[] = [];
  const reasons: string[] = open.kind === '{' ? [] : [`The values of '${negated ? 'not in' : 'in'}' stand in braces: {'a', 'b'}.`];
  let needsComma = false;
  while (!endsSet(peek(reader), closing)) {
    const token = peek(reader);
    if (token.kind === 'comma') {
      advance(reader);
      needsComma = false;
      continue;
    }
    if (token.kind !== 'string' && token.kind !== 'word' && token.kind !== 'function') {
      reasons.push(`'${token.text.trim()}' must not stand between values.`);
      advance(reader);
      continue;
    }
    if (needsComma) {
      reasons.push('A comma is missing between two values.');
      edits.push({ span: { start: values.at(-1)?.span.end ?? token.span.start, end: token.span.start }, text: ', ' });
    }
    needsComma = true;
    values.push(memberAt(reader, edits, reasons));
  }
  return closed(reader, { open, closing, edits, values, reasons });
}

function endsSet({ kind, text }: Token, closing: string): boolean {
  return kind === 'end' || text === closing || kind === '}' || kind === ')' || kind === 'and' || kind === 'or';
}

function memberAt(reader: Reader, edits: { span: Span; text: string }[], reasons: string[]): Word {
  if (peek(reader).kind === 'string') return stringAt(reader);
  const { text, span } = advance(reader);
  edits.push({ span, text: reader.quoted(text) });
  reasons.push(`The value '${text}' must stand in quotes.`);
  return { text, span };
}

interface Listed extends Pick<SetRead, 'values'> {
  readonly open: Token;
  readonly closing: string;
  readonly edits: Edits;
  readonly reasons: readonly string[];
}

function closed(reader: Reader, { open, closing, edits, values, reasons }: Listed): SetRead {
  const close = peek(reader).text === closing ? advance(reader) : undefined;
  const end = close?.span.end ?? values.at(-1)?.span.end ?? open.span.end;
  const last = close ? (close.kind === '}' ? [] : [{ span: close.span, text: '}' }]) : [{ span: { start: end, end }, text: '}' }];
  const why = close ? reasons : [...reasons, `This '${open.text}' is never closed.`];
  const all = [...edits, ...last];
  if (why.length > 0)
    problem(
      reader,
      { start: open.span.start, end },
      why[0] ?? '',
      all.length > 0 ? { title: 'Write the set correctly', edits: all } : undefined,
    );
  return { values, end };
}

/** One value without braces, or nothing. */
function bareValue(reader: Reader, at: Span, negated: boolean): SetRead | undefined {
  const token = peek(reader);
  const operator = negated ? 'not in' : 'in';
  if (token.kind !== 'string' && token.kind !== 'word' && token.kind !== 'function') {
    problem(reader, at, `'${operator}' has no values. Write a set behind it: {'a', 'b'}.`);
    return undefined;
  }
  const value = token.kind === 'string' ? stringAt(reader) : advance(reader);
  const text = `{${reader.quoted(value.text)}}`;
  problem(reader, value.span, `The values of '${operator}' stand in braces: ${text}.`, {
    title: 'Put the value in braces',
    edits: [{ span: value.span, text }],
  });
  return { values: [{ text: value.text, span: value.span }], end: covering(at, value.span).end };
}
