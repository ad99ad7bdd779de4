import { memo } from '../base/memo.ts';
import { NAME_LABEL } from '../model/namespace.ts';
import type { NamespaceScope } from '../model/policy.ts';
import type { LabelSelector, Labels, Requirement } from '../model/selector.ts';

/** What one label of an object may be: absent, and one of the values or (`negated`) any but the values. */
interface Choice {
  readonly absent: boolean;
  readonly negated: boolean;
  readonly values: ReadonlySet<string>;
}

/**
 * A set of objects by their labels: each label is within its choice, one independently of the other; a label that is not named may be
 * anything. Covers every possible object, not those of one cluster.
 */
export type Box = ReadonlyMap<string, Choice>;

/** Labels of namespaces and of pods live side by side in one box. */
export const NAMESPACE = 'namespace ';
export const POD = 'pod ';

/** The objects a selector matches. `prefix` goes before its keys. */
export function boxOf(selector: LabelSelector, prefix: string = ''): Box {
  const box = new Map<string, Choice>();
  for (const requirement of selector.requirements) {
    const key = prefix + requirement.key;
    box.set(key, meet(box.get(key) ?? ANYTHING, choiceOf(requirement)));
  }
  return box;
}

/** Pods of namespaces. Every namespace has a name, and the API server gives it to the namespace as a label. */
export function podBox(namespaces: NamespaceScope, pods: LabelSelector): Box {
  return new Map([...scopeBox(namespaces), ...boxOf(pods, POD)]);
}

/** Namespaces. */
export function scopeBox(scope: NamespaceScope): Box {
  const name = NAMESPACE + NAME_LABEL;
  if (scope.kind === 'own') return new Map([[name, { absent: false, negated: false, values: new Set([scope.namespace]) }]]);
  const box = boxOf(scope.selector, NAMESPACE);
  return new Map([...box, [name, meet(box.get(name) ?? ANYTHING, PRESENT)]]);
}

/** The pods of every namespace. */
export const EVERY_POD: Box = new Map([[NAMESPACE + NAME_LABEL, { absent: false, negated: true, values: new Set<string>() }]]);

/** Can no object be in the box? */
export function isEmptyBox(box: Box): boolean {
  return [...box.values()].some(isEmpty);
}

/** The box as a text: the same for two boxes exactly when the same objects are in them, provided that there are any. */
export const boxKey: (box: Box) => string = memo((box) => {
  const limited = [...box].filter(([, { absent, negated, values }]) => !absent || !negated || values.size > 0);
  const parts = limited.map(([key, { absent, negated, values }]) => JSON.stringify([key, absent, negated, [...values].sort()]));
  return parts.sort().join();
});

/** What has a flag, or has it not: a label of which nothing but its presence is asked. */
export function flagBox(key: string, isSet: boolean): Box {
  return new Map([[key, isSet ? PRESENT : ABSENT]]);
}

/** Does the box limit a key that starts with one of the prefixes? */
export function hasKeyWith(box: Box, prefixes: readonly string[]): boolean {
  return [...box.keys()].some((key) => prefixes.some((prefix) => key.startsWith(prefix)));
}

/** What is in both boxes. */
export function meetBoxes(a: Box, b: Box): Box {
  const met = new Map(a);
  for (const [key, choice] of b) met.set(key, meet(met.get(key) ?? ANYTHING, choice));
  return met;
}

/** Is something in both boxes? */
export function boxesMeet(a: Box, b: Box): boolean {
  const [small, large] = a.size <= b.size ? [a, b] : [b, a];
  for (const [key, choice] of large) if (isEmpty(choice) && !small.has(key)) return false;
  for (const [key, choice] of small) {
    const other = large.get(key);
    if (other ? !choicesMeet(choice, other) : isEmpty(choice)) return false;
  }
  return true;
}

/** Is all that is in the first box (which must not be empty) in the other one too? */
export function isBoxWithin(inner: Box, outer: Box): boolean {
  for (const [key, choice] of outer) if (!isChoiceWithin(inner.get(key) ?? ANYTHING, choice)) return false;
  return true;
}

/** What is in the box but in none of the others, as boxes; `undefined` when that takes more steps than the budget allows. */
export function leftOf(box: Box, others: readonly Box[], budget: Budget): readonly Box[] | undefined {
  let left: readonly Box[] = isEmptyBox(box) ? [] : [box];
  for (const other of others) {
    left = left.flatMap((one) => splitBox(one, other));
    budget.steps -= left.length + 1;
    if (budget.steps < 0) return undefined;
    if (left.length === 0) break;
  }
  return left;
}

/** Steps that may still be taken. Shared by all parts of one question, and counted down. */
export interface Budget {
  steps: number;
}

/** The labels of some object of the box (which must not be empty), of those keys that start with a prefix. */
export function exampleOf(box: Box, prefix: string = ''): Labels {
  const labels = new Map<string, string>();
  for (const [key, choice] of box) {
    const value = key.startsWith(prefix) ? valueOf(choice) : undefined;
    if (value !== undefined) labels.set(key.slice(prefix.length), value);
  }
  return Object.fromEntries(labels);
}

const ANYTHING: Choice = { absent: true, negated: true, values: new Set() };
const PRESENT: Choice = { absent: false, negated: true, values: new Set() };
const ABSENT: Choice = { absent: true, negated: false, values: new Set() };

function choiceOf({ operator, values }: Requirement): Choice {
  switch (operator) {
    case 'In':
      return { absent: false, negated: false, values: new Set(values) };
    case 'NotIn':
      return { absent: true, negated: true, values: new Set(values) };
    case 'Exists':
      return PRESENT;
    case 'DoesNotExist':
      return ABSENT;
    case 'StartsWith':
    case 'EndsWith':
    case 'Contains':
      // Some values of those that are present; `isInexact` tells who asks.
      return PRESENT;
  }
}

function isEmpty({ absent, negated, values }: Choice): boolean {
  return !absent && !negated && values.size === 0;
}

function meet(a: Choice, b: Choice): Choice {
  const absent = a.absent && b.absent;
  if (a.negated && b.negated) return { absent, negated: true, values: new Set([...a.values, ...b.values]) };
  const [finite, other] = a.negated ? [b, a] : [a, b];
  return { absent, negated: false, values: new Set([...finite.values].filter((value) => other.values.has(value) !== other.negated)) };
}

function choicesMeet(a: Choice, b: Choice): boolean {
  if ((a.absent && b.absent) || (a.negated && b.negated)) return true;
  const [finite, other] = a.negated ? [b, a] : [a, b];
  for (const value of finite.values) if (other.values.has(value) !== other.negated) return true;
  return false;
}

function isChoiceWithin(inner: Choice, outer: Choice): boolean {
  if (inner.absent && !outer.absent) return false;
  if (inner.negated && !outer.negated) return false;
  // Of two exclusions the wider one leaves out less.
  if (inner.negated) {
    for (const value of outer.values) if (!inner.values.has(value)) return false;
    return true;
  }
  for (const value of inner.values) if (outer.values.has(value) === outer.negated) return false;
  return true;
}

function opposite({ absent, negated, values }: Choice): Choice {
  return { absent: !absent, negated: !negated, values };
}

/** The first box without the second, in pieces that do not overlap. */
function splitBox(box: Box, other: Box): Box[] {
  const pieces: Box[] = [];
  let rest = box;
  for (const [key, choice] of other) {
    const own = rest.get(key) ?? ANYTHING;
    const inside = meet(own, choice);
    if (isEmpty(inside)) return [box];
    const outside = meet(own, opposite(choice));
    if (!isEmpty(outside)) pieces.push(new Map(rest).set(key, outside));
    rest = new Map(rest).set(key, inside);
  }
  return pieces;
}

/** A value of the choice; a string that is not excluded where any would do; `undefined` where the label can only be absent. */
function valueOf({ absent, negated, values }: Choice): string | undefined {
  if (!negated) return values.values().next().value;
  // Leaving the label out is the simplest example.
  if (absent) return undefined;
  let value = 'other';
  for (let more = 2; values.has(value); more++) value = `other-${more}`;
  return value;
}
