import { lastOf, type Cidr } from './cidr.ts';
import {
  covers,
  includesValue,
  intervalsMeet,
  meets,
  normalise,
  same,
  uniteAll,
  subtract,
  type Interval,
  type Intervals,
  type Neighbours,
} from './intervals.ts';
import { formatIp } from './ip.ts';

/** An exact set of IP addresses; the two families never mix. */
export interface AddressSet {
  readonly v4: Intervals<bigint>;
  readonly v6: Intervals<bigint>;
}

/** One unbroken range of a set. */
export interface AddressRange extends Interval<bigint> {
  readonly family: 4 | 6;
}

export const NO_ADDRESSES: AddressSet = { v4: [], v6: [] };
export const ALL_IPV4: AddressSet = { v4: [{ from: 0n, to: 2n ** 32n - 1n }], v6: [] };
export const ALL_IPV6: AddressSet = { v4: [], v6: [{ from: 0n, to: 2n ** 128n - 1n }] };
export const ALL_ADDRESSES: AddressSet = { v4: ALL_IPV4.v4, v6: ALL_IPV6.v6 };

/** The addresses of a CIDR, less those of the excepts. */
export function addressesOf(cidr: Cidr, excepts: readonly Cidr[] = []): AddressSet {
  return excepts.length === 0 ? wholeOf([cidr]) : subtractAddresses(wholeOf([cidr]), wholeOf(excepts));
}

/** A set from ranges in any order; ranges whose end comes before their start hold nothing. */
export function addressesIn(ranges: readonly AddressRange[]): AddressSet {
  const family = (version: 4 | 6): Intervals<bigint> =>
    normalise(
      NEXT_ADDRESS,
      ranges.filter((range) => range.family === version).map(({ from, to }) => ({ from, to })),
    );
  return { v4: family(4), v6: family(6) };
}

/** What is in any of the sets. */
export function uniteAddresses(...sets: readonly AddressSet[]): AddressSet {
  const family = (name: 'v4' | 'v6'): Intervals<bigint> =>
    uniteAll(
      NEXT_ADDRESS,
      sets.map((set) => set[name]),
    );
  return { v4: family('v4'), v6: family('v6') };
}

/** What is in both sets. */
export function intersectAddresses(one: AddressSet, other: AddressSet): AddressSet {
  return { v4: intervalsMeet(one.v4, other.v4), v6: intervalsMeet(one.v6, other.v6) };
}

/** What is in the first set and not in the second. */
export function subtractAddresses(one: AddressSet, other: AddressSet): AddressSet {
  return { v4: subtract(NEXT_ADDRESS, one.v4, other.v4), v6: subtract(NEXT_ADDRESS, one.v6, other.v6) };
}

/** All addresses, of both families, that are not in the set. */
export function complementAddresses(set: AddressSet): AddressSet {
  return subtractAddresses(ALL_ADDRESSES, set);
}

/** Is there no address in the set? */
export function isNoAddress(set: AddressSet): boolean {
  return set.v4.length === 0 && set.v6.length === 0;
}

/** Is every address of the inner set in the outer one? */
export function coversAddresses(outer: AddressSet, inner: AddressSet): boolean {
  return covers(outer.v4, inner.v4) && covers(outer.v6, inner.v6);
}

/** Have the sets an address in common? */
export function meetAddresses(one: AddressSet, other: AddressSet): boolean {
  return meets(one.v4, other.v4) || meets(one.v6, other.v6);
}

/** Are the sets equal? */
export function sameAddresses(one: AddressSet, other: AddressSet): boolean {
  return same(one.v4, other.v4) && same(one.v6, other.v6);
}

/** Is the address in the set? `value` and `family` as parseIp gives them. */
export function hasAddress(set: AddressSet, address: { readonly family: 4 | 6; readonly value: bigint }): boolean {
  return includesValue(address.family === 4 ? set.v4 : set.v6, address.value);
}

/** The unbroken ranges of the set, IPv4 first, ascending. */
export function rangesOf(set: AddressSet): readonly AddressRange[] {
  const v4 = set.v4.map((range): AddressRange => ({ family: 4, ...range }));
  return set.v6.length === 0 ? v4 : [...v4, ...set.v6.map((range): AddressRange => ({ family: 6, ...range }))];
}

/** How many addresses the set has. */
export function countAddresses(set: AddressSet): bigint {
  return rangesOf(set).reduce((sum, { from, to }) => sum + to - from + 1n, 0n);
}

/** An address of the set as a witness, the lowest of IPv4 before any of IPv6; `undefined` for the empty set. */
export function firstAddress(set: AddressSet): string | undefined {
  const [first] = rangesOf(set);
  return first && formatIp(first.family, first.from);
}

/** A range as `10.0.0.0-10.0.0.255`, with first and last address even where they are equal: the form reports use. */
export function formatRange({ family, from, to }: AddressRange): string {
  return `${formatIp(family, from)}-${formatIp(family, to)}`;
}

/** The set as the CIDRs it consists of, as few as possible, ascending. */
export function cidrsOf(set: AddressSet): readonly string[] {
  return rangesOf(set).flatMap((range) => [...blocksOf(range)]);
}

const NEXT_ADDRESS: Neighbours<bigint> = { next: (address) => address + 1n, previous: (address) => address - 1n };

function wholeOf(cidrs: readonly Cidr[]): AddressSet {
  return addressesIn(cidrs.map((cidr) => ({ family: cidr.family, from: cidr.base, to: lastOf(cidr) })));
}

/** Each time the largest block that starts at the start of what is left and does not reach behind its end. */
function* blocksOf({ family, from, to }: AddressRange): Generator<string> {
  const bits = family === 4 ? 32 : 128;
  for (let start = from; start <= to;) {
    let host = 0;
    while (host < bits && (start & ((2n << BigInt(host)) - 1n)) === 0n && start + (2n << BigInt(host)) - 1n <= to) host++;
    yield `${formatIp(family, start)}/${bits - host}`;
    start += 1n << BigInt(host);
  }
}
