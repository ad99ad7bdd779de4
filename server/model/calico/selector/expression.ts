import type { Span } from '../../../base/span.ts';

/** A selector, read. Spans count from the start of its text. */
export type Expression =
  | { readonly kind: 'all' | 'global'; readonly span: Span }
  | { readonly kind: 'has'; readonly key: Word; readonly span: Span }
  | {
      readonly kind: 'compare';
      readonly key: Word;
      readonly operator: Comparison;
      readonly value: Word;
      readonly at: Span;
      readonly span: Span;
    }
  | {
      readonly kind: 'in';
      readonly key: Word;
      readonly negated: boolean;
      readonly values: readonly Word[];
      readonly at: Span;
      readonly span: Span;
    }
  | { readonly kind: 'not'; readonly of: Expression; readonly span: Span }
  | { readonly kind: 'and' | 'or'; readonly of: readonly Expression[]; readonly span: Span };

/** A part of a selector that has no parts: a test of one label, `all()` or `global()`. */
export type SelectorLeaf = Exclude<Expression, { readonly kind: 'not' | 'and' | 'or' }>;

/** The tests that a selector is made of, however they are combined, in the order of its text. */
export function selectorLeaves(expression: Expression): readonly SelectorLeaf[] {
  switch (expression.kind) {
    case 'not':
      return selectorLeaves(expression.of);
    case 'and':
    case 'or':
      return expression.of.flatMap(selectorLeaves);
    default:
      return [expression];
  }
}

/** How a label is compared with one string. */
export type Comparison = '==' | '!=' | 'contains' | 'starts with' | 'ends with';

/** A label or a string: its text without quotes, and where it stands with them. */
export interface Word {
  readonly text: string;
  readonly span: Span;
}

/** What keeps a text from being a selector. */
export interface SelectorProblem {
  readonly span: Span;
  /** What is wrong, as sentences without the effect. */
  readonly message: string;
  readonly fix?: SelectorFix;
}

/** A change of the selector's text. */
export interface SelectorFix {
  readonly title: string;
  readonly edits: readonly { readonly span: Span; readonly text: string }[];
}

/** A selector that only global policies and rules for things without namespace use. */
const GLOBAL = 'global()';

/** The selector as Calico writes it: the same for two selectors that mean the same term by term (libcalico-go `parser/ast.go`). */
export function canonical(expression: Expression): string {
  switch (expression.kind) {
    case 'all':
      return 'all()';
    case 'global':
      return GLOBAL;
    case 'has':
      return `has(${expression.key.text})`;
    case 'compare':
      return `${expression.key.text} ${expression.operator} ${quoted(expression.value.text)}`;
    case 'in': {
      const values = [...new Set(expression.values.map(({ text }) => text))].sort(byBytes).map((text) => quoted(text));
      return `${expression.key.text} ${expression.negated ? 'not in' : 'in'} {${values.join(', ')}}`;
    }
    case 'not':
      return `!${canonical(expression.of)}`;
    case 'and':
    case 'or':
      return `(${expression.of.map(canonical).join(expression.kind === 'and' ? ' && ' : ' || ')})`;
  }
}

/** A string of the language. There are no escapes, so a string that holds both kinds of quotes cannot be written. */
export function quoted(text: string, prefer: '"' | "'" = '"'): string {
  const other = prefer === '"' ? "'" : '"';
  const quote = text.includes(prefer) ? other : prefer;
  return `${quote}${text}${quote}`;
}

function byBytes(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
