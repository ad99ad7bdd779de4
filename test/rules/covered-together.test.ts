import { describe, expect, test } from 'vitest';
import { v1, allow, DB, FROM_WEB, FROM_SHOP, dead } from './terse-policies.ts';

describe('NetworkPolicies that cover another one together, each for some of its pods', () => {
  const inTier = (operator: string, ...values: readonly string[]): string =>
    `{ matchExpressions: [ { key: tier, operator: ${operator}, values: [ ${values.join(', ')} ] } ] }`;
  const some = v1('a', allow(inTier('In', 'front', 'back'), FROM_SHOP));
  const others = v1('b', allow(inTier('NotIn', 'front', 'back'), FROM_SHOP));
  const narrow = v1('narrow', allow(DB, FROM_WEB));

  test.each<[string, readonly string[], readonly string[]]>([
    ['all pods', [some, others, narrow], ['narrow metadata.name: redundant-policy']],
    [
      'each with rules of its own',
      [v1('a', allow(inTier('In', 'front'), FROM_WEB)), v1('b', allow(inTier('NotIn', 'front'), FROM_SHOP)), narrow],
      ['narrow metadata.name: redundant-policy'],
    ],
    [
      'one that only closes',
      [some, others, v1('narrow', `podSelector: ${DB}, policyTypes: [Ingress]`)],
      ['narrow metadata.name: redundant-policy'],
    ],
    ['not where some pods are left out', [some, v1('b', allow(inTier('NotIn', 'front', 'back', 'cold'), FROM_SHOP)), narrow], []],
    [
      'not where one of them allows less',
      [some, v1('b', allow(inTier('NotIn', 'front', 'back'), FROM_WEB)), v1('narrow', allow(DB, FROM_SHOP))],
      [],
    ],
    [
      'not where one of them is about the other direction',
      [some, v1('b', `podSelector: ${inTier('NotIn', 'front', 'back')}, policyTypes: [Egress]`), narrow],
      [],
    ],
    // The wide one says what the two say, and they say what it says: one or the other may go.
    [
      'but only one side of a circle',
      [v1('wide', allow('{}', FROM_SHOP)), some, others],
      ['a metadata.name: redundant-policy', 'b metadata.name: redundant-policy'],
    ],
    [
      'nor a rule of one that is needed for it',
      [
        v1('wide', allow('{}', FROM_SHOP)),
        v1('a', allow(inTier('In', 'front'), FROM_SHOP, '{ from: [ { namespaceSelector: { matchLabels: { team: ops } } } ] }')),
        v1('b', allow(inTier('NotIn', 'front'), FROM_SHOP, '{ from: [ { namespaceSelector: { matchLabels: { team: sales } } } ] }')),
      ],
      ['wide metadata.name: redundant-policy'],
    ],
  ])('%s', (_, documents, expected) => expect(dead(...documents)).toEqual(expected));
});
