/**
 * A set of small whole numbers, as bits in words of 32. Only the words from the first to the last one in use are kept, so a set
 * inside one namespace is a few words long, however large the cluster.
 */
export interface Bits {
  /** Index of the first word kept. */
  readonly start: number;
  readonly words: Uint32Array;
}

/** The set without members. */
export const none: Bits = { start: 0, words: new Uint32Array(0) };

/** A set of the given members, in any order. */
export function bitsOf(members: Iterable<number>): Bits {
  const list = [...members];
  if (list.length === 0) return none;
  const start = lowest(list) >>> 5;
  const words = new Uint32Array((highest(list) >>> 5) - start + 1);
  for (const member of list) words[(member >>> 5) - start] = (words[(member >>> 5) - start] ?? 0) | (1 << (member & 31));
  return { start, words };
}

/** The numbers `from` to `to`, `to` not among them. */
export function span(from: number, to: number): Bits {
  if (to <= from) return none;
  const start = from >>> 5;
  const words = new Uint32Array(((to - 1) >>> 5) - start + 1).fill(~0);
  words[0] = (words[0] ?? 0) & (~0 << (from & 31));
  const last = words.length - 1;
  words[last] = (words[last] ?? 0) & (~0 >>> (31 - ((to - 1) & 31)));
  return { start, words };
}

/** Is the number in the set? */
export function has(set: Bits, member: number): boolean {
  return (((set.words[(member >>> 5) - set.start] ?? 0) >>> (member & 31)) & 1) === 1;
}

/** Is the set without members? */
export function isNone(set: Bits): boolean {
  return set.words.every((word) => word === 0);
}

/** What is in both sets. */
export function both(a: Bits, b: Bits): Bits {
  const start = Math.max(a.start, b.start);
  const end = Math.min(a.start + a.words.length, b.start + b.words.length);
  if (end <= start) return none;
  const words = new Uint32Array(end - start);
  for (let at = start; at < end; at++) words[at - start] = (a.words[at - a.start] ?? 0) & (b.words[at - b.start] ?? 0);
  return trimmed({ start, words });
}

/** What is in `a` but not in `b`. */
export function without(a: Bits, b: Bits): Bits {
  const words = a.words.slice();
  const from = Math.max(a.start, b.start);
  const end = Math.min(a.start + words.length, b.start + b.words.length);
  for (let at = from; at < end; at++) words[at - a.start] = (words[at - a.start] ?? 0) & ~(b.words[at - b.start] ?? 0);
  return trimmed({ start: a.start, words });
}

/** What is in any of the sets. */
export function either(...sets: readonly Bits[]): Bits {
  const used = sets.filter((set) => set.words.length > 0);
  const [first] = used;
  if (first === undefined) return none;
  if (used.length === 1) return first;
  const start = lowest(used.map((set) => set.start));
  const words = new Uint32Array(highest(used.map((set) => set.start + set.words.length)) - start);
  for (const set of used) set.words.forEach((word, at) => (words[at + set.start - start] = (words[at + set.start - start] ?? 0) | word));
  return { start, words };
}

/** Calls back for each member, ascending. */
export function each(set: Bits, visit: (member: number) => void): void {
  for (let at = 0; at < set.words.length; at++) {
    for (let word = set.words[at] ?? 0; word !== 0; word &= word - 1) visit(((set.start + at) << 5) + 31 - Math.clz32(word & -word));
  }
}

/** The members, ascending. */
export function membersOf(set: Bits): number[] {
  const members: number[] = [];
  each(set, (member) => members.push(member));
  return members;
}

/** The lowest member, or `undefined` for the empty set. */
export function firstOf(set: Bits): number | undefined {
  const at = set.words.findIndex((word) => word !== 0);
  const word = set.words[at];
  return word === undefined ? undefined : ((set.start + at) << 5) + 31 - Math.clz32(word & -word);
}

function trimmed(set: Bits): Bits {
  const first = set.words.findIndex((word) => word !== 0);
  if (first === -1) return none;
  const last = set.words.findLastIndex((word) => word !== 0);
  if (first === 0 && last === set.words.length - 1) return set;
  return { start: set.start + first, words: set.words.slice(first, last + 1) };
}

function lowest(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => Math.min(a, b));
}

function highest(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => Math.max(a, b));
}
