import type { Span } from '../../../base/span.ts';
import type { Expression, SelectorFix, Word } from './expression.ts';
import { advance, covering, peek, problem, replacementFix, type Reader } from './reader.ts';
import { MAX_LABEL_CHARACTERS, type Token } from './tokens.ts';

/** Functions of other languages, and what they are called here. */
const MEANT: ReadonlyMap<string, 'has' | 'all' | 'global'> = new Map([
  ['has', 'has'],
  ['exists', 'has'],
  ['haskey', 'has'],
  ['haslabel', 'has'],
  ['label', 'has'],
  ['all', 'all'],
  ['any', 'all'],
  ['every', 'all'],
  ['everything', 'all'],
  ['true', 'all'],
  ['global', 'global'],
]);

/** Does a function call start here: `has(app)`, `all()`, or one that is written almost so? */
export function isCall(reader: Reader): boolean {
  const token = peek(reader);
  if (token.kind === 'function') return true;
  // With a blank before the parenthesis.
  return token.kind === 'word' && MEANT.has(token.text.toLowerCase()) && peek(reader, 1).kind === '(';
}

/** A function call. */
export function callAt(reader: Reader): Expression | undefined {
  const name = advance(reader);
  const open = advance(reader);
  const meant = MEANT.get(name.text.toLowerCase());
  if (name.text !== meant) {
    const message = `Unknown function '${name.text}()'. Calico has has(LABEL), all() and global().`;
    problem(reader, name.span, message, meant === undefined ? undefined : replacementFix(`Change to ${meant}()`, name.span, meant));
  } else if (open.span.start > name.span.end) {
    const blank = { start: name.span.end, end: open.span.start };
    problem(
      reader,
      covering(name.span, open.span),
      `White space must not stand between '${name.text}' and '('.`,
      replacementFix('Delete the blank', blank, ''),
    );
  }
  const inside: Token[] = [];
  while (!endsCall(peek(reader))) inside.push(advance(reader));
  const close = peek(reader).kind === ')' ? advance(reader) : undefined;
  const span = { start: name.span.start, end: close?.span.end ?? inside.at(-1)?.span.end ?? open.span.end };
  if (!close)
    problem(reader, open.span, `'${name.text}(' is never closed.`, replacementFix("Insert ')'", { start: span.end, end: span.end }, ')'));
  if (meant === 'has') return hasOf(reader, inside, span);
  if (inside.length > 0)
    problem(reader, covering(open.span, inside.at(-1)?.span ?? open.span), `'${name.text}()' takes nothing between its parentheses.`);
  return meant && { kind: meant, span };
}

function endsCall({ kind }: Token): boolean {
  return kind === ')' || kind === 'end' || kind === 'and' || kind === 'or' || kind === '(';
}

function hasOf(reader: Reader, inside: readonly Token[], span: Span): Expression | undefined {
  const [key, ...rest] = inside;
  if (!key) {
    problem(reader, span, "'has()' needs a label between its parentheses.");
    return undefined;
  }
  const labels = inside.filter(({ kind }) => kind === 'word' || kind === 'string');
  if (rest.length > 0 && labels.length > 1 && inside.every(({ kind }, i) => i % 2 === 0 || kind === 'comma')) {
    problem(reader, span, `'has()' takes one label, not ${labels.length}.`, severalFix(reader, labels, span));
    return labelled(key, span);
  }
  if (rest.length > 0) {
    problem(
      reader,
      covering(key.span, rest.at(-1)?.span ?? key.span),
      "'has()' takes a label only; compare a value without it.",
      comparedFix(inside, span),
    );
    return labelled(key, span);
  }
  if (key.kind === 'string') {
    problem(reader, key.span, 'The label in has() must not stand in quotes.', replacementFix('Delete the quotes', key.span, key.text));
  } else if (key.kind !== 'word') {
    problem(reader, key.span, `'${key.text}' is not a label.`);
  } else if (key.text.length > MAX_LABEL_CHARACTERS) {
    problem(reader, key.span, `The label has more than ${MAX_LABEL_CHARACTERS} characters.`);
  }
  return labelled(key, span);
}

function labelled({ text, span: at }: Token, span: Span): Expression {
  const key: Word = { text, span: at };
  return { kind: 'has', key, span };
}

/** `!has(a, b)` is meant as none of them, `has(a, b)` as all of them: a has() for each. */
function severalFix(reader: Reader, labels: readonly Token[], span: Span): SelectorFix {
  const before = reader.tokens.findLast((token) => token.span.end <= span.start);
  const negated = before?.kind === 'not';
  const each = labels.map(({ text }) => `has(${text})`).join(negated ? ' && !' : ' && ');
  const title = negated ? 'Write a !has() for each label' : 'Write a has() for each label';
  return replacementFix(title, span, each);
}

/** `has(app == 'web')`. */
function comparedFix(inside: readonly Token[], span: Span): SelectorFix | undefined {
  const [key, operator, value] = inside;
  if (inside.length !== 3 || key?.kind !== 'word' || value?.kind !== 'string') return undefined;
  if (operator?.kind !== 'equals' && operator?.kind !== 'unequal') return undefined;
  return {
    title: 'Delete has()',
    edits: [
      { span: { start: span.start, end: key.span.start }, text: '' },
      { span: { start: value.span.end, end: span.end }, text: '' },
    ],
  };
}
