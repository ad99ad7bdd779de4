import type { Path } from '../syntax/path.ts';

/**
 * The four operators of a label selector requirement (meta/v1 LabelSelectorOperator), and those by which selectors of Calico compare a part
 * of the value with any of `values`: they hold for labels that exist (libcalico-go `lib/selector`).
 */
export type Operator = 'In' | 'NotIn' | 'Exists' | 'DoesNotExist' | 'StartsWith' | 'EndsWith' | 'Contains';

/** One condition on labels. A `matchLabels` entry is an `In` with one value, as the API defines it. */
export interface Requirement {
  readonly key: string;
  readonly operator: Operator;
  readonly values: readonly string[];
  /** Where it stands: `…matchLabels.app` or `…matchExpressions[0]`. */
  readonly path: Path;
}

/** A label selector: all requirements must hold; none means everything. */
export interface LabelSelector {
  readonly requirements: readonly Requirement[];
  readonly path: Path;
  /** Why (part of) the selector could not be read; verdicts that need it are uncertain. */
  readonly unreadable?: string;
}

/** The labels of an object. */
export type Labels = Readonly<Record<string, string>>;

/**
 * Does a requirement hold for labels? `NotIn` and `DoesNotExist` also hold where the label is absent
 * (apimachinery `labels.Requirement.Matches`).
 */
export function holds(requirement: Requirement, labels: Labels): boolean {
  const value = Object.hasOwn(labels, requirement.key) ? labels[requirement.key] : undefined;
  switch (requirement.operator) {
    case 'In':
      return value !== undefined && requirement.values.includes(value);
    case 'NotIn':
      return value === undefined || !requirement.values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'StartsWith':
      return value !== undefined && requirement.values.some((part) => value.startsWith(part));
    case 'EndsWith':
      return value !== undefined && requirement.values.some((part) => value.endsWith(part));
    case 'Contains':
      return value !== undefined && requirement.values.some((part) => value.includes(part));
  }
}

/** Is it unknown in full what a selector asks for, or does it ask for what sets of values cannot say? */
export function isInexact({ requirements, unreadable }: LabelSelector): boolean {
  return unreadable !== undefined || requirements.some(({ operator }) => comparesParts(operator));
}

/** Does an operator compare a part of the value, so that any two values may differ for it? */
export function comparesParts(operator: Operator): boolean {
  return operator === 'StartsWith' || operator === 'EndsWith' || operator === 'Contains';
}

/** Does a selector match labels? The empty selector matches everything. */
export function selects(selector: LabelSelector, labels: Labels): boolean {
  return selector.requirements.every((requirement) => holds(requirement, labels));
}

/** A selector as a string: equal ones match the same labels. Where it stands is no part of it. */
export function selectorText({ requirements, unreadable }: LabelSelector): string {
  return JSON.stringify([unreadable ?? '', ...requirements.map(({ key, operator, values }) => [key, operator, ...values])]);
}
