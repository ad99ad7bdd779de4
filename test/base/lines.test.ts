import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  countBreaks,
  lineCount,
  lineEnd,
  lineIndex,
  lineStart,
  lineStarts,
  lineText,
  offsetAt,
  positionAt,
} from '../../server/base/lines.ts';

const TEXTS: readonly (readonly [text: string, ...lines: string[]])[] = [
  ['', ''],
  ['a', 'a'],
  ['a\n', 'a', ''],
  ['a\r\n', 'a', ''],
  ['a\r', 'a', ''],
  ['a\nb\r\nc\rd', 'a', 'b', 'c', 'd'],
  ['\n\n', '', '', ''],
  ['\r\n\r\n', '', '', ''],
  ['\r\r', '', '', ''],
  ['\n\r', '', '', ''],
  ['\r\r\n', '', '', ''],
  ['a\n\r\nb', 'a', '', 'b'],
  ['😀\nä', '😀', 'ä'],
  ['a\u2028b\u0085c', 'a\u2028b\u0085c'],
];

describe('the lines of a text', () => {
  for (const [text, ...lines] of TEXTS)
    test(JSON.stringify(text), () => {
      const index = lineIndex(text);
      expect(lineCount(index)).toBe(lines.length);
      expect(lines.map((_, line) => lineText(index, line))).toEqual(lines);
      expect(countBreaks(text)).toBe(lines.length - 1);
      expect(lineText(index, lines.length)).toBe('');
    });
});

const anyText: fc.Arbitrary<string> = fc.array(fc.constantFrom('a', 'bc', '😀', '\n', '\r', '\r\n', ' ')).map((parts) => parts.join(''));
const anyNumber: fc.Arbitrary<number> = fc.oneof(fc.integer({ min: -3, max: 60 }), fc.double(), fc.constantFrom(Infinity, -Infinity, NaN));

test('lines split as a plain split by the three line breaks does', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const index = lineIndex(text);
      const wanted = text.split(/\r\n|\n|\r/);
      expect(lineStarts(text).map((_, line) => lineText(index, line))).toEqual(wanted);
      expect(countBreaks(text)).toBe(wanted.length - 1);
    }),
  );
});

test('an offset comes back from its place, but for the middle of a \\r\\n', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const index = lineIndex(text);
      for (let offset = 0; offset <= text.length; offset++) {
        const inside = text[offset - 1] === '\r' && text[offset] === '\n';
        expect(offsetAt(index, positionAt(index, offset))).toBe(inside ? offset - 1 : offset);
      }
    }),
  );
});

test('any question gets an answer inside the text', () => {
  fc.assert(
    fc.property(anyText, anyNumber, anyNumber, (text, line, character) => {
      const index = lineIndex(text);
      const offset = offsetAt(index, { line, character });
      expect(offset >= 0 && offset <= text.length && Number.isInteger(offset)).toBe(true);
      const place = positionAt(index, line);
      expect(place.line >= 0 && place.line < lineCount(index)).toBe(true);
      expect(place.character).toBeLessThanOrEqual(lineEnd(index, place.line) - lineStart(index, place.line));
      expect(place.character).toBeGreaterThanOrEqual(0);
    }),
  );
});

test('what lies outside moves to the nearest place', () => {
  const index = lineIndex('ab\r\ncd');
  expect(positionAt(index, 99)).toEqual({ line: 1, character: 2 });
  expect(positionAt(index, -1)).toEqual({ line: 0, character: 0 });
  expect(positionAt(index, 3)).toEqual({ line: 0, character: 2 });
  expect(offsetAt(index, { line: 0, character: 99 })).toBe(2);
  expect(offsetAt(index, { line: 9, character: 0 })).toBe(6);
  expect(offsetAt(index, { line: -1, character: 5 })).toBe(0);
});
