import type { Span } from '../../base/span.ts';
import { type SelectorLeaf, selectorLeaves } from '../../model/calico/selector/expression.ts';
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
  const places = parsed.partial ? selectorLeaves(parsed.partial).map(placesIn) : [];
  const [operators, values] = [places.flatMap((one) => one.operators), places.flatMap((one) => one.values)];
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

/** Where operators stand that are words (`in`, `not in`, `starts with`), and where values do, quotes missing or not. */
function placesIn(leaf: SelectorLeaf): { readonly operators: readonly Span[]; readonly values: readonly Span[] } {
  switch (leaf.kind) {
    case 'compare':
      return { operators: [leaf.at], values: [leaf.value.span] };
    case 'in':
      return { operators: [leaf.at], values: leaf.values.map(({ span }) => span) };
    default:
      return { operators: [], values: [] };
  }
}
