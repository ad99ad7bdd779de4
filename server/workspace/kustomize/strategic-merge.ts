import { content, get, pairsOf, type MapNode, type Node, type Origin, type SeqNode } from '../../syntax/tree.ts';
import type { Shape } from './merge-keys.ts';
import { BuildError } from './objects.ts';
import { below, isNothing, listNode, placed, plainNode, textOfScalar, withField } from './values.ts';

/** A value and where it was written. */
interface Side {
  readonly node: Node;
  readonly place: Origin | undefined;
}

/**
 * The object after a strategic merge patch, as kyaml `merge2` merges with new items in front; `undefined` where the patch deletes it.
 * Throws a BuildError where kustomize refuses.
 */
export function strategicMerge(dest: Side, patch: Side, shape: Shape | undefined): Node | undefined {
  return merged(dest, patch, shape);
}

function merged(dest: Side | undefined, patch: Side | undefined, shape: Shape | undefined): Node | undefined {
  const first = [dest, patch].find((side) => side && !isNothing(side.node));
  const kind = first && content(first.node)?.kind;
  for (const side of [dest, patch]) {
    const other = side && !isNothing(side.node) ? content(side.node)?.kind : kind;
    if (other !== kind) throw new BuildError(`The patch has ${words(other)} where the object has ${words(kind)}.`, patch?.place);
  }
  if (kind === 'seq') return shape?.keys ? mergedList(dest, patch, shape) : listOrScalar(dest, patch);
  if (kind === 'scalar') return listOrScalar(dest, patch);
  return mergedMap(dest, patch, shape);
}

function words(kind: string | undefined): string {
  if (kind === 'seq') return 'a list';
  return kind === 'map' ? 'an object' : 'a single value';
}

/** The value of the patch where it has one; a null takes the field away. */
function listOrScalar(dest: Side | undefined, patch: Side | undefined): Node | undefined {
  if (!patch) return dest?.node;
  return isNothing(patch.node) ? undefined : placed(patch.node, patch.place);
}

function mergedMap(dest: Side | undefined, patch: Side | undefined, shape: Shape | undefined): Node | undefined {
  const [into, from] = [mapOf(dest), mapOf(patch)];
  if (!into) {
    // A null that was written out stays where the patch says nothing about it.
    if (!patch) return dest && textOfScalar(dest.node) !== undefined ? dest.node : undefined;
    if (!from || directiveOf(from, patch) === 'delete') return undefined;
    const added = withField(from, '$patch', undefined);
    return fields({ node: placed(added, patch.place), place: patch.place }, added, added, patch.place, shape);
  }
  if (patch && !from) return undefined;
  const directive = from && directiveOf(from, patch);
  if (directive === 'delete') return undefined;
  const changes = from && withField(from, '$patch', undefined);
  if (directive === 'replace' && changes)
    return fields({ node: placed(changes, patch?.place), place: patch?.place }, changes, changes, patch?.place, shape);
  return dest && fields(dest, into, changes, patch?.place, shape);
}

/** The map with every field of both sides merged. */
function fields(dest: Side, into: MapNode, from: MapNode | undefined, place: Origin | undefined, shape: Shape | undefined): Node {
  const start = content(dest.node);
  let result: MapNode = start?.kind === 'map' ? start : into;
  if (dest.node.kind !== 'alias' && dest.node.origin && !result.origin) result = { ...result, origin: dest.node.origin };
  const names = new Set([...pairsOf(into), ...(from ? pairsOf(from) : [])].map(({ name }) => name));
  for (const name of names) {
    if (name === undefined) continue;
    const [existing, fresh] = [get(into, name), get(from, name)];
    const after = merged(
      existing && { node: existing, place: existing.origin ?? below(dest.place, name) },
      fresh && { node: fresh, place: fresh.origin ?? below(place, name) },
      shape?.fields?.[name],
    );
    result = withField(result, name, after);
  }
  return result;
}

function mapOf(side: Side | undefined): MapNode | undefined {
  const at = side && content(side.node);
  return at?.kind === 'map' ? at : undefined;
}

function listOf(side: Side | undefined): SeqNode | undefined {
  const at = side && content(side.node);
  return at?.kind === 'seq' ? at : undefined;
}

function directiveOf(map: MapNode, side: Side | undefined): string | undefined {
  const text = textOfScalar(get(map, '$patch'));
  if (text !== undefined && !['delete', 'replace', 'merge'].includes(text))
    throw new BuildError(`'$patch: ${text}' is unknown. Use delete, replace or merge.`, below(side?.place, '$patch'));
  return text;
}

function mergedList(dest: Side | undefined, patch: Side | undefined, shape: Shape): Node | undefined {
  const [into, from] = [listOf(dest), listOf(patch)];
  if (!into) {
    if (!from || !patch) return undefined;
    return mergedItems({ ...patch, node: listNode([], from) }, [], itemsOf(patch, from), patch, shape);
  }
  if (!dest) return undefined;
  if (patch && !from) return undefined;
  const items = patch && from ? itemsOf(patch, from) : [];
  const directive = items.map(({ node }) => mapOf({ node, place: undefined })).find((map) => map?.pairs.length === 1 && get(map, '$patch'));
  const text = directive && directiveOf(directive, patch);
  if (text === 'delete') return undefined;
  const others = items.filter(({ node }) => node !== directive);
  if (text === 'replace' && patch) return mergedItems(patch, [], others, patch, shape);
  return mergedItems(dest, itemsOf(dest, into), others, patch, shape);
}

function itemsOf(side: Side, list: SeqNode): readonly Side[] {
  return list.items.map(({ value }, i) => ({ node: value, place: value.origin ?? below(side.place, i) }));
}

/** An item, with the values of its merge keys; `''` for a key that it does not have. */
interface Keyed extends Side {
  readonly values: readonly string[];
}

/**
 * Items with the same keys are merged. What the patch adds comes first (kyaml `setAssociativeSequenceElements`, whose treatment of missing
 * keys is followed here: an item of the patch without `protocol` finds no port that has one).
 */
function mergedItems(
  list: Side,
  old: readonly Side[],
  fresh: readonly Side[],
  patch: Side | undefined,
  { keys = [], items }: Shape,
): Node | undefined {
  if (keys.length === 0) return withStrings(list, old, fresh);
  const [dest, from] = [old.map((side) => keyed(side, keys)), fresh.map((side) => keyed(side, keys))];
  const tuples = united([...from, ...dest].map(({ values }) => values));
  const used = keys.map((_, i) => i).filter((i) => tuples.some((tuple) => tuple[i] !== ''));
  const kept = new Map<number, Keyed>(dest.entries());
  const added: Keyed[] = [];
  for (const tuple of tuples) {
    const own = used.filter((i) => tuple[i] !== '');
    const at = [...kept].find(([, item]) => own.every((i) => item.values[i] === tuple[i]))?.[0];
    const into = at === undefined ? undefined : kept.get(at);
    const change = from.find((item) => own.every((i) => item.values[i] === tuple[i]));
    if (own.length === 0 || (!into && !change)) continue;
    const after = merged(into, change, items);
    if (!after || isEmptyMap(after)) {
      for (const [i, item] of kept) if (fits(item, tuple, used)) kept.delete(i);
      continue;
    }
    const place = into?.place ?? change?.place;
    const whole = keyed({ node: placed(withKeys(after, tuple, keys, own), place), place }, keys);
    if (at !== undefined) kept.set(at, whole);
    const index = added.findIndex((item) => fits(item, tuple, used));
    if (index === -1) added.push(whole);
    else added[index] = whole;
  }
  const result = inOrder(added, [...kept.values()], used);
  return placed(
    listNode(
      result.map(({ node }) => node),
      listOf(list),
    ),
    patch && old.length === 0 ? (list.place ?? patch.place) : list.place,
  );
}

/** Strings (finalizers): those of the patch, then the others. */
function withStrings(list: Side, old: readonly Side[], fresh: readonly Side[]): Node {
  const seen = new Set<string | undefined>();
  const all = [...fresh, ...old].filter(({ node }) => {
    const text = textOfScalar(node);
    const isNew = !seen.has(text);
    seen.add(text);
    return isNew;
  });
  return placed(
    listNode(
      all.map(({ node, place }) => placed(node, place)),
      listOf(list),
    ),
    list.place,
  );
}

function keyed(side: Side, keys: readonly string[]): Keyed {
  return { ...side, values: keys.map((key) => textOfScalar(get(side.node, key)) ?? '') };
}

/** Tuples that share a key, and of which one lacks what the other has, become one. Each stands once. */
function united(all: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const tuples = distinct(all);
  for (let i = 0; i < tuples.length; i++) {
    for (let j = 0; j < tuples.length; j++) {
      const both = unitedPair(tuples[i] ?? [], tuples[j] ?? []);
      if (both) [tuples[i], tuples[j]] = [both, both];
    }
  }
  return distinct(tuples);
}

function distinct(tuples: readonly (readonly string[])[]): (readonly string[])[] {
  return [...new Map(tuples.map((tuple) => [tuple.join('\n'), tuple])).values()];
}

function unitedPair(a: readonly string[], b: readonly string[]): readonly string[] | undefined {
  if (!a.some((value, i) => value === b[i])) return undefined;
  const both = a.map((value, i) => (value === b[i] || b[i] === '' ? value : value === '' ? (b[i] ?? '') : undefined));
  const united = both.filter((value) => value !== undefined);
  return united.length === both.length ? united : undefined;
}

/** Has the item these values? An empty one only asks for the field. */
function fits(item: Keyed, tuple: readonly string[], used: readonly number[]): boolean {
  return used.every((i) => (tuple[i] === '' ? item.values[i] !== '' : item.values[i] === tuple[i]));
}

/** With one key the items of the patch come first, in their order; with several the items of the object keep theirs, behind new ones. */
function inOrder(added: readonly Keyed[], kept: readonly Keyed[], used: readonly number[]): readonly Keyed[] {
  let result = [...added];
  for (const item of kept) {
    const keysSet = used.filter((i) => item.values[i] !== '');
    if (used.length > 1) {
      result = [...result.filter((other) => !keysSet.every((i) => other.values[i] === item.values[i])), item];
      continue;
    }
    const at = result.findIndex((other) => keysSet.length > 0 && keysSet.every((i) => other.values[i] === item.values[i]));
    if (at === -1) result.push(item);
    else result[at] = item;
  }
  return result;
}

/** A key that only the other side has is kept. */
function withKeys(node: Node, tuple: readonly string[], keys: readonly string[], own: readonly number[]): Node {
  const map = content(node);
  if (map?.kind !== 'map') return node;
  let result = map;
  for (const i of own) {
    const key = keys[i];
    if (key !== undefined && get(map, key) === undefined) result = withField(result, key, plainNode(tuple[i] ?? ''));
  }
  return result;
}

function isEmptyMap(node: Node): boolean {
  const at = content(node);
  return at?.kind === 'map' && at.pairs.length === 0;
}
