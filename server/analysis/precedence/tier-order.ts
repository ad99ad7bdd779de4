import { keepEqual, memo } from '../../base/memo.ts';
import { sameItems } from '../../base/lists.ts';
import type { EndpointExample } from '../../eval/endpoint-example.ts';
import {
  boxesMeet,
  exampleOf,
  isBoxWithin,
  isEmptyBox,
  leftOf,
  meetBoxes,
  NAMESPACE,
  POD,
  podBox,
  type Box,
} from '../../eval/label-space.ts';
import { stageOf, type Stage } from '../../eval/stages.ts';
import { isTie, stageGroups } from '../../eval/stage-order.ts';
import type { Policy } from '../../model/policy.ts';
import { isBelow } from '../../syntax/path.ts';
import type { Cluster, Located } from '../../workspace/cluster.ts';
import { clusterFacts } from '../facts.ts';
import { isReadable } from '../policy-parts.ts';

/** Which stages: those before the one in which policies isolate pods, or those after it. */
export type Isolation = Stage['isolation'];

/** The policies of ordered stages by step. */
export type PriorityGroups = readonly (readonly Located<Policy>[])[];

/**
 * The policies of the ordered stages before or after isolation, in the order in which they are asked; those of one step at once. The same
 * object as before where others were edited, so that what is known of them stays known.
 */
export function priorityGroupsOf(cluster: Cluster, isolation: Isolation): PriorityGroups {
  return groupsIn(cluster).get(isolation) ?? NO_GROUPS;
}

const groupsIn = memo((cluster: Cluster) => new Map([...stepsByIsolation(cluster)].map(([where, steps]) => [where, sameGroups(steps)])));

const NO_GROUPS: PriorityGroups = [];

function stepsByIsolation(cluster: Cluster): ReadonlyMap<Isolation, PriorityGroups> {
  const steps = new Map<Isolation, PriorityGroups>();
  for (const { stage, groups } of stageGroups(clusterFacts(cluster).tiered, ({ value }) => value))
    steps.set(stage.isolation, [...(steps.get(stage.isolation) ?? []), ...groups]);
  return steps;
}

function sameGroups(groups: PriorityGroups): PriorityGroups {
  const first = groups[0]?.[0];
  return first ? keepGroups(first, groups) : groups;
}

const keepGroups = keepEqual<PriorityGroups>(isSame);

function isSame(one: PriorityGroups, other: PriorityGroups): boolean {
  return one.length === other.length && one.every((step, i) => sameItems(step, other[i] ?? []));
}

/** The step of each policy. */
export const groupIndexes: (groups: PriorityGroups) => ReadonlyMap<Policy, number> = memo(
  (groups) => new Map(groups.flatMap((group, i) => group.map(({ value }) => [value, i] as const))),
);

/** The groups that are evaluated before a policy of the tier. */
export function groupsBefore(cluster: Cluster, policy: Policy): readonly (readonly Located<Policy>[])[] {
  const steps = priorityGroupsOf(cluster, stageOf(policy).isolation);
  return steps.slice(0, groupIndexes(steps).get(policy) ?? 0);
}

/** The policies that are, or may be, evaluated before a policy of the tier: those of equal priority, too. */
export function policiesBefore(cluster: Cluster, policy: Policy): readonly Located<Policy>[] {
  return [...groupsBefore(cluster, policy).flat(), ...tiedWith(cluster, policy)];
}

/** The policies that are, or may be, evaluated after a policy of the tier: those of equal priority, too. */
export function policiesAfter(cluster: Cluster, policy: Policy): readonly Located<Policy>[] {
  const steps = priorityGroupsOf(cluster, stageOf(policy).isolation);
  const own = groupIndexes(steps).get(policy);
  return own === undefined
    ? []
    : steps
        .slice(own)
        .flat()
        .filter(({ value }) => value !== policy);
}

/** The policies of the same priority. */
export function tiedWith(cluster: Cluster, policy: Policy): readonly Located<Policy>[] {
  const steps = priorityGroupsOf(cluster, stageOf(policy).isolation);
  const own = groupIndexes(steps).get(policy);
  return (own === undefined ? [] : (steps[own] ?? [])).filter(({ value }) => value !== policy && isTie(value, policy));
}

/** Is it sure where a policy stands: can its tier and its priority be read? */
export function hasKnownOrder({ unreadable, at }: Policy): boolean {
  return !unreadable.some(({ path }) => path.length < 2 || at.order.some((place) => isBelow(path, place)));
}

/** The nearest priority before that of a policy of the Admin tier which no other one has; `undefined` where there is none. */
export function freePriorityBefore(cluster: Cluster, policy: Policy): number | undefined {
  const taken = new Set(groupsBefore(cluster, policy).flatMap((step) => step.map(({ value }) => value.priority)));
  for (let free = (policy.priority ?? 0) - 1; free >= 0; free--) if (!taken.has(free)) return free;
  return undefined;
}

/** The pods that a policy may be about, in every possible cluster; `undefined` where that cannot be read. */
export const subjectBox: (policy: Policy) => Box | undefined = memo((policy) => {
  const { namespaces, pods, path } = policy.subject;
  return isReadable(policy, path) && pods.unreadable === undefined ? podBox(namespaces, pods) : undefined;
});

/** Is every pod of one policy also one of the others together? Pods in the host's network are left aside. */
export function isWithin(inner: Policy, outers: readonly Policy[]): boolean {
  const box = subjectBox(inner);
  if (box === undefined || isEmptyBox(box)) return false;
  const [outer, ...more] = outers;
  if (outer && more.length === 0) {
    const other = subjectBox(outer);
    return other !== undefined && isBoxWithin(box, other);
  }
  const others = outers.flatMap((one) => subjectBox(one) ?? []);
  return leftOf(box, others, { steps: 2000 })?.length === 0;
}

/** The labels of a pod that a policy selects; `undefined` if there can be none, or it is unknown. */
export function examplePod(policy: Policy): EndpointExample['pod'] | undefined {
  return commonPod(policy, policy);
}

/** The labels of a pod that both policies select; `undefined` if there can be none, or it is unknown. */
export function commonPod(a: Policy, b: Policy): EndpointExample['pod'] | undefined {
  const [one, other] = [subjectBox(a), subjectBox(b)];
  if (!one || !other || !boxesMeet(one, other)) return undefined;
  const common = meetBoxes(one, other);
  return { namespace: exampleOf(common, NAMESPACE), labels: exampleOf(common, POD) };
}

/** Can no pod be one of both? */
export function areDisjoint(a: Policy, b: Policy): boolean {
  const [one, other] = [subjectBox(a), subjectBox(b)];
  return one !== undefined && other !== undefined && !boxesMeet(one, other);
}

/**
 * The pods of a policy, split so that each of the boxes holds all of a part or none of it. The pods as a whole where there would be too many
 * parts, or where they cannot be computed.
 */
export function subjectParts(policy: Policy, by: ReadonlySet<Box>): readonly Box[] {
  const box = subjectBox(policy);
  if (!box || isEmptyBox(box)) return [];
  let parts: readonly Box[] = [box];
  for (const box of by) {
    parts = parts.flatMap((part) => split(part, box));
    if (parts.length > MAX_PARTS) return [box];
  }
  return parts;
}

const MAX_PARTS = 12;

function split(part: Box, by: Box): readonly Box[] {
  const inside = meetBoxes(part, by);
  return isEmptyBox(inside) ? [part] : [inside, ...(leftOf(part, [by], { steps: Infinity }) ?? [])];
}

/** Are all pods of a part in a box? */
export function includesPart(box: Box, part: Box): boolean {
  return !isEmptyBox(part) && isBoxWithin(part, box);
}
