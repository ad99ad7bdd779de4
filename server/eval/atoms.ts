import type { AddressRange } from '../base/addresses.ts';
import type { Ip } from '../base/ip.ts';

/** The highest address of a family. */
function highestOf(family: 4 | 6): bigint {
  return (1n << (family === 4 ? 32n : 128n)) - 1n;
}

/**
 * The whole address space, split into ranges such that each block is a run of whole ranges: no policy can tell the addresses of one range
 * apart. IPv4 first, then IPv6, ascending.
 */
export function atomsOf(blocks: readonly AddressRange[]): AddressRange[] {
  return [...atomsOfFamily(4, blocks), ...atomsOfFamily(6, blocks)];
}

/** The index of the range that holds an address. */
export function atomAt(atoms: readonly AddressRange[], family: 4 | 6, address: bigint): number {
  let low = 0;
  let high = atoms.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    const atom = atoms[middle];
    if (atom && (atom.family < family || (atom.family === family && atom.from <= address))) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The block of one address. */
export function single(ip: Ip): AddressRange {
  return { family: ip.family, from: ip.value, to: ip.value };
}

function atomsOfFamily(family: 4 | 6, blocks: readonly AddressRange[]): AddressRange[] {
  const starts = new Set([0n]);
  for (const block of blocks) {
    if (block.family !== family) continue;
    starts.add(block.from);
    if (block.to < highestOf(family)) starts.add(block.to + 1n);
  }
  const sorted = [...starts].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return sorted.map((from, at) => ({ family, from, to: (sorted[at + 1] ?? highestOf(family) + 1n) - 1n }));
}
