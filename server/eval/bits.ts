/**
 * A set of small integers, as bits in words of 32. Only the words from the first to the last one in use are kept, so a set
 * inside one namespace is a few words long, however large the cluster.
 */
export interface Bits {
  /** Index of the first word kept. */
  readonly start: number;
  /** As signed integers. A plain array: most sets are a few words long, and a typed array takes longer to make than to fill. */
  readonly words: readonly number[];
}

/** The set without members. */
export const none: Bits = { start: 0, words: [] };

/** A set of the given members, in any order. */
export function bitsOf(members: Iterable<number>): Bits {
  const list = [...members];
  if (list.length === 0) return none;
  const start = lowest(list) >>> 5;
  const words = zeros((highest(list) >>> 5) - start + 1);
  for (const member of list) words[(member >>> 5) - start] = (words[(member >>> 5) - start] ?? 0) | (1 << (member & 31));
  return { start, words };
}

/** The numbers `from` to `to`, `to` not among them. */
export function span(from: number, to: number): Bits {
  if (to <= from) return none;
  const start = from >>> 5;
  const words = zeros(((to - 1) >>> 5) - start + 1).fill(~0);
  words[0] = (words[0] ?? 0) & (~0 << (from & 31));
  const last = words.length - 1;
  words[last] = (words[last] ?? 0) & (~0 >>> (31 - ((to - 1) & 31)));
  return { start, words };
}

/** Is the number in the set? */
export function has(set: Bits, member: number): boolean {
  return ((wordAt(set, member >>> 5) >>> (member & 31)) & 1) === 1;
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
  let first = Math.max(a.start, b.start);
  let last = Math.min(a.start + a.words.length, b.start + b.words.length) - 1;
  while (first <= last && (wordAt(a, first) & wordAt(b, first)) === 0) first++;
  while (last > first && (wordAt(a, last) & wordAt(b, last)) === 0) last--;
  if (first > last) return none;
  if (first === a.start && last === a.start + a.words.length - 1 && isWithin(a, b)) return a;
  const words: number[] = [];
  for (let at = first; at <= last; at++) words.push(wordAt(a, at) & wordAt(b, at));
  return { start: first, words };
}

/** What is in `a` but not in `b`. */
export function without(a: Bits, b: Bits): Bits {
  if (!meet(a, b)) return a;
  let first = a.start;
  let last = a.start + a.words.length - 1;
  while (first <= last && (wordAt(a, first) & ~wordAt(b, first)) === 0) first++;
  while (last > first && (wordAt(a, last) & ~wordAt(b, last)) === 0) last--;
  if (first > last) return none;
  const words: number[] = [];
  for (let at = first; at <= last; at++) words.push(wordAt(a, at) & ~wordAt(b, at));
  return { start: first, words };
}

/** What is in any of the sets. */
export function unionOf(...sets: readonly Bits[]): Bits {
  const used = sets.filter((set) => set.words.length > 0);
  const [first] = used;
  if (first === undefined) return none;
  if (used.length === 1) return first;
  let [start, end] = [first.start, 0];
  for (const set of used) {
    start = Math.min(start, set.start);
    end = Math.max(end, set.start + set.words.length);
  }
  const words = zeros(end - start);
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

/** Have the sets a member in common? */
function meet(a: Bits, b: Bits): boolean {
  const end = Math.min(a.start + a.words.length, b.start + b.words.length);
  for (let at = Math.max(a.start, b.start); at < end; at++) if ((wordAt(a, at) & wordAt(b, at)) !== 0) return true;
  return false;
}

/** Is all of `a` in `b`? */
function isWithin(a: Bits, b: Bits): boolean {
  for (let at = 0; at < a.words.length; at++) if (((a.words[at] ?? 0) & ~wordAt(b, at + a.start)) !== 0) return false;
  return true;
}

/** Of small integers and without holes, which is the fastest kind of array. */
function zeros(length: number): number[] {
  const words: number[] = [];
  for (let at = 0; at < length; at++) words.push(0);
  return words;
}

function lowest(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => Math.min(a, b));
}

function highest(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => Math.max(a, b));
}
