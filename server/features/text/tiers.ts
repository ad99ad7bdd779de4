import type { TierObject } from '../../eval/stages.ts';

/** Where a tier stands and what happens at its end, for people: "order 10, default action Pass". */
export function tierPlace({ order, unmatched = 'Deny', isMissing }: TierObject): string {
  if (isMissing) return 'no Tier object in this workspace';
  return `${order === undefined ? 'no order' : `order ${order}`}, default action ${unmatched}`;
}
