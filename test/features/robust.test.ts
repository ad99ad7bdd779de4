import { finished } from '../../server/base/work.ts';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { complete } from '../../server/features/complete.ts';
import { folding } from '../../server/features/folding.ts';
import { hover } from '../../server/features/hover.ts';
import { selectionRanges } from '../../server/features/selection-ranges.ts';
import { symbols, type OutlineSymbol } from '../../server/features/symbols.ts';
import { templatesAt } from '../../server/features/templates.ts';
import { parse } from '../../server/syntax/parse.ts';
import { applied, contextOf } from '../checks.ts';
import { TRICKY_TEXTS } from '../syntax/texts.ts';

const folder = new URL('../../examples/', import.meta.url);
const examples = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => ({ name, text: readFileSync(new URL(name, folder), 'utf8') }));
const tricky = TRICKY_TEXTS.map((text, i) => ({ name: `tricky text ${i}`, text }));

/** About so many offsets, spread over a text, always the same ones; both ends are among them. */
function offsetsOf(text: string, most: number): number[] {
  const step = Math.max(1, text.length / most);
  return [...new Set([...Array.from({ length: most }, (_, i) => Math.min(text.length, Math.floor(i * step))), text.length])];
}

describe.each([...examples, ...tricky])('no feature throws on a prefix of $name', ({ text }) => {
  test('and every answer stays inside the text', () => {
    for (const length of offsetsOf(text, 12)) {
      const prefix = text.slice(0, length);
      const context = contextOf(prefix);
      for (const offset of [length, Math.floor(length / 2)]) {
        for (const one of [...complete(context, offset), ...templatesAt(context, offset)]) {
          expect(one.start <= offset && offset <= one.end && one.end <= length, `${one.label} at ${offset}`).toBe(true);
        }
        const shown = hover(context, offset);
        if (shown) expect(shown.start <= offset && offset <= shown.end).toBe(true);
        const ranges = selectionRanges(context, offset);
        ranges.forEach(({ start, end }, i) =>
          expect(i === 0 || (start <= (ranges[i - 1]?.start ?? 0) && (ranges[i - 1]?.end ?? 0) <= end)).toBe(true),
        );
      }
      expectNested(finished(symbols(context)), 0, length);
      for (const { start, end } of folding(context) ?? []) expect(0 <= start && start < end && end <= length).toBe(true);
    }
  });
});

function expectNested(all: readonly OutlineSymbol[], from: number, to: number): void {
  for (const { name, span, shown, children } of all) {
    const isInside = from <= span.start && span.start <= shown.start && shown.end <= span.end && span.end <= to;
    expect(isInside && name.trim() !== '', name).toBe(true);
    expectNested(children, span.start, span.end);
  }
}

const whole = examples.filter(
  ({ name, text }) => !/^(?:broken|helm)\//.test(name) && parse(text.split(/^---/m)[0] ?? '').problems.length === 0,
);

test.each(whole)('whatever is chosen in a blank line of $name, the YAML stays readable', ({ text }) => {
  const [first = '', ...others] = text.split(/^(?=---)/m);
  const document = others.at(-1) ?? first;
  const lines = document.split('\n');
  for (const offset of offsetsOf(document, 8)) {
    const i = document.slice(0, offset).split('\n').length - 1;
    const indent = /^ *(?:- )*/.exec(lines[i] ?? '')?.[0].length ?? 0;
    const blank = `${lines.slice(0, i + 1).join('\n')}\n${' '.repeat(indent)}`;
    const edited = `${blank}\n${lines.slice(i + 1).join('\n')}`;
    const context = contextOf(edited, { snippets: false });
    for (const one of [...complete(context, blank.length), ...templatesAt(context, blank.length)]) {
      const { problems } = parse(applied(edited, one));
      expect(
        problems.map(({ message }) => message),
        `${one.label} below line ${i + 1}`,
      ).toEqual([]);
    }
  }
});
