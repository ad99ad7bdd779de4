import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { near, typoDistance } from '../../server/base/near.ts';

const FIELDS: readonly string[] = [
  'podSelector',
  'namespaceSelector',
  'ipBlock',
  'matchLabels',
  'matchExpressions',
  'policyTypes',
  'ingress',
  'egress',
  'from',
  'to',
  'ports',
  'port',
  'endPort',
  'protocol',
  'cidr',
  'except',
  'operator',
  'values',
  'key',
  'protocols',
  'namespaces',
  'pods',
  'networks',
  'nodes',
  'domainNames',
  'destinationNamedPort',
  'priority',
  'tier',
  'subject',
];

describe('a field name gone wrong', () => {
  const table: readonly (readonly [word: string, first: string | undefined])[] = [
    ['podselector', 'podSelector'],
    ['PodSelector', 'podSelector'],
    ['pod-selector', 'podSelector'],
    ['pod_selector', 'podSelector'],
    ['podSelctor', 'podSelector'],
    ['podSelecotr', 'podSelector'],
    ['podSelectors', 'podSelector'],
    ['matchLabel', 'matchLabels'],
    ['matchLables', 'matchLabels'],
    ['namespaceSel', 'namespaceSelector'],
    ['policyType', 'policyTypes'],
    ['Ingres', 'ingress'],
    ['egresss', 'egress'],
    ['egr', 'egress'],
    ['namespaceselectorlist', 'namespaceSelector'],
    ['form', 'from'],
    ['port-s', 'ports'],
    ['protocl', 'protocol'],
    ['cird', 'cidr'],
    ['prioritys', 'priority'],
    ['ip-blocks', 'ipBlock'],
    ['destinationNamedPortX', 'destinationNamedPort'],
    ['labels', undefined],
    ['annotations', undefined],
    ['x', undefined],
    ['', undefined],
    ['podSelector'.repeat(9), undefined],
  ];
  for (const [word, first] of table) test(`${word.slice(0, 30)}: ${first}`, () => expect(near(word, FIELDS)[0]).toBe(first));
});

test('the word itself is no suggestion, its neighbours are', () => expect(near('port', FIELDS)).toEqual(['ports']));
test('good guesses first, bad ones not beside them', () => expect(near('wbe', ['web', 'web2', 'wbx', 'db'])).toEqual(['web', 'wbx']));
test('equally good ones keep their order', () => expect(near('cat', ['hat', 'bat', 'cat', 'car'])).toEqual(['hat', 'bat', 'car']));
test('hostile candidates are passed over', () => expect(near('web', ['w'.repeat(1_000_000), 'wed'])).toEqual(['wed']));

describe('slips', () => {
  const table: readonly (readonly [one: string, other: string, slips: number])[] = [
    ['', '', 0],
    ['web', 'web', 0],
    ['web', 'wbe', 1],
    ['web', 'we', 1],
    ['web', 'webb', 1],
    ['web', 'wab', 1],
    ['kitten', 'sitting', 3],
    ['', 'abc', 3],
  ];
  for (const [one, other, wanted] of table) test(`${one}, ${other}`, () => expect(typoDistance(one, other)).toBe(wanted));

  test('follow the rules of a distance, and the bound changes nothing below it', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 });
    fc.assert(
      fc.property(word, word, fc.nat(8), (one, other, most) => {
        const found = typoDistance(one, other);
        expect(found).toBe(typoDistance(other, one));
        expect(found === 0).toBe(one === other);
        expect(found).toBeGreaterThanOrEqual(Math.abs(one.length - other.length));
        expect(found).toBeLessThanOrEqual(Math.max(one.length, other.length));
        if (found <= most) expect(typoDistance(one, other, most)).toBe(found);
        else expect(typoDistance(one, other, most)).toBeGreaterThan(most);
      }),
    );
  });
});
