import { memo } from '../base/memo.ts';
import { list, plain } from '../base/english.ts';
import { groupBy } from '../base/lists.ts';
import type { LabelSelector, Requirement } from './selector.ts';

/** Why no labels at all can satisfy the selector: "app must be both web and api"; `undefined` where some can. Worked out once for each selector. */
export const contradictionIn: (selector: LabelSelector) => string | undefined = memo(find);

function find({ requirements }: LabelSelector): string | undefined {
  for (const [key, list] of groupBy(requirements, (requirement) => requirement.key)) {
    const clash = clashOf(list);
    if (clash !== undefined) return `${plain(key)} ${clash}`;
  }
  return undefined;
}

/** Why the requirements on one label exclude one another. */
function clashOf(requirements: readonly Requirement[]): string | undefined {
  const must = requirements.filter(({ operator }) => operator === 'In');
  const forbidden = new Set(requirements.flatMap(({ operator, values }) => (operator === 'NotIn' ? values : [])));
  const absent = requirements.some(({ operator }) => operator === 'DoesNotExist');
  const present = requirements.some(({ operator }) => operator === 'Exists');
  const [first, ...more] = must;
  if (absent && first) return `must be ${anyOf(first.values)} and must be missing`;
  if (absent && present) return 'must be there and must be missing';
  if (!first) return undefined;
  const allowed = new Set(first.values);
  const other = more.find(({ values }) => !values.some((value) => allowed.has(value)));
  if (other)
    return first.values.length + other.values.length === 2
      ? `must be both ${anyOf(first.values)} and ${anyOf(other.values)}`
      : `must be ${anyOf(first.values)} and also ${anyOf(other.values)}`;
  const lists = more.map(({ values }) => new Set(values));
  const common = first.values.filter((value) => lists.every((values) => values.has(value)));
  if (common.length === 0) return `must be in ${must.length} lists that have nothing in common`;
  return common.every((value) => forbidden.has(value)) ? `must be ${anyOf(common)} and must not be ${anyOf(common)}` : undefined;
}

function anyOf(values: readonly string[]): string {
  return list(values.map(valueText), 'or', 5);
}

/** A label value as it is shown: an empty one in quotes, so that it can be seen. */
export function valueText(value: string): string {
  return value === '' ? "''" : plain(value);
}
