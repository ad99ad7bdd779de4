/** A single IP address, and how it was written. */
export interface Ip {
  readonly ok: true;
  /** An IPv4 address inside IPv6 (`::ffff:10.0.0.1`) counts as IPv4, as it does in Go's `net.IP`. */
  readonly family: 4 | 6;
  readonly value: bigint;
  /** Zeros in front of a number (`010.0.0.1`). New API servers refuse them; old ones, and Go before 1.17, read them as decimal. */
  readonly leadingZeros: boolean;
  /** Written as IPv4-mapped IPv6. New API servers refuse it. */
  readonly ipv4Mapped: boolean;
}

/** Why a text is not an address: a clause that follows the text itself, such as "has a zone". */
export interface NoIp {
  readonly ok: false;
  readonly reason: string;
}

/**
 * Reads an address as Go's `netip.ParseAddr` does, but accepts leading zeros and marks them, since Kubernetes still reads such
 * addresses from old objects (k8s.io/utils/net `ParseIPSloppy`). A zone (`fe80::1%eth0`) is refused: no policy field takes one.
 */
export function parseIp(text: string): Ip | NoIp {
  const usual = usualIpv4(text);
  if (usual !== undefined) return { ok: true, family: 4, value: BigInt(usual), leadingZeros: false, ipv4Mapped: false };
  if (text.includes('%')) return no('has a zone (the part behind %), which a policy cannot use');
  if (text.includes(':')) return parseIpv6(text);
  const octets = parseOctets(text);
  return 'ok' in octets ? octets : { ok: true, family: 4, ipv4Mapped: false, ...octets };
}

/** The address in its canonical form (RFC 5952 for IPv6: lower case, no zeros in front, the longest run of zeros as `::`). */
export function formatIp(family: 4 | 6, value: bigint): string {
  if (family === 4) return dotted(value);
  if (value >> 32n === MAPPED) return `::ffff:${dotted(value & 0xffffffffn)}`;
  const groups = Array.from({ length: 8 }, (_, index) => Number((value >> BigInt(112 - 16 * index)) & 0xffffn));
  const { start, length } = longestZeros(groups);
  const words = groups.map((group) => group.toString(16));
  if (length < 2) return words.join(':');
  return `${words.slice(0, start).join(':')}::${words.slice(start + length).join(':')}`;
}

const MAPPED = 0xffffn;

function no(reason: string): NoIp {
  return { ok: false, reason };
}

function dotted(value: bigint): string {
  const number = Number(value);
  return [24, 16, 8, 0].map((bits) => (number >>> bits) & 255).join('.');
}

/** Four numbers up to 255 without zeros in front, which nearly all addresses are; `undefined` for every other text. */
function usualIpv4(text: string): number | undefined {
  let [value, octet, digits, dots] = [0, 0, 0, 0];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === DOT) {
      if (digits === 0) return undefined;
      value = value * 256 + octet;
      [octet, digits] = [0, 0];
      dots++;
      continue;
    }
    if (code < ZERO || code > NINE || (digits > 0 && octet === 0)) return undefined;
    octet = octet * 10 + code - ZERO;
    digits++;
    if (octet > 255) return undefined;
  }
  return dots === 3 && digits > 0 ? value * 256 + octet : undefined;
}

const [DOT, ZERO, NINE] = [46, 48, 57];

interface Octets {
  readonly value: bigint;
  readonly leadingZeros: boolean;
}

function parseOctets(text: string): Octets | NoIp {
  const parts = text.split('.', 6);
  if (!/^[0-9.]+$/.test(text)) return no('is not an IPv4 or IPv6 address');
  if (parts.length < 4) return no(`has only ${parts.length} of the four numbers of an IPv4 address`);
  if (parts.length > 4) return no('has more than the four numbers of an IPv4 address');
  if (parts.includes('')) return no('lacks a number between its dots');
  const numbers = parts.map(Number);
  const large = parts.find((part) => Number(part) > 255);
  if (large !== undefined) return no(`has the number ${large.slice(0, 10)}, but each number of an IPv4 address is at most 255`);
  const value = numbers.reduce((sum, number) => sum * 256 + number, 0);
  return { value: BigInt(value), leadingZeros: parts.some((part) => /^0\d/.test(part)) };
}

function parseIpv6(text: string): Ip | NoIp {
  if (text.length > MAX_ADDRESS_CHARACTERS) return no('is too long for an IPv6 address');
  const tail = text.slice(text.lastIndexOf(':') + 1);
  const embedded = tail.includes('.') ? parseOctets(tail) : undefined;
  if (embedded && 'ok' in embedded) return no(`ends in an IPv4 address that is wrong: '${tail}' ${embedded.reason}`);
  const hex = embedded ? text.slice(0, -tail.length) + hexPair(embedded.value) : text;
  const groups = groupsOf(hex);
  if (!Array.isArray(groups)) return groups;
  const value = groups.reduce((sum, group) => (sum << 16n) | BigInt(parseInt(group, 16)), 0n);
  const mapped = value >> 32n === MAPPED;
  return {
    ok: true,
    family: mapped ? 4 : 6,
    value: mapped ? value & 0xffffffffn : value,
    // Go has refused more than four digits in a group since 1.22.
    leadingZeros: embedded?.leadingZeros === true || groups.some((group) => group.length > 4),
    ipv4Mapped: mapped,
  };
}

/** No IPv6 address is longer, apart from leading zeros. */
const MAX_ADDRESS_CHARACTERS = 100;

function hexPair(value: bigint): string {
  return `${(value >> 16n).toString(16)}:${(value & 0xffffn).toString(16)}`;
}

/** The eight groups of an IPv6 address, with `::` laid out. */
function groupsOf(text: string): string[] | NoIp {
  const halves = text.split('::');
  if (halves.length > 2) return no("has '::' twice; an IPv6 address may shorten only one run of zeros");
  const [left = [], right] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const written = [...left, ...(right ?? [])];
  if (written.includes('')) return no('has one colon too many');
  const wrong = written.find((group) => !/^0*[0-9a-fA-F]{1,4}$/.test(group));
  if (wrong !== undefined) return no(`has '${wrong.slice(0, 20)}' where an IPv6 address has up to four hexadecimal digits`);
  if (right === undefined)
    return written.length === 8 ? written : no(`has ${written.length} of the eight groups of an IPv6 address, and no '::'`);
  // Go: a '::' must stand for at least one group.
  if (written.length > 7) return no("has '::' in addition to eight groups, so there are no zeros to shorten");
  return [...left, ...Array<string>(8 - written.length).fill('0'), ...right];
}

/** The first of the longest runs of zero groups. */
function longestZeros(groups: readonly number[]): { readonly start: number; readonly length: number } {
  let best = { start: 0, length: 0 };
  let run = 0;
  for (const [index, group] of groups.entries()) {
    run = group === 0 ? run + 1 : 0;
    if (run > best.length) best = { start: index - run + 1, length: run };
  }
  return best;
}
