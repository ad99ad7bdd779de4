import { store } from '../../base/memo.ts';
import { finished, type Work } from '../../base/work.ts';
import { DIRECTIONS, type Policy } from '../../model/policy.ts';
import type { Cluster, Located } from '../../workspace/cluster.ts';
import { clusterFacts } from '../facts.ts';
import { areDisjoint, includesPart, isWithin, subjectBox, subjectParts } from '../precedence/tier-order.ts';
import { comparisonBudget } from './covered.ts';
import { findRedundancy, groupOf, MAX_COMPARED_POLICIES, type Redundant } from './groups.ts';

const together = store<readonly Located<Policy>[], Redundant>();

/** The NetworkPolicies of a namespace that others make redundant together, where none does so alone for all of its pods. */
export function redundantTogether(cluster: Cluster, namespace: string): Redundant {
  return finished(findingTogether(cluster, namespace));
}

/** The same in steps: a namespace may have many policies. */
export function* findingTogether(cluster: Cluster, namespace: string): Work<Redundant> {
  const inNamespace = clusterFacts(cluster).policiesIn.get(namespace) ?? NONE;
  return together.get(inNamespace) ?? together.set(inNamespace, yield* find(cluster, inNamespace));
}

const NONE: readonly Located<Policy>[] = [];

function* find(cluster: Cluster, policies: readonly Located<Policy>[]): Work<Redundant> {
  const found = new Map<Policy, readonly Located<Policy>[]>();
  if (policies.length > MAX_COMPARED_POLICIES || policies.length < 3) return found;
  const needed: Located<Policy>[] = [];
  for (const placed of policies) {
    if (groupOf(cluster, placed.value)?.redundant.has(placed.value) === false) needed.push(placed);
    yield;
  }
  let left: readonly Located<Policy>[] = needed.toSorted((a, b) => (a.key < b.key ? -1 : 1));
  for (const placed of left.toReversed()) {
    const rest = left.filter((other) => other !== placed);
    const covering = coveredInParts(placed.value, rest);
    yield;
    if (covering.length === 0) continue;
    found.set(placed.value, covering);
    left = rest;
  }
  return found;
}

/** The policies that say all that one says, each for some of its pods; none where some pods are left to it. */
function coveredInParts(policy: Policy, others: readonly Located<Policy>[]): readonly Located<Policy>[] {
  const near = others.filter(({ value }) => !areDisjoint(policy, value));
  const isIsolated = DIRECTIONS.every((direction) => {
    const isolating = near.map(({ value }) => value).filter((value) => value[direction] !== undefined);
    return policy[direction] === undefined || (isolating.length > 0 && isWithin(policy, isolating));
  });
  if (!isIsolated) return [];
  const budget = comparisonBudget();
  const used = new Set<Located<Policy>>();
  const boxed = near.flatMap((placed) => {
    const box = subjectBox(placed.value);
    return box ? [{ placed, box }] : [];
  });
  for (const part of subjectParts(policy, new Set(boxed.map(({ box }) => box)))) {
    const about = boxed.flatMap(({ placed, box }) => (includesPart(box, part) ? [placed] : []));
    const covering = findRedundancy(policy, about, budget);
    if (covering.length === 0) return [];
    for (const one of covering) used.add(one);
  }
  return [...used];
}
