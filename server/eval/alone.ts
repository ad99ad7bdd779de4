import type { Evaluation } from './evaluate.ts';

/**
 * Is the other end of a class the very same pod? A pod reaches itself always, but the pods of one workload need to be let through to each
 * other, as the members of a database do.
 */
export function isSameSinglePod({ space }: Pick<Evaluation, 'space'>, id: number, other: number): boolean {
  const { members = [], sample } = space.classes[id] ?? {};
  return other === id && members.length === 1 && sample?.kind === 'Pod' && sample.owner === undefined;
}
