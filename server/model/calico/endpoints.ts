import type { Path } from '../../syntax/path.ts';
import type { EndpointSet, LabelHolder } from '../endpoints.ts';
import { NAME_LABEL } from '../namespace.ts';
import type { Operator } from '../selector.ts';
import type { Expression } from './selector/expression.ts';
import { type Condition, type NormalForm, normalForm } from './selector/normal-form.ts';
import type { SelectorRole } from './selector/places.ts';

/** Everything. */
const EVERYTHING: EndpointSet = { kind: 'and', of: [] };
const NOTHING: EndpointSet = { kind: 'or', of: [] };

/** What a selector is applied to: pods, or network sets, which have labels of their own and maybe a namespace, and no service account. */
export type SelectorTarget = 'pods' | 'sets';

/**
 * What a selector selects. Labels that Calico gives to endpoints, and prefixes by which it keeps apart whose label it is, are resolved here:
 * `projectcalico.org/namespace`, `pcns.team` and `projectcalico.org/serviceaccount` (libcalico-go `conversion`, felix `calc`).
 */
export function endpointsOf(expression: Expression, role: SelectorRole, target: SelectorTarget, path: Path): EndpointSet {
  return setOf(normalForm(expression), (condition) => conditionSet(condition, role, target, path));
}

function setOf(form: NormalForm, condition: (of: Condition) => EndpointSet): EndpointSet {
  switch (form.kind) {
    case 'everything':
      return EVERYTHING;
    case 'nothing':
      return NOTHING;
    case 'condition':
      return condition(form.condition);
    case 'and':
    case 'or':
      return { kind: form.kind, of: form.of.map((part) => setOf(part, condition)) };
  }
}

function conditionSet(condition: Condition, role: SelectorRole, target: SelectorTarget, path: Path): EndpointSet {
  switch (role) {
    case 'namespaces':
      return labelSet('namespace', condition.key === 'projectcalico.org/name' ? NAME_LABEL : condition.key, condition, path);
    case 'accounts':
      return target === 'sets' ? absent(condition) : accountSet(condition, condition.key === 'projectcalico.org/name', path);
    case 'endpoints':
      return endpointSet(condition, target, path);
  }
}

/** The labels of an endpoint itself, and those that it has from its namespace and its service account. */
function endpointSet(condition: Condition, target: SelectorTarget, path: Path): EndpointSet {
  const { key } = condition;
  if (key === 'projectcalico.org/namespace') return labelSet('namespace', NAME_LABEL, condition, path);
  if (key.startsWith('pcns.')) return labelSet('namespace', namespaceKey(key.slice('pcns.'.length)), condition, path);
  if (key === 'projectcalico.org/orchestrator') return target === 'sets' ? absent(condition) : constant(condition, 'k8s');
  if (key === 'projectcalico.org/serviceaccount') return target === 'sets' ? absent(condition) : accountSet(condition, true, path);
  if (key.startsWith('pcsa.'))
    return target === 'sets' ? absent(condition) : accountSet({ ...condition, key: key.slice('pcsa.'.length) }, false, path);
  return labelSet('pod', key, condition, path);
}

function namespaceKey(key: string): string {
  return key === 'projectcalico.org/name' ? NAME_LABEL : key;
}

function accountSet(condition: Condition, byName: boolean, path: Path): EndpointSet {
  if (!byName) return labelSet('serviceAccount', condition.key, condition, path);
  // Every pod runs as some account.
  if (condition.test === 'present') return condition.negated ? NOTHING : EVERYTHING;
  if (condition.test !== 'equals') return { kind: 'unknown', why: 'compares a part of the name of service accounts' };
  const named: EndpointSet = { kind: 'accounts', names: condition.values };
  return condition.negated ? { kind: 'not', of: named } : named;
}

/** A label that the endpoint does not have. */
function absent({ negated }: Condition): EndpointSet {
  return negated ? EVERYTHING : NOTHING;
}

/** A label with one value for all. */
function constant({ test, values, negated }: Condition, value: string): EndpointSet {
  const holds =
    test === 'present' ||
    values.some((one) =>
      test === 'equals'
        ? one === value
        : test === 'contains'
          ? value.includes(one)
          : test === 'starts with'
            ? value.startsWith(one)
            : value.endsWith(one),
    );
  return holds !== negated ? EVERYTHING : NOTHING;
}

function labelSet(of: LabelHolder, key: string, { test, values, negated }: Condition, path: Path): EndpointSet {
  const operator = operatorOf(test, negated);
  if (operator)
    return { kind: 'labels', of, selector: { requirements: [{ key, operator, values: test === 'present' ? [] : values, path }], path } };
  const positive = PARTS[test === 'contains' || test === 'starts with' ? test : 'ends with'];
  return { kind: 'not', of: { kind: 'labels', of, selector: { requirements: [{ key, operator: positive, values, path }], path } } };
}

const PARTS = { contains: 'Contains', 'starts with': 'StartsWith', 'ends with': 'EndsWith' } as const;

/** `undefined` where only the negation of an operator says it. */
function operatorOf(test: Condition['test'], negated: boolean): Operator | undefined {
  switch (test) {
    case 'present':
      return negated ? 'DoesNotExist' : 'Exists';
    case 'equals':
      return negated ? 'NotIn' : 'In';
    default:
      return negated ? undefined : PARTS[test];
  }
}
