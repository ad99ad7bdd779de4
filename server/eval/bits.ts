/**
 * A set of small integers, as bits in words of 32. Only the words from the first to the last one in use are kept, so a set
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

/** 32 members as bits: those from 32 times `word` on. */
export function wordAt({ start, words }: Bits, word: number): number {
  const at = word - start;
  return at < 0 || at >= words.length ? 0 : (words[at] ?? 0);
}

/** Is the set without members? */
export function isNone(set: Bits): boolean {
  for (let at = 0; at < set.words.length; at++) if (set.words[at] !== 0) return false;
  return true;
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
  const from = Math.max(a.start, b.start);
  const end = Math.min(a.start + a.words.length, b.start + b.words.length);
  if (end <= from) return a;
  const words = a.words.slice();
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
  for (const set of used) {
    const shift = set.start - start;
    for (let at = 0; at < set.words.length; at++) words[at + shift] = (words[at + shift] ?? 0) | (set.words[at] ?? 0);
  }
  return { start, words };
}

/** Calls back for each member, ascending. */
export function each(set: Bits, visit: (member: number) => void): void {
  for (let at = 0; at < set.words.length; at++) {
    for (let word = set.words[at] ?? 0; word !== 0; word &= word - 1) visit(((set.start + at) << 5) + 31 - Math.clz32(word & -word));
  }
}

/** The members, ascending. */
export function bitMembers(set: Bits): number[] {
  const members: number[] = [];
  each(set, (member) => members.push(member));
  return members;
}

/** The same set without the words at its ends that hold nothing. */
function trimmed(set: Bits): Bits {
  const { start, words } = set;
  let first = 0;
  while (first < words.length && words[first] === 0) first++;
  if (first === words.length) return none;
  let last = words.length - 1;
  while (words[last] === 0) last--;
  return first === 0 && last === words.length - 1 ? set : { start: start + first, words: words.slice(first, last + 1) };
}

function lowest(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => Math.min(a, b));
}

function highest(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => Math.max(a, b));
}
