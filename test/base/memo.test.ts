import { expect, test } from 'vitest';
import { keepEqual, memo, memo2, memo2By, memoBy, memoLast, store } from '../../server/base/memo.ts';
import { sameItems } from '../../server/base/lists.ts';

/** A function that counts how often it is called. */
function counted<A extends readonly unknown[], V>(
  answer: (...args: A) => V,
): { readonly ask: (...args: A) => V; readonly calls: () => number } {
  let calls = 0;
  return {
    ask: (...args) => {
      calls++;
      return answer(...args);
    },
    calls: () => calls,
  };
}

test('an answer is made once for each object', () => {
  const { ask, calls } = counted((key: { readonly n: number }) => ({ double: key.n * 2 }));
  const double = memo(ask);
  const one = { n: 1 };
  expect(double(one)).toBe(double(one));
  expect(double({ n: 1 })).not.toBe(double(one));
  expect(calls()).toBe(2);
});

test.each([undefined, false, 0, ''])('an answer of %s is remembered as well', (answer) => {
  const { ask, calls } = counted<[key: object], boolean | number | string | undefined>(() => answer);
  const asked = memo(ask);
  const key = {};
  expect([asked(key), asked(key)]).toEqual([answer, answer]);
  expect(calls()).toBe(1);
});

test('what follows the key is for making only', () => {
  const { ask, calls } = counted((_: object, text: string) => text);
  const asked = memo(ask);
  const key = {};
  expect([asked(key, 'first'), asked(key, 'second')]).toEqual(['first', 'first']);
  expect(calls()).toBe(1);
});

test('an answer about two objects belongs to both, in their order', () => {
  const { ask, calls } = counted((a: object, b: object) => (a === b ? undefined : { a, b }));
  const pair = memo2(ask);
  const [one, other] = [{}, {}];
  expect(pair(one, other)).toBe(pair(one, other));
  expect(pair(other, one)).not.toBe(pair(one, other));
  expect([pair(one, one), pair(one, one)]).toEqual([undefined, undefined]);
  expect(calls()).toBe(3);
});

test('an answer about an object and a name belongs to both', () => {
  const { ask, calls } = counted((key: { readonly n: number }, name: string) => (name === '' ? undefined : `${name}${key.n}`));
  const named = memoBy(ask);
  const [one, two] = [{ n: 1 }, { n: 2 }];
  expect([named(one, 'a'), named(one, 'a'), named(two, 'a'), named(one, 'b')]).toEqual(['a1', 'a1', 'a2', 'b1']);
  expect([named(one, ''), named(one, '')]).toEqual([undefined, undefined]);
  expect(calls()).toBe(4);
});

test('an answer about two objects and a name belongs to all three', () => {
  const { ask, calls } = counted((a: { readonly n: number }, b: { readonly n: number }, name: string) => `${a.n}${b.n}${name}`);
  const named = memo2By(ask);
  const [one, two] = [{ n: 1 }, { n: 2 }];
  expect([named(one, two, 'a'), named(one, two, 'a'), named(two, one, 'a'), named(one, two, 'b')]).toEqual(['12a', '12a', '21a', '12b']);
  expect(calls()).toBe(3);
});

test('a store gives what was put in', () => {
  const known = store<object, number>();
  const key = {};
  expect(known.get(key)).toBe(undefined);
  expect(known.set(key, 1)).toBe(1);
  expect(known.get(key)).toBe(1);
  known.drop(key);
  expect(known.get(key)).toBe(undefined);
});

test('what is equal to what was there before stays the same object', () => {
  const keep = keepEqual<readonly number[]>(sameItems);
  const key = {};
  const first = keep(key, [1, 2]);
  expect(keep(key, [1, 2])).toBe(first);
  const second = keep(key, [1, 3]);
  expect(second).toEqual([1, 3]);
  expect(keep(key, [1, 2])).not.toBe(first);
  expect(keep({}, [1, 3])).not.toBe(second);
});

test('an answer that is out of date is made again', () => {
  const { ask, calls } = counted((_: object, version: number) => ({ version }));
  const latest = memoLast((known: { readonly version: number }, version: number) => known.version === version, ask);
  const key = {};
  expect(latest(key, 1)).toBe(latest(key, 1));
  expect(latest(key, 2)).toEqual({ version: 2 });
  expect(latest(key, 1)).toEqual({ version: 1 });
  expect(calls()).toBe(3);
});
