import { groupBy } from '../base/lists.ts';
import { bitMembers, bitsOf, span, without } from '../eval/bits.ts';
import { endpointBits } from '../eval/endpoint-bits.ts';
import { portNames, type EquivalenceClasses } from '../eval/equivalence-classes.ts';
import { partition, type MarkedSet } from '../eval/partition.ts';
import type { PodPolicies } from '../eval/rows.ts';
import type { CompiledRule } from '../model/rule-list.ts';

/**
 * One endpoint for each way in which the rules of a pod match endpoints, by their numbers in the classes and ranges of addresses, ascending:
 * what is decided about the others is the same.
 */
export function differentPeers(space: EquivalenceClasses, own: PodPolicies): readonly number[] {
  const marks = own.lists.flatMap(({ rules }) =>
    rules.flatMap(({ match }): MarkedSet<string>[] => {
      const bits = endpointBits(space, match.peer);
      const peers = bits === 'all' ? [] : [...new Set([bits.sure, bits.maybe])].map((on) => ({ on, item: '' }));
      return own.direction === 'ingress' ? peers : [...peers, ...declarers(space, match)];
    }),
  );
  const size = space.classes.length + space.atoms.length;
  const { cells } = partition(space.size, marks);
  const rest = bitMembers(cells.reduce((left, { members }) => without(left, members), span(0, size))).slice(0, 1);
  return [...cells.flatMap(({ members }) => bitMembers(members).slice(0, 1)), ...rest].filter((one) => one < size).sort((a, b) => a - b);
}

/** Egress rules look names up at the destination: those that declare one, by what else they declare. */
function declarers(space: EquivalenceClasses, { named, except }: CompiledRule['match']): readonly MarkedSet<string>[] {
  const names = new Set([...named, ...(except?.named ?? [])].map(({ name }) => name));
  const declaring = [...names].flatMap((name) => space.declaring.get(name) ?? []);
  const groups = groupBy([...new Set(declaring)], (one) => portNames(one.named));
  return [...groups.values()].map((group) => ({ on: bitsOf(group.map(({ id }) => id)), item: '' }));
}
