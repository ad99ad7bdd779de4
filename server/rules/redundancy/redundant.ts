import { boxKey, isEmptyBox } from '../../eval/label-space.ts';
import type { Direction, Policy, Rule } from '../../model/policy.ts';
import type { Requirement } from '../../model/selector.ts';
import type { Cluster, Placed } from '../../workspace/cluster.ts';
import { allowsAll, openRule } from '../allow-all.ts';
import type { PlacedRule } from '../text/connection-words.ts';
import { effort, placedCoversOf, placedRules, redundantParts, type Effort } from './covered.ts';
import { clusterFacts } from '../facts.ts';
import { isWithin, subjectBox } from '../ladder/ladder.ts';
import { DIRECTIONS, isReadable } from '../parts.ts';

/*
 * What NetworkPolicies say more than once. All of them add up, so what one allows need not be allowed by another. A policy is compared with
 * those about more pods, and with those about the same pods that are left: from the last one to the first, each that the others make
 * redundant is taken out. So everything that is called redundant can go together.
 */

/** The NetworkPolicies that isolate the pods of one already, and allow all that it allows; none where it is needed, or it is not sure. */
export function redundancyOf(cluster: Cluster, { value: policy }: Placed<Policy>): readonly Placed<Policy>[] {
  return policy.tier === 'NetworkPolicy' ? (groupOf(cluster, policy)?.redundant.get(policy) ?? []) : [];
}

/** A rule that other NetworkPolicies say already, and their rules. */
export interface CoveredRule {
  readonly rule: Rule;
  readonly covers: readonly PlacedRule[];
}

/**
 * The rules of a NetworkPolicy that allow nothing which rules of others do not allow to the same pods already. None where the policy as a
 * whole is redundant, where another one allows everything, and of rules that others of the same policy cover.
 */
export function coveredRules(cluster: Cluster, placed: Placed<Policy>, direction: Direction): readonly CoveredRule[] {
  const { value: policy } = placed;
  if (policy.tier !== 'NetworkPolicy' || !policy[direction]?.rules.length) return [];
  if (!policy[direction].rules.some(allowsAll) && openedBy(cluster, policy, direction)) return [];
  const group = groupOf(cluster, policy);
  return group ? coveredIn(group, direction).filter(({ of }) => of.value === policy) : [];
}

/** Another NetworkPolicy that allows everything to all pods of one. */
export function openedBy(cluster: Cluster, policy: Policy, direction: Direction): PlacedRule | undefined {
  for (const other of clusterFacts(cluster).policiesIn.get(policy.namespace ?? '') ?? []) {
    const rule = other.value === policy ? undefined : openRule(other.value, direction);
    if (rule && isWithin(policy, [other.value])) return { policy: other, rule };
  }
  return undefined;
}

/** NetworkPolicies about the same pods. */
interface Group {
  /** In the order of their keys; only those that can be read in full. */
  readonly policies: readonly Placed<Policy>[];
  /** Policies about these pods and more. */
  readonly wider: readonly Placed<Policy>[];
  /** Those that are not needed, each with the policies that say the same. */
  readonly redundant: ReadonlyMap<Policy, readonly Placed<Policy>[]>;
}

/** Policies of a group that are compared with each other, and rules of a policy. */
const MOST = 100;

const groups = new WeakMap<readonly Placed<Policy>[], Map<string, Group>>();

function groupOf(cluster: Cluster, policy: Policy): Group | undefined {
  const key = groupKey(policy);
  const inNamespace = clusterFacts(cluster).policiesIn.get(policy.namespace ?? '');
  if (key === undefined || !inNamespace) return undefined;
  const byKey = groups.get(inNamespace) ?? new Map<string, Group>();
  groups.set(inNamespace, byKey);
  const known = byKey.get(key) ?? makeGroup(inNamespace, policy, key);
  byKey.set(key, known);
  return known;
}

function groupKey(policy: Policy): string | undefined {
  const box = policy.unreadable.length > 0 ? undefined : subjectBox(policy);
  return box && !isEmptyBox(box) ? boxKey(box) : undefined;
}

function makeGroup(inNamespace: readonly Placed<Policy>[], policy: Policy, key: string): Group {
  const near = inNamespace.filter(({ value }) => value.unreadable.length === 0);
  const policies = near.filter(({ value }) => groupKey(value) === key).toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const asked = new Map(policy.subject.pods.requirements.map((requirement) => [requirement.key, requirement]));
  const wider = near.filter((other) => {
    // A selector that asks for more labels, or for other values, is not wider; that is quickly seen.
    if (policies.includes(other) || other.value.subject.pods.requirements.some((one) => isNarrower(one, asked.get(one.key)))) return false;
    return isWithin(policy, [other.value]);
  });
  if (policies.length > MOST) return { policies: [], wider, redundant: new Map() };
  const redundant = new Map<Policy, readonly Placed<Policy>[]>();
  let left: readonly Placed<Policy>[] = policies;
  for (const placed of policies.toReversed()) {
    const rest = left.filter((other) => other !== placed);
    const said = findRedundancy(placed.value, [...wider, ...rest]);
    if (said.length === 0) continue;
    redundant.set(placed.value, said);
    left = rest;
  }
  return { policies, wider, redundant };
}

function isNarrower(one: Requirement, own: Requirement | undefined): boolean {
  if (one.operator !== 'In' && one.operator !== 'Exists') return false;
  return own === undefined || (one.operator === 'In' && own.operator === 'In' && own.values.some((value) => !one.values.includes(value)));
}

function findRedundancy(policy: Policy, others: readonly Placed<Policy>[]): readonly Placed<Policy>[] {
  // A default deny says what is meant, whoever else closes the same pods.
  if (policy.subject.pods.requirements.length === 0 && DIRECTIONS.every((direction) => (policy[direction]?.rules.length ?? 0) === 0))
    return [];
  const budget = effort();
  const used = new Set<Placed<Policy>>();
  for (const direction of DIRECTIONS) {
    const said = policy[direction] ? saidBy(policy, direction, others, budget) : [];
    // Beside a policy that allows everything there is another finding, and another way out.
    if (!said || isDefeated(policy, direction, others)) return [];
    for (const one of said) used.add(one);
  }
  return [...used];
}

/** Has it rules in a direction that limit nothing, because another policy allows everything there? */
function isDefeated(policy: Policy, direction: Direction, others: readonly Placed<Policy>[]): boolean {
  const rules = policy[direction]?.rules ?? [];
  return rules.length > 0 && !rules.some(allowsAll) && others.some(({ value }) => value[direction]?.rules.some(allowsAll));
}

/** The policies that say all that one says in a direction; `undefined` where they do not. */
function saidBy(
  policy: Policy,
  direction: Direction,
  others: readonly Placed<Policy>[],
  budget: Effort,
): readonly Placed<Policy>[] | undefined {
  const isolating = others.filter(({ value }) => value[direction] !== undefined);
  const [first] = isolating;
  if (!first) return undefined;
  const rules = placedRules(isolating, direction);
  const used = new Set<Placed<Policy>>();
  for (const own of policy[direction]?.rules ?? []) {
    const covers = placedCoversOf(own, rules, direction, budget);
    if (!covers) return undefined;
    for (const one of covers) used.add(one.policy);
  }
  return used.size > 0 ? [...used] : [first];
}

interface Covered extends CoveredRule {
  readonly of: Placed<Policy>;
}

const covered = new WeakMap<Group, Map<Direction, readonly Covered[]>>();

/** The covered rules of all policies of a group. */
function coveredIn(group: Group, direction: Direction): readonly Covered[] {
  const byDirection = covered.get(group) ?? new Map<Direction, readonly Covered[]>();
  covered.set(group, byDirection);
  const known = byDirection.get(direction) ?? findCovered(group, direction);
  byDirection.set(direction, known);
  return known;
}

function findCovered(group: Group, direction: Direction): readonly Covered[] {
  const wider = placedRules(group.wider, direction);
  const needed = group.policies.filter(({ value }) => !group.redundant.has(value));
  let left: readonly PlacedRule[] = needed.flatMap((placed) => ownRules(placed, direction));
  const found: Covered[] = [];
  for (const placed of needed.toReversed()) {
    const budget = effort();
    for (const one of left.filter(({ policy }) => policy === placed).toReversed()) {
      const rest = left.filter((other) => other !== one);
      // Those of other policies first, as one of them alone tells more.
      const others = [...wider, ...rest.filter(({ policy }) => policy !== placed), ...rest.filter(({ policy }) => policy === placed)];
      const used = (placedCoversOf(one.rule, others, direction, budget) ?? []).filter(({ policy }) => policy !== placed);
      if (used.length === 0) continue;
      found.push({ of: placed, rule: one.rule, covers: used });
      left = rest;
    }
  }
  return found;
}

/** The rules of a policy that say something beside its other rules. */
function ownRules(placed: Placed<Policy>, direction: Direction): readonly PlacedRule[] {
  const rules = placedRules([placed], direction).filter(({ rule }) => isReadable(placed.value, rule.path));
  const said = rules.map(({ rule }) => rule);
  const superfluous = said.length > MOST ? [] : redundantParts(said, direction).map(({ part }) => part);
  return rules.filter(({ rule }) => !superfluous.includes(rule));
}
