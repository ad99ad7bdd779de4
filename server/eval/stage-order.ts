import type { Policy } from '../model/policy.ts';
import type { RuleList } from '../model/rule-list.ts';
import { compareText, LAST, stageOf, UPSTREAM, type Plane, type Stage } from './stages.ts';

/*
 * Policies and rule lists in the order of evaluation, as the data of `stages.ts` says.
 */

/** Where a policy or rule list stands within its stage. */
export interface Order {
  /** Lower first; absent: last. */
  readonly priority?: number;
  readonly namespace?: string;
  readonly name: string;
  readonly kind?: string;
}

/** The rule lists (or policies) of one stage in the order of evaluation. Those of one group are evaluated at once, or in an order that nothing defines. */
export interface StageGroups<T> {
  readonly stage: Stage;
  readonly groups: readonly (readonly T[])[];
}

/** Sorts what belongs to a plane into its stages; stages without any are left out. Equal ones by name, so that answers do not depend on the order of files. */
export function stageGroups<T>(
  items: readonly T[],
  placeOf: (item: T) => Order & Pick<Policy, 'stage'>,
  plane: Plane = UPSTREAM,
): StageGroups<T>[] {
  return plane.stages.flatMap((stage) => {
    const here = items.flatMap((item) => {
      const place = placeOf(item);
      const home = plane.homes.get(place.stage);
      return (home?.stage ?? place.stage) === stage.id ? [{ item, order: { ...place, ...priorityIn(place, home) } }] : [];
    });
    if (here.length === 0) return [];
    here.sort((a, b) => priorityFor(stage, a.order) - priorityFor(stage, b.order) || compareNames(stage, a.order, b.order));
    const groups: (typeof here)[] = [];
    for (const one of here) {
      const group = groups.at(-1);
      const [first] = group ?? [];
      if (group && first && isSameGroup(stage, first.order, one.order)) group.push(one);
      else groups.push([one]);
    }
    return [{ stage, groups: groups.map((group) => group.map(({ item }) => item)) }];
  });
}

/** Does nothing say which of the two is evaluated first, though it may matter? */
export function isTie(a: Policy, b: Policy, plane: Plane = UPSTREAM): boolean {
  const stage = stageOf(a, plane);
  return stage.ties === 'undefined' && stageOf(b, plane) === stage && priorityFor(stage, a) === priorityFor(stage, b);
}

/** Have two rule lists the same stage and the same priority there, or both none, so that only the names of their policies tell the order? */
export function isOrderedByName(a: Pick<RuleList, 'stage' | 'priority'>, b: Pick<RuleList, 'stage' | 'priority'>, plane: Plane): boolean {
  const [one, other] = [a, b].map(({ stage, priority }) => {
    const home = plane.homes.get(stage);
    return { stage: home?.stage ?? stage, priority: home?.priority ?? priority ?? LAST };
  });
  if (!one || !other || one.stage !== other.stage || one.priority !== other.priority) return false;
  return plane.stages.find(({ id }) => id === one.stage)?.ties === 'by-name';
}

/** Groups of policies that nothing says the order of. Whether it matters is for their rules to show. */
export function tiesAmong(policies: readonly Policy[], plane: Plane = UPSTREAM): (readonly Policy[])[] {
  const stages = stageGroups(policies, (policy) => policy, plane).filter(
    ({ stage }) => stage.ties === 'undefined' || stage.ties === 'by-rule-index',
  );
  return stages.flatMap(({ groups }) => groups.filter((group) => group.length > 1));
}

function priorityIn(place: Order, home: { readonly priority?: number } | undefined): Pick<Order, 'priority'> {
  const priority = home?.priority ?? place.priority;
  return priority === undefined ? {} : { priority };
}

/** Where order has no effect there is one group. What has no priority comes last: a BaselineAdminNetworkPolicy after the ClusterNetworkPolicies. */
function priorityFor({ combine, ties }: Stage, { priority = LAST }: Order): number {
  return ties === 'irrelevant' && combine !== 'priority-then-deny' ? 0 : priority;
}

function isSameGroup(stage: Stage, a: Order, b: Order): boolean {
  return stage.ties !== 'by-name' && priorityFor(stage, a) === priorityFor(stage, b);
}

/** Where names settle ties they come first, then the namespace, then the kind (felix `PolKVLess`). */
function compareNames({ ties }: Stage, a: Order, b: Order): number {
  const byNamespace = compareText(a.namespace ?? '', b.namespace ?? '');
  const byName = compareText(a.name, b.name);
  return ties === 'by-name' ? byName || byNamespace || compareText(a.kind ?? '', b.kind ?? '') : byNamespace || byName;
}
