import type { AddressRange } from '../../base/addresses.ts';
import { formatIp } from '../../base/ip.ts';
import { isNoTraffic, sameTraffic, type Traffic } from '../../base/ports.ts';

/** Addresses outside the cluster, and what may pass between them and a workload. */
export interface OutsideTraffic {
  readonly ranges: readonly AddressRange[];
  readonly traffic: Traffic;
}

/**
 * Addresses for people: `any address` where both families are whole, `any IPv4 address`, an address by itself, a block where the range is
 * one, else its two ends.
 */
export function addressWords(ranges: readonly AddressRange[]): string {
  const whole = (family: 4 | 6): boolean =>
    ranges.some((range) => range.family === family && range.from === 0n && range.to === HIGHEST[family]);
  if (whole(4) && whole(6)) return 'any address';
  const words = [4 as const, 6 as const].flatMap((family) =>
    whole(family) ? [`any IPv${family} address`] : ranges.filter((range) => range.family === family).map(rangeWords),
  );
  return words.length > MAX_LISTED_RANGES ? `${words.slice(0, MAX_LISTED_RANGES).join(', ')} and more addresses` : words.join(', ');
}

const HIGHEST = { 4: (1n << 32n) - 1n, 6: (1n << 128n) - 1n } as const;

const MAX_LISTED_RANGES = 12;

function rangeWords({ family, from, to }: AddressRange): string {
  const first = formatIp(family, from);
  if (from === to) return first;
  const size = to - from + 1n;
  const isBlock = (size & (size - 1n)) === 0n && from % size === 0n;
  return isBlock ? `${first}/${(family === 4 ? 32 : 128) - (size.toString(2).length - 1)}` : `${first}\u2013${formatIp(family, to)}`;
}

/** Ranges with the same traffic as one entry, the widest open first; ranges without any left out. */
export function outsideEntries(all: Iterable<{ readonly range: AddressRange; readonly traffic: Traffic }>): readonly OutsideTraffic[] {
  const entries: { ranges: AddressRange[]; traffic: Traffic }[] = [];
  for (const { range, traffic } of all) {
    if (isNoTraffic(traffic)) continue;
    const same = entries.find((entry) => sameTraffic(entry.traffic, traffic));
    if (same) same.ranges.push(range);
    else entries.push({ ranges: [range], traffic });
  }
  return entries.toSorted((a, b) => sizeOf(b.ranges) - sizeOf(a.ranges));
}

function sizeOf(ranges: readonly AddressRange[]): number {
  return ranges.reduce((sum, { family, from, to }) => sum + Number(to - from + 1n) / Number(HIGHEST[family]), 0);
}
