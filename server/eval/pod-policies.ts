import { memo } from '../base/memo.ts';
import { sameItems } from '../base/lists.ts';
import type { Direction, Policy } from '../model/policy.ts';
import type { CompiledRule } from '../model/rule-list.ts';
import type { Located } from '../workspace/cluster.ts';
import { each, isNone, without } from './bits.ts';
import { effectivePolicy } from './effective-policy.ts';
import { endpointBits } from './endpoint-bits.ts';
import { portNames, type EquivalenceClasses } from './equivalence-classes.ts';
import { partition, type Marked } from './partition.ts';
import type { PodPolicies, SelectingList } from './rows.ts';
import { decidingIn } from './unevaluated.ts';

/**
 * What each class has to ask, by class. Classes that are bound alike share one object. A list of policies that was the same `before` is
 * the same object again, as all that is known hangs on it.
 */
export function podPoliciesOf(
  space: EquivalenceClasses,
  policies: readonly Located<Policy>[],
  direction: Direction,
  before: readonly PodPolicies[],
): PodPolicies[] {
  const { cells } = partition(
    space.classes.length,
    policies.flatMap((placed) => bindingMarks(space, placed, direction)),
  );
  let id = 0;
  const unbound: PodPolicies = { id, direction, lists: [], policies: [], named: [], unevaluated: [] };
  const all = space.classes.map(() => unbound);
  for (const { items, members } of cells) {
    const byPorts = new Map<string, PodPolicies>();
    const lists = listsAmong(items);
    const asksNames = direction === 'ingress' && lists.some(({ rules }) => rules.some(({ match }) => match.named.length > 0));
    let same: Pick<PodPolicies, 'lists' | 'policies'> | undefined;
    each(members, (member) => {
      same ??= sameLists(before[member], lists);
      const named = (asksNames ? space.classes[member]?.named : undefined) ?? [];
      const key = portNames(named);
      const own = byPorts.get(key) ?? { id: ++id, direction, lists: same.lists, policies: same.policies, named, unevaluated: [] };
      byPorts.set(key, own);
      all[member] = own;
    });
  }
  return withUnevaluated(space, all, direction, id);
}

function sameLists(before: PodPolicies | undefined, lists: readonly SelectingList[]): Pick<PodPolicies, 'lists' | 'policies'> {
  return before && sameItems(before.lists, lists) ? before : { lists, policies: [...new Set(lists.map(({ placed }) => placed))] };
}

/** A rule list that selects some pods; or a rule of one that is about some of these only. */
type Binding = SelectingList | OwnRule;

interface OwnRule {
  readonly of: SelectingList;
  readonly rule: CompiledRule;
}

function bindingMarks(space: EquivalenceClasses, placed: Located<Policy>, direction: Direction): Marked<Binding>[] {
  const marks: Marked<Binding>[] = [];
  for (const selecting of selectingLists(placed)) {
    const { list, rules } = selecting;
    if (list.direction !== direction) continue;
    const bits = endpointBits(space, list.subject);
    if (bits === 'all') marks.push({ on: space.pods, item: selecting });
    else if (!isNone(bits.sure)) marks.push({ on: bits.sure, item: selecting });
    if (bits !== 'all' && bits.sure !== bits.maybe) marks.push({ on: without(bits.maybe, bits.sure), item: perhapsSelecting(selecting) });
    for (const rule of rules) {
      const own = rule.match.own && endpointBits(space, rule.match.own);
      if (own) marks.push({ on: own === 'all' ? space.pods : own.maybe, item: { of: selecting, rule } });
    }
  }
  return marks;
}

/** The same objects at every evaluation, so that one can see whether the policies of a pod are still the same. */
const selectingLists = memo((placed: Located<Policy>) =>
  effectivePolicy(placed.value).lists.map((list): SelectingList => ({ placed, list, uncertain: false, rules: list.rules })),
);

const perhapsSelecting = memo((selecting: SelectingList): SelectingList => ({ ...selecting, uncertain: true }));

/** The lists that select some pods, each with those of its rules that are about them. */
function listsAmong(bindings: readonly Binding[]): readonly SelectingList[] {
  const lists = bindings.flatMap((binding) => ('list' in binding ? [binding] : []));
  if (!lists.some(({ rules }) => rules.some(({ match }) => match.own))) return lists;
  const about = new Set(bindings.flatMap((binding) => ('rule' in binding ? [binding.rule] : [])));
  return lists.map((list) => ({ ...list, rules: list.rules.filter((one) => !one.match.own || about.has(one)) }));
}

/** A class that a policy without evaluation may select has `PodPolicies` of its own. */
function withUnevaluated(space: EquivalenceClasses, all: PodPolicies[], direction: Direction, last: number): PodPolicies[] {
  let id = last;
  const derived = new Map<PodPolicies, Map<string, PodPolicies>>();
  return all.map((classPolicies, at) => {
    const unevaluated = decidingIn(space.classes[at]?.unevaluated ?? [], direction);
    if (unevaluated.length === 0) return classPolicies;
    const byList = derived.get(classPolicies) ?? new Map<string, PodPolicies>();
    derived.set(classPolicies, byList);
    const key = keysText(unevaluated);
    const own = byList.get(key) ?? { ...classPolicies, id: ++id, unevaluated };
    byList.set(key, own);
    return own;
  });
}

export function keysText(placed: readonly Located<unknown>[]): string {
  return placed.map(({ key }) => key).join('\n');
}
