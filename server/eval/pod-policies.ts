import { memo, memoBy, memoLast } from '../base/memo.ts';
import { sameItems } from '../base/lists.ts';
import type { Direction, Policy } from '../model/policy.ts';
import type { CompiledRule, RuleList } from '../model/rule-list.ts';
import type { Located } from '../workspace/cluster.ts';
import { each, isNone, without } from './bits.ts';
import { endpointBits } from './endpoint-bits.ts';
import { listsOf } from './lists.ts';
import { portNames, type EquivalenceClasses } from './equivalence-classes.ts';
import { partition, type MarkedSet } from './partition.ts';
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
    const asksNames = direction === 'ingress' && lists.some(({ rules }) => rules.some(({ match }) => usesNames(match)));
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

function bindingMarks(space: EquivalenceClasses, placed: Located<Policy>, direction: Direction): MarkedSet<Binding>[] {
  const marks: MarkedSet<Binding>[] = [];
  for (const selecting of selectingLists(placed, listsOf(space.objects, placed.value)).selecting) {
    const { list, rules } = selecting;
    if (list.direction !== direction) continue;
    const bits = endpointBits(space, list.subject);
    if (bits === 'all') marks.push({ on: space.pods, item: selecting });
    else if (!isNone(bits.sure)) marks.push({ on: bits.sure, item: selecting });
    if (bits !== 'all' && bits.sure !== bits.maybe) marks.push({ on: without(bits.maybe, bits.sure), item: perhapsSelecting(selecting) });
    for (const rule of rules) {
      const own = rule.match.own && endpointBits(space, rule.match.own);
      if (!own) continue;
      marks.push({ on: own === 'all' ? space.pods : own.sure, item: { of: selecting, rule } });
      if (own !== 'all' && own.sure !== own.maybe)
        marks.push({ on: without(own.maybe, own.sure), item: { of: selecting, rule: perhapsAbout(rule) } });
    }
  }
  return marks;
}

/** The same objects at every evaluation, so that one can see whether the policies of a pod are still the same. */
const selectingLists = memoLast(
  (previous: { readonly lists: readonly RuleList[] }, lists: readonly RuleList[]) => previous.lists === lists,
  (placed: Located<Policy>, lists: readonly RuleList[]) => ({
    lists,
    selecting: lists.map((list): SelectingList => ({ placed, list, uncertain: false, rules: list.rules })),
  }),
);

const perhapsAbout = memo((rule: CompiledRule): CompiledRule => ({ ...rule, uncertain: true }));

const perhapsSelecting = memo((selecting: SelectingList): SelectingList => ({ ...selecting, uncertain: true }));

/** The lists that select some pods, each with those of its rules that are about them. */
function listsAmong(bindings: readonly Binding[]): readonly SelectingList[] {
  const lists = bindings.flatMap((binding) => ('list' in binding ? [binding] : []));
  if (!lists.some(({ rules }) => rules.some(({ match }) => match.own))) return lists;
  const about = new Set(bindings.flatMap((binding) => ('rule' in binding ? [binding.rule] : [])));
  return lists.map((list) => {
    const rules = list.rules.flatMap((one) => {
      if (!one.match.own || about.has(one)) return [one];
      return about.has(perhapsAbout(one)) ? [perhapsAbout(one)] : [];
    });
    return sameItems(rules, list.rules) ? list : withRules(list, rules.map(wordFor).join(), rules);
  });
}

/** The list with some of its rules only; the same object for the same ones. */
const withRules = memoBy((list: SelectingList, _: string, rules: readonly CompiledRule[]): SelectingList => ({ ...list, rules }));

function wordFor({ index, uncertain }: CompiledRule): string {
  return uncertain === true ? `${index}?` : String(index);
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

/** Does what a rule matches depend on the names that the destination gives its ports? */
function usesNames({ named, except }: CompiledRule['match']): boolean {
  return named.length > 0 || (except?.named.length ?? 0) > 0;
}
