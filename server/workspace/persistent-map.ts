/**
 * A map that never changes: an update gives a new map and copies only the buckets it touches. So a keystroke costs the same in a
 * workspace of ten files and of a hundred thousand.
 */
export interface PersistentMap<V> {
  readonly size: number;
  readonly buckets: readonly (ReadonlyMap<string, V> | undefined)[];
}

const BUCKETS = 1024;

/** The map without entries. */
export function emptyMap<V>(): PersistentMap<V> {
  return { size: 0, buckets: [] };
}

/** The value of a key. */
export function lookUp<V>(map: PersistentMap<V>, key: string): V | undefined {
  return map.buckets[bucketOf(key)]?.get(key);
}

/** A change of one entry: `undefined` takes it out. */
export type MapChange<V> = readonly [key: string, value: V | undefined];

/** The map after some changes, in their order. */
export function updated<V>(map: PersistentMap<V>, changes: Iterable<MapChange<V>>): PersistentMap<V> {
  const copied = new Map<number, Map<string, V>>();
  let { size } = map;
  for (const [key, value] of changes) {
    const index = bucketOf(key);
    const bucket = copied.get(index) ?? new Map(map.buckets[index]);
    copied.set(index, bucket);
    size += (value === undefined ? 0 : 1) - (bucket.has(key) ? 1 : 0);
    if (value === undefined) bucket.delete(key);
    else bucket.set(key, value);
  }
  if (copied.size === 0) return map;
  const buckets = Array.from({ length: BUCKETS }, (_, index) => map.buckets[index]);
  for (const [index, bucket] of copied) buckets[index] = bucket;
  return { size, buckets };
}

/** Every entry, in no order that means anything. */
export function* mapEntries<V>(map: PersistentMap<V>): Generator<readonly [string, V]> {
  for (const bucket of map.buckets) if (bucket) yield* bucket;
}

/** FNV-1a. */
function bucketOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  return (hash ^ (hash >>> 15)) & (BUCKETS - 1);
}
