import { expect, test } from 'vitest';
import { parse } from '../../server/syntax/parse.ts';
import { scannerProblems } from '../../server/syntax/go-scanner.ts';

/** Each text was put to libyaml, from which Go's scanner is taken: refused, or read. */
test.each<[string, string, string[]]>([
  ['a tab alone on a line', 'a: {}\n\t\nb: c\n', ['yaml-tab']],
  ['a tab behind a dash', 'a:\n  -\tb\n', ['yaml-tab']],
  ['a tab behind a colon', 'a:\tb\n', []],
  ['a tab at the end of a line', 'a: b\t\nc: d\n', []],
  ['a tab in brackets', 'a: [\n\tb ]\n', []],
  ['a tab in quotes', 'a: "b\n \tc"\n', []],
  ['a tab in a block scalar', 'a: |\n  b\n  \tc\n', []],
  ['a tab below a block scalar, at the margin', 'a: |\n  b\n\t\nc: d\n', ['yaml-tab']],
  ['a tab below a block scalar, indented', 'a: |\n  b\n  \t\nc: d\n', []],
  ['a tab on the line below a value, at the margin', 'a: b\n\t\nc: d\n', ['yaml-tab']],
  ['a tab on the line below a value, indented', 'a: b\n  \t\nc: d\n', []],
  ['a tab on the line below a key', 'a:\n   \t\n  b: c\n', ['yaml-tab']],
  ['a bracket glued to the colon in braces', 'a: {b:[c]}\n', ['yaml-colon']],
  ['a bracket glued to the colon of a quoted key', 'a: {"b":[c]}\n', []],
  ['a key in braces on two lines', '{"a\nb": c}\n', ['yaml-colon']],
  ['a control character, even in a comment', 'a: b # \u0007\n', ['yaml-syntax']],
  ['an escape for one', 'a: "\\a"\n', []],
  ['a byte order mark in the text', 'a: \ufeffb\n', []],
  ['a space behind the colon', 'a: {b: [c]}\n', []],
])('%s', (_, text, codes) => {
  const { root } = parse(text);
  expect(root && scannerProblems(text, root).map(({ code }) => code)).toEqual(codes);
});
