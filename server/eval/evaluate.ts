import {
  ALL_TRAFFIC,
  intersectTraffic,
  isNoTraffic,
  NO_TRAFFIC,
  PROTOCOLS,
  sameTraffic,
  subtractTraffic,
  type Traffic,
} from '../base/ports.ts';
import type { Ip } from '../base/ip.ts';
import type { Direction, Policy } from '../model/policy.ts';
import type { Workload } from '../model/workload.ts';
import type { Cluster, ClusterProblem, Placed } from '../workspace/cluster.ts';
import { atomAt } from './atoms.ts';
import { each } from './bits.ts';
import { meaningOf } from './meaning.ts';
import { partition } from './partition.ts';
import { subjectBits } from './peers.ts';
import { outcomeAt, outcomeFor, rowOf, type Row, type Shared, type Side } from './rows.ts';
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
  /**
   * What one end (the source for egress, the destination for ingress) says about one other end. Worked out alone unless the row is there.
   * Nothing binds an end outside the cluster.
   */
  readonly outcome: (direction: Direction, pod: number, other: number) => Shared;
  /** What both directions together let through; equal outcomes give the same object. */
  readonly join: (egress: Shared, ingress: Shared) => Verdict;
  /** The same cluster as if some of its policies were not there. Of what they do not touch, nothing is worked out again. */
  readonly without: (policies: ReadonlySet<Policy>) => Evaluation;
}

/** The verdict on a pair of ends. */
export interface Verdict {
  readonly allowed: Traffic;
  /** Allowed or not, depending on the order of policies whose order nothing defines. */
  readonly undefined: Traffic;
}

/** One end of a connection: a workload of the cluster, or an address outside. */
export type End =
  | { readonly kind: 'workload'; readonly workload: Workload }
  | { readonly kind: 'address'; readonly ip: Pick<Ip, 'family' | 'value'> };

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
  return verdictAt(evaluation, source, destination);
}

/** The verdict on two elements of the space. */
export function verdictAt({ outcome, join }: Evaluation, source: number, destination: number): Verdict {
  return join(outcome('egress', source, destination), outcome('ingress', destination, source));
}

/** The number of an end in the space of the evaluation: its class, or the range of its address. -1: no workload of this cluster. */
export function elementOf({ space }: Evaluation, end: End): number {
  if (end.kind === 'address') return space.classes.length + atomAt(space.atoms, end.ip.family, end.ip.value);
  return space.classOf.get(end.workload) ?? -1;
}

/** Everything is allowed. */
export const FREE: Shared = { id: 0, sure: ALL_TRAFFIC, maybe: ALL_TRAFFIC };

/** Nothing is allowed, whatever the order of policies. */
export const PLAIN_NO: Verdict = { allowed: NO_TRAFFIC, undefined: NO_TRAFFIC };

const UNBOUND: Row = { groups: [], rest: FREE };

const EVALUATIONS = new WeakMap<Cluster, Evaluation>();

function evaluate(cluster: Cluster): Evaluation {
  const policies = cluster.policies.filter(({ value }) => bindsAny(value));
  const space = spaceOf(cluster, vocabularyOf(policies.map(({ value }) => value)));
  const sides = { ingress: sidesOf(space, policies, 'ingress'), egress: sidesOf(space, policies, 'egress') };
  const common = { share: shareMemo(), join: joinMemo(), rows: new WeakMap<Side, Row>() };
  return assemble({ cluster, space, problems: problemsOf(cluster) }, sides, common);
}

/** What an evaluation and the same one without some policies have in common. */
interface Common extends Pick<Evaluation, 'join'> {
  readonly share: (outcome: Outcome) => Shared;
  readonly rows: WeakMap<Side, Row>;
}

function assemble(about: Pick<Evaluation, 'cluster' | 'space' | 'problems'>, sides: Evaluation['sides'], common: Common): Evaluation {
  return {
    ...about,
    sides,
    ...outcomeMemo(about.space, sides, common),
    join: common.join,
    without: (policies) =>
      assemble(about, { ingress: sidesWithout(sides.ingress, policies), egress: sidesWithout(sides.egress, policies) }, common),
  };
}

function sidesWithout(sides: readonly Side[], gone: ReadonlySet<Policy>): Side[] {
  const left = new Map<Side, Side>();
  return sides.map((side) => {
    const known = left.get(side) ?? (side.policies.some(({ value }) => gone.has(value)) ? sideWithout(side, gone) : side);
    left.set(side, known);
    return known;
  });
}

function sideWithout(side: Side, gone: ReadonlySet<Policy>): Side {
  return { ...side, policies: side.policies.filter(({ value }) => !gone.has(value)) };
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

/** Equal outcomes give the same object. */
function shareMemo(): Common['share'] {
  const shared = new Map<string, Shared>([[keyOf(FREE), FREE]]);
  return (outcome) => {
    const key = keyOf(outcome);
    const known = shared.get(key) ?? { ...outcome, id: shared.size };
    shared.set(key, known);
    return known;
  };
}

function outcomeMemo(space: Space, sides: Evaluation['sides'], { share, rows: common }: Common): Pick<Evaluation, 'row' | 'outcome'> {
  const rows: Readonly<Record<Direction, Row[]>> = { ingress: [], egress: [] };
  const make = (side: Side): Row => {
    const row = common.get(side) ?? rowOf(space, side, share);
    common.set(side, row);
    return row;
  };
  return {
    row: (direction, classId) => {
      const side = sides[direction][classId];
      return side ? (rows[direction][side.id] ??= make(side)) : UNBOUND;
    },
    outcome: (direction, pod, other) => {
      const side = sides[direction][pod];
      if (!side || side.policies.length === 0) return FREE;
      const row = rows[direction][side.id];
      return row ? outcomeAt(row, other) : share(outcomeFor(space, side, other));
    },
  };
}

function joinMemo(): Evaluation['join'] {
  const joined: Verdict[][] = [];
  return (egress, ingress) => {
    const row = (joined[egress.id] ??= []);
    return (row[ingress.id] ??= joinOf(egress, ingress));
  };
}

function joinOf(egress: Outcome, ingress: Outcome): Verdict {
  const allowed = intersectTraffic(egress.sure, ingress.sure);
  const depends = subtractTraffic(intersectTraffic(egress.maybe, ingress.maybe), allowed);
  return isNoTraffic(allowed) && isNoTraffic(depends) ? PLAIN_NO : { allowed, undefined: depends };
}

function keyOf({ sure, maybe }: Outcome): string {
  const text = (traffic: Traffic): string =>
    PROTOCOLS.map((protocol) => traffic[protocol].map(({ from, to }) => `${from}-${to}`).join()).join('/');
  return sameTraffic(sure, maybe) ? text(sure) : `${text(sure)}?${text(maybe)}`;
}
