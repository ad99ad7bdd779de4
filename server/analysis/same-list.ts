import { sameItems } from '../base/lists.ts';

/**
 * Keeps lists from one cluster to the next: gives the list of before where a new one holds the very same objects, so that what is known of
 * it stays known over edits of others. Each list is looked for by its first object.
 */
export function listKeeper<T extends object>(): (list: readonly T[]) => readonly T[] {
  const latest = new WeakMap<T, readonly T[]>();
  return (list) => {
    const [first] = list;
    const before = first && latest.get(first);
    if (before && sameItems(before, list)) return before;
    if (first) latest.set(first, list);
    return list;
  };
}
