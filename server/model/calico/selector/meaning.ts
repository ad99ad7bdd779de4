import { allOf, anyOf, type Certainty, notOf, sure } from '../../../base/certainty.ts';
import type { KnownLabels } from '../../endpoint-set.ts';
import type { Comparison, Expression } from './expression.ts';

/** Does a selector match an object, as far as its labels are known? `all()` and `global()` match everything (libcalico-go `parser/ast.go`). */
export function matchesExpression(expression: Expression, object: KnownLabels): Certainty {
  switch (expression.kind) {
    case 'all':
    case 'global':
      return 'yes';
    case 'has':
      return labelHolds(expression.key.text, object, undefined, () => true);
    case 'compare': {
      const { key, operator, value } = expression;
      const found = labelHolds(key.text, object, value.text, (text) => compares(operator, text, value.text));
      return operator === '!=' ? notOf(found) : found;
    }
    case 'in': {
      const found = labelHolds(expression.key.text, object, expression.values.map(({ text }) => text).join(), (text) =>
        expression.values.some((value) => value.text === text),
      );
      return expression.negated ? notOf(found) : found;
    }
    case 'not':
      return notOf(matchesExpression(expression.of, object));
    case 'and':
      return allOf(expression.of, (part) => matchesExpression(part, object));
    case 'or':
      return anyOf(expression.of, (part) => matchesExpression(part, object));
  }
}

/** `value` is what it is compared with; absent where any value will do. `!=` and `not in` are the negation: true where the label is missing. */
function labelHolds(
  key: string,
  { labels, unknown = [], open = false }: KnownLabels,
  value: string | undefined,
  holds: (text: string) => boolean,
): Certainty {
  const text = Object.hasOwn(labels, key) ? labels[key] : undefined;
  if (text !== undefined) return sure(holds(text));
  if (unknown.includes(key)) return value === undefined ? 'yes' : 'unknown';
  return open ? 'unknown' : 'no';
}

/** The positive half of `!=` is `==`. */
function compares(operator: Comparison, text: string, value: string): boolean {
  switch (operator) {
    case '==':
    case '!=':
      return text === value;
    case 'contains':
      return text.includes(value);
    case 'starts with':
      return text.startsWith(value);
    case 'ends with':
      return text.endsWith(value);
  }
}
