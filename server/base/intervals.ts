/** Integers from `from` to `to`, both included. */
export interface Interval<T extends Countable> {
  readonly from: T;
  readonly to: T;
}

/** An exact set of integers: non-empty intervals in ascending order that neither overlap nor touch. Made by `normalise` only. */
export type Intervals<T extends Countable> = readonly Interval<T>[];

/** Numbers for ports, bigints for addresses; one set holds only one of the two. */
export type Countable = number | bigint;

/** What counting needs to know of the numbers: the neighbours. */
export interface Neighbours<T extends Countable> {
  readonly next: (number: T) => T;
  readonly previous: (number: T) => T;
}

/** Any intervals, in any order, as a set: sorted, joined where they meet or touch, without empty ones. */
export function normalise<T extends Countable>(steps: Neighbours<T>, intervals: readonly Interval<T>[]): Intervals<T> {
  const sorted = intervals
    .filter(({ from, to }) => from <= to)
    .sort((one, other) => (one.from < other.from ? -1 : Number(one.from > other.from)));
  const joined: Interval<T>[] = [];
  for (const interval of sorted) {
    const last = joined.at(-1);
    if (last === undefined || steps.next(last.to) < interval.from) joined.push(interval);
    else if (last.to < interval.to) joined[joined.length - 1] = { from: last.from, to: interval.to };
  }
  return joined;
}

/** What is in any of the sets. */
export function uniteAll<T extends Countable>(steps: Neighbours<T>, sets: readonly Intervals<T>[]): Intervals<T> {
  const some = [...new Set(sets)].filter((set) => set.length > 0);
  return some.length > 1 ? normalise(steps, some.flat()) : (some[0] ?? []);
}

/** What is in both sets. */
export function intervalsMeet<T extends Countable>(one: Intervals<T>, other: Intervals<T>): Intervals<T> {
  if (one === other) return one;
  const common: Interval<T>[] = [];
  let [left, right] = [0, 0];
  for (let [a, b] = [one[0], other[0]]; a && b; [a, b] = [one[left], other[right]]) {
    const from = a.from < b.from ? b.from : a.from;
    const to = a.to < b.to ? a.to : b.to;
    if (from <= to) common.push({ from, to });
    if (a.to < b.to) left++;
    else right++;
  }
  return common;
}

/** What is in the first set and not in the second. */
export function subtract<T extends Countable>(steps: Neighbours<T>, one: Intervals<T>, other: Intervals<T>): Intervals<T> {
  if (one.length === 0 || other.length === 0) return one;
  const left: Interval<T>[] = [];
  let at = 0;
  for (const { from, to } of one) {
    let start = from;
    for (let hole = other[at]; hole && start <= to && hole.from <= to; hole = other[at]) {
      if (start < hole.from) left.push({ from: start, to: steps.previous(hole.from) });
      if (start <= hole.to) start = steps.next(hole.to);
      // A hole that reaches behind this interval may take something from the next one too.
      if (hole.to > to) break;
      at++;
    }
    if (start <= to) left.push({ from: start, to });
  }
  return left;
}

/** Is all of the inner set in the outer one? */
export function covers<T extends Countable>(outer: Intervals<T>, inner: Intervals<T>): boolean {
  let at = 0;
  return inner.every(({ from, to }) => {
    while ((outer[at]?.to ?? to) < to) at++;
    const around = outer[at];
    return around !== undefined && around.from <= from;
  });
}

/** Do the sets have a number in common? */
export function meets<T extends Countable>(one: Intervals<T>, other: Intervals<T>): boolean {
  let [left, right] = [0, 0];
  for (let [a, b] = [one[0], other[0]]; a && b; [a, b] = [one[left], other[right]]) {
    if (a.from <= b.to && b.from <= a.to) return true;
    if (a.to < b.to) left++;
    else right++;
  }
  return false;
}

/** Are the sets equal? */
export function same<T extends Countable>(one: Intervals<T>, other: Intervals<T>): boolean {
  return (
    one === other || (one.length === other.length && one.every(({ from, to }, at) => other[at]?.from === from && other[at]?.to === to))
  );
}

/** Is the number in the set? */
export function includesValue<T extends Countable>(set: Intervals<T>, number: T): boolean {
  let [low, high] = [0, set.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const interval = set[middle];
    if (interval === undefined || number < interval.from) high = middle - 1;
    else if (number > interval.to) low = middle + 1;
    else return true;
  }
  return false;
}
