import { ALL_ADDRESSES, intersectAddresses, isNoAddress, subtractAddresses, type AddressSet } from '../base/addresses.ts';
import { boxOf, EVERY_POD, isEmptyBox, leftOf, meetBoxes, type Box, type Budget } from './label-space.ts';

/*
 * Regions of endpoints: the pieces that sets of endpoints are made of when they are compared over every possible cluster.
 */

/** What an endpoint is. */
export type Sort = 'pod' | 'node' | 'outside';

const SORTS: readonly Sort[] = ['outside', 'pod', 'node'];

/** Labels that may be anything. */
export const NO_LIMITS: Box = boxOf({ requirements: [], path: [] });

/** Endpoints of one sort, within a box of labels and flags, and with one of some addresses. */
export interface Region {
  readonly sort: Sort;
  readonly box: Box;
  readonly addresses: AddressSet;
  /** Those whose address is not known are in it, too; only pods. */
  readonly withoutAddress: boolean;
}

/** Everything. */
export const EVERYTHING: readonly Region[] = SORTS.map(wholeOf);

/** All endpoints of a sort. */
export function wholeOf(sort: Sort): Region {
  return { sort, box: sort === 'pod' ? EVERY_POD : NO_LIMITS, addresses: ALL_ADDRESSES, withoutAddress: sort === 'pod' };
}

/** What is in the regions and in none of the others; `undefined` when that takes more steps than the budget allows. */
export function regionsLeft(regions: readonly Region[], others: readonly Region[], budget: Budget): readonly Region[] | undefined {
  let left = regions.filter((one) => !isEmptyRegion(one));
  for (const other of others) {
    const next: Region[] = [];
    for (const one of left) {
      const rest = without(one, other, budget);
      if (!rest) return undefined;
      next.push(...rest);
    }
    left = next;
    budget.steps -= left.length + 1;
    if (budget.steps < 0) return undefined;
    if (left.length === 0) break;
  }
  return left;
}

/** What is in both regions; `undefined` where nothing is. */
export function meetRegions(a: Region, b: Region): Region | undefined {
  if (a.sort !== b.sort) return undefined;
  const met: Region = {
    sort: a.sort,
    box: meetBoxes(a.box, b.box),
    addresses: intersectAddresses(a.addresses, b.addresses),
    withoutAddress: a.withoutAddress && b.withoutAddress,
  };
  return isEmptyRegion(met) ? undefined : met;
}

function isEmptyRegion({ box, addresses, withoutAddress }: Region): boolean {
  return isEmptyBox(box) || (!withoutAddress && isNoAddress(addresses));
}

function without(one: Region, other: Region, budget: Budget): readonly Region[] | undefined {
  if (!meetRegions(one, other)) return [one];
  const boxes = leftOf(one.box, [other.box], budget);
  if (!boxes) return undefined;
  const rest: Region = {
    ...one,
    box: meetBoxes(one.box, other.box),
    addresses: subtractAddresses(one.addresses, other.addresses),
    withoutAddress: one.withoutAddress && !other.withoutAddress,
  };
  return [...boxes.map((box) => ({ ...one, box })), ...(isEmptyRegion(rest) ? [] : [rest])];
}
