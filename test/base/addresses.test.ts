import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addressesIn,
  addressesOf,
  ALL_ADDRESSES,
  ALL_IPV4,
  ALL_IPV6,
  cidrsOf,
  complementAddresses,
  countAddresses,
  coversAddresses,
  firstAddress,
  formatRange,
  hasAddress,
  intersectAddresses,
  isNoAddress,
  meetAddresses,
  NO_ADDRESSES,
  rangesOf,
  sameAddresses,
  subtractAddresses,
  uniteAddresses,
  type AddressRange,
  type AddressSet,
} from '../../server/base/addresses.ts';
import { parseCidr, type Cidr } from '../../server/base/cidr.ts';

function cidr(text: string): Cidr {
  const parsed = parseCidr(text);
  if (!parsed.ok) throw new Error(parsed.reason);
  return parsed;
}

interface Address {
  readonly family: 4 | 6;
  readonly value: bigint;
}

/** Small windows at both ends of both families: there brute force is cheap and the borders are near. */
const WINDOWS: readonly Address[] = ([4, 6] as const).flatMap((family) =>
  Array.from({ length: 40 }, (_, at): Address => ({ family, value: at < 20 ? BigInt(at) : highest(family) - BigInt(at - 20) })),
);

function highest(family: 4 | 6): bigint {
  return family === 4 ? 2n ** 32n - 1n : 2n ** 128n - 1n;
}

const anyRange: fc.Arbitrary<AddressRange> = fc
  .tuple(fc.constantFrom<4 | 6>(4, 6), fc.bigInt(0n, 22n), fc.bigInt(0n, 22n), fc.boolean(), fc.boolean())
  .map(([family, one, other, lowStart, lowEnd]) => {
    const [from, to] = [lowStart ? one : highest(family) - one, lowEnd ? other : highest(family) - other];
    return { family, from: from < to ? from : to, to: from < to ? to : from };
  });
const anySet: fc.Arbitrary<AddressSet> = fc.array(anyRange, { maxLength: 6 }).map(addressesIn);

function within(set: AddressSet, address: Address): boolean {
  return rangesOf(set).some(({ family, from, to }) => family === address.family && from <= address.value && address.value <= to);
}

function members(set: AddressSet): readonly Address[] {
  return WINDOWS.filter((address) => within(set, address));
}

describe('sets of addresses agree with brute force', () => {
  test('operations', () => {
    fc.assert(
      fc.property(anySet, anySet, (one, other) => {
        expect(members(uniteAddresses(one, other))).toEqual(WINDOWS.filter((ip) => within(one, ip) || within(other, ip)));
        expect(members(intersectAddresses(one, other))).toEqual(WINDOWS.filter((ip) => within(one, ip) && within(other, ip)));
        expect(members(subtractAddresses(one, other))).toEqual(WINDOWS.filter((ip) => within(one, ip) && !within(other, ip)));
        expect(members(complementAddresses(one))).toEqual(WINDOWS.filter((ip) => !within(one, ip)));
        expect(WINDOWS.filter((ip) => hasAddress(one, ip))).toEqual(members(one));
      }),
    );
  });

  test('questions', () => {
    fc.assert(
      fc.property(anySet, anySet, (one, other) => {
        expect(coversAddresses(one, other)).toBe(isNoAddress(subtractAddresses(other, one)));
        expect(meetAddresses(one, other)).toBe(!isNoAddress(intersectAddresses(one, other)));
        expect(sameAddresses(one, other)).toBe(coversAddresses(one, other) && coversAddresses(other, one));
        expect(sameAddresses(one, complementAddresses(complementAddresses(one)))).toBe(true);
        expect(countAddresses(one) + countAddresses(complementAddresses(one))).toBe(countAddresses(ALL_ADDRESSES));
      }),
    );
  });

  test('the CIDRs of a set are the set, and each of them is needed', () => {
    fc.assert(
      fc.property(anySet, (set) => {
        const blocks = cidrsOf(set).map(cidr);
        expect(sameAddresses(uniteAddresses(...blocks.map((block) => addressesOf(block))), set)).toBe(true);
        expect(blocks.every((block) => !block.hostBits)).toBe(true);
        const halves = blocks.some((block, at) => {
          const before = blocks[at - 1];
          const size = 1n << BigInt(block.bits - block.prefix);
          return (
            before?.family === block.family &&
            before.prefix === block.prefix &&
            block.base - before.base === size &&
            (block.base / size) % 2n === 1n
          );
        });
        expect(halves).toBe(false);
      }),
    );
  });
});

test('a CIDR without its excepts', () => {
  const set = addressesOf(cidr('10.0.0.0/24'), [cidr('10.0.0.0/30'), cidr('10.0.0.128/25'), cidr('::/0')]);
  expect(rangesOf(set).map(formatRange)).toEqual(['10.0.0.4-10.0.0.127']);
  expect([firstAddress(set), countAddresses(set)]).toEqual(['10.0.0.4', 124n]);
  expect(cidrsOf(set)).toEqual(['10.0.0.4/30', '10.0.0.8/29', '10.0.0.16/28', '10.0.0.32/27', '10.0.0.64/26']);
});

test('everything and nothing', () => {
  expect(sameAddresses(addressesOf(cidr('0.0.0.0/0')), ALL_IPV4)).toBe(true);
  expect(sameAddresses(addressesOf(cidr('::/0')), ALL_IPV6)).toBe(true);
  expect(rangesOf(ALL_ADDRESSES).map(formatRange)).toEqual(['0.0.0.0-255.255.255.255', '::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff']);
  expect(cidrsOf(ALL_ADDRESSES)).toEqual(['0.0.0.0/0', '::/0']);
  expect([firstAddress(NO_ADDRESSES), firstAddress(ALL_IPV6)]).toEqual([undefined, '::']);
  expect(isNoAddress(addressesIn([{ family: 4, from: 5n, to: 4n }]))).toBe(true);
});

test('an IPv4-mapped block is the IPv4 block', () => {
  expect(sameAddresses(addressesOf(cidr('::ffff:10.0.0.0/104')), addressesOf(cidr('10.0.0.0/8')))).toBe(true);
});
