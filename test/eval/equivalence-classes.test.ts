import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bitsOf, both, unionOf, has, isNone, bitMembers, span, without, type Bits } from '../../server/eval/bits.ts';
import { connections } from '../../server/eval/connections.ts';
import { evaluationOf, verdictAt } from '../../server/eval/evaluate.ts';
import { sortElements, splitSets, type MarkedSet, type Partition } from '../../server/eval/partition.ts';
import { undefinedPairs } from '../../server/eval/undefined-pairs.ts';
import { fixture } from '../fixture.ts';
import { clusterOf } from './cluster.ts';
import { TIERED, V1, WORLD } from './verdicts.ts';

const SIZE = 200;
const members = fc.uniqueArray(fc.nat(SIZE - 1), { maxLength: 40 });

describe('sets of bits agree with sets of numbers', () => {
  test('operations', () => {
    fc.assert(
      fc.property(members, members, members, (a, b, c) => {
        const [x, y, z] = [bitsOf(a), bitsOf(b), bitsOf(c)];
        expect(bitMembers(both(x, y))).toEqual(sorted(a.filter((one) => b.includes(one))));
        expect(bitMembers(without(x, y))).toEqual(sorted(a.filter((one) => !b.includes(one))));
        expect(bitMembers(unionOf(x, y, z))).toEqual(sorted([...new Set([...a, ...b, ...c])]));
        expect(isNone(x)).toBe(a.length === 0);
        for (const one of [...a, ...b, SIZE + 500]) expect(has(x, one)).toBe(a.includes(one));
      }),
    );
  });

  test('runs', () => {
    fc.assert(
      fc.property(fc.nat(SIZE), fc.nat(SIZE), (from, to) => {
        expect(bitMembers(span(from, to))).toEqual(Array.from({ length: Math.max(0, to - from) }, (_, at) => from + at));
      }),
    );
  });
});

test('both ways to partition give the same cells', () => {
  const mark = fc.oneof(
    { weight: 6, arbitrary: members.map((list): Bits | 'all' => bitsOf(list)) },
    { weight: 1, arbitrary: fc.constant('all' as const) },
  );
  fc.assert(
    fc.property(fc.array(mark, { maxLength: 8 }), (sets) => {
      const marks = sets.map((on, item): MarkedSet<number> => ({ on, item }));
      const expected = Array.from({ length: SIZE }, (_, element) =>
        marks.filter(({ on }) => on === 'all' || has(on, element)).map(({ item }) => item),
      );
      expect(itemsByElement(splitSets(marks))).toEqual(expected);
      expect(itemsByElement(sortElements(SIZE, marks))).toEqual(expected);
    }),
  );
});

test.each(Object.entries({ ...V1, ...TIERED }))('a pair alone gets the verdict it has in its row: %s', (_, policies) => {
  const { files } = fixture(`${WORLD}\n---\n${policies}`);
  const cluster = clusterOf({ 'all.yaml': files[0]?.text ?? '' });
  const [alone, inRow] = [evaluationOf(cluster), evaluationOf({ ...cluster })];
  for (const { id } of inRow.space.classes) for (const direction of ['ingress', 'egress'] as const) inRow.row(direction, id);
  const elements = Array.from({ length: alone.space.size }, (_, at) => at);
  for (const from of elements) for (const to of elements) expect(verdictAt(alone, from, to)).toEqual(verdictAt(inRow, from, to));
});

test('only pairs whose verdict depends on the order are undefined, and not listed as connections', () => {
  const tie = TIERED['equal priorities that disagree: undefined; where they agree, or cannot matter, decided'] ?? '';
  const made = evaluationOf(clusterOf({ 'all.yaml': fixture(`${WORLD}\n---\n${tie}`).files[0]?.text ?? '' }));
  expect(
    [...undefinedPairs(made)].map(({ src, dst, protocol, port, rules }) => ({
      pair: `${src} -> ${dst} ${protocol}/${port}`,
      rules: rules.map((one) => `${one.action} by ${one.rule} of ${one.policy}`),
    })),
  ).toEqual([
    { pair: 'ops/web[Pod] -> shop/db[StatefulSet] TCP/5432', rules: ['Accept by spec.ingress[0] of a', 'Deny by spec.ingress[0] of b'] },
    {
      pair: 'shop/web[Deployment] -> shop/db[StatefulSet] TCP/5432',
      rules: ['Accept by spec.ingress[0] of a', 'Deny by spec.ingress[0] of b'],
    },
  ]);
  expect([...connections(made)].filter(({ src, dst }) => src.startsWith('shop/web') && dst.startsWith('shop/db'))).toEqual([]);
});

test('addresses are grouped into the longest ranges; IPv6 only where a policy speaks of it', () => {
  const listed = (policies: string): string[] => {
    const made = evaluationOf(clusterOf({ 'all.yaml': fixture(`${WORLD}\n---\n${policies}`).files[0]?.text ?? '' }));
    return [...connections(made)]
      .filter(({ src, dst }) => dst === 'shop/db[StatefulSet]' && src.endsWith('[External]'))
      .map(({ src, protocol, ports }) => `${src} ${protocol} ${JSON.stringify(ports)}`);
  };
  expect(listed('')).toEqual(['0.0.0.0-255.255.255.255[External] ALL [[1,65535]]']);
  expect(listed(V1['ipBlock with except; pods only by known address'] ?? '')).toEqual([
    '10.0.0.0-10.1.255.255[External] ALL [[1,65535]]',
    '10.3.0.0-10.255.255.255[External] ALL [[1,65535]]',
  ]);
  expect(listed(V1['IPv6 blocks'] ?? '')).toEqual(['fd00::-fd00::ffff:ffff:ffff:ffff[External] ALL [[1,65535]]']);
});

function itemsByElement({ cells, rest }: Partition<number>): (readonly number[])[] {
  return Array.from({ length: SIZE }, (_, element) => cells.find((cell) => has(cell.members, element))?.items ?? rest);
}

function sorted(list: readonly number[]): number[] {
  return list.toSorted((a, b) => a - b);
}
