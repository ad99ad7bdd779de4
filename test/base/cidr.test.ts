import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  containsCidr,
  containsIp,
  describeCidr,
  lastOf,
  overlapsCidr,
  parseCidr,
  singleOf,
  sizeOf,
  sizeWithout,
  strictlyContainsCidr,
  type Cidr,
} from '../../server/base/cidr.ts';
import { formatIp, parseIp } from '../../server/base/ip.ts';
import { knownBlockOf, blocksIn, KNOWN_BLOCKS } from '../../server/base/known-blocks.ts';

function cidrOf(text: string): Cidr {
  const cidr = parseCidr(text);
  if (!cidr.ok) throw new Error(cidr.reason);
  return cidr;
}

/** What a CIDR is, in one line: its canonical form and what is sloppy in the text. */
function told(text: string): string {
  const cidr = parseCidr(text);
  if (!cidr.ok) return cidr.reason;
  const marks = [
    cidr.hostBits && 'host bits',
    cidr.leadingZeros && 'leading zeros',
    cidr.ipv4Mapped && 'mapped',
    cidr.text !== cidr.canonical && 'other text',
  ];
  return [cidr.canonical, ...marks.filter((mark) => mark !== false)].join(', ');
}

const GOOD: readonly (readonly [text: string, meaning: string])[] = [
  ['10.0.0.0/8', '10.0.0.0/8'],
  ['0.0.0.0/0', '0.0.0.0/0'],
  ['255.255.255.255/32', '255.255.255.255/32'],
  ['::/0', '::/0'],
  ['::/128', '::/128'],
  ['::1/128', '::1/128'],
  ['2001:db8::/32', '2001:db8::/32'],
  ['2001:DB8::/32', '2001:db8::/32, other text'],
  ['2001:0db8::/32', '2001:db8::/32, other text'],
  ['2001:db8:0:0:0:0:0:0/32', '2001:db8::/32, other text'],
  ['1:0:0:2:0:0:0:3/128', '1:0:0:2::3/128, other text'],
  ['1:0:2:0:3:0:4:0/128', '1:0:2:0:3:0:4:0/128'],
  ['1::2:3:4:5:6:7/128', '1:0:2:3:4:5:6:7/128, other text'],
  ['2001:db8::1/32', '2001:db8::/32, host bits, other text'],
  ['10.0.0.1/8', '10.0.0.0/8, host bits, other text'],
  ['10.0.0.0/0', '0.0.0.0/0, host bits, other text'],
  ['010.0.0.0/8', '10.0.0.0/8, leading zeros, other text'],
  ['10.0.0.0/08', '10.0.0.0/8, leading zeros, other text'],
  ['08.0.0.0/8', '8.0.0.0/8, leading zeros, other text'],
  ['2001:db8::/032', '2001:db8::/32, leading zeros, other text'],
  ['::10.0.0.010/128', '::a00:a/128, leading zeros, other text'],
  ['00001::/16', '1::/16, leading zeros, other text'],
  ['::ffff:172.17.1.0/120', '172.17.1.0/24, mapped, other text'],
  ['::ffff:ac11:100/120', '172.17.1.0/24, mapped, other text'],
  ['::ffff:10.0.0.0/8', '::/8, host bits, mapped, other text'],
  ['::ffff:0:0/96', '0.0.0.0/0, mapped, other text'],
];

const BAD: readonly (readonly [text: string, reason: RegExp, suggestion?: string])[] = [
  ['', /missing/],
  ['   ', /missing/],
  ['10.0.0.0/8 ', /spaces around it\. Write 10\.0\.0\.0\/8\./, '10.0.0.0/8'],
  ['10.0.0.1', /no prefix length/, '10.0.0.1/32'],
  ['2001:db8::1', /no prefix length/, '2001:db8::1/128'],
  ['10.0.0.0/33', /'33' is not a prefix length; .* from 0 to 32/],
  ['10.0.0.0/-1', /'-1' is not a prefix length/],
  ['10.0.0.0/+8', /'\+8' is not a prefix length/],
  ['10.0.0.0/', /'' is not a prefix length/],
  ['10.0.0.0/8/8', /'8\/8' is not a prefix length/],
  ['::/129', /from 0 to 128/],
  ['/8', /no address before its \//],
  ['10.0.0.0/255.0.0.0', /netmask/, '10.0.0.0/8'],
  ['10.0.0.0/0.0.0.0', /netmask/, '0.0.0.0/0'],
  ['10.0.0.0/255.0.255.0', /netmask/],
  ['10.0.0.256/32', /256.*at most 255/],
  ['10.0.0/24', /fewer than the four/, '10.0.0.0/24'],
  ['10/8', /fewer than the four/, '10.0.0.0/8'],
  ['10.0', /only 2 of the four/],
  ['10.0.0.0.0/8', /more than the four/],
  ['10..0.0/8', /lacks a number/],
  ['10.0.*.*', /wildcard/, '10.0.0.0/16'],
  ['*', /not a CIDR/, '0.0.0.0/0'],
  ['any', /not a CIDR/, '0.0.0.0/0'],
  ['10.0.0.0/8,11.0.0.0/8', /more than one value/],
  ['172.17.1.0/24 - 172.17.2.128/25', /more than one value/],
  ['10.0.0.0-10.0.0.255', /is a range/],
  ['[::1]/128', /brackets/, '::1/128'],
  ['10.0.0.1:80', /port/],
  ['https://example.com', /URL/],
  ['example.com', /name/],
  ['my-svc.shop', /name/],
  ['"2001:db8::/32"', /hexadecimal/],
  ['fe80::1%eth0/64', /zone/],
  ['1::2::3/64', /twice/],
  ['1:2:3/64', /only|3 of the eight/],
  ['1:2:3:4:5:6:7::8/64', /nothing is left|eight/],
  ['1:2:3:4:5:6:7:8:9/64', /9 of the eight/],
  [':1::/16', /colon/],
  ['12345::/16', /hexadecimal/],
  ['g::/16', /hexadecimal/],
  ['::1.2.3/128', /only 3 of the four/],
  ['::1.2.3.4:1/128', /hexadecimal/],
  ['\u0661\u0660.0.0.0/8', /not an IPv4 or IPv6/],
  ['1'.repeat(100_000), /too long/],
];

describe('parseCidr reads', () => {
  for (const [text, meaning] of GOOD) test(text, () => expect(told(text)).toBe(meaning));
});

describe('parseCidr refuses', () => {
  for (const [text, reason, suggestion] of BAD)
    test(JSON.stringify(text.slice(0, 50)), () => {
      const cidr = parseCidr(text);
      expect(cidr.ok ? cidr.canonical : cidr.reason).toMatch(reason);
      expect(cidr.ok || cidr.suggestion).toBe(suggestion);
      expect(cidr.ok || cidr.reason.length).toBeLessThan(180);
    });
});

const anyV4: fc.Arbitrary<bigint> = fc.bigInt({ min: 0n, max: 2n ** 32n - 1n });
const anyV6: fc.Arbitrary<bigint> = fc
  .array(fc.constantFrom(0n, 0n, 0n, 1n, 0xabn, 0xffffn), { minLength: 8, maxLength: 8 })
  .map((groups) => groups.reduce<bigint>((sum, group) => (sum << 16n) | group, 0n));
/** Blocks that lie close together, so that they often meet. */
const nearBlock: fc.Arbitrary<Cidr> = fc
  .tuple(fc.integer({ min: 0, max: 63 }), fc.integer({ min: 26, max: 32 }))
  .map(([host, prefix]) => cidrOf(`10.0.0.${host}/${prefix}`));

/** The addresses of a small block, one by one. */
function members(cidr: Cidr): Set<bigint> {
  return new Set(Array.from({ length: Number(sizeOf(cidr)) }, (_, index) => cidr.base + BigInt(index)));
}

describe('properties', () => {
  test('an address comes back from its canonical text', () => {
    fc.assert(
      fc.property(anyV4, (value) => {
        expect(parseIp(formatIp(4, value))).toMatchObject({ ok: true, family: 4, value, leadingZeros: false, ipv4Mapped: false });
      }),
    );
    fc.assert(
      fc.property(anyV6, (value) => {
        const mapped = value >> 32n === 0xffffn;
        expect(parseIp(formatIp(6, value))).toMatchObject({ ok: true, value: mapped ? value & 0xffffffffn : value, ipv4Mapped: mapped });
      }),
    );
  });

  test('formatIp agrees with the URL standard, which follows RFC 5952', () => {
    fc.assert(
      fc.property(anyV6, (value) => {
        fc.pre(value >> 32n !== 0xffffn);
        expect(`[${formatIp(6, value)}]`).toBe(new URL(`http://[${formatIp(6, value)}]`).hostname);
      }),
    );
  });

  test('contains, overlaps, size and excepts agree with counting', () => {
    fc.assert(
      fc.property(nearBlock, nearBlock, fc.array(nearBlock, { maxLength: 5 }), (one, other, excepts) => {
        const [ones, others] = [members(one), members(other)];
        expect(containsCidr(one, other)).toBe([...others].every((ip) => ones.has(ip)));
        expect(strictlyContainsCidr(one, other)).toBe([...others].every((ip) => ones.has(ip)) && ones.size > others.size);
        expect(overlapsCidr(one, other)).toBe([...others].some((ip) => ones.has(ip)));
        const left = [...ones].filter((ip) => !excepts.some((except) => members(except).has(ip)));
        expect(sizeWithout(one, excepts)).toBe(BigInt(left.length));
        expect([one.base, lastOf(one)]).toEqual([[...ones][0], [...ones].at(-1)]);
      }),
    );
  });

  test('no text makes it throw, and what it suggests is right', () => {
    const part = fc.constantFrom('10', '0', '.', ':', '::', '/', '8', '32', 'ffff', '*', '-', ' ', '%', '255', '[', ']', 'x', ',', '😀');
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(part, { maxLength: 12 }).map((parts) => parts.join('')),
        ),
        (text) => {
          const cidr = parseCidr(text);
          if (cidr.ok)
            expect(parseCidr(cidr.canonical)).toMatchObject({ base: cidr.base, prefix: cidr.prefix, family: cidr.family, hostBits: false });
          else if (cidr.suggestion !== undefined) expect(told(cidr.suggestion)).toBe(cidr.suggestion);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

test('families do not mix', () => {
  expect(containsCidr(cidrOf('::/0'), cidrOf('10.0.0.0/8'))).toBe(false);
  const ip = parseIp('::ffff:10.1.2.3');
  expect(ip.ok && containsIp(cidrOf('10.0.0.0/8'), ip)).toBe(true);
  expect(ip.ok && containsIp(cidrOf('::/0'), ip)).toBe(false);
});

test('host bits have two readings', () =>
  expect([cidrOf('10.0.0.1/8').canonical, singleOf(cidrOf('10.0.0.1/8'))]).toEqual(['10.0.0.0/8', '10.0.0.1/32']));

describe('a CIDR in words', () => {
  const table: readonly (readonly [cidr: string, excepts: readonly string[], words: string])[] = [
    ['10.0.0.0/16', [], '65,536 addresses, 10.0.0.0 – 10.0.255.255'],
    ['10.0.0.0/16', ['10.0.5.0/24'], '65,536 addresses, 10.0.0.0 – 10.0.255.255; except leaves 65,280'],
    ['10.0.0.0/16', ['10.0.5.0/24', '10.0.5.0/24', '10.0.5.7/32'], '65,536 addresses, 10.0.0.0 – 10.0.255.255; except leaves 65,280'],
    ['10.0.0.0/30', ['10.0.0.0/8'], '4 addresses, 10.0.0.0 – 10.0.0.3; except leaves none'],
    ['10.0.0.0/31', ['10.0.0.0/32', '10.0.0.1/32'], '2 addresses, 10.0.0.0 – 10.0.0.1; except leaves none'],
    ['10.0.0.0/30', ['::/0', '11.0.0.0/8'], '4 addresses, 10.0.0.0 – 10.0.0.3; except excludes none of them'],
    ['10.1.2.3/32', [], '1 address, 10.1.2.3'],
    ['0.0.0.0/0', ['169.254.169.254/32'], 'every IPv4 address, 0.0.0.0 – 255.255.255.255; except leaves 4,294,967,295'],
    ['2001:db8::/64', [], '2^64 addresses, 2001:db8:: – 2001:db8::ffff:ffff:ffff:ffff'],
    ['2001:db8::/64', ['2001:db8::/66'], '2^64 addresses, 2001:db8:: – 2001:db8::ffff:ffff:ffff:ffff; except leaves about 1.4 × 10^19'],
  ];
  for (const [cidr, excepts, words] of table) test(words, () => expect(describeCidr(cidrOf(cidr), excepts.map(cidrOf))).toBe(words));
});

describe('blocks with a name', () => {
  const table: readonly (readonly [cidr: string, name: string | undefined])[] = [
    ['10.1.0.0/16', 'private network (RFC 1918)'],
    ['172.31.255.0/24', 'private network (RFC 1918)'],
    ['169.254.169.254/32', 'cloud metadata service'],
    ['169.254.0.0/16', 'link-local addresses (RFC 3927)'],
    ['100.64.0.0/10', 'shared address space for carrier-grade NAT (RFC 6598)'],
    ['0.0.0.0/0', 'every IPv4 address'],
    ['::/0', 'every IPv6 address'],
    ['8.8.8.8/32', undefined],
    ['0.0.0.0/1', undefined],
    ['fd12::/16', 'unique local IPv6 addresses (RFC 4193)'],
  ];
  for (const [cidr, name] of table) test(cidr, () => expect(knownBlockOf(cidrOf(cidr))?.name).toBe(name));
  test('all are canonical', () =>
    expect(KNOWN_BLOCKS.map((block) => block.cidr.text)).toEqual(KNOWN_BLOCKS.map((block) => block.cidr.canonical)));
  test('none was dropped', () => expect(KNOWN_BLOCKS.length).toBe(31));
  test('in a block', () => expect(blocksIn(cidrOf('169.0.0.0/8')).map((block) => block.cidr.text)).toContain('169.254.169.254/32'));
  test('not itself', () => expect(blocksIn(cidrOf('10.0.0.0/8'))).toEqual([]));
});

/** Every string in a JSON value. */
function* stringsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) yield* stringsIn(inner);
}

const ERRORS: readonly (readonly [words: RegExp, holds: (cidr: ReturnType<typeof parseCidr>) => boolean])[] = [
  [/must be a valid CIDR value/, (cidr) => !cidr.ok],
  [/must not have leading 0s/, (cidr) => cidr.ok && cidr.leadingZeros],
  [/must not have bits set beyond the prefix/, (cidr) => cidr.ok && cidr.hostBits],
  [/must not have an IPv4-mapped/, (cidr) => cidr.ok && cidr.ipv4Mapped],
  [/Invalid CIDR format/, (cidr) => !cidr.ok || cidr.leadingZeros || cidr.ipv4Mapped],
];

test('the API server says the same of every CIDR of the corpus', () => {
  const rows = readFileSync(new URL('../corpus/apiserver.jsonl', import.meta.url), 'utf8')
    .trim()
    .split('\n');
  let seen = 0;
  for (const told of rows.flatMap((row) => [...stringsIn(JSON.parse(row))])) {
    const quoted = /^Invalid value: ("(?:[^"\\]|\\.)*"): (.*)$/s.exec(told);
    const error = quoted && ERRORS.find(([words]) => words.test(quoted[2] ?? ''));
    if (quoted && error) expect(error[1](parseCidr(String(JSON.parse(quoted[1] ?? '""')))), told).toBe(true);
    const ambiguous = /CIDR value "(.*)" is ambiguous in this context \(should be "(.*)" or "(.*)"\?\)/.exec(told);
    if (ambiguous) expect([cidrOf(ambiguous[1] ?? '').canonical, singleOf(cidrOf(ambiguous[1] ?? ''))]).toEqual(ambiguous.slice(2));
    const better = /CIDR value "(.*)" (?:is invalid: use|should be in RFC 5952 canonical format) \(?"([^"]*)"/.exec(told);
    if (better) expect(cidrOf(better[1] ?? '').canonical).toBe(better[2]);
    if (error || ambiguous || better) seen++;
  }
  expect(seen).toBeGreaterThan(20);
});
