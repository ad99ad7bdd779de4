import { describe, expect, test } from 'vitest';
import { manifestsIn } from '../../server/syntax/manifest.ts';
import { parse } from '../../server/syntax/parse.ts';
import { positionIn } from '../../server/syntax/positions.ts';
import { edit, manifestsOf, placesOf, sourceFile } from '../../server/syntax/source-file.ts';
import { content, get, pairsOf, type Node } from '../../server/syntax/tree.ts';

/**
 * Seconds of processor time, so that it does not matter what else the machine does: far above what any of this takes, and far below what
 * time in proportion to the square of the text would.
 */
const SECONDS = 5;

function inTime<T>(work: () => T): T {
  const start = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(start);
  expect((user + system) / 1_000_000).toBeLessThan(SECONDS);
  return result;
}

const LONG = 100_000;

describe('a long text of one kind of thing takes time in proportion to its length', () => {
  const things = [
    '[',
    ']',
    '{',
    '}',
    '"',
    "'",
    "'\n",
    '{{',
    '}}',
    '{{ x }} ',
    '{{ x }}\n',
    'a: {{ x }}\n',
    '{{ x \n',
    '{{/*',
    '- ',
    '-\n',
    '-',
    'a\n',
  ].concat([
    'a:\n',
    'a: ',
    '#\n',
    '# ',
    '\n',
    '\r',
    '\r\n',
    ' ',
    '\t',
    'x',
    '&a ',
    '- *a\n',
    '!',
    '%\n',
    ':',
    '?\n',
    '? ',
    'a: |\n',
    ',',
    '\0',
    '\u2028',
    '\uFEFF',
  ]);
  for (const thing of things)
    test(JSON.stringify(thing), () => {
      const text = thing.repeat(LONG / thing.length);
      inTime(() => parse(text));
      inTime(() => parse(`[${text}`));
      inTime(() => parse(`kind: NetworkPolicy\nspec:\n  a: ${text}`));
      inTime(() => placesOf(sourceFile(text)));
      inTime(() => placesOf(sourceFile(`kind: List\nitems:\n${text}`)));
    });
});

describe('ten thousand levels are too deep, and say so once', () => {
  const levels = 10_000;
  const texts: Readonly<Record<string, string>> = {
    'open brackets': '['.repeat(levels),
    'closed brackets': '['.repeat(levels) + ']'.repeat(levels),
    braces: '{a: '.repeat(levels),
    dashes: '- '.repeat(levels),
    'question marks': '? '.repeat(levels),
    indentation: Array.from({ length: 1000 }, (_, level) => `${' '.repeat(level)}a:\n`).join(''),
  };
  for (const [name, text] of Object.entries(texts))
    test(name, () => {
      const { root, problems } = inTime(() =>
        parse(`kind: NetworkPolicy\nspec: \n  a: \n${name === 'indentation' ? text : `    ${text}`}\n`),
      );
      expect(root).toBeUndefined();
      expect(problems.map(({ code }) => code)).toEqual(['yaml-nesting']);
    });
});

/** Everything in a tree, with all aliases and merge keys laid out. */
function everything(node: Node): number {
  const at = content(node);
  if (at?.kind === 'map') return pairsOf(at).reduce((sum, pair) => sum + everything(pair.value), 1);
  return at?.kind === 'seq' ? at.items.reduce((sum, item) => sum + everything(item.value), 1) : 1;
}

describe('aliases that stand for far more than is written are refused, as by the API server, and can be walked', () => {
  const times = (count: number, line: (i: number) => string): string => Array.from({ length: count }, (_, i) => line(i + 1)).join('');
  const nine = (i: number): string =>
    Array(9)
      .fill(`*a${i - 1}`)
      .join(', ');
  const texts: Readonly<Record<string, string>> = {
    lists: `a0: &a0 [x, x]\n${times(30, (i) => `a${i}: &a${i} [${nine(i)}]\n`)}`,
    merges: `a0: &a0 {x: 1}\n${times(30, (i) => `a${i}: &a${i} {<<: [${nine(i)}], y${i}: 1}\n`)}`,
    'a chain of merges': `a0: &a0 {x: 1}\n${times(5000, (i) => `a${i}: &a${i} {<<: *a${i - 1}, y${i}: 1}\n`)}`,
    'a chain of values': `a0: &a0 {x: 1}\n${times(5000, (i) => `a${i}: &a${i} {z: *a${i - 1}}\n`)}`,
  };
  for (const [name, text] of Object.entries(texts))
    test(name, () => {
      const { root, problems } = inTime(() => parse(`${text}kind: Pod\n`));
      expect(problems.map(({ code }) => code)).toEqual(['yaml-alias']);
      expect(inTime(() => (root ? everything(root) : 0))).toBeLessThan(400_000);
      expect(get(root, 'kind')).toMatchObject({ text: 'Pod' });
    });

  test('ordinary reuse is not', () => {
    const text = `a: &a {x: 1, y: [1, 2, 3]}\nb:\n${times(200, (i) => `- {n: ${i}, <<: *a}\n`)}`;
    expect(parse(text).problems).toEqual([]);
  });
});

describe('large files', () => {
  test('hundreds of thousands of documents are split and placed, and an edit does not split them again', () => {
    const file = inTime(() => sourceFile('---\n'.repeat(500_000)));
    const after = inTime(() => edit(file, { start: 1_000_002, end: 1_000_002, text: ' # x' }));
    expect(inTime(() => positionIn(after, 1_900_000)).line).toBe(474_999);
    expect(after.pieces.at(-1)).toBe(file.pieces.at(-1));
  });

  test('a manifest above a million characters is not read, but its neighbours are', () => {
    const file = sourceFile(`kind: Pod\n---\nkind: ConfigMap\na: ${'x'.repeat(1_000_001)}\n---\nkind: Service\n`);
    const manifests = inTime(() => manifestsOf(file)).map(({ manifest }) => manifest);
    expect(manifests.map(({ oversized, root }) => [oversized, root !== undefined])).toEqual([
      [false, true],
      [true, false],
      [false, true],
    ]);
  });

  test('random bytes', () => {
    // A fixed sequence, so that a failure comes again.
    let seed = 1;
    const bytes = Array.from({ length: 1_000_000 }, () => String.fromCharCode((seed = (seed * 48_271) % 2_147_483_647) & 0xff)).join('');
    for (const piece of inTime(() => sourceFile(bytes)).pieces) inTime(() => manifestsIn(piece));
    inTime(() => parse(bytes.slice(0, LONG)));
  });
});
