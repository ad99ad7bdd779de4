import { addressesIn, meetAddresses, type AddressRange } from '../../base/addresses.ts';
import { POD_ADDRESSES } from '../../base/known-blocks.ts';
import type { Evaluation } from '../../eval/evaluate.ts';
import type { Direction } from '../../model/policy.ts';
import { hasTraffic } from '../../base/ports.ts';
import type { OnPort } from './open-to.ts';

/** The addresses outside with which a class may exchange traffic on a port, as far as policies on its side say. */
export function openAddresses(
  evaluation: Evaluation,
  direction: Direction,
  id: number,
  { protocol, port }: OnPort,
): readonly AddressRange[] {
  const { atoms, classes } = evaluation.space;
  return atoms.filter((_, i) => hasTraffic(evaluation.outcome(direction, id, classes.length + i).maybe, protocol, port));
}

/** Are there any addresses, and is none of them one that nodes usually have: private, or shared? */
export function isPublicOnly(ranges: readonly AddressRange[]): boolean {
  return ranges.length > 0 && !meetAddresses(addressesIn(ranges), POD_ADDRESSES);
}
