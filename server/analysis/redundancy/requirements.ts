import { groupBy } from '../../base/lists.ts';
import type { LabelSelector, Requirement } from '../../model/selector.ts';

/** The requirements of a selector that the others already say, later ones first; what is left means the same. */
export function redundantIn(selector: LabelSelector): readonly { readonly requirement: Requirement; readonly because: Requirement }[] {
  const found: { readonly requirement: Requirement; readonly because: Requirement }[] = [];
  const byKey = groupsByKey(selector.requirements);
  for (const requirement of selector.requirements.toReversed()) {
    const left = byKey.get(requirement.key);
    const because = left && [...left].find((other) => other !== requirement && implies(other, requirement));
    if (!because) continue;
    found.push({ requirement, because });
    left.delete(requirement);
  }
  return found;
}

/** More requirements on one label than this are not compared with each other: the work grows with their square. */
const MAX_REQUIREMENTS_PER_KEY = 100;

/** The requirements on each label, in order; labels with one requirement, which nothing else implies, and with very many are left out. */
function groupsByKey(requirements: readonly Requirement[]): ReadonlyMap<string, Set<Requirement>> {
  const groups = [...groupBy(requirements, ({ key }) => key)].filter(
    ([, group]) => group.length > 1 && group.length <= MAX_REQUIREMENTS_PER_KEY,
  );
  return new Map(groups.map(([key, group]) => [key, new Set(group)]));
}

/** Does one requirement hold only where the other holds too? */
function implies(one: Requirement, other: Requirement): boolean {
  if (one.key !== other.key) return false;
  const within = (values: readonly string[]): boolean => values.every((value) => other.values.includes(value));
  switch (other.operator) {
    case 'In':
      return one.operator === 'In' && within(one.values);
    case 'NotIn':
      if (one.operator === 'DoesNotExist') return true;
      if (one.operator === 'In') return one.values.every((value) => !other.values.includes(value));
      return one.operator === 'NotIn' && other.values.every((value) => one.values.includes(value));
    case 'Exists':
      return one.operator !== 'NotIn' && one.operator !== 'DoesNotExist';
    case 'DoesNotExist':
      return one.operator === 'DoesNotExist';
    case 'StartsWith':
    case 'EndsWith':
    case 'Contains':
      return one.operator === other.operator && within(one.values);
  }
}
