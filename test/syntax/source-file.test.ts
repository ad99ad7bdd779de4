import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { offsetIn, positionIn } from '../../server/syntax/positions.ts';
import { edit, manifestsOf, placesOf, sourceFile, textOf, type SourceFile } from '../../server/syntax/source-file.ts';
import { TRICKY_TEXTS } from './texts.ts';

const places = (text: string): unknown => placesOf(sourceFile(text));

describe('splitting', () => {
  test('markers end documents, even inside a block scalar', () => {
    const file = sourceFile('a: |\n  text\n---\nb: 1\n...\nc: 1\n');
    expect(file.pieces.map((piece) => piece.text)).toEqual(['a: |\n  text\n', '---\nb: 1\n...\n', 'c: 1\n']);
    expect(placesOf(file).map((place) => place.document)).toEqual([0, 1, 2]);
  });

  test('a leading comment belongs to the document behind its marker', () => {
    expect(placesOf(sourceFile('# hello\n%YAML 1.1\n---\na: 1\n')).map((place) => place.document)).toEqual([0]);
  });

  test('empty documents count', () => {
    expect(manifestsOf(sourceFile('a: 1\n---\n---\nb: 1\n')).map((place) => place.document)).toEqual([0, 2]);
  });

  test('a block List is split at its items, each with its path', () => {
    const file = sourceFile('apiVersion: v1\nitems:\n- kind: A\n  a: 1\n- kind: B\nkind: List\n');
    expect(manifestsOf(file).map((place) => place.prefix)).toEqual([
      ['items', 0],
      ['items', 1],
    ]);
    expect(file.pieces.map((piece) => piece.kind)).toEqual(['head', 'item', 'item', 'tail']);
  });

  test('a List whose anchors cross items, or a flow List, keeps its items in one piece', () => {
    const anchored = sourceFile('kind: List\nitems:\n- a: &x 1\n- a: *x\n');
    expect(anchored.pieces).toHaveLength(1);
    expect(manifestsOf(anchored).map((place) => place.prefix)).toEqual([
      ['items', 0],
      ['items', 1],
    ]);
    expect(manifestsOf(sourceFile('{"kind":"List","items":[{"a":1},{"b":2}]}'))).toHaveLength(2);
  });

  test('nothing is lost', () => {
    for (const text of TRICKY_TEXTS) expect(textOf(sourceFile(text))).toBe(text);
  });
});

/** The offsets whose line and column are not what counting from the start of the text gives, or that do not come back from them. */
function misplaced(file: SourceFile, text: string): readonly number[] {
  const offsets = Array.from({ length: text.length + 1 }, (_, offset) => offset);
  return offsets.filter((offset) => {
    const lines = text.slice(0, offset).split(/\r\n|\r|\n/);
    // The editor never asks for the place between \r and \n; it counts as the end of the line.
    const isSplit = text[offset - 1] === '\r' && text[offset] === '\n';
    const counted = isSplit
      ? { line: lines.length - 2, character: lines.at(-2)?.length }
      : { line: lines.length - 1, character: lines.at(-1)?.length };
    const place = positionIn(file, offset);
    return (
      place.line !== counted.line || place.character !== counted.character || offsetIn(file, place) !== (isSplit ? offset - 1 : offset)
    );
  });
}

describe('positions', () => {
  for (const text of TRICKY_TEXTS) test(JSON.stringify(text), () => expect(misplaced(sourceFile(text), text)).toEqual([]));

  test('a place that is not there moves to the nearest one', () => {
    const file = sourceFile('a: 1\n---\nb: 2');
    expect(positionIn(file, 99)).toEqual({ line: 2, character: 4 });
    expect(positionIn(file, -5)).toEqual({ line: 0, character: 0 });
    expect(offsetIn(file, { line: 0, character: 99 })).toBe(4);
    expect(offsetIn(file, { line: 99, character: 0 })).toBe(13);
    expect(offsetIn(file, { line: -1, character: 3 })).toBe(0);
  });
});

describe('editing', () => {
  const snippet = fc.oneof(
    fc.constantFrom(
      '---\n',
      '\n---\n',
      '...\n',
      '\n',
      '- ',
      'kind: List\n',
      'items:\n',
      '- a: 1\n',
      '  ',
      '-',
      '#',
      '"',
      '{',
      '}',
      '|',
      '&x ',
      '*x',
      '\r\n',
      '\r',
      '\uFEFF',
      '\t',
      '{{ x }}',
      '% ',
    ),
    fc.string({ maxLength: 6 }),
  );
  const step = fc.record({ at: fc.nat(), length: fc.oneof(fc.nat(3), fc.nat(80)), text: snippet });

  test('after any sequence of edits the result equals that of a fresh parse', () => {
    fc.assert(
      fc.property(fc.constantFrom(...TRICKY_TEXTS), fc.array(step, { maxLength: 8 }), (start, steps) => {
        let text = start;
        let file = sourceFile(text);
        for (const { at, length, text: inserted } of steps) {
          const from = text.length === 0 ? 0 : at % (text.length + 1);
          const to = Math.min(text.length, from + length);
          text = text.slice(0, from) + inserted + text.slice(to);
          file = edit(file, { start: from, end: to, text: inserted });
        }
        expect(textOf(file)).toBe(text);
        expect(placesOf(file)).toEqual(places(text));
        expect(manifestsOf(file)).toEqual(manifestsOf(sourceFile(text)));
        expect(misplaced(file, text)).toEqual([]);
      }),
      { numRuns: 1500 },
    );
  });

  test('pieces that an edit does not touch stay the same objects', () => {
    const text = Array.from({ length: 50 }, (_, i) => `---\na: ${i}\nb: 2\n`).join('');
    const before = sourceFile(text);
    const at = text.indexOf('a: 25') + 2;
    const after = edit(before, { start: at, end: at, text: 'x' });
    const kept = after.pieces.filter((piece) => before.pieces.includes(piece));
    expect(kept).toHaveLength(49);
  });

  test('typing in one item of a List keeps its siblings', () => {
    const text = `apiVersion: v1\nkind: List\nitems:\n${Array.from({ length: 20 }, (_, i) => `- a: ${i}\n  b: 1\n`).join('')}`;
    const before = sourceFile(text);
    const at = text.indexOf('a: 7') + 4;
    const after = edit(before, { start: at, end: at, text: '7' });
    expect(after.pieces.filter((piece) => before.pieces.includes(piece))).toHaveLength(20);
  });
});
