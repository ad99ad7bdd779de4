import { isNoTraffic, NO_TRAFFIC } from '../base/ports.ts';
import type { Policy } from '../model/policy.ts';
import type { UnevaluatedPolicy } from '../model/unevaluated/policy.ts';
import type { Workload } from '../model/workload.ts';
import type { Located } from '../workspace/cluster.ts';
import { each, isNone, type Bits } from './bits.ts';
import { verdictAt, type Evaluation } from './evaluate.ts';
import { effectivePolicy } from './effective-policy.ts';
import { subjectBits } from './endpoint-bits.ts';

/** How far connections of a workload reach. Counts workloads other than itself; an end counts when any port is open for sure. */
export interface Reach {
  /** Is the pod isolated in a direction: is everything denied except what NetworkPolicies allow? */
  readonly isolated: { readonly ingress: boolean; readonly egress: boolean };
  readonly sources: number;
  readonly destinations: number;
  /** The addresses outside the cluster that may reach it, and those that may be reached. */
  readonly fromOutside: OutsideReach;
  readonly toOutside: OutsideReach;
  /** May it have sources, or destinations, though none is sure? What is not evaluated or not known decides. */
  readonly maybe: MaybeOpen;
  /** Policies that may decide about it and are not evaluated: what they may allow is not counted. */
  readonly unevaluated: readonly Located<UnevaluatedPolicy>[];
}

/** Is there a connection, to it (`in`) or from it (`out`), whose verdict is unknown? */
export interface MaybeOpen {
  readonly in: boolean;
  readonly out: boolean;
}

/** How many of the addresses outside, by family. */
export interface OutsideReach {
  readonly v4: 'all' | 'some' | 'none';
  readonly v6: 'all' | 'some' | 'none';
}

/** How far connections of a workload reach. */
export function reachOf(evaluation: Evaluation, workload: Workload): Reach {
  const { space, podPolicies } = evaluation;
  const own = space.classOf.get(workload) ?? -1;
  // Its own rows are asked about every class, those of the others about one.
  evaluation.row('ingress', own);
  evaluation.row('egress', own);
  const open = (other: number, way: 'in' | 'out'): boolean =>
    way === 'in' ? isOpen(evaluation, other, own) : isOpen(evaluation, own, other);
  const count = (way: 'in' | 'out'): number => {
    const classes = space.classes.filter(({ id }) => open(id, way));
    return classes.reduce((sum, { id, members }) => sum + members.length - (id === own ? 1 : 0), 0);
  };
  const outside = (way: 'in' | 'out'): OutsideReach => outsideReach(evaluation, (atom) => open(atom, way));
  const isolated = (direction: 'ingress' | 'egress'): boolean =>
    podPolicies[direction][own]?.policies.some(({ value }) => effectivePolicy(value)[direction]?.isolates) === true;
  return {
    isolated: { ingress: isolated('ingress'), egress: isolated('egress') },
    sources: count('in'),
    destinations: count('out'),
    fromOutside: outside('in'),
    toOutside: outside('out'),
    maybe: maybeOpen(evaluation, space.classes[own] ? [space.classes[own]] : []),
    unevaluated: space.classes[own]?.unevaluated ?? [],
  };
}

/** What a policy is about: the workloads it selects, and how many may still reach any of them, or be reached. */
export interface PolicyReach {
  readonly selected: readonly Workload[];
  /** Workloads that may reach a selected one other than themselves. */
  readonly sources: number;
  readonly destinations: number;
  /** The addresses outside that may reach any of them, or be reached. */
  readonly fromOutside: OutsideReach;
  readonly toOutside: OutsideReach;
  readonly maybe: MaybeOpen;
  /** Policies that may decide about one of them and are not evaluated. */
  readonly unevaluated: readonly Located<UnevaluatedPolicy>[];
}

/** What a policy of the cluster is about. */
export function policyReach(evaluation: Evaluation, { value: policy }: Located<Policy>): PolicyReach {
  const { space } = evaluation;
  const subject = subjectBits(space, policy);
  const classes = classesIn(evaluation, subject);
  const sources = reaching(evaluation, subject, 'in');
  const destinations = reaching(evaluation, subject, 'out');
  const open = (atom: number, way: 'in' | 'out'): boolean =>
    classes.some(({ id }) => (way === 'in' ? isOpen(evaluation, atom, id) : isOpen(evaluation, id, atom)));
  return {
    selected: classes.flatMap(({ members }) => members),
    sources,
    destinations,
    fromOutside: outsideReach(evaluation, (atom) => open(atom, 'in')),
    toOutside: outsideReach(evaluation, (atom) => open(atom, 'out')),
    maybe: maybeOpen(evaluation, classes),
    unevaluated: [...new Set(classes.flatMap(({ unevaluated }) => unevaluated))],
  };
}

/** `isOpenTo` is asked about each range of addresses, by its number in the space. */
function outsideReach({ space }: Evaluation, isOpenTo: (atom: number) => boolean): OutsideReach {
  const of = (family: 4 | 6): OutsideReach['v4'] => {
    const answers = space.atoms.flatMap((atom, at) => (atom.family === family ? [isOpenTo(space.classes.length + at)] : []));
    if (answers.every((answer) => answer)) return 'all';
    return answers.some((answer) => answer) ? 'some' : 'none';
  };
  return { v4: of(4), v6: of(6) };
}

/** The workloads that may reach a set of classes (`in`), or that it may reach (`out`). */
function reaching(evaluation: Evaluation, set: Bits, way: 'in' | 'out'): number {
  if (isNone(set)) return 0;
  const targets = classesIn(evaluation, set);
  for (const { id } of targets) evaluation.row(way === 'in' ? 'ingress' : 'egress', id);
  return evaluation.space.classes.reduce((sum, { id, members }) => {
    const reaches = targets.some((target) => {
      // A workload alone in its class would only reach itself.
      if (target.id === id && members.length === 1) return false;
      return way === 'in' ? isOpen(evaluation, id, target.id) : isOpen(evaluation, target.id, id);
    });
    return reaches ? sum + members.length : sum;
  }, 0);
}

function classesIn({ space }: Evaluation, set: Bits): Evaluation['space']['classes'][number][] {
  const classes: Evaluation['space']['classes'][number][] = [];
  each(set, (id) => {
    const one = space.classes[id];
    if (one) classes.push(one);
  });
  return classes;
}

/** Asked about classes: is a connection of theirs with anything but themselves unknown? */
function maybeOpen(evaluation: Evaluation, own: readonly Evaluation['space']['classes'][number][]): MaybeOpen {
  const { space } = evaluation;
  const elements = [...space.classes.map(({ id }) => id), ...space.atoms.map((_, at) => space.classes.length + at)];
  const isUnknown = (from: number, to: number): boolean => !isNoTraffic(verdictAt(evaluation, from, to).unknown ?? NO_TRAFFIC);
  const some = (way: 'in' | 'out'): boolean =>
    own.some(({ id, members }) =>
      elements.some((other) => (other !== id || members.length > 1) && (way === 'in' ? isUnknown(other, id) : isUnknown(id, other))),
    );
  return { in: some('in'), out: some('out') };
}

/** Is any traffic from one element to another allowed? */
function isOpen(evaluation: Evaluation, from: number, to: number): boolean {
  return !isNoTraffic(verdictAt(evaluation, from, to).allowed);
}
