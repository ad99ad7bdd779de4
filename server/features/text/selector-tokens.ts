import type { Span } from '../../base/span.ts';
import type { Expression } from '../../model/calico/selector/expression.ts';
import { selectorPieces } from '../../model/calico/selector/in-yaml.ts';
import type { Token } from '../../model/calico/selector/tokens.ts';
import type { WrittenSelector } from './calico-selectors.ts';

/** What a word of a selector expression is. */
export type SelectorWordType = 'property' | 'operator' | 'keyword' | 'function' | 'string';

/** The words of a selector expression in the text `source` of its manifest, each on one line; a word that YAML folds is several. */
export function selectorTokens(
  source: string,
  { parsed, offsets }: WrittenSelector,
): readonly (Span & { readonly type: SelectorWordType })[] {
  if (!offsets) return [];
  const operators = operatorWords(parsed.partial);
  const values = valuesIn(parsed.partial);
  return parsed.tokens.flatMap((token) => {
    const type = typeOf(token, operators, values);
    return type === undefined ? [] : selectorPieces(source, offsets, token.span).map((piece) => ({ ...piece, type }));
  });
}

function typeOf({ kind, span }: Token, operators: readonly Span[], values: readonly Span[]): SelectorWordType | undefined {
  switch (kind) {
    case 'string':
      return 'string';
    case 'function':
      return isWithin(span, operators) ? 'keyword' : 'function';
    case 'word':
      return isWithin(span, operators) ? 'keyword' : isWithin(span, values) ? 'string' : 'property';
    case 'equals':
    case 'unequal':
    case 'not':
    case 'and':
    case 'or':
      return 'operator';
    default:
      return undefined;
  }
}

function isWithin(span: Span, others: readonly Span[]): boolean {
  return others.some((other) => other.start <= span.start && span.end <= other.end);
}

/** Where operators stand that are words: `in`, `not in`, `starts with`. */
function operatorWords(expression: Expression | undefined): readonly Span[] {
  switch (expression?.kind) {
    case 'compare':
    case 'in':
      return [expression.at];
    case 'not':
      return operatorWords(expression.of);
    case 'and':
    case 'or':
      return expression.of.flatMap(operatorWords);
    default:
      return [];
  }
}

/** Where values stand, quotes missing or not. */
function valuesIn(expression: Expression | undefined): readonly Span[] {
  switch (expression?.kind) {
    case 'compare':
      return [expression.value.span];
    case 'in':
      return expression.values.map(({ span }) => span);
    case 'not':
      return valuesIn(expression.of);
    case 'and':
    case 'or':
      return expression.of.flatMap(valuesIn);
    default:
      return [];
  }
}
