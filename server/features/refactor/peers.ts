import { isMerge, isNull, type Item } from '../../syntax/tree.ts';

/** The selectors of an item that has no other fields; `undefined` for other items, and where an anchor or alias would break. */
export function selectorsOf(item: Item | undefined): readonly string[] | undefined {
  const map = item?.value;
  if (map?.kind !== 'map' || map.hole || map.anchor !== undefined || map.tag !== undefined) return undefined;
  const isPlain = map.pairs.every((pair) => !isMerge(pair) && SELECTORS.has(pair.name ?? '') && !pair.value.hole);
  return isPlain && map.pairs.length > 0 ? map.pairs.flatMap(({ name, value }) => (isNull(value) ? [] : [name ?? ''])) : undefined;
}

const SELECTORS: ReadonlySet<string> = new Set(['podSelector', 'namespaceSelector']);
