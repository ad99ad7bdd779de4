import { memo } from '../base/memo.ts';
import type { Span } from '../base/span.ts';
import type { Path } from './path.ts';
import type { ScalarValue } from './scalar.ts';
import type { Piece } from './split.ts';

/**
 * The compact tree that all other code works on: positions, the text of scalars, and what Kubernetes' YAML makes of them.
 * Offsets are relative to the piece of text that was parsed. Nothing of the YAML library leaves `yaml.ts` and `tree-builder.ts`.
 */
export type Node = MapNode | SeqNode | ScalarNode | AliasNode;

interface NodeBase {
  readonly span: Span;
  /** `&name` in front of the node. */
  readonly anchor?: string;
  /** An explicit tag such as `!!str`. */
  readonly tag?: string;
  /**
   * Part of this value is made by a template (`{{ … }}`): a scalar that contains a hole, a collection with a hole between its
   * items. Nothing may be claimed about it, and nothing about what it lacks.
   */
  readonly hole: boolean;
  /** Where the value was written, for one that a build brought in; else it stands where its parent does. */
  readonly origin?: Origin;
}

/** A place in the text of the workspace: a field of a manifest, which may be a patch inside a field of another one. */
export interface Origin {
  readonly written: WrittenIn;
  readonly path: Path;
}

/** A manifest as it is written: the file, the piece of it, the number of the manifest in the piece. */
export interface WrittenIn {
  readonly uri: string;
  readonly piece: Piece;
  readonly index: number;
  /** For a patch that is the text of a field: that field; `piece` is then a piece of its text. */
  readonly field?: Origin;
}

export interface ScalarNode extends NodeBase {
  readonly kind: 'scalar';
  readonly style: 'plain' | 'single' | 'double' | 'literal' | 'folded';
  /** The text after unquoting; for a plain scalar the text itself; `''` for a missing value (`key:`). */
  readonly text: string;
  readonly value: ScalarValue;
}

export interface MapNode extends NodeBase {
  readonly kind: 'map';
  readonly flow: boolean;
  readonly pairs: readonly Pair[];
}

export interface Pair {
  readonly key: Node;
  /** The JSON key (`true` for a plain `y`), `undefined` where a key is neither a scalar nor null. */
  readonly name: string | undefined;
  readonly value: Node;
  /** From the first character of the key to the last of the value. */
  readonly span: Span;
}

export interface SeqNode extends NodeBase {
  readonly kind: 'seq';
  readonly flow: boolean;
  readonly items: readonly Item[];
}

export interface Item {
  readonly value: Node;
  /** From the dash (or, in flow style, from the value) to the end of the value. */
  readonly span: Span;
}

export interface AliasNode extends NodeBase {
  readonly kind: 'alias';
  readonly name: string;
  /** What the anchor holds; `undefined` when there is no such anchor or it contains itself. */
  readonly target: Node | undefined;
}

/** The node itself, or what an alias stands for. */
export function content(node: Node): MapNode | SeqNode | ScalarNode | undefined {
  let at: Node | undefined = node;
  for (let hops = 0; at?.kind === 'alias' && hops < 100; hops++) at = at.target;
  return at?.kind === 'alias' ? undefined : at;
}

/** The map a node stands for, through aliases. */
export function asMap(node: Node | undefined): MapNode | undefined {
  const at = node && content(node);
  return at?.kind === 'map' ? at : undefined;
}

/** The sequence a node stands for, through aliases. */
export function asSeq(node: Node | undefined): SeqNode | undefined {
  const at = node && content(node);
  return at?.kind === 'seq' ? at : undefined;
}

/** The scalar a node stands for, through aliases. */
export function asScalar(node: Node | undefined): ScalarNode | undefined {
  const at = node && content(node);
  return at?.kind === 'scalar' ? at : undefined;
}

/** Is there no value, or an explicit null? */
export function isNull(node: Node | undefined): boolean {
  const at = node && content(node);
  return at === undefined ? node === undefined : at.kind === 'scalar' && at.value.type === 'null' && !at.hole;
}

/** The string a node holds; `undefined` for anything that is not a string (a plain `80` is an integer). */
export function stringOf(node: Node | undefined): string | undefined {
  const at = asScalar(node);
  return at && !at.hole && at.value.type === 'string' ? at.value.value : undefined;
}

/**
 * The pairs of a map with merge keys (`<<`) laid out: own pairs first, then merged ones that no own key hides. A tree holds no alias
 * that stands for excessively much (see tree-builder.ts), so this is bounded; each map is laid out once.
 */
export function pairsOf(map: MapNode): readonly Pair[] {
  // Of a small map it is quickly seen that it has no merge key.
  if (map.pairs.length <= MIN_INDEXED_PAIRS && !map.pairs.some(isMerge)) return map.pairs;
  return laidOut(map);
}

const laidOut = memo((map: MapNode): readonly Pair[] => {
  if (!map.pairs.some(isMerge)) return map.pairs;
  const own = map.pairs.filter((pair) => !isMerge(pair));
  const seen = new Set(own.map((pair) => pair.name));
  const merged: Pair[] = [];
  for (const inner of map.pairs.filter(isMerge).flatMap(mergeSources).flatMap(pairsOf)) {
    if (seen.has(inner.name)) continue;
    seen.add(inner.name);
    merged.push(inner);
  }
  return [...own, ...merged];
});

/** Is this pair a merge key, a plain `<<`? */
export function isMerge(pair: Pair): boolean {
  return pair.key.kind === 'scalar' && pair.key.style === 'plain' && pair.key.text === '<<';
}

function mergeSources(pair: Pair): readonly MapNode[] {
  const list = asSeq(pair.value);
  const nodes: readonly Node[] = list ? list.items.map((item) => item.value) : [pair.value];
  return nodes.map(asMap).filter((map) => map !== undefined);
}

/** The pair of a key, the last one where a key is given twice (kubectl lets the last one win). */
export function pairOf(node: Node | undefined, name: string): Pair | undefined {
  const map = asMap(node);
  if (map && map.pairs.length > MIN_INDEXED_PAIRS) return byName(map).get(name);
  return map && pairsOf(map).findLast((pair) => pair.name === name);
}

/** From so many pairs on, looking a key up is worth an index. */
const MIN_INDEXED_PAIRS = 50;

const byName = memo((map: MapNode): ReadonlyMap<string | undefined, Pair> => new Map(pairsOf(map).map((pair) => [pair.name, pair])));

/** The value of a key; `undefined` where the key is missing. */
export function get(node: Node | undefined, name: string): Node | undefined {
  return pairOf(node, name)?.value;
}

/** The item values of a sequence; empty for anything else. */
export function itemsOf(node: Node | undefined): readonly Node[] {
  return asSeq(node)?.items.map((item) => item.value) ?? [];
}

/** Does the node, or anything in it, contain a template hole? */
export function hasHole(node: Node | undefined): boolean {
  if (node === undefined) return false;
  if (node.hole) return true;
  if (node.kind === 'map') return node.pairs.some((pair) => hasHole(pair.key) || hasHole(pair.value));
  return node.kind === 'seq' && node.items.some((item) => hasHole(item.value));
}
