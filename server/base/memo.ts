/*
 * The one place where answers are remembered. What is remembered hangs on an object that never changes, in a WeakMap, and goes when the
 * object goes; so a memo is not state: asked twice, or in another order, every function gives the same.
 *
 * The first arguments are the key. Those after them (`rest`) are for making an answer only and must follow from the key, as the cluster
 * of a policy does: with another `rest` the answer of the first time is given again.
 */

/** Stands for an answer that is `undefined`, which a WeakMap cannot tell from none. */
const NOTHING: unique symbol = Symbol('nothing');

/** Whatever may be an answer, `undefined` aside. */
type Answer = object | string | number | bigint | boolean;

/** A function that makes an answer once for each object, `undefined` included. */
export function memo<K extends object, V extends Answer, R extends readonly unknown[]>(
  make: (key: K, ...rest: R) => V,
): (key: K, ...rest: R) => V;
export function memo<K extends object, V extends Answer, R extends readonly unknown[]>(
  make: (key: K, ...rest: R) => V | undefined,
): (key: K, ...rest: R) => V | undefined;
export function memo<K extends object, V extends Answer, R extends readonly unknown[]>(
  make: (key: K, ...rest: R) => V | undefined,
): (key: K, ...rest: R) => V | undefined {
  const answers = new WeakMap<K, V | typeof NOTHING>();
  return (key, ...rest) => {
    const cached = answers.get(key);
    if (cached !== undefined) return cached === NOTHING ? undefined : cached;
    const answer = make(key, ...rest);
    answers.set(key, answer ?? NOTHING);
    return answer;
  };
}

/** A function that makes an answer once for each pair of objects. */
export function memo2<A extends object, B extends object, V extends Answer, R extends readonly unknown[]>(
  make: (a: A, b: B, ...rest: R) => V,
): (a: A, b: B, ...rest: R) => V;
export function memo2<A extends object, B extends object, V extends Answer, R extends readonly unknown[]>(
  make: (a: A, b: B, ...rest: R) => V | undefined,
): (a: A, b: B, ...rest: R) => V | undefined;
export function memo2<A extends object, B extends object, V extends Answer, R extends readonly unknown[]>(
  make: (a: A, b: B, ...rest: R) => V | undefined,
): (a: A, b: B, ...rest: R) => V | undefined {
  const tables = memo<A, WeakMap<B, V | typeof NOTHING>, []>(() => new WeakMap());
  return (a, b, ...rest) => {
    const answers = tables(a);
    const cached = answers.get(b);
    if (cached !== undefined) return cached === NOTHING ? undefined : cached;
    const answer = make(a, b, ...rest);
    answers.set(b, answer ?? NOTHING);
    return answer;
  };
}

/**
 * A function that makes an answer once for each object and each name. All names that were asked for are kept as long as the object, so
 * there should be few of them.
 */
export function memoBy<K extends object, N extends string | number, V extends Answer, R extends readonly unknown[]>(
  make: (key: K, name: N, ...rest: R) => V,
): (key: K, name: N, ...rest: R) => V;
export function memoBy<K extends object, N extends string | number, V extends Answer, R extends readonly unknown[]>(
  make: (key: K, name: N, ...rest: R) => V | undefined,
): (key: K, name: N, ...rest: R) => V | undefined;
export function memoBy<K extends object, N extends string | number, V extends Answer, R extends readonly unknown[]>(
  make: (key: K, name: N, ...rest: R) => V | undefined,
): (key: K, name: N, ...rest: R) => V | undefined {
  const tables = memo<K, Map<N, V | typeof NOTHING>, []>(() => new Map());
  return (key, name, ...rest) => {
    const answers = tables(key);
    const cached = answers.get(name);
    if (cached !== undefined) return cached === NOTHING ? undefined : cached;
    const answer = make(key, name, ...rest);
    answers.set(name, answer ?? NOTHING);
    return answer;
  };
}

/** A function that makes an answer once for each pair of objects and each name, of which there should be few. */
export function memo2By<A extends object, B extends object, N extends string | number, V extends Answer, R extends readonly unknown[]>(
  make: (a: A, b: B, name: N, ...rest: R) => V,
): (a: A, b: B, name: N, ...rest: R) => V {
  const tables = memo2<A, B, Map<N, V>, []>(() => new Map());
  return (a, b, name, ...rest) => {
    const answers = tables(a, b);
    const cached = answers.get(name);
    if (cached !== undefined) return cached;
    const answer = make(a, b, name, ...rest);
    answers.set(name, answer);
    return answer;
  };
}

/** Answers that are put in by hand, for work that is done in slices and for answers that still grow. */
export interface Store<K extends object, V> {
  readonly get: (key: K) => V | undefined;
  /** Remembers an answer, and gives it. */
  readonly set: (key: K, answer: V) => V;
  /** Lets go of an answer that is large and easily made again. */
  readonly drop: (key: K) => void;
}

/** An empty store. */
export function store<K extends object, V>(): Store<K, V> {
  const answers = new WeakMap<K, V>();
  return {
    get: (key) => answers.get(key),
    set: (key, answer) => {
      answers.set(key, answer);
      return answer;
    },
    drop: (key) => void answers.delete(key),
  };
}

/**
 * Keeps what is equal: gives the answer that was remembered for an object where the new one is equal to it, and else remembers the new
 * one. So what hangs on the answer stays known over edits that leave it as it is. Only the identity of the answer depends on
 * earlier calls, never its content.
 */
export function keepEqual<V extends object>(isEqual: (before: V, now: V) => boolean): (key: object, now: V) => V {
  const latest = new WeakMap<object, V>();
  return (key, now) => {
    const before = latest.get(key);
    if (before && isEqual(before, now)) return before;
    latest.set(key, now);
    return now;
  };
}

/**
 * A function that makes an answer for an object again only when it is out of date: `isCurrent` says whether the one that is remembered
 * still holds for what is asked now. For an object only the last answer is kept.
 */
export function memoLast<K extends object, V extends object, R extends readonly unknown[]>(
  isCurrent: (previous: V, ...rest: R) => boolean,
  make: (key: K, ...rest: R) => V,
): (key: K, ...rest: R) => V {
  const latest = new WeakMap<K, V>();
  return (key, ...rest) => {
    const cached = latest.get(key);
    if (cached && isCurrent(cached, ...rest)) return cached;
    const answer = make(key, ...rest);
    latest.set(key, answer);
    return answer;
  };
}
