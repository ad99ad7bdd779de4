import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bold, bullets, code, codeBlock, escape, link, paragraphs, table } from '../../server/base/markdown.ts';

describe('text', () => {
  const cases: readonly (readonly [text: string, markdown: string])[] = [
    ['plain words, 10.0.0.0/8 and a-b.c', 'plain words, 10.0.0.0/8 and a-b.c'],
    ['*a* _b_ `c` ~d~', '\\*a\\* \\_b\\_ \\`c\\` \\~d\\~'],
    ['[x](javascript:alert(1))', '\\[x\\](javascript:alert(1))'],
    ['![x](y)', '\\!\\[x\\](y)'],
    ['<script>&amp;', '\\<script\\>\\&amp;'],
    ['a\n\n# b', 'a \\# b'],
    ['- a', '\\- a'],
    ['1. a', '1\\. a'],
    ['12) a', '12\\) a'],
    ['=== a', '\\=== a'],
    ['https://a.b www.a.b me@a.b', 'https\\://a.b www\\.a.b me\\@a.b'],
    ['$(warning) {x}', '\\$(warning) \\{x\\}'],
    ['a|b', 'a\\|b'],
    ['a\\', 'a\\\\'],
  ];
  for (const [text, markdown] of cases) test(JSON.stringify(text), () => expect(escape(text)).toBe(markdown));
});

describe('a code span', () => {
  const cases: readonly (readonly [text: string, markdown: string])[] = [
    ['web', '`web`'],
    ['', ''],
    ['a`b', '``a`b``'],
    ['a``b', '`a``b`'],
    ['`', '`` ` ``'],
    ['`` `', '``` `` ` ```'],
    [' a ', '`  a  `'],
    [' a', '` a`'],
    ['  ', '`  `'],
    ['a\n\nb', '`a b`'],
    ['a\\', '`a\\`'],
    ['\u202eevil', '`�evil`'],
  ];
  for (const [text, markdown] of cases) test(JSON.stringify(text), () => expect(code(text)).toBe(markdown));
});

/** Reads a code span by the rule of CommonMark: it ends at the next run of backticks as long as the first; one blank comes off each end. */
function readSpan(markdown: string): { readonly content: string; readonly rest: string } | undefined {
  const fence = /^`+/.exec(markdown)?.[0] ?? '';
  for (const run of markdown.slice(fence.length).matchAll(/`+/g)) {
    if (run[0].length !== fence.length) continue;
    const content = markdown.slice(fence.length, fence.length + run.index);
    const padded = /^ .* $/.test(content) && content.trim() !== '';
    return { content: padded ? content.slice(1, -1) : content, rest: markdown.slice(2 * fence.length + run.index) };
  }
  return undefined;
}

const hostile: fc.Arbitrary<string> = fc
  .array(
    fc.constantFrom(
      '`',
      '``',
      '```',
      ' ',
      '\n',
      '\\',
      '|',
      '*',
      '_',
      '[',
      ']',
      '(',
      ')',
      '<',
      '>',
      '!',
      '#',
      '-',
      'a',
      '~~~',
      '&lt;',
      '@',
      '\u202e',
      '\t',
    ),
    { maxLength: 14 },
  )
  .map((parts) => parts.join(''));

describe('whatever the text', () => {
  test('a code span ends where it should and holds the text', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const span = readSpan(code(text));
        const wanted = text.replace(/[\t\n]+/g, ' ').replaceAll('\u202e', '�');
        expect(code(text) === '' ? { content: '', rest: '' } : span).toEqual({ content: wanted, rest: '' });
      }),
      { numRuns: 1000 },
    );
  });

  test('no mark of Markdown goes without a backslash', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const left = escape(text).replace(/\\[\\`*_[\]<>|~&#!$@{}\-+=]/g, '');
        expect(left).not.toMatch(/[\\`*_[\]<>|~&#!$@{}\n]/);
      }),
      { numRuns: 1000 },
    );
  });

  test('a code block ends at its last line', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const lines = codeBlock(text, 'yaml').split('\n');
        const fence = (lines[0] ?? '').replace('yaml', '');
        expect(fence).toMatch(/^`{3,}$/);
        expect(lines.at(-1)).toBe(fence);
        for (const line of lines.slice(1, -1)) expect(/^ {0,3}(`*)/.exec(line)?.[1]?.length).toBeLessThan(fence.length);
      }),
      { numRuns: 1000 },
    );
  });

  test('a row of a table has the cells it was given', () => {
    fc.assert(
      fc.property(hostile, hostile, (one, other) => {
        const [, , row = ''] = table(['a', 'b'], [[code(one), escape(other)]]).split('\n');
        const pipes = [...row.matchAll(/(\\*)\|/g)].filter((found) => (found[1] ?? '').length % 2 === 0);
        expect(pipes).toHaveLength(3);
        expect(row).not.toContain('\n');
      }),
      { numRuns: 1000 },
    );
  });

  test('a link ends where it should', () => {
    fc.assert(
      fc.property(hostile, hostile, (text, address) => {
        const made = link(text, `https://x/${address}`);
        expect(made.slice(made.lastIndexOf('](') + 2)).toMatch(/^https:\/\/x\/[^\s<>()\\`"'[\]]*\)$/);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('links', () => {
  const cases: readonly (readonly [text: string, address: string, markdown: string])[] = [
    ['deny-all', 'file:///a/b%20c.yaml#3', '[deny-all](file:///a/b%20c.yaml#3)'],
    ['a]b', 'https://x/(y) z', '[a\\]b](https://x/%28y%29%20z)'],
    ['x', 'javascript:alert(1)', 'x'],
    ['x', ' JavaScript:alert(1)', 'x'],
    ['x', 'vbscript:a', 'x'],
    ['x', 'data:text/html,x', 'x'],
    ['x', 'command:workbench.action.quit', 'x'],
    ['x', '', 'x'],
    ['x', 'https://x/?q=data:1', '[x](https://x/?q=data:1)'],
  ];
  for (const [text, address, markdown] of cases) test(address, () => expect(link(text, address)).toBe(markdown));
});

test('a flood of backticks does no harm', () => expect(codeBlock('` '.repeat(500_000)).slice(0, 7)).toBe('```yaml'));

test('bold', () => expect([bold('a*b'), bold(' '), bold(' a ')]).toEqual(['**a\\*b**', '', '**a**']));
test('bullets keep their further lines', () => expect(bullets(['a', 'b\nc'])).toBe('- a\n- b\n  c'));
test('paragraphs leave no gap', () => expect(paragraphs('a', undefined, '', 'b')).toBe('a\n\nb'));
test('a code block keeps its lines', () => expect(codeBlock('a:\r\n\tb\u0000\n', 'ya`ml')).toBe('```yaml\na:\n\tb�\n```'));
test('a table', () =>
  expect(table(['Port', 'Who'], [['80', 'a\nb'], ['|']])).toBe('| Port | Who |\n| --- | --- |\n| 80 | a b |\n| \\| |  |'));
