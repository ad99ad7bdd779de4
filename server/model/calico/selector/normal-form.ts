import type { Comparison, Expression } from './expression.ts';

/** One condition on one label, negation included. */
export interface Condition {
  readonly key: string;
  /** `present`: whatever its value. */
  readonly test: 'present' | 'equals' | 'contains' | 'starts with' | 'ends with';
  /** One of them has to fit; none for `present`. */
  readonly values: readonly string[];
  /** True where it must not hold; then a missing label fits. */
  readonly negated: boolean;
}

/** A selector with its negations at the single conditions, which is how it is put into words and into sets. */
export type NormalForm =
  | { readonly kind: 'everything' | 'nothing' }
  | { readonly kind: 'condition'; readonly condition: Condition }
  | { readonly kind: 'and' | 'or'; readonly of: readonly NormalForm[] };

/** De Morgan's laws, applied. `global()` counts as everything: what it is about is decided where it stands. */
export function normalForm(expression: Expression, negated: boolean = false): NormalForm {
  switch (expression.kind) {
    case 'all':
    case 'global':
      return { kind: negated ? 'nothing' : 'everything' };
    case 'has':
      return condition(expression.key.text, 'present', [], negated);
    case 'compare':
      return condition(
        expression.key.text,
        TESTS[expression.operator],
        [expression.value.text],
        negated !== (expression.operator === '!='),
      );
    case 'in': {
      const values = [...new Set(expression.values.map(({ text }) => text))];
      const isNegated = negated !== expression.negated;
      // No value is in an empty set.
      if (values.length === 0) return { kind: isNegated ? 'everything' : 'nothing' };
      return condition(expression.key.text, 'equals', values, isNegated);
    }
    case 'not':
      return normalForm(expression.of, !negated);
    case 'and':
    case 'or':
      return simplified(
        (expression.kind === 'and') === negated ? 'or' : 'and',
        expression.of.map((part) => normalForm(part, negated)),
      );
  }
}

const TESTS: Readonly<Record<Comparison, Condition['test']>> = {
  '==': 'equals',
  '!=': 'equals',
  contains: 'contains',
  'starts with': 'starts with',
  'ends with': 'ends with',
};

function condition(key: string, test: Condition['test'], values: readonly string[], negated: boolean): NormalForm {
  return { kind: 'condition', condition: { key, test, values, negated } };
}

function simplified(kind: 'and' | 'or', parts: readonly NormalForm[]): NormalForm {
  const [neutral, final] = kind === 'and' ? (['everything', 'nothing'] as const) : (['nothing', 'everything'] as const);
  if (parts.some((part) => part.kind === final)) return { kind: final };
  const of = parts.filter((part) => part.kind !== neutral).flatMap((part) => (part.kind === kind ? part.of : [part]));
  const [only] = of;
  if (!only) return { kind: neutral };
  return of.length === 1 ? only : { kind, of };
}

/** The conditions of a selector that all must hold; `undefined` where it has alternatives. Nothing at all is `undefined`, too. */
export function conjunctionOf(form: NormalForm): readonly Condition[] | undefined {
  if (form.kind === 'everything') return [];
  if (form.kind === 'condition') return [form.condition];
  if (form.kind !== 'and') return undefined;
  const parts = form.of.map(conjunctionOf);
  return parts.every((part) => part !== undefined) ? parts.flatMap((part) => part ?? []) : undefined;
}
