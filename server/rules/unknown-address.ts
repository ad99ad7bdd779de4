import { addressesIn, meetAddresses } from '../base/addresses.ts';
import { isNoTraffic, intersectTraffic, type Traffic } from '../base/ports.ts';
import { POD_ADDRESSES } from '../base/known-blocks.ts';
import type { Evaluation } from '../eval/evaluate.ts';
import type { Direction } from '../model/policy.ts';
import type { Workload } from '../model/workload.ts';

/**
 * Might policies open some of the traffic through a block of addresses in which a pod of the other end lies, though nobody knows its
 * address? Verdicts take such a pod for one that no block selects; in a cluster whose CNI lets blocks select pods it may be reached all the
 * same, so a finding that it is cut off is not sure. `pod` is the element whose policies are asked.
 */
export function mayLieInOpenBlock(made: Evaluation, direction: Direction, pod: number, other: Workload, traffic: Traffic): boolean {
  if (other.ips.length > 0 || other.hostNetwork) return false;
  const { atoms, classes } = made.space;
  return atoms.some(
    (atom, at) =>
      meetAddresses(addressesIn([atom]), POD_ADDRESSES) &&
      !isNoTraffic(intersectTraffic(made.outcome(direction, pod, classes.length + at).maybe, traffic)),
  );
}
