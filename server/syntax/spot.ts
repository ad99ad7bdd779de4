import type { Span } from '../base/span.ts';
import type { Path } from './path.ts';
import { asMap, asSeq, content, isMerge, pairOf, pairsOf, type Node } from './tree.ts';

/** Where a field stands in the text. */
export interface Spot {
  readonly node: Node | undefined;
  /** The key of a field; `undefined` for items and the root. */
  readonly key: Node | undefined;
  /** What to underline for the value: the value itself, else its key or dash; the alias or merge key it comes through. */
  readonly span: Span;
  /** What to underline for the key or the item as a whole. */
  readonly keySpan: Span;
  /** Does the value come from an anchor? */
  readonly borrowed: boolean;
}

/** The place of a path; of the nearest thing around it where there is no such field. */
export function spotOf(root: Node, path: Path): Spot {
  let spot: Spot = { node: root, key: undefined, span: root.span, keySpan: root.span, borrowed: false };
  let via: Span | undefined;
  for (const step of path) {
    if (spot.node?.kind === 'alias') via ??= spot.node.span;
    const next = typeof step === 'number' ? itemSpot(spot, step) : fieldSpot(spot, step);
    if (!next) return { ...spot, node: undefined };
    via ??= next.via;
    spot = via ? { ...next, span: via, keySpan: via, borrowed: true } : next;
  }
  return spot;
}

interface Step extends Spot {
  /** The merge key that brought the field. */
  readonly via?: Span;
}

function itemSpot(parent: Spot, index: number): Step | undefined {
  const item = asSeq(parent.node)?.items[index];
  if (!item) return undefined;
  const empty = item.value.span.start === item.value.span.end;
  // A dash alone: underline the dash.
  const span = empty ? { start: item.span.start, end: Math.max(item.span.end, item.span.start + 1) } : item.value.span;
  return {
    node: item.value,
    key: undefined,
    span,
    keySpan: { start: item.span.start, end: Math.max(item.span.end, span.end) },
    borrowed: false,
  };
}

function fieldSpot(parent: Spot, name: string): Step | undefined {
  const map = asMap(parent.node);
  const pair = map && pairOf(map, name);
  if (!map || !pair) return undefined;
  const own = pairsOf(map) === map.pairs || map.pairs.includes(pair);
  const merge = own ? undefined : map.pairs.find(isMerge);
  const key = pair.key.span.start < pair.key.span.end ? pair.key.span : { start: pair.span.start, end: pair.span.start + 1 };
  const value = content(pair.value) && pair.value.span.start < pair.value.span.end ? pair.value.span : key;
  return { node: pair.value, key: pair.key, span: value, keySpan: key, borrowed: !own, ...(merge ? { via: merge.span } : {}) };
}
