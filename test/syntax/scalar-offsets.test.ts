import { expect, test } from 'vitest';
import { manifestsIn } from '../../server/syntax/manifest.ts';
import { scalarOffsets } from '../../server/syntax/scalar-offsets.ts';
import { asScalar, get } from '../../server/syntax/tree.ts';
import { split } from '../../server/syntax/split.ts';

/** The characters of the value of `key`, each with the text that it was made of. */
function origins(yaml: string): { readonly text: string; readonly from: readonly string[] } {
  const [piece] = split(yaml);
  const [manifest] = piece ? manifestsIn(piece) : [];
  const node = asScalar(get(manifest?.root, 'key'));
  if (!node) throw new Error('no scalar');
  const offsets = scalarOffsets(node, yaml);
  if (!offsets) throw new Error('not aligned');
  expect(offsets).toHaveLength(node.text.length + 1);
  expect(offsets.toSorted((a, b) => a - b)).toEqual(offsets);
  return { text: node.text, from: [...node.text].map((_, i) => yaml.slice(offsets[i], (offsets[i] ?? 0) + 1)) };
}

test.each([
  'key: abc def\n',
  "key: 'abc def'\n",
  'key: "abc def"\n',
  "key: 'it''s'\n",
  'key: |\n  app == "a"\n  && b\n',
  'key: |-\n  app == "a"\n',
  'key: |+\n  app\n\n',
  'key: >\n  app == "a"\n  && b\n',
  'key: >-\n    app\n    b\n\n    c\n',
  'key: >-\n  app\n    b\n  c\n',
  'key: abc\n  def\n',
  'key: abc\n\n  def\n',
  'key: "abc\n  def"\n',
  "key: 'abc   \n\n\n  def'\n",
  'key: "abc\\\n   def"\n',
  'key: |2\n  abc\n   def\n',
  'key: >- # why\n  abc\n',
  "{key: 'a b', other: 1}\n",
  'key: |\r\n  abc\r\n  def\r\n',
])('%j', (yaml) => {
  const { text, from } = origins(yaml);
  for (const [i, character] of [...text].entries()) {
    if (/\s/.test(character)) expect(from[i], `${i} of ${JSON.stringify(text)}`).toMatch(/^[ \t\r\n]?$/);
    else expect(from[i], `${i} of ${JSON.stringify(text)}`).toBe(character);
  }
});

test('escapes', () => {
  expect(origins('key: "a\\x41\\u0042\\"\\\\c"\n')).toEqual({ text: 'aAB"\\c', from: ['a', '\\', '\\', '\\', '\\', 'c'] });
});
