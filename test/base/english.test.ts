import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { capital, count, list, ordinal, plain, pluralOf, quote, shorten, thousands } from '../../server/base/english.ts';

test('a list reads like speech', () => {
  expect([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map((words) => list(words))).toEqual(['', 'a', 'a and b', 'a, b and c']);
  expect(list(['a', 'b', 'c'], 'or')).toBe('a, b or c');
  expect(list(['a', 'b', 'c', 'd', 'e'], 'and', 2)).toBe('a, b and 3 more');
  expect(list(['a', 'b', 'c'], 'and', 2)).toBe('a, b and c');
});

describe('a count', () => {
  const table: readonly (readonly [number: number | bigint, noun: string, words: string])[] = [
    [0, 'pod', 'no pods'],
    [1, 'pod', '1 pod'],
    [4, 'pod', '4 pods'],
    [1234567, 'policy', '1,234,567 policies'],
    [65536n, 'address', '65,536 addresses'],
    [1n, 'address', '1 address'],
    [2, 'key', '2 keys'],
    [2, 'ingress rule', '2 ingress rules'],
    [2, 'namespace', '2 namespaces'],
    [999, 'match', '999 matches'],
  ];
  for (const [number, noun, words] of table) test(words, () => expect(count(number, noun)).toBe(words));
  test('with a plural of its own', () => expect(count(2, 'schema', 'schemata')).toBe('2 schemata'));
  test('a plural alone', () => expect(pluralOf('entry')).toBe('entries'));
});

test('an ordinal', () => {
  expect([1, 2, 3, 10, 11, 12, 13, 20, 21, 22, 23, 101, 111, 1002].map(ordinal)).toEqual([
    'first',
    'second',
    'third',
    'tenth',
    '11th',
    '12th',
    '13th',
    '20th',
    '21st',
    '22nd',
    '23rd',
    '101st',
    '111th',
    '1,002nd',
  ]);
});

test('thousands', () =>
  expect([0, 999, 1000, 4294967296n, -1234].map(thousands)).toEqual(['0', '999', '1,000', '4,294,967,296', '-1,234']));

test('a sentence starts with a capital', () => expect(['every pod', '', 'ä'].map(capital)).toEqual(['Every pod', '', 'Ä']));

describe('text from a document in a message', () => {
  test('is quoted', () => expect(quote('web')).toBe("'web'"));
  test('stays on its line', () => expect(quote('a\r\n\tb\u2028c')).toBe("'a b c'"));
  test('shows what hides', () => expect(plain('a\u202eb\u0000c\u200bd\ufeffe\ud800f')).toBe('a�b�c�d�e�f'));
  test('keeps what is readable', () => expect(plain('größer 日本 😀')).toBe('größer 日本 😀'));
  test('is cut when long', () => expect(shorten('a'.repeat(70))).toBe(`${'a'.repeat(59)}…`));
  test('is not cut through a character', () => expect(shorten('ab😀cd', 4)).toBe('ab…'));
  test('is never longer than asked, and one line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        expect(quote(text).length).toBeLessThanOrEqual(62);
        expect(quote(text)).not.toMatch(/[\n\r\u202e]/);
      }),
    );
  });
});
