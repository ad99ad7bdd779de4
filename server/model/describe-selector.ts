import { list, plain, pluralOf } from '../base/english.ts';
import { contradictionIn, valueText } from './contradiction.ts';
import { NAME_LABEL } from './namespace.ts';
import type { NamespaceScope, Network } from './policy.ts';
import type { LabelSelector, Requirement } from './selector.ts';

/** So many values are named before "and 7 more". */
const MAX_LISTED_VALUES = 5;

/**
 * A label selector in words: "every pod", "pods with app=web and tier in (a, b)". Plain text. `noun` is what it selects; plural by itself.
 * The requirements hold together (AND); `NotIn` also selects what lacks the label, and that is said.
 */
export function describeSelector(selector: LabelSelector, noun: string = 'pod'): string {
  const clash = contradictionIn(selector);
  if (clash !== undefined) return `no ${noun} at all (${clash})`;
  const uncertain = selector.unreadable === undefined ? '' : ` (not certain: the selector ${selector.unreadable})`;
  if (selector.requirements.length === 0) return `${selector.unreadable === undefined ? `every ${noun}` : pluralOf(noun)}${uncertain}`;
  return `${pluralOf(noun)} ${requirementsText(selector.requirements, noun)}${uncertain}`;
}

/** Pods in namespaces. What a selector of pods and one of namespaces say together holds together (AND). */
export function describePods(namespaces: NamespaceScope, pods: LabelSelector): string {
  const all =
    namespaces.kind === 'selected' && namespaces.selector.requirements.length === 0 && namespaces.selector.unreadable === undefined;
  const named = describeSelector(pods);
  if (all) return pods.requirements.length === 0 ? 'every pod of the cluster' : `${named} in any namespace`;
  return `${named} ${describeScope(namespaces)}`;
}

/** Which namespaces, as the end of a phrase: "in namespace shop", "in namespaces with team=ops", "in every namespace". */
export function describeScope(scope: NamespaceScope): string {
  if (scope.kind === 'own') return scope.namespace === '' ? "in the policy's own namespace" : `in namespace ${plain(scope.namespace)}`;
  return `in ${describeNamespaces(scope.selector)}`;
}

/** The namespaces of a selector: "every namespace", "namespace monitoring", "namespaces with team=ops". */
export function describeNamespaces(selector: LabelSelector): string {
  const [only, ...more] = selector.requirements;
  const byName = only?.key === NAME_LABEL && more.length === 0 && selector.unreadable === undefined;
  if (!byName || only === undefined) return describeSelector(selector, 'namespace');
  switch (only.operator) {
    // Every namespace has this label, with its name as value.
    case 'In':
      return `${only.values.length === 1 ? 'namespace' : 'namespaces'} ${valuesText(only.values, 'and')}`;
    case 'NotIn':
      return `every namespace except ${valuesText(only.values, 'and')}`;
    case 'Exists':
      return 'every namespace';
    case 'DoesNotExist':
      return 'no namespace at all (each one has a name)';
    case 'StartsWith':
    case 'EndsWith':
    case 'Contains':
      return `namespaces whose name ${PART_VERBS[only.operator]} ${valuesText(only.values, 'or')}`;
  }
}

/** Requirements as the end of a phrase: "with app=web and without the label canary". `noun`: what has the labels, in the singular. */
export function requirementsText(requirements: readonly Requirement[], noun: string = 'set'): string {
  const present = requirements.filter(({ operator }) => operator !== 'DoesNotExist').map(presentText);
  const absent = requirements.filter(({ operator }) => operator === 'DoesNotExist').map(({ key }) => plain(key));
  const required = new Set(requirements.filter(({ operator }) => operator === 'In' || operator === 'Exists').map(({ key }) => key));
  const lenient = requirements
    .filter(({ operator, key }) => operator === 'NotIn' && !required.has(key) && key !== NAME_LABEL)
    .map(({ key }) => plain(key));
  const parts = [
    ...(present.length > 0 ? [`with ${list(present)}`] : []),
    ...(absent.length > 0 ? [`without the ${absent.length === 1 ? 'label' : 'labels'} ${list(absent, 'or')}`] : []),
  ];
  const also = lenient.length > 0 ? ` (${pluralOf(noun)} without ${list(lenient, 'or')} too)` : '';
  return parts.join(' and ') + also;
}

function presentText({ key, operator, values }: Requirement): string {
  const name = plain(key);
  if (operator === 'Exists') return `any ${name}`;
  const [only] = values;
  if (operator === 'StartsWith' || operator === 'EndsWith' || operator === 'Contains')
    return `a value of ${name} that ${PART_VERBS[operator]} ${valuesText(values, 'or')}`;
  if (operator === 'In') return values.length === 1 && only !== undefined ? `${name}=${valueText(only)}` : `${name} in (${commas(values)})`;
  return values.length === 1 && only !== undefined ? `${name} other than ${valueText(only)}` : `${name} not in (${commas(values)})`;
}

const PART_VERBS = { StartsWith: 'starts with', EndsWith: 'ends with', Contains: 'contains' } as const;

function valuesText(values: readonly string[], joint: 'and' | 'or'): string {
  return list(values.map(valueText), joint, MAX_LISTED_VALUES);
}

function commas(values: readonly string[]): string {
  const shown =
    values.length > MAX_LISTED_VALUES + 1
      ? [...values.slice(0, MAX_LISTED_VALUES).map(valueText), `${values.length - MAX_LISTED_VALUES} more`]
      : values.map(valueText);
  return shown.join(', ');
}

/** A block of addresses in plain text: "addresses in 10.0.0.0/8 except 10.1.0.0/16". */
export function describeNetwork({ cidr, except }: Network): string {
  const block = cidr === '0.0.0.0/0' ? 'any IPv4 address' : cidr === '::/0' ? 'any IPv6 address' : `addresses in ${plain(cidr)}`;
  return except.length === 0 ? block : `${block} except ${list(except.map(plain), 'and', 4)}`;
}
