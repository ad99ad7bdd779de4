import type { LabelSelector, Requirement } from '../../model/selector.ts';

/** The requirements of a selector that the others already say, later ones first; what is left means the same. */
export function redundantIn(selector: LabelSelector): readonly { readonly requirement: Requirement; readonly because: Requirement }[] {
  const found: { readonly requirement: Requirement; readonly because: Requirement }[] = [];
  let left = selector.requirements;
  for (const requirement of selector.requirements.toReversed()) {
    const because = left.find((other) => other !== requirement && implies(other, requirement));
    if (!because) continue;
    found.push({ requirement, because });
    left = left.filter((other) => other !== requirement);
  }
  return found;
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
      return one.operator === 'In' || one.operator === 'Exists';
    case 'DoesNotExist':
      return one.operator === 'DoesNotExist';
  }
}
