import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseIp } from '../../server/base/ip.ts';
import { endpointsCovered, endpointsDisjoint } from '../../server/eval/endpoint-coverage.ts';
import type { EndpointExample } from '../../server/eval/endpoint-example.ts';
import { isInSet, type KnownEndpoint } from '../../server/model/endpoint-set.ts';
import type { EndpointSet } from '../../server/model/endpoints.ts';
import { NAME_LABEL } from '../../server/model/namespace.ts';
import type { Peer } from '../../server/model/policy.ts';
import type { Operator } from '../../server/model/selector.ts';

/*
 * What is claimed of sets over every possible cluster, held against the one place that decides for an endpoint by itself (`isInSet`): where
 * a set is covered, no endpoint is in it and outside of the others; where it is not, the witness shows one.
 */

const keys = fc.constantFrom('app', 'tier');
const values = fc.subarray(['a', 'b', 'ab'], { minLength: 1 });
const requirement = fc.oneof(
  fc.record({ key: keys, operator: fc.constantFrom<Operator>('In', 'NotIn', 'StartsWith'), values, path: fc.constant([]) }),
  fc.record({ key: keys, operator: fc.constantFrom<Operator>('Exists', 'DoesNotExist'), values: fc.constant([]), path: fc.constant([]) }),
);
const selector = fc.record({ requirements: fc.array(requirement, { maxLength: 2 }), path: fc.constant([]) });
const block = fc.constantFrom('10.0.0.0/8', '10.1.0.0/16', '0.0.0.0/0', '::/0', '2001:db8::/32');

const plain: fc.Arbitrary<EndpointSet> = fc.oneof(
  fc.constant<EndpointSet>({ kind: 'any' }),
  fc.record({ kind: fc.constant('labels' as const), of: fc.constantFrom('pod' as const, 'namespace' as const, 'node' as const), selector }),
  fc.record({ kind: fc.constant('namespace' as const), name: fc.constantFrom('shop', 'ops') }),
  fc
    .array(block, { minLength: 1, maxLength: 2 })
    .map((blocks): EndpointSet => ({ kind: 'addresses', networks: blocks.map((cidr) => ({ cidr, except: [], path: [] })) })),
  fc
    .constantFrom('pod' as const, 'host-network' as const, 'node' as const, 'outside' as const, 'outside-ipv4' as const)
    .map((entity): EndpointSet => ({ kind: 'entity', entity })),
);
const sets: fc.Arbitrary<EndpointSet> = fc.letrec<{ readonly set: EndpointSet }>((tie) => ({
  set: fc.oneof(
    { maxDepth: 3 },
    plain,
    fc.record({ kind: fc.constantFrom('and' as const, 'or' as const), of: fc.array(tie('set'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ kind: fc.constant('not' as const), of: tie('set') }),
  ),
})).set;

const labels = fc.dictionary(keys, fc.constantFrom('a', 'b', 'ab', 'c'), { maxKeys: 2 });
const addresses = fc.constantFrom('10.1.2.3', '10.9.9.9', '192.0.2.1', '2001:db8::1', 'fe80::1').map((text) => {
  const ip = parseIp(text);
  return ip.ok ? [ip] : [];
});
const endpoints: fc.Arbitrary<KnownEndpoint> = fc.oneof(
  fc.record({
    pod: fc.record({
      labels: labels.map((known) => ({ labels: known })),
      namespace: fc
        .tuple(labels, fc.constantFrom('shop', 'ops', 'dev'))
        .map(([known, name]) => ({ labels: { ...known, [NAME_LABEL]: name } })),
      hostNetwork: fc.boolean(),
    }),
    addresses: fc.oneof(addresses, fc.constant([])),
  }),
  fc.record({ node: labels.map((known) => ({ labels: known })), addresses }),
  fc.record({ addresses }),
);

/** The same endpoints for all sets: making them takes longer than asking. */
const EXAMPLES = fc.sample(endpoints, { numRuns: 150, seed: 11 });

const peer = (set: EndpointSet): Peer => ({ kind: 'set', set, words: 'a set', path: [] });

test('covered: yes holds for every endpoint, and a no shows one', () => {
  const answers = { yes: 0, no: 0, unknown: 0 };
  fc.assert(
    fc.property(sets, fc.array(sets, { minLength: 1, maxLength: 2 }), (inner, outer) => {
      const answer = endpointsCovered([peer(inner)], [outer.map(peer)], false, { steps: 5000 });
      answers[answer.kind]++;
      const isMissed = (end: KnownEndpoint): boolean => isInSet(inner, end) === 'yes' && outer.every((set) => isInSet(set, end) === 'no');
      if (answer.kind === 'yes') expect(EXAMPLES.filter(isMissed)).toEqual([]);
      if (answer.kind === 'no') expect(isMissed(known(answer.witness))).toBe(true);
    }),
    { numRuns: 150, seed: 11 },
  );
  expect(answers.yes).toBeGreaterThan(15);
  expect(answers.no).toBeGreaterThan(15);
});

test.each(['outside', 'outside-and-nodes'] as const)('covered, where blocks match what is %s of the cluster', (blocks) => {
  const answers = { yes: 0, no: 0, unknown: 0 };
  fc.assert(
    fc.property(sets, fc.array(sets, { minLength: 1, maxLength: 2 }), (inner, outer) => {
      const answer = endpointsCovered([peer(inner)], [outer.map(peer)], false, { steps: 5000 }, blocks);
      answers[answer.kind]++;
      const [meant, others] = [withReach(inner, blocks), outer.map((set) => withReach(set, blocks))];
      const isMissed = (end: KnownEndpoint): boolean => isInSet(meant, end) === 'yes' && others.every((set) => isInSet(set, end) === 'no');
      if (answer.kind === 'yes') expect(EXAMPLES.filter(isMissed)).toEqual([]);
      if (answer.kind === 'no') expect(isMissed(known(answer.witness))).toBe(true);
    }),
    { numRuns: 150, seed: 11 },
  );
  expect(answers.yes).toBeGreaterThan(15);
  expect(answers.no).toBeGreaterThan(15);
});

/** The set with what its blocks can match written out. */
function withReach(set: EndpointSet, blocks: 'outside' | 'outside-and-nodes'): EndpointSet {
  const entity = (name: 'outside' | 'node' | 'host-network'): EndpointSet => ({ kind: 'entity', entity: name });
  switch (set.kind) {
    case 'addresses':
      return {
        kind: 'and',
        of: [set, { kind: 'or', of: [entity('outside'), ...(blocks === 'outside' ? [] : [entity('node'), entity('host-network')])] }],
      };
    case 'and':
    case 'or':
      return { kind: set.kind, of: set.of.map((part) => withReach(part, blocks)) };
    case 'not':
      return { kind: 'not', of: withReach(set.of, blocks) };
    default:
      return set;
  }
}

test('disjoint: yes holds for every endpoint, and a no shows one that is in both', () => {
  const answers = { yes: 0, no: 0, unknown: 0 };
  fc.assert(
    fc.property(sets, sets, (one, other) => {
      const answer = endpointsDisjoint([peer(one)], [peer(other)], false);
      answers[answer.kind]++;
      const isInBoth = (end: KnownEndpoint): boolean => isInSet(one, end) === 'yes' && isInSet(other, end) === 'yes';
      if (answer.kind === 'yes') expect(EXAMPLES.filter(isInBoth)).toEqual([]);
      if (answer.kind === 'no') expect(isInBoth(known(answer.witness))).toBe(true);
    }),
    { numRuns: 150, seed: 11 },
  );
  expect(answers.yes).toBeGreaterThan(15);
  expect(answers.no).toBeGreaterThan(15);
});

test('a group covers itself, whatever it holds, and selectors of groups cover narrower ones', () => {
  const named = (name: string): EndpointSet => ({
    kind: 'reference',
    to: { api: 'antrea', kinds: ['ClusterGroup'], by: { kind: 'name', name }, missing: 'unknown' },
  });
  const covered = (inner: EndpointSet, outer: EndpointSet): string =>
    endpointsCovered([peer(inner)], [[peer(outer)]], false, { steps: 5000 }).kind;
  expect(covered(named('a'), named('a'))).toBe('yes');
  expect(covered(named('a'), named('b'))).toBe('unknown');
  expect(covered(named('a'), { kind: 'or', of: [named('b'), { kind: 'not', of: named('b') }] })).toBe('yes');
  expect(covered({ kind: 'unknown', why: 'cannot be read' }, { kind: 'unknown', why: 'cannot be read' })).toBe('unknown');
  const bySelector = (...values: readonly string[]): EndpointSet => ({
    kind: 'reference',
    to: {
      api: 'calico',
      kinds: ['NetworkSet'],
      by: {
        kind: 'labels',
        where: { kind: 'labels', of: 'pod', selector: { requirements: [{ key: 'app', operator: 'In', values, path: [] }], path: [] } },
      },
      missing: 'empty',
    },
  });
  expect([covered(bySelector('a'), bySelector('a', 'b')), covered(bySelector('a', 'b'), bySelector('a'))]).toEqual(['yes', 'unknown']);
});

test('where blocks match nothing of the cluster, all blocks leave pods and nodes over', () => {
  const all: Peer = { kind: 'networks', networks: ['0.0.0.0/0', '::/0'].map((cidr) => ({ cidr, except: [], path: [] })), path: [] };
  const covered = (inner: EndpointSet, blocks: 'pods-too' | 'outside' | 'outside-and-nodes'): string =>
    endpointsCovered([peer(inner)], [[all]], false, { steps: 5000 }, blocks).kind;
  const nodes: EndpointSet = { kind: 'entity', entity: 'node' };
  expect([covered(nodes, 'pods-too'), covered(nodes, 'outside'), covered(nodes, 'outside-and-nodes')]).toEqual(['yes', 'no', 'yes']);
  expect(covered({ kind: 'entity', entity: 'outside' }, 'outside')).toBe('yes');
});

/** A witness has these labels and no others, and is not on the host network; one without an address has none that is known. */
function known({ pod, node, address }: EndpointExample): KnownEndpoint {
  const ip = address === undefined ? undefined : parseIp(address);
  return {
    ...(pod ? { pod: { labels: { labels: pod.labels }, namespace: { labels: pod.namespace }, hostNetwork: false } } : {}),
    ...(node ? { node: { labels: node } } : {}),
    addresses: ip?.ok === true ? [ip] : [],
  };
}
