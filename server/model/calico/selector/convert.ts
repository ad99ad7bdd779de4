import { scalarText } from '../../../syntax/edit.ts';
import type { Path } from '../../../syntax/path.ts';
import type { Requirement } from '../../selector.ts';
import { type Comparison, type Expression, selectorLeaves, quoted } from './expression.ts';
import { conjunctionOf, normalForm, type Condition } from './normal-form.ts';

/**
 * A selector as requirements of a Kubernetes label selector, all of which must hold. `undefined` where Kubernetes cannot say it:
 * alternatives, parts of values, `global()`, and what matches nothing.
 */
export function requirementsOf(expression: Expression, path: Path): readonly Requirement[] | undefined {
  if (usesGlobal(expression)) return undefined;
  const conditions = conjunctionOf(normalForm(expression));
  const requirements = conditions?.map((condition) => requirementOf(condition, path));
  return requirements?.every((one) => one !== undefined) === true ? requirements.flatMap((one) => one ?? []) : undefined;
}

function requirementOf({ key, test, values, negated }: Condition, path: Path): Requirement | undefined {
  if (test === 'present') return { key, operator: negated ? 'DoesNotExist' : 'Exists', values: [], path };
  return test === 'equals' ? { key, operator: negated ? 'NotIn' : 'In', values, path } : undefined;
}

/** Is it a label that Calico derives, from the namespace or the service account of a pod? No object carries it (`label-terms.ts`). */
export function isDerivedKey(key: string): boolean {
  return /^(?:projectcalico\.org\/|pcns\.|pcsa\.)/.test(key);
}

/** Does `global()` stand anywhere in it? */
export function usesGlobal(expression: Expression): boolean {
  return selectorLeaves(expression).some(({ kind }) => kind === 'global');
}

/**
 * A selector as a label selector of Kubernetes, in YAML flow style: `{matchLabels: {app: web}}`. `undefined` where Kubernetes cannot say it;
 * labels that Calico derives are on no object that Kubernetes knows.
 */
export function labelSelectorFor(expression: Expression): string | undefined {
  const requirements = requirementsOf(expression, []);
  return requirements && !requirements.some(({ key }) => isDerivedKey(key)) ? labelSelectorText(requirements) : undefined;
}

/** `{}` for no requirements; equality is written as `matchLabels`. */
function labelSelectorText(requirements: readonly Requirement[]): string {
  const labels = new Map<string, string>();
  const others: Requirement[] = [];
  for (const one of requirements) {
    const [value] = one.values;
    if (one.operator === 'In' && one.values.length === 1 && value !== undefined && !labels.has(one.key)) labels.set(one.key, value);
    else others.push(one);
  }
  const parts = [
    ...(labels.size === 0
      ? []
      : [`matchLabels: {${[...labels].map(([key, value]) => `${scalarText(key)}: ${scalarText(value)}`).join(', ')}}`]),
    ...(others.length === 0 ? [] : [`matchExpressions: [${others.map(expressionText).join(', ')}]`]),
  ];
  return `{${parts.join(', ')}}`;
}

function expressionText({ key, operator, values }: Requirement): string {
  const list = operator === 'In' || operator === 'NotIn' ? `, values: [${values.map(scalarText).join(', ')}]` : '';
  return `{key: ${scalarText(key)}, operator: ${operator}${list}}`;
}

/** A selector for the requirements of a Kubernetes label selector; no requirements are `all()`. */
export function selectorFor(requirements: readonly Requirement[], quote: "'" | '"' = "'"): string {
  return requirements.length === 0 ? 'all()' : requirements.map((one) => conditionFor(one, quote)).join(' && ');
}

function conditionFor({ key, operator, values }: Requirement, quote: "'" | '"'): string {
  const [only] = values;
  const set = `{${values.map((value) => quoted(value, quote)).join(', ')}}`;
  switch (operator) {
    case 'In':
      return values.length === 1 && only !== undefined ? `${key} == ${quoted(only, quote)}` : `${key} in ${set}`;
    case 'NotIn':
      return values.length === 1 && only !== undefined ? `${key} != ${quoted(only, quote)}` : `${key} not in ${set}`;
    case 'Exists':
      return `has(${key})`;
    case 'DoesNotExist':
      return `!has(${key})`;
    case 'StartsWith':
      return anyOf(key, 'starts with', values, quote);
    case 'EndsWith':
      return anyOf(key, 'ends with', values, quote);
    case 'Contains':
      return anyOf(key, 'contains', values, quote);
  }
}

function anyOf(key: string, operator: Comparison, values: readonly string[], quote: "'" | '"'): string {
  const each = values.map((value) => `${key} ${operator} ${quoted(value, quote)}`);
  return each.length === 1 ? each.join() : `(${each.join(' || ')})`;
}
