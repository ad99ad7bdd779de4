import { mistakeIn } from './cidr-mistake.ts';
import { thousands } from './english.ts';
import { formatIp, parseIp, type Ip } from './ip.ts';

/** A block of addresses, and how it was written. */
export interface Cidr {
  readonly ok: true;
  readonly text: string;
  /** `::ffff:10.0.0.0/104` counts as the IPv4 block 10.0.0.0/8, as in Go's `net.IPNet`. */
  readonly family: 4 | 6;
  /** The length of an address of the family. */
  readonly bits: 32 | 128;
  readonly prefix: number;
  /** The address as written, with its host bits. */
  readonly address: bigint;
  /** The first address of the block. */
  readonly base: bigint;
  /** Has the address bits behind the prefix (`10.0.0.1/8`)? NetworkPolicy refuses that since 1.36, ClusterNetworkPolicy never. */
  readonly hostBits: boolean;
  /** Has a number zeros in front (`010.0.0.0/8`, `10.0.0.0/08`)? ClusterNetworkPolicy refuses that, NetworkPolicy since 1.36. */
  readonly leadingZeros: boolean;
  /** Is it written as IPv4-mapped IPv6? ClusterNetworkPolicy refuses that, NetworkPolicy since 1.36. */
  readonly ipv4Mapped: boolean;
  /** The block as Go writes it (RFC 5952 for IPv6), without host bits. Another `text` than this is legal for IPv6 but gets a warning. */
  readonly canonical: string;
}

/** Why a text is not a CIDR, as one or two sentences, and what was probably meant. */
export interface NoCidr {
  readonly ok: false;
  readonly reason: string;
  readonly suggestion?: string;
}

/**
 * Reads a CIDR. Accepts what `ParseCIDRSloppy` of k8s.io/utils/net accepts (that is what NetworkPolicy used up to 1.35), and marks what
 * is sloppy in it. ClusterNetworkPolicy's `isCIDR` is Go's `netip.ParsePrefix` without IPv4-mapped addresses.
 */
export function parseCidr(text: string): Cidr | NoCidr {
  const slash = text.indexOf('/');
  const length = text.slice(slash + 1);
  const ip = slash > 0 && text.length <= MAX_CIDR_CHARACTERS && /^[0-9]+$/.test(length) ? parseIp(text.slice(0, slash)) : undefined;
  const prefix = Number(length);
  if (!ip?.ok || prefix > writtenBits(ip)) return whyNot(text);
  const leadingZeros = ip.leadingZeros || /^0[0-9]/.test(length);
  if (ip.ipv4Mapped && prefix < 96) return block({ ...ip, leadingZeros, family: 6, value: (0xffffn << 32n) | ip.value }, prefix, text);
  return block({ ...ip, leadingZeros }, ip.ipv4Mapped ? prefix - 96 : prefix, text);
}

/** Is every address of the inner block in the outer one? */
export function containsCidr(outer: Cidr, inner: Cidr): boolean {
  return outer.family === inner.family && outer.prefix <= inner.prefix && networkOf(inner.base, outer) === outer.base;
}

/** Is the inner block a real part of the outer one? What `except` asks for: same family, longer prefix. */
export function strictlyContainsCidr(outer: Cidr, inner: Cidr): boolean {
  return outer.prefix < inner.prefix && containsCidr(outer, inner);
}

/** A list of blocks, that can be asked which of them holds another one without looking at all of them. */
export interface CidrIndex {
  /**
   * The place in the list of the first block that holds all of the block at a place, and is another one: a wider block, or an equal one
   * that comes before it.
   */
  readonly around: (place: number) => number | undefined;
}

/** Indexes blocks; a question takes at most as many steps as there are lengths of prefixes. */
export function indexCidrs(list: readonly Cidr[]): CidrIndex {
  const first = new Map<string, number>();
  const prefixes = { 4: new Set<number>(), 6: new Set<number>() };
  for (const [i, cidr] of list.entries()) {
    const key = keyOf(cidr, cidr.prefix);
    if (!first.has(key)) first.set(key, i);
    prefixes[cidr.family].add(cidr.prefix);
  }
  return {
    around: (place) => {
      const cidr = list[place];
      let found: number | undefined;
      for (const prefix of cidr ? prefixes[cidr.family] : []) {
        const at = cidr && prefix <= cidr.prefix ? first.get(keyOf(cidr, prefix)) : undefined;
        if (at !== undefined && at !== place && (found === undefined || at < found)) found = at;
      }
      return found;
    },
  };
}

function keyOf({ family, base, bits }: Cidr, prefix: number): string {
  return `${family} ${prefix} ${networkOf(base, { bits, prefix })}`;
}

/** Have two blocks an address in common? Two CIDRs either do not, or one contains the other. */
export function overlapsCidr(one: Cidr, other: Cidr): boolean {
  return containsCidr(one, other) || containsCidr(other, one);
}

/** Is the address (of parseIp) in the block? */
export function containsIp(cidr: Cidr, ip: Ip): boolean {
  return cidr.family === ip.family && networkOf(ip.value, cidr) === cidr.base;
}

/** How many addresses the block has. */
export function sizeOf(cidr: Cidr): bigint {
  return 1n << BigInt(cidr.bits - cidr.prefix);
}

/** The last address of the block; the first one is its `base`. */
export function lastOf(cidr: Cidr): bigint {
  return cidr.base + sizeOf(cidr) - 1n;
}

/** The block of one address that someone who wrote host bits may have meant: `10.0.0.1/32` for `10.0.0.1/8`. */
export function singleOf(cidr: Cidr): string {
  return `${formatIp(cidr.family, cidr.address)}/${cidr.bits}`;
}

/** A CIDR in words: "65,536 addresses, 10.0.0.0 – 10.0.255.255; except leaves 65,280". Excepts outside the block take nothing away. */
export function describeCidr(cidr: Cidr, excepts: readonly Cidr[] = []): string {
  const whole = describeWhole(cidr);
  if (excepts.length === 0) return whole;
  const left = sizeWithout(cidr, excepts);
  if (left === sizeOf(cidr)) return `${whole}; except excludes none of them`;
  return `${whole}; except leaves ${left === 0n ? 'none' : amount(left)}`;
}

/** How many addresses of the block are in none of the excepts. */
export function sizeWithout(cidr: Cidr, excepts: readonly Cidr[]): bigint {
  if (excepts.some((except) => containsCidr(except, cidr))) return 0n;
  const inside = excepts.filter((except) => containsCidr(cidr, except));
  const index = indexCidrs(inside);
  const largest = inside.filter((_, place) => index.around(place) === undefined);
  return largest.reduce((left, except) => left - sizeOf(except), sizeOf(cidr));
}

/** No address with a prefix is longer, apart from leading zeros. */
const MAX_CIDR_CHARACTERS = 128;

function writtenBits(ip: Ip): 32 | 128 {
  return ip.family === 6 || ip.ipv4Mapped ? 128 : 32;
}

function block(ip: Ip, prefix: number, text: string): Cidr {
  const bits = ip.family === 4 ? 32 : 128;
  const base = networkOf(ip.value, { bits, prefix });
  return {
    ok: true,
    text,
    family: ip.family,
    bits,
    prefix,
    address: ip.value,
    base,
    hostBits: base !== ip.value,
    leadingZeros: ip.leadingZeros,
    ipv4Mapped: ip.ipv4Mapped,
    canonical: `${formatIp(ip.family, base)}/${prefix}`,
  };
}

function networkOf(address: bigint, of: { readonly bits: number; readonly prefix: number }): bigint {
  const host = BigInt(of.bits - of.prefix);
  return (address >> host) << host;
}

function whyNot(text: string): NoCidr {
  const { reason, suggestion } = mistakeIn(text);
  const meant = suggestion === undefined ? undefined : parseCidr(suggestion);
  if (!meant?.ok) return { ok: false, reason };
  return { ok: false, reason: `${reason} Write ${meant.canonical}.`, suggestion: meant.canonical };
}

function describeWhole(cidr: Cidr): string {
  const first = formatIp(cidr.family, cidr.base);
  const size = sizeOf(cidr);
  if (size === 1n) return `1 address, ${first}`;
  const range = `${first} – ${formatIp(cidr.family, lastOf(cidr))}`;
  return cidr.prefix === 0 ? `every IPv${cidr.family} address, ${range}` : `${amount(size)} addresses, ${range}`;
}

/** A number of addresses; above the size of IPv4 as a power or an approximation: "2^64", "about 1.8 × 10^19". */
function amount(size: bigint): string {
  if (size <= 1n << 32n) return thousands(size);
  const bits = size.toString(2);
  if (!bits.includes('1', 1)) return `2^${bits.length - 1}`;
  const [digits = '', power = ''] = Number(size).toExponential(1).split('e+');
  return `about ${digits} × 10^${power}`;
}
