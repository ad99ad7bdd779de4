import { expect, test } from 'vitest';
import { parse } from '../../server/syntax/parse.ts';
import { printed } from './printed.ts';

type Case = readonly [name: string, text: string, tree: string, ...problems: string[]];

const CASES: readonly Case[] = [
  ['comments', '# top\na: 1 # one\n# between\nb: # two\n  # three\n  c: 2\n# end\n', '{a: 1, b: {c: 2}}'],
  ['a hash inside a word', 'a: b#c\n"d": "e # f"\n', '{a: b#c, "d": "e # f"}'],
  ['anchor and alias', 'a: &x {b: 1}\nc: *x\n', '{a: &x {b: 1}, c: *x}'],
  ['anchor on a scalar and on a key', '&k a: &v b\n*k : *v\n', '{&k a: &v b, *k: *v}'],
  ['an anchor given twice: the later counts below it', 'a: &x 1\nb: &x 2\nc: *x\n', '{a: &x 1, b: &x 2, c: *x}'],
  ['merge key', 'a: &x\n  b: 1\nc:\n  <<: *x\n  d: 2\n', '{a: &x {b: 1}, c: {<<: *x, d: 2}}'],
  ['merge of a list', 'a: &x {b: 1}\nc:\n  <<: [*x, {d: 1}]\n', '{a: &x {b: 1}, c: {<<: [*x, {d: 1}]}}'],
  ['merge of a scalar', 'a:\n  <<: b\n', '{a: {<<: b}}', 'yaml-syntax: b'],
  ['alias without anchor', 'a: *x\n', '{a: *x!}', 'yaml-alias: *x'],
  ['alias above its anchor', 'a: *x\nb: &x 1\n', '{a: *x!, b: &x 1}', 'yaml-alias: *x'],
  ['alias inside its anchor', 'a: &x\n  b: *x\n', '{a: &x {b: *x!}}', 'yaml-alias-cycle: *x'],
  ['flow', 'a: {b: [1, {c: d}], "e": \'f\', g}\nh: []\ni: {}\n', '{a: {b: [1, {c: d}], "e": \'f\', g: ~}, h: [], i: {}}'],
  ['flow over lines', 'a: [\n  1, # one\n  2,\n]\nb: {\n  c: d\n}\n', '{a: [1, 2], b: {c: d}}'],
  ['flow that goes on at the left', 'a:\n  b: [c, # one\n\nd,\n\n{e:\nf}\n]\n  g: 1\n', '{a: {b: [c, d, {e: f}], g: 1}}'],
  ['quotes that go on at the left', 'a:\n  b: "c\nd"\n  e: \'f\n # g\'\n', '{a: {b: "c d", e: \'f  # g\'}}'],
  ['brackets in other text', 'a:\n  b: [c,\nd]\n  e: |\n    [x,\n  f: g [h,\n    i\n', '{a: {b: [c, d], e: |[x,/|, f: g [h, i}}'],
  ['pairs in a flow list', 'a: [b: 1, c]\n', '{a: [{b: 1}, c]}'],
  ['literal', 'a: |\n  b\n   c\n\n  d\ne: 1\n', '{a: |b/ c//d/|, e: 1}'],
  ['folded, with a header', 'a: >2-\n  b\n  c\ne: 1\n', '{a: >b c>, e: 1}'],
  ['literal with nothing in it', 'a: |\nb: 1\n', '{a: ||, b: 1}'],
  ['quotes over lines', "a: \"b\n  c\"\nd: 'e''f'\n", "{a: \"b c\", d: 'e'f'}"],
  ['plain over lines', 'a: b\n  c\nd: 1\n', '{a: b c, d: 1}'],
  ['CRLF', 'a: 1\r\nb:\r\n- c\r\n- |\r\n  d\r\n', '{a: 1, b: [c, |d/|]}'],
  ['lone CR', 'a: 1\rb:\r- c\r', '{a: 1, b: [c]}'],
  ['BOM', '\uFEFFa: 1\n', '{a: 1}'],
  ['BOM and marker', '\uFEFF---\na: 1\n', '{a: 1}'],
  ['tab behind a value', 'a:\t1\t\nb: 2\t# c\n', '{a: 1, b: 2}'],
  ['no-break space is text', 'a: \u00a0b\u00a0\n', '{a: \u00a0b\u00a0}'],
  ['marker and directive', '%YAML 1.1\n# c\n---\na: 1\n...\n', '{a: 1}'],
  ['marker with a value', '--- {a: 1}\n', '{a: 1}'],
  ['marker with a comment', '--- # c\na: 1\n', '{a: 1}'],
  ['nothing', '', 'nothing'],
  ['only a comment', '# c\n', 'nothing'],
  ['only a marker', '---\n', '~'],
  ['JSON', '{\n  "a": [1, 2.5, true, null, "x"],\n  "b": {"c": {}}\n}\n', '{"a": [1, 2.5, true, null, "x"], "b": {"c": {}}}'],
  ['JSON without spaces', '{"a":1,"b":[{"c":"d"}]}', '{"a": 1, "b": [{"c": "d"}]}'],
  ['keys as JSON has them', 'y: 1\n0x10: 2\n1.50: 3\n"true": 4\n', '{true: 1, 16: 2, 1.5: 3, "true": 4}'],
  ['null keys', 'null: 1\n~: 2\n: 3\n', '{null: 1, null: 2, ~: 3}', 'yaml-key: null', 'yaml-key: ~', 'yaml-key: :'],
  ['a map as key', '? {a: b}\n: c\n', '{{a: b}: c}', 'yaml-key: {a: b}'],
  ['explicit key', '? a\n: b\n? c\n', '{a: b, c: ~}'],
  [
    'tags',
    'a: !!str 80\nb: !!int "80"\nc: !x y\nd: !!map {e: 1}\n',
    '{a: tag:yaml.org,2002:str 80, b: tag:yaml.org,2002:int "80", c: !x y, d: tag:yaml.org,2002:map {e: 1}}',
  ],
  ['tag that does not fit', 'a: !!int web\n', '{a: tag:yaml.org,2002:int web}', 'yaml-tag: web'],
  ['no number for JSON', 'a: .nan\nb: ".inf"\n', '{a: refused, b: ".inf"}', 'yaml-not-json: .nan'],
  ['compact nesting', '- - a\n  - b: 1\n    c:\n    - d\n', '[[a, {b: 1, c: [d]}]]'],
  ['a key given twice', 'a: 1\na: 2\n', '{a: 1, a: 2}'],
  ['no values', 'a:\nb:\n  c:\n  d:\n- e\n', '?{a: ~, b: {c: ~, d: ~}}', 'yaml-nesting: - e'],
  ['list at the column of its key', 'a:\n- 1\n-\n- b:\nc: 1\n', '{a: [1, ~, {b: ~}], c: 1}'],
];

for (const [name, text, tree, ...problems] of CASES)
  test(name, () => {
    const { root, problems: found } = parse(text);
    expect(printed(root)).toBe(tree);
    expect(found.map(({ code, span }) => `${code}: ${text.slice(span.start, span.end)}`)).toEqual(problems);
  });
