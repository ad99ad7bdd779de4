import type { Span } from '../../../base/span.ts';
import type { Comparison, Expression, SelectorFix, Word } from './expression.ts';
import { advance, covering, extendFix, isJoint, peek, problem, replacementFix, type Reader } from './reader.ts';
import { MAX_LABEL_CHARACTERS, type Token } from './tokens.ts';
import { setAt } from './parse-set.ts';
import { backticks, stringAt } from './parse-string.ts';

/** A condition on one label: the label, an operator, a value. `given` is a label that has been read already. */
export function conditionAt(reader: Reader, given?: Word): Expression | undefined {
  const key = given ?? labelAt(reader);
  const operator = operatorAt(reader, key);
  if (!operator) return undefined;
  if (operator.kind === 'has') return { kind: 'has', key, span: key.span };
  if (operator.kind === 'all') return { kind: 'all', span: key.span };
  if (operator.kind === 'in') return setAt(reader, key, operator);
  const value = valueAt(reader, operator.at, operator.as);
  if (!value) return undefined;
  return { kind: 'compare', key, operator: operator.as, value, at: operator.at, span: covering(key.span, value.span) };
}

function labelAt(reader: Reader): Word {
  const { text, span, kind } = advance(reader);
  if (kind === 'string') {
    const isLabel = /^[A-Za-z0-9_./-]+$/.test(text);
    problem(reader, span, 'A label must not stand in quotes.', isLabel ? replacementFix('Delete the quotes', span, text) : undefined);
  } else if (text.length > MAX_LABEL_CHARACTERS) {
    problem(reader, span, `The label has more than ${MAX_LABEL_CHARACTERS} characters.`);
  }
  return { text, span };
}

/** An operator behind a label; `has` and `all` where the label stands alone and that is what it means. */
export type OperatorRead =
  | { readonly kind: 'compare'; readonly as: Comparison; readonly at: Span }
  | { readonly kind: 'in'; readonly negated: boolean; readonly at: Span }
  | { readonly kind: 'has' }
  | { readonly kind: 'all' };

const WORDS: ReadonlyMap<string, Comparison | 'in' | 'not in'> = new Map([
  ['contains', 'contains'],
  ['startswith', 'starts with'],
  ['endswith', 'ends with'],
  ['in', 'in'],
  ['notin', 'not in'],
]);

/** What people write for an operator, in lowercase without `_` and `-`. */
const MEANT: ReadonlyMap<string, Comparison | 'in' | 'not in'> = new Map([
  ...WORDS,
  ['is', '=='],
  ['eq', '=='],
  ['equals', '=='],
  ['isnot', '!='],
  ['ne', '!='],
  ['neq', '!='],
  ['notequals', '!='],
  ['includes', 'contains'],
  ['containing', 'contains'],
  ['hasprefix', 'starts with'],
  ['hassuffix', 'ends with'],
  ['beginswith', 'starts with'],
  ['=', '=='],
  ['===', '=='],
  [':', '=='],
  ['!==', '!='],
  ['<>', '!='],
]);

function operatorAt(reader: Reader, key: Word): OperatorRead | undefined {
  const first = peek(reader);
  if (first.kind === 'equals' || first.kind === 'unequal') {
    advance(reader);
    return { kind: 'compare', as: first.kind === 'equals' ? '==' : '!=', at: first.span };
  }
  if (first.kind === 'end' || first.kind === ')' || isJoint(first, 'and') || isJoint(first, 'or')) return alone(reader, key);
  const { text, at, size } = operatorWords(reader);
  const exact = WORDS.get(text);
  const plain = text.toLowerCase().replace(/[_-]/g, '');
  const meant = exact ?? MEANT.get(plain);
  if (meant !== undefined) {
    reader.at += size;
    // A colon stands right behind its label.
    const lead = text === ':' && at.start === key.span.end ? ' ' : '';
    if (exact === undefined)
      problem(reader, at, notAnOperator(reader, at, meant), replacementFix(`Change to '${meant}'`, at, `${lead}${meant}`));
    return meant === 'in' || meant === 'not in' ? { kind: 'in', negated: meant === 'not in', at } : { kind: 'compare', as: meant, at };
  }
  if (/^(?:doesnotexist|exists)$/.test(plain)) return existence(reader, key, at, plain === 'exists', size);
  if (/^(?:matches|like|regex|=~|!~)$/.test(plain)) return pattern(reader, at, size);
  return unknown(reader, key, first);
}

/** The words of an operator that is written in two, as one: `starts with`, `not in`. */
function operatorWords(reader: Reader): { readonly text: string; readonly at: Span; readonly size: number } {
  const [first, second] = [peek(reader), peek(reader, 1)];
  const isPair = /^(?:starts|ends|begins)$/i.test(first.text)
    ? /^with$/i.test(second.text)
    : /^not$/i.test(first.text) && /^in$/i.test(second.text);
  const isWord = second.kind === 'word' || second.kind === 'function';
  if (isPair && isWord) return { text: first.text + second.text, at: covering(first.span, second.span), size: 2 };
  if (/^is$/i.test(first.text) && /^not$/i.test(second.text)) return { text: 'isnot', at: covering(first.span, second.span), size: 2 };
  return { text: first.text, at: first.span, size: 1 };
}

function notAnOperator({ text }: Reader, at: Span, meant: string): string {
  const written = text.slice(at.start, at.end);
  return written.toLowerCase() === meant && written !== meant
    ? `Operators are written in lowercase: write '${meant}' instead of '${written}'.`
    : `'${written}' is not an operator. Write '${meant}'.`;
}

/** A label with nothing behind it. */
function alone(reader: Reader, key: Word): OperatorRead {
  if (/^(?:all|any|true|everything)$/i.test(key.text)) {
    problem(
      reader,
      key.span,
      `'${key.text}' is not a selector. Write all() to select everything.`,
      replacementFix('Change to all()', key.span, 'all()'),
    );
    return { kind: 'all' };
  }
  if (key.text === 'global') {
    problem(reader, key.span, "'global' is a function. Write global().", replacementFix('Change to global()', key.span, 'global()'));
    return { kind: 'has' };
  }
  const message = `The label '${key.text}' has no operator. Write has(${key.text}) for any value, or compare it: ${key.text} == 'value'.`;
  problem(reader, key.span, message, replacementFix(`Change to has(${key.text})`, key.span, `has(${key.text})`));
  return { kind: 'has' };
}

/** `app exists`. */
function existence(reader: Reader, key: Word, at: Span, exists: boolean, size: number): OperatorRead {
  reader.at += size;
  const meant = `${exists ? '' : '!'}has(${key.text})`;
  const span = covering(key.span, at);
  problem(
    reader,
    span,
    `'${reader.text.slice(at.start, at.end)}' is not an operator. Write ${meant}.`,
    replacementFix(`Change to ${meant}`, span, meant),
  );
  return { kind: 'has' };
}

/** There are no patterns; the common ones can be said in another way. */
function pattern(reader: Reader, at: Span, size: number): OperatorRead {
  const value = peek(reader, size);
  const message = `'${reader.text.slice(at.start, at.end)}' is not an operator, and Calico has no patterns. Use 'contains', 'starts with' or 'ends with'.`;
  problem(reader, at, message, value.kind === 'string' ? patternFix(reader, at, value) : undefined);
  reader.at += size;
  return { kind: 'compare', as: 'contains', at };
}

const WILDCARD = String.raw`(?:%|\*|\.\*)`;

function patternFix({ quoted }: Reader, at: Span, value: Token): SelectorFix | undefined {
  const [, head = '', text = '', tail = ''] =
    new RegExp(`^(\\^|${WILDCARD})?([^%*^$.\\[\\](){}+?|\\\\]*)(\\$|${WILDCARD})?$`).exec(value.text) ?? [];
  if (text === '') return undefined;
  const [open, closed] = [head !== '^' && head !== '', tail !== '$' && tail !== ''];
  const anchored = head === '^' || tail === '$' || open || closed;
  const operator = !anchored
    ? 'contains'
    : open && closed
      ? 'contains'
      : closed || (head === '^' && tail === '')
        ? 'starts with'
        : open || head === ''
          ? 'ends with'
          : '==';
  return {
    title: `Change to '${operator}'`,
    edits: [
      { span: at, text: operator },
      { span: value.span, text: quoted(text) },
    ],
  };
}

/** Whatever stands there, an operator it is not. A string is a value that lacks its operator. */
function unknown(reader: Reader, key: Word, first: Token): undefined {
  const operators = 'Operators are ==, !=, in, not in, contains, starts with and ends with.';
  if (first.kind === 'string') {
    const fix: SelectorFix = { title: "Insert '=='", edits: [{ span: { start: key.span.end, end: first.span.start }, text: ' == ' }] };
    problem(reader, covering(key.span, first.span), `An operator is missing between '${key.text}' and its value. Write '=='.`, fix);
  } else {
    const what = first.text.trim() === '' ? 'White space' : `'${first.text}'`;
    problem(reader, first.span, `${what} is not an operator. ${operators}`);
  }
  advance(reader);
  if (first.kind !== 'string' && peek(reader).kind === 'string') advance(reader);
  return undefined;
}

/** The string behind an operator. */
function valueAt(reader: Reader, at: Span, operator: Comparison): Word | undefined {
  const token = peek(reader);
  if (token.kind === 'string') return stringAt(reader);
  if (token.text === '`') return backticks(reader);
  if (token.kind === 'word' || token.kind === 'function') {
    advance(reader);
    const text = reader.quoted(token.text);
    if (!extendFix(reader, at, { span: token.span, text })) {
      problem(reader, token.span, `The value '${token.text}' must stand in quotes.`, replacementFix(`Write ${text}`, token.span, text));
    }
    return { text: token.text, span: token.span };
  }
  if (token.kind === '{') {
    problem(reader, at, `'${operator}' takes one string. For several values write 'in' or 'not in'.`, setOperator(operator, at));
    return skipSet(reader);
  }
  problem(reader, at, `'${operator}' has no value. Write a string in quotes behind it.`);
  return undefined;
}

function setOperator(operator: Comparison, at: Span): SelectorFix | undefined {
  if (operator !== '==' && operator !== '!=') return undefined;
  const meant = operator === '==' ? 'in' : 'not in';
  return replacementFix(`Change to '${meant}'`, at, meant);
}

function skipSet(reader: Reader): undefined {
  while (!['}', 'end'].includes(peek(reader).kind)) advance(reader);
  if (peek(reader).kind === '}') advance(reader);
  return undefined;
}
