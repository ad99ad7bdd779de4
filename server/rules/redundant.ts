import type { Direction, Policy, Rule } from '../model/policy.ts';
import type { Requirement } from '../model/selector.ts';
import type { Cluster, Placed } from '../workspace/cluster.ts';
import { allowsAll, openRule } from './allow-all.ts';
import type { PlacedRule } from './connection-words.ts';
import { coversOf, effort, redundantParts, type Effort } from './covered.ts';
import { clusterFacts } from './facts.ts';
import { isWithin } from './ladder.ts';
import { DIRECTIONS, isReadable } from './parts.ts';
import { perPolicy } from './per-policy.ts';

/*
 * What NetworkPolicies say more than once. All of them add up, so what one allows need not be allowed by another. Only a policy about more
 * pods, or the earlier one about the same pods, makes another one redundant: everything that is called redundant can go together.
 */

const memo = new WeakMap<Cluster, WeakMap<Policy, readonly Placed<Policy>[]>>();

/** The NetworkPolicies that isolate the pods of one already, and allow all that it allows; none where it is needed, or it is not sure. */
export function redundancyOf(cluster: Cluster, placed: Placed<Policy>): readonly Placed<Policy>[] {
  const byPolicy = memo.get(cluster) ?? new WeakMap<Policy, readonly Placed<Policy>[]>();
  memo.set(cluster, byPolicy);
  const known = byPolicy.get(placed.value) ?? findRedundancy(cluster, placed);
  byPolicy.set(placed.value, known);
  return known;
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
export const coveredRules: (cluster: Cluster, placed: Placed<Policy>, direction: Direction) => readonly CoveredRule[] =
  perPolicy(findCovered);

function findCovered(cluster: Cluster, placed: Placed<Policy>, direction: Direction): readonly CoveredRule[] {
  const { value: policy } = placed;
  const section = policy[direction];
  if (policy.tier !== 'NetworkPolicy' || !section || section.rules.length === 0 || section.rules.length > MOST) return [];
  const others = othersOf(cluster, placed).filter(({ value }) => value[direction] !== undefined);
  if (others.length === 0 || redundancyOf(cluster, placed).length > 0) return [];
  if (!section.rules.some(allowsAll) && openedBy(cluster, policy, direction)) return [];
  const rules = section.rules.filter(({ path }) => isReadable(policy, path));
  const superfluous = redundantParts(rules, direction).map(({ part }) => part);
  const theirs = others.flatMap((other) => (other.value[direction]?.rules ?? []).map((rule) => ({ policy: other, rule })));
  const budget = effort();
  let left = rules.filter((rule) => !superfluous.includes(rule));
  const found: CoveredRule[] = [];
  for (const rule of left.toReversed()) {
    const rest = left.filter((one) => one !== rule);
    const covers = coversOf(rule, [...theirs.map((one) => one.rule), ...rest], direction, budget) ?? [];
    const used = theirs.filter((one) => covers.includes(one.rule));
    if (used.length === 0) continue;
    found.push({ rule, covers: used });
    left = rest;
  }
  return found;
}

/** Rules of a policy that are compared one by one. */
const MOST = 100;

/** Another NetworkPolicy that allows everything to all pods of one. */
export function openedBy(cluster: Cluster, policy: Policy, direction: Direction): PlacedRule | undefined {
  for (const other of clusterFacts(cluster).policiesIn.get(policy.namespace ?? '') ?? []) {
    const rule = other.value === policy ? undefined : openRule(other.value, direction);
    if (rule && isWithin(policy, [other.value])) return { policy: other, rule };
  }
  return undefined;
}

function findRedundancy(cluster: Cluster, placed: Placed<Policy>): readonly Placed<Policy>[] {
  const { value: policy } = placed;
  if (policy.tier !== 'NetworkPolicy' || policy.unreadable.length > 0) return [];
  // A default deny says what is meant, whoever else closes the same pods.
  if (policy.subject.pods.requirements.length === 0 && DIRECTIONS.every((direction) => (policy[direction]?.rules.length ?? 0) === 0))
    return [];
  const others = othersOf(cluster, placed);
  const budget = effort();
  const used = new Set<Placed<Policy>>();
  for (const direction of DIRECTIONS) {
    const said = policy[direction] ? saidBy(policy, direction, others, budget) : [];
    if (!said) return [];
    for (const one of said) used.add(one);
  }
  return [...used];
}

/** The other policies that are about all pods of one. Of two about the same pods only the later can be redundant by the other. */
function othersOf(cluster: Cluster, { key, value: policy }: Placed<Policy>): readonly Placed<Policy>[] {
  const asked = new Map(policy.subject.pods.requirements.map((requirement) => [requirement.key, requirement]));
  return (clusterFacts(cluster).policiesIn.get(policy.namespace ?? '') ?? []).filter((other) => {
    if (other.value === policy || other.value.unreadable.length > 0) return false;
    // A selector that asks for more labels, or for other values, is not wider; that is quickly seen.
    if (other.value.subject.pods.requirements.some((one) => isNarrower(one, asked.get(one.key)))) return false;
    return isWithin(policy, [other.value]) && (other.key < key || !isWithin(other.value, [policy]));
  });
}

function isNarrower(one: Requirement, own: Requirement | undefined): boolean {
  if (one.operator !== 'In' && one.operator !== 'Exists') return false;
  return own === undefined || (one.operator === 'In' && own.operator === 'In' && own.values.some((value) => !one.values.includes(value)));
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
  const rules = isolating.flatMap((placed) => (placed.value[direction]?.rules ?? []).map((one) => ({ placed, one })));
  const used = new Set<Placed<Policy>>();
  for (const own of policy[direction]?.rules ?? []) {
    const covers = coversOf(
      own,
      rules.map(({ one }) => one),
      direction,
      budget,
    );
    if (!covers) return undefined;
    for (const { placed, one } of rules) if (covers.includes(one)) used.add(placed);
  }
  return used.size > 0 ? [...used] : [first];
}
