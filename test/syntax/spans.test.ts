import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Span } from '../../server/base/span.ts';
import { parse } from '../../server/syntax/parse.ts';
import type { Node } from '../../server/syntax/tree.ts';
import { TRICKY_TEXTS } from './texts.ts';

const corpus = readFileSync(new URL('../corpus/apiserver.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((row): unknown => JSON.parse(row))
  .flatMap((row) => (typeof row === 'object' && row !== null && 'yaml' in row && typeof row.yaml === 'string' ? [row.yaml] : []));

/** What is wrong with the places in a tree; nothing where all is well. */
function misplaced(text: string): readonly string[] {
  const { root, problems, holes } = parse(text);
  const whole = { start: 0, end: text.length };
  return [
    ...problems.flatMap(({ code, span }) => outside(`problem ${code}`, span, whole)),
    ...holes.flatMap((hole) => outside('hole', hole, whole)),
    ...(root ? misplacedIn(root, whole, text) : []),
  ];
}

function outside(what: string, inner: Span, outer: Span): readonly string[] {
  const isInside = outer.start <= inner.start && inner.start <= inner.end && inner.end <= outer.end;
  return isInside ? [] : [`${what} ${inner.start}-${inner.end} is not inside ${outer.start}-${outer.end}`];
}

function misplacedIn(node: Node, outer: Span, text: string): readonly string[] {
  const blank = /[ \t\r\n]$/.test(text.slice(node.span.start, node.span.end))
    ? [`${node.kind} ends with a blank: ${JSON.stringify(text.slice(node.span.start, node.span.end).slice(-40))}`]
    : [];
  const here = [...outside(node.kind, node.span, outer), ...blank];
  if (node.kind === 'seq') {
    return [
      ...here,
      ...node.items.flatMap((item) => [...outside('item', item.span, node.span), ...misplacedIn(item.value, item.span, text)]),
    ];
  }
  if (node.kind !== 'map') return here;
  const inPairs = node.pairs.flatMap(({ key, value, span }) => [
    ...outside('pair', span, node.span),
    ...misplacedIn(key, span, text),
    ...misplacedIn(value, span, text),
    ...(value.span.start < key.span.end ? [`value ${value.span.start} starts before its key ends, ${key.span.end}`] : []),
  ]);
  return [...here, ...inPairs];
}

test('every document of the corpus has its parts in place, and its plain words where they are written', () => {
  for (const text of corpus) {
    expect(misplaced(text), JSON.stringify(text)).toEqual([]);
    const { root } = parse(text);
    if (root) for (const [span, word] of plainWords(root)) expect(text.slice(span.start, span.end)).toBe(word);
  }
});

/** Scalars that are written as they are meant, on one line. */
function plainWords(node: Node): readonly (readonly [Span, string])[] {
  if (node.kind === 'map') return node.pairs.flatMap((pair) => [...plainWords(pair.key), ...plainWords(pair.value)]);
  if (node.kind === 'seq') return node.items.flatMap((item) => plainWords(item.value));
  return node.kind === 'scalar' && node.style === 'plain' && !node.hole && /^[\w./-]*$/.test(node.text) ? [[node.span, node.text]] : [];
}

test('so has every beginning of a document, and every document that lost a character', () => {
  for (const text of [...TRICKY_TEXTS, ...corpus.filter((text) => text.length < 600).filter((_, i) => i % 60 === 0)]) {
    for (let at = 0; at <= text.length; at++) {
      expect(misplaced(text.slice(0, at)), JSON.stringify(text.slice(0, at))).toEqual([]);
      const shorter = text.slice(0, at) + text.slice(at + 1);
      expect(misplaced(shorter), JSON.stringify(shorter)).toEqual([]);
    }
  }
});

test('so has every document that somebody typed into', () => {
  const typed = fc.constantFrom(
    ...': - # " \' [ ] { } , & * ! | > ? % @ ` {{ }} \t \n \r\n \r --- ... \uFEFF \u2028 <<: a: {{- end }} /*'.split(' '),
    '',
    ' ',
    '- ',
  );
  const slip = fc.record({ at: fc.nat(), lost: fc.nat(5), typed: fc.oneof(typed, fc.string({ unit: 'binary', maxLength: 4 })) });
  const start = fc.constantFrom(...TRICKY_TEXTS, ...corpus.filter((text) => text.length < 1500));
  fc.assert(
    fc.property(start, fc.array(slip, { minLength: 1, maxLength: 5 }), (text, slips) => {
      let slipped = text;
      for (const { at, lost, typed: word } of slips) {
        const from = at % (slipped.length + 1);
        slipped = slipped.slice(0, from) + word + slipped.slice(from + lost);
      }
      expect(misplaced(slipped)).toEqual([]);
    }),
    { numRuns: 1500 },
  );
});
