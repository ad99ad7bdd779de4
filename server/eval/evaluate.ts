import type { AddressRange } from '../base/addresses.ts';
import { ALL_TRAFFIC, intersectTraffic, PROTOCOLS, sameTraffic, subtractTraffic, type Traffic } from '../base/ports.ts';
import type { Ip } from '../base/ip.ts';
import type { Direction, Policy } from '../model/policy.ts';
import type { Workload } from '../model/workload.ts';
import type { Cluster, ClusterProblem, Placed } from '../workspace/cluster.ts';
import { atomAt } from './atoms.ts';
import { each } from './bits.ts';
import { meaningOf } from './meaning.ts';
import { partition } from './partition.ts';
import { subjectBits } from './peers.ts';
import { outcomeAt, rowOf, type Row, type Side } from './rows.ts';
import { portNames, spaceOf, type Space } from './space.ts';
import type { Outcome } from './tiers.ts';
import { vocabularyOf } from './vocabulary.ts';

/** Who may talk to whom in one cluster. Made at once, answered lazily: a verdict is worked out when someone asks for it. */
export interface Evaluation {
  readonly cluster: Cluster;
  readonly space: Space;
  /** What verdicts leave out, and why: that of the cluster, and parts of policies. */
  readonly problems: readonly ClusterProblem[];
  /** The policies that select each class, by direction. */
  readonly sides: Readonly<Record<Direction, readonly Side[]>>;
  /** The verdicts of one end, by class, about every other end. */
  readonly row: (direction: Direction, classId: number) => Row;
  /** What both directions together let through; equal outcomes give the same object. */
  readonly join: (egress: Outcome, ingress: Outcome) => Verdict;
}

/** The verdict on a pair of ends. */
export interface Verdict {
  readonly allowed: Traffic;
  /** Allowed or not, depending on the order of policies whose order nothing defines. */
  readonly undefined: Traffic;
}

/** One end of a connection: a workload of the cluster, or an address outside. */
export type End = { readonly kind: 'workload'; readonly workload: Workload } | { readonly kind: 'address'; readonly ip: Ip };

/** Evaluates a cluster. The same cluster object gives the same evaluation. */
export function evaluation(cluster: Cluster): Evaluation {
  const known = EVALUATIONS.get(cluster);
  if (known) return known;
  const made = evaluate(cluster);
  EVALUATIONS.set(cluster, made);
  return made;
}

/** What may pass from one end to the other. Replies to what is allowed pass too and are not counted. */
export function verdict(evaluation: Evaluation, from: End, to: End): Verdict {
  const [source, destination] = [elementOf(evaluation, from), elementOf(evaluation, to)];
  return evaluation.join(outcomeOf(evaluation, 'egress', source, destination), outcomeOf(evaluation, 'ingress', destination, source));
}

/** What one side says: the pod is the source for egress, the destination for ingress. Nothing binds an end outside the cluster. */
export function outcomeOf(evaluation: Evaluation, direction: Direction, pod: number, other: number): Outcome {
  return pod < evaluation.space.classes.length ? outcomeAt(evaluation.row(direction, pod), other) : FREE;
}

/** The number of an end in the space of the evaluation: its class, or the range of its address. -1: no workload of this cluster. */
export function elementOf({ space }: Evaluation, end: End): number {
  if (end.kind === 'address') return space.classes.length + atomAt(space.atoms, end.ip.family, end.ip.value);
  return space.classOf.get(end.workload) ?? -1;
}

/** The addresses of an element outside the cluster; `undefined` for a class. */
export function addressesAt({ space }: Evaluation, element: number): AddressRange | undefined {
  return space.atoms[element - space.classes.length];
}

/** Everything is allowed. */
export const FREE: Outcome = { sure: ALL_TRAFFIC, maybe: ALL_TRAFFIC };

const EVALUATIONS = new WeakMap<Cluster, Evaluation>();

function evaluate(cluster: Cluster): Evaluation {
  const policies = cluster.policies.filter(({ value }) => bindsAny(value));
  const space = spaceOf(cluster, vocabularyOf(policies.map(({ value }) => value)));
  const sides = { ingress: sidesOf(space, policies, 'ingress'), egress: sidesOf(space, policies, 'egress') };
  return { cluster, space, sides, row: rowMemo(space, sides), join: joinMemo(), problems: problemsOf(cluster) };
}

function bindsAny(policy: Policy): boolean {
  const { ingress, egress } = meaningOf(policy);
  return (ingress ?? egress) !== undefined;
}

function problemsOf(cluster: Cluster): ClusterProblem[] {
  const doubts = cluster.policies.flatMap(({ key, value }) => meaningOf(value).doubts.map(({ path, message }) => ({ key, path, message })));
  return [...cluster.problems, ...doubts];
}

/** What each class has to ask, by class. Classes that are bound alike share one object. */
function sidesOf(space: Space, policies: readonly Placed<Policy>[], direction: Direction): Side[] {
  const binding = policies.filter(({ value }) => meaningOf(value)[direction]);
  const { cells } = partition(
    space.classes.length,
    binding.map((placed) => ({ on: subjectBits(space, placed.value), item: placed })),
  );
  let id = 0;
  const unbound: Side = { id, direction, policies: [], named: [] };
  const sides = space.classes.map(() => unbound);
  for (const { items, members } of cells) {
    const asksNames =
      direction === 'ingress' && items.some(({ value }) => meaningOf(value).ingress?.rules.some((rule) => rule.named.length > 0));
    const byPorts = new Map<string, Side>();
    each(members, (member) => {
      const named = (asksNames ? space.classes[member]?.named : undefined) ?? [];
      const key = portNames(named);
      const side = byPorts.get(key) ?? { id: ++id, direction, policies: items, named };
      byPorts.set(key, side);
      sides[member] = side;
    });
  }
  return sides;
}

function rowMemo(space: Space, sides: Readonly<Record<Direction, readonly Side[]>>): Evaluation['row'] {
  const rows = new Map<Side, Row>();
  const scratch = new Int32Array(space.size);
  const outcomes = new Map<string, Outcome>([[keyOf(FREE), FREE]]);
  const share = (outcome: Outcome): Outcome => {
    const key = keyOf(outcome);
    const known = outcomes.get(key) ?? outcome;
    outcomes.set(key, known);
    return known;
  };
  return (direction, classId) => {
    const side = sides[direction][classId];
    if (!side) return { groups: [], rest: FREE };
    const known = rows.get(side);
    if (known) return known;
    const row = rowOf(space, side, scratch, share);
    rows.set(side, row);
    return row;
  };
}

function joinMemo(): Evaluation['join'] {
  const joined = new Map<Outcome, Map<Outcome, Verdict>>();
  return (egress, ingress) => {
    const known = joined.get(egress)?.get(ingress);
    if (known) return known;
    const allowed = intersectTraffic(egress.sure, ingress.sure);
    const verdict = { allowed, undefined: subtractTraffic(intersectTraffic(egress.maybe, ingress.maybe), allowed) };
    const row = joined.get(egress) ?? new Map<Outcome, Verdict>();
    joined.set(egress, row.set(ingress, verdict));
    return verdict;
  };
}

function keyOf({ sure, maybe }: Outcome): string {
  const text = (traffic: Traffic): string =>
    PROTOCOLS.map((protocol) => traffic[protocol].map(({ from, to }) => `${from}-${to}`).join()).join('/');
  return sameTraffic(sure, maybe) ? text(sure) : `${text(sure)}?${text(maybe)}`;
}
