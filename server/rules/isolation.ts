import { elementOf, type Evaluation } from '../eval/evaluate.ts';
import { meaningOf } from '../eval/meaning.ts';
import type { Direction, Policy } from '../model/policy.ts';
import type { Workload } from '../model/workload.ts';
import type { Placed } from '../workspace/cluster.ts';

/** The policies of any tier that bind a workload in a direction. */
export function bindingOf(made: Evaluation, workload: Workload, direction: Direction): readonly Placed<Policy>[] {
  return made.sides[direction][elementOf(made, { kind: 'workload', workload })]?.policies ?? [];
}

/** Is what no rule names closed: by a NetworkPolicy that isolates the workload, or by some Deny further down? */
export function isClosed(made: Evaluation, workload: Workload, direction: Direction): boolean {
  return bindingOf(made, workload, direction).some(({ value }) => {
    const meaning = meaningOf(value)[direction];
    return (
      meaning?.isolates === true || (value.tier !== 'NetworkPolicy' && meaning?.rules.some(({ action }) => action === 'Deny') === true)
    );
  });
}
