import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { containsIp, parseCidr } from '../../server/base/cidr.ts';
import { parseIp } from '../../server/base/ip.ts';
import type { Answer } from '../../server/eval/answer.ts';
import {
  coveredBy,
  networkImplies,
  networksDisjoint,
  peerImplies,
  peersDisjoint,
  portImplies,
  portsDisjoint,
  ruleImplies,
  rulesDisjoint,
  scopeImplies,
  scopesDisjoint,
  selectorImplies,
  selectorsDisjoint,
  type Case,
} from '../../server/eval/subsume.ts';
import {
  anyRule,
  type Direction,
  type NamespaceScope,
  type Network,
  type Peer,
  type PortMatch,
  type Rule,
} from '../../server/model/policy.ts';
import type { Protocol } from '../../server/base/ports.ts';
import { selects, type LabelSelector, type Labels, type Requirement } from '../../server/model/selector.ts';

/*
 * The symbolic answers against brute force. Selectors name the values x, y, z of the labels a and b; the universe adds a value that nobody
 * names and the missing label. That is enough: no selector can tell two unnamed values apart.
 */
const VALUES = ['x', 'y', 'z'];
const LABELS: readonly Labels[] = combine([undefined, ...VALUES, 'unnamed'], (a, b) => ({
  ...(a === undefined ? {} : { a }),
  ...(b === undefined ? {} : { b }),
}));
const NAMES = ['shop', 'ops', 'unnamed'];
const ADDRESSES = ['10.0.0.0', '10.0.0.1', '10.0.0.2', '10.0.0.3', '11.0.0.1', '12.0.0.1', 'fd00::1', '2001::1'];
const NUMBERS = [79, 80, 81, 82, 443];

const requirement: fc.Arbitrary<Requirement> = fc.record({
  key: fc.constantFrom('a', 'b'),
  operator: fc.constantFrom('In', 'NotIn', 'Exists', 'DoesNotExist'),
  values: fc.uniqueArray(fc.constantFrom(...VALUES), { minLength: 1 }),
  path: fc.constant([]),
});
const selector: fc.Arbitrary<LabelSelector> = fc.record({ requirements: fc.array(requirement, { maxLength: 3 }), path: fc.constant([]) });
const nameSelector: fc.Arbitrary<LabelSelector> = fc
  .record({
    operator: fc.constantFrom('In', 'NotIn', 'Exists', 'DoesNotExist'),
    values: fc.uniqueArray(fc.constantFrom('shop', 'ops'), { minLength: 1 }),
  })
  .map(({ operator, values }): LabelSelector => ({
    requirements: [{ key: 'kubernetes.io/metadata.name', operator, values, path: [] }],
    path: [],
  }));
/** Namespaces only have the label a, which keeps the universe small. */
const ofTeam = selector.map(({ requirements }): LabelSelector => ({
  requirements: requirements.map((one) => ({ ...one, key: 'a' })),
  path: [],
}));
const scope: fc.Arbitrary<NamespaceScope> = fc.oneof(
  fc.constantFrom('shop', 'ops').map((namespace): NamespaceScope => ({ kind: 'own', namespace })),
  fc.oneof(nameSelector, ofTeam).map((found): NamespaceScope => ({ kind: 'selected', selector: found })),
);
const network: fc.Arbitrary<Network> = fc
  .constantFrom<readonly [string, readonly string[]]>(
    ['10.0.0.0/30', ['10.0.0.0/31', '10.0.0.2/32', '10.0.0.3/32']],
    ['10.0.0.0/31', ['10.0.0.1/32']],
    ['10.0.0.2/31', []],
    ['0.0.0.0/0', ['10.0.0.0/30', '11.0.0.0/8']],
    ['::/0', ['fd00::/8']],
  )
  .chain(([cidr, holes]) => fc.subarray([...holes]).map((except) => ({ cidr, except, path: [] })));
const peer: fc.Arbitrary<Peer> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('pods' as const), namespaces: scope, pods: selector, path: fc.constant([]) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('networks' as const), networks: fc.array(network, { maxLength: 2 }), path: fc.constant([]) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('nodes' as const), nodes: selector, path: fc.constant([]) }) },
);
const protocol: fc.Arbitrary<Protocol> = fc.constantFrom('TCP', 'UDP');
const port: fc.Arbitrary<PortMatch> = fc.oneof(
  fc
    .record({
      protocol,
      ends: fc.constantFrom<readonly [number, number]>([80, 80], [80, 81], [81, 82], [80, 82], [83, 65_535], [1, 79], [1, 65_535]),
    })
    .map(({ protocol: one, ends: [from, to] }): PortMatch => ({ kind: 'range', protocol: one, from, to, path: [], at: [] })),
  fc
    .record({ protocol: fc.option(protocol, { nil: undefined }), name: fc.constantFrom('n', 'm') })
    .map(({ protocol: one, name }): PortMatch => ({
      kind: 'named',
      name,
      ...(one === undefined ? {} : { protocol: one }),
      path: [],
      at: [],
    })),
);
const ruleParts = fc.record({
  peers: fc.oneof(
    { weight: 5, arbitrary: fc.array(peer, { minLength: 1, maxLength: 2 }) },
    { weight: 1, arbitrary: fc.constant('any' as const) },
  ),
  ports: fc.oneof(
    { weight: 4, arbitrary: fc.array(port, { minLength: 1, maxLength: 2 }) },
    { weight: 1, arbitrary: fc.constant('any' as const) },
  ),
});
const rule: fc.Arbitrary<Rule> = ruleParts.map(anyRule);

describe('against brute force', () => {
  test('selectors', () => {
    fc.assert(
      fc.property(selector, selector, (a, b) => {
        holds(
          selectorImplies(a, b),
          LABELS.every((labels) => !selects(a, labels) || selects(b, labels)),
          (labels) => selects(a, labels) && !selects(b, labels),
        );
        holds(
          selectorsDisjoint(a, b),
          !LABELS.some((labels) => selects(a, labels) && selects(b, labels)),
          (labels) => selects(a, labels) && selects(b, labels),
        );
      }),
    );
  });

  test('namespaces', () => {
    fc.assert(
      fc.property(scope, scope, (a, b) => {
        const wrong = (labels: Labels): boolean => inScope(a, labels) && !inScope(b, labels);
        const common = (labels: Labels): boolean => inScope(a, labels) && inScope(b, labels);
        holds(scopeImplies(a, b), !NAMESPACES.some(wrong), wrong);
        holds(scopesDisjoint(a, b), !NAMESPACES.some(common), common);
      }),
    );
  });

  test('networks', () => {
    fc.assert(
      fc.property(network, network, (a, b) => {
        const wrong = (address: string): boolean => inNetwork(a, address) && !inNetwork(b, address);
        const common = (address: string): boolean => inNetwork(a, address) && inNetwork(b, address);
        holds(networkImplies(a, b), !ADDRESSES.some(wrong), wrong);
        holds(networksDisjoint(a, b), !ADDRESSES.some(common), common);
      }),
    );
  });

  test('peers', () => {
    fc.assert(
      fc.property(peer, peer, (a, b) => {
        holds(
          peerImplies(a, b),
          !ENDS.some((end) => names(a, end) && !names(b, end)),
          (end) => names(a, endOf(end)) && !names(b, endOf(end)),
        );
        holds(
          peersDisjoint(a, b),
          !ENDS.some((end) => names(a, end) && names(b, end)),
          (end) => names(a, endOf(end)) && names(b, endOf(end)),
        );
      }),
    );
  });

  test('ports', () => {
    fc.assert(
      fc.property(port, port, (a, b) => {
        const wrong = (one: Port): boolean => holdsPort(a, one) && !holdsPort(b, one);
        const common = (one: Port): boolean => holdsPort(a, one) && holdsPort(b, one);
        holds(portImplies(a, b), !PORTS.some(wrong), wrong);
        holds(portsDisjoint(a, b), !PORTS.some(common), common);
      }),
    );
  });

  test.each<Direction>(['ingress', 'egress'])('rules, one and many, %s', (direction) => {
    fc.assert(
      fc.property(rule, fc.array(rule, { minLength: 1, maxLength: 4 }), (one, others) => {
        const [first] = others;
        if (!first) return;
        const missed =
          (rules: readonly Rule[]) =>
          (end: End, at: Port): boolean =>
            matches(one, end, at) && !rules.some((other) => matches(other, end, at));
        const shared = (end: End, at: Port): boolean => matches(one, end, at) && matches(first, end, at);
        const shows =
          (test: (end: End, at: Port) => boolean) =>
          (found: Case): boolean =>
            test(endOf(found), found);
        holds(ruleImplies(one, first, direction), !someCase(direction, [one, first], missed([first])), shows(missed([first])));
        holds(rulesDisjoint(one, first, direction), !someCase(direction, [one, first], shared), shows(shared));
        holds(coveredBy(one, others, direction), !someCase(direction, [one, ...others], missed(others)), shows(missed(others)));
      }),
      { numRuns: 50 },
    );
  });
});

test('what cannot be read, or is not known, is not guessed', () => {
  const unreadable: LabelSelector = { requirements: [], path: [], unreadable: 'has no key' };
  const everything: LabelSelector = { requirements: [], path: [] };
  const names = (domainNames: readonly string[]): Peer => ({ kind: 'domainNames', domainNames, path: [] });
  const wide: Peer = { kind: 'networks', networks: [{ cidr: '10.0.0.0/8', except: [], path: [] }], path: [] };
  expect(selectorImplies(everything, unreadable).kind).toBe('unknown');
  expect(peerImplies(names(['a.example.com']), names(['*.example.com'])).kind).toBe('yes');
  expect(peerImplies(names(['example.com']), names(['*.example.com'])).kind).toBe('unknown');
  expect(peerImplies(names(['example.com']), wide).kind).toBe('unknown');
  expect(peersDisjoint(names(['example.com']), wide).kind).toBe('unknown');
  const of = (peers: readonly Peer[]): Rule => anyRule({ peers });
  const pods: Peer = { kind: 'pods', namespaces: { kind: 'own', namespace: 'shop' }, pods: everything, path: [] };
  expect(coveredBy(of([pods]), [of([{ kind: 'unreadable', path: [] }])], 'ingress').kind).toBe('unknown');
  expect(coveredBy(of([pods]), [of([{ kind: 'unreadable', path: [] }, pods])], 'ingress').kind).toBe('yes');
});

test('a question that is too large is not answered', () => {
  const hard = (values: readonly string[]): Rule => {
    const requirements = values.map((value, at): Requirement => ({ key: `k${at}`, operator: 'NotIn', values: [value], path: [] }));
    return anyRule({
      peers: [{ kind: 'pods', namespaces: { kind: 'own', namespace: 'shop' }, pods: { requirements, path: [] }, path: [] }],
    });
  };
  const many = Array.from({ length: 12 }, (_, at) => hard(Array.from({ length: 12 }, (_, key) => `v${at}-${key}`)));
  expect(coveredBy(hard([]), many, 'ingress', undefined, 200).kind).toBe('unknown');
});

/** Holds an answer against the truth, and the witness against what it is to show. */
function holds<Witness>(answer: Answer<Witness>, truth: boolean, shows: (witness: Witness) => boolean): void {
  expect(answer.kind).toBe(truth ? 'yes' : 'no');
  if (answer.kind === 'no') expect([answer.witness, shows(answer.witness)]).toEqual([answer.witness, true]);
}

interface End {
  readonly pod?: { readonly namespace: Labels; readonly labels: Labels };
  readonly address?: string;
  readonly node?: Labels;
}

interface Port {
  readonly protocol: Protocol;
  readonly port: number;
  readonly names: readonly string[];
}

const NAMESPACES: readonly Labels[] = NAMES.flatMap((name) =>
  [undefined, ...VALUES, 'unnamed'].map((a) => namespace(name, a === undefined ? {} : { a })),
);
const PODS: readonly End[] = NAMESPACES.flatMap((own) => LABELS.map((labels) => ({ pod: { namespace: own, labels } })));
const ENDS: readonly End[] = [
  ...PODS,
  ...PODS.flatMap((end) => ADDRESSES.map((address) => ({ ...end, address }))),
  ...ADDRESSES.map((address) => ({ address })),
  ...LABELS.flatMap((node) => ADDRESSES.map((address) => ({ node, address }))),
];
const PORTS: readonly Port[] = (['TCP', 'UDP', 'SCTP'] as const).flatMap((one) =>
  NUMBERS.flatMap((number) => [[], ['n'], ['m'], ['n', 'm']].map((list) => ({ protocol: one, port: number, names: list }))),
);

/** Is there a case that can be: for egress, only pods declare ports by name. Ends and ports that no rule tells apart are tried once. */
function someCase(direction: Direction, rules: readonly Rule[], test: (end: End, port: Port) => boolean): boolean {
  const ends = distinct(ENDS, (end) => [
    end.pod !== undefined,
    ...rules.map(({ peers }) => peers === 'any' || peers.some((one) => names(one, end))),
  ]);
  const ports = distinct(PORTS, (at) => [
    at.names.length,
    ...rules.map((one) => one.ports === 'any' || one.ports.some((match) => holdsPort(match, at))),
  ]);
  return ends.some((end) =>
    ports.some((at) => (direction === 'ingress' || end.pod !== undefined || at.names.length === 0) && test(end, at)),
  );
}

function distinct<T>(things: readonly T[], traits: (thing: T) => readonly (boolean | number)[]): T[] {
  return [...new Map(things.map((thing) => [traits(thing).join(), thing])).values()];
}

/** A witness as an end; a witness of peers may leave out what does not matter. */
function endOf({ pod, address, node }: End): End {
  return { ...(pod ? { pod } : {}), ...(address === undefined ? {} : { address }), ...(node ? { node } : {}) };
}

function matches(one: Rule, end: End, at: Port): boolean {
  const peers = one.peers === 'any' || one.peers.some((candidate) => names(candidate, end));
  return peers && (one.ports === 'any' || one.ports.some((candidate) => holdsPort(candidate, at)));
}

function names(one: Peer, end: End): boolean {
  switch (one.kind) {
    case 'pods':
      return end.pod !== undefined && inScope(one.namespaces, end.pod.namespace) && selects(one.pods, end.pod.labels);
    case 'networks':
      return end.address !== undefined && one.networks.some((candidate) => inNetwork(candidate, end.address ?? ''));
    case 'nodes':
      return end.node !== undefined && selects(one.nodes, end.node);
    case 'domainNames':
    case 'set':
    case 'unreadable':
      return false;
  }
}

function inScope(one: NamespaceScope, labels: Labels): boolean {
  return one.kind === 'own' ? labels['kubernetes.io/metadata.name'] === one.namespace : selects(one.selector, labels);
}

function inNetwork({ cidr, except }: Network, address: string): boolean {
  return inBlock(cidr, address) && !except.some((hole) => inBlock(hole, address));
}

const KNOWN = new Map<string, boolean>();

function inBlock(cidr: string, address: string): boolean {
  const key = `${cidr} ${address}`;
  const known = KNOWN.get(key);
  if (known !== undefined) return known;
  const [block, ip] = [parseCidr(cidr), parseIp(address)];
  const inside = block.ok && ip.ok && containsIp(block, ip);
  KNOWN.set(key, inside);
  return inside;
}

function holdsPort(one: PortMatch, { protocol: at, port: number, names: declared }: Port): boolean {
  if (one.kind === 'range') return one.protocol === at && one.from <= number && number <= one.to;
  return one.kind === 'named' && (one.protocol ?? at) === at && declared.includes(one.name);
}

function namespace(name: string, labels: Labels): Labels {
  return { ...labels, 'kubernetes.io/metadata.name': name };
}

function combine<T>(values: readonly (string | undefined)[], make: (a: string | undefined, b: string | undefined) => T): T[] {
  return values.flatMap((a) => values.map((b) => make(a, b)));
}
