import { sameItems } from '../base/lists.ts';
import {
  ALL_TRAFFIC,
  intersectTraffic,
  isNoTraffic,
  NO_TRAFFIC,
  PROTOCOLS,
  sameTraffic,
  subtractTraffic,
  type Traffic,
  uniteTraffic,
} from '../base/ports.ts';
import { finished, type Work } from '../base/work.ts';
import type { Ip } from '../base/ip.ts';
import type { Direction, Policy } from '../model/policy.ts';
import type { Workload } from '../model/workload.ts';
import type { Cluster, ClusterProblem, Located } from '../workspace/cluster.ts';
import { atomAt } from './atoms.ts';
import { each } from './bits.ts';
import { effectivePolicy } from './effective-policy.ts';
import { partition } from './partition.ts';
import { subjectBits } from './peers.ts';
import { outcomeAt, outcomeFor, rowOf, type OutcomeRow, type InternedOutcome, type PodPolicies } from './rows.ts';
import { portNames, equivalenceClassesOf, type EquivalenceClasses } from './equivalence-classes.ts';
import type { Outcome } from './walk.ts';
import { decidingIn, unevaluatedProblems } from './unevaluated.ts';
import { vocabularyOf, wordsOf } from './vocabulary.ts';

/** Who may talk to whom in one cluster. Made at once, answered lazily: a verdict is worked out when someone asks for it. */
export interface Evaluation {
  readonly cluster: Cluster;
  readonly space: EquivalenceClasses;
  /** What verdicts leave out, and why: that of the cluster, and parts of policies. */
  readonly problems: readonly ClusterProblem[];
  /** The policies that select each class, by direction. */
  readonly podPolicies: Readonly<Record<Direction, readonly PodPolicies[]>>;
  /** The verdicts of one end, by class, about every other end. */
  readonly row: (direction: Direction, classId: number) => OutcomeRow;
  /**
   * What one end (the source for egress, the destination for ingress) says about one other end. Worked out alone unless the row is there.
   * Nothing binds an end outside the cluster.
   */
  readonly outcome: (direction: Direction, pod: number, other: number) => InternedOutcome;
  /** What both directions together let through; equal outcomes give the same object. */
  readonly combine: (egress: InternedOutcome, ingress: InternedOutcome) => Verdict;
  /** The same cluster as if some of its policies were not there. Of what they do not touch, nothing is worked out again. */
  readonly without: (policies: ReadonlySet<Policy>) => Evaluation;
}

/** The verdict on a pair of ends. */
export interface Verdict {
  readonly allowed: Traffic;
  /** May be allowed and may be denied. Depends on the order of policies whose order nothing defines, but for what is in `unknown`. */
  readonly ambiguous: Traffic;
  /** The part of `ambiguous` that depends on what the manifests do not say, or on policies that are not evaluated. */
  readonly unknown?: Traffic;
}

/** One end of a connection: a workload of the cluster, or an address outside. */
export type Endpoint =
  | { readonly kind: 'workload'; readonly workload: Workload }
  | { readonly kind: 'address'; readonly ip: Pick<Ip, 'family' | 'value'> };

/** Evaluates a cluster. The same cluster object gives the same evaluation. */
export function evaluationOf(cluster: Cluster): Evaluation {
  return EVALUATIONS.get(cluster) ?? finished(evaluationWork(cluster));
}

/** Evaluates a cluster bit by bit, for those who must not wait long. */
export function* evaluationWork(cluster: Cluster): Work<Evaluation> {
  const known = EVALUATIONS.get(cluster);
  if (known) return known;
  const evaluation = yield* makeEvaluation(cluster);
  // Somebody may have been in more of a hurry meanwhile.
  const first = EVALUATIONS.get(cluster) ?? evaluation;
  EVALUATIONS.set(cluster, first);
  return first;
}

/** What may pass from one end to the other. Replies to what is allowed pass too and are not counted. */
export function verdict(evaluation: Evaluation, from: Endpoint, to: Endpoint): Verdict {
  const [source, destination] = [endpointIndex(evaluation, from), endpointIndex(evaluation, to)];
  return verdictAt(evaluation, source, destination);
}

/** The verdict on two elements of the space. */
export function verdictAt({ outcome, combine }: Evaluation, source: number, destination: number): Verdict {
  return combine(outcome('egress', source, destination), outcome('ingress', destination, source));
}

/** The number of an end in the space of the evaluation: its class, or the range of its address. -1: no workload of this cluster. */
export function endpointIndex({ space }: Evaluation, end: Endpoint): number {
  if (end.kind === 'address') return space.classes.length + atomAt(space.atoms, end.ip.family, end.ip.value);
  return space.classOf.get(end.workload) ?? -1;
}

/** Everything is allowed. */
export const ALLOW_ALL: InternedOutcome = { id: 0, sure: ALL_TRAFFIC, maybe: ALL_TRAFFIC };

/** Nothing is allowed, whatever the order of policies. */
export const DENY_ALL: Verdict = { allowed: NO_TRAFFIC, ambiguous: NO_TRAFFIC };

const UNBOUND_ROW: OutcomeRow = { groups: [], rest: ALLOW_ALL };

/** Policies that are read before others may be served. */
const POLICIES_PER_SLICE = 64;

const EVALUATIONS = new WeakMap<Cluster, Evaluation>();

function* makeEvaluation(cluster: Cluster): Work<Evaluation> {
  const policies: Located<Policy>[] = [];
  for (const [i, placed] of cluster.policies.entries()) {
    if (bindsAny(placed.value)) policies.push(placed);
    wordsOf(placed.value);
    if (i % POLICIES_PER_SLICE === POLICIES_PER_SLICE - 1) yield;
  }
  const vocabulary = vocabularyOf(policies.map(({ value }) => value));
  yield;
  const space = yield* equivalenceClassesOf(cluster, vocabulary);
  for (const [i, { value }] of policies.entries()) {
    subjectBits(space, value);
    if (i % POLICIES_PER_SLICE === POLICIES_PER_SLICE - 1) yield;
  }
  const cache = CACHES.get(space) ?? emptyCache();
  CACHES.set(space, cache);
  const ingress = podPoliciesOf(space, policies, 'ingress', cache.podPolicies.ingress);
  yield;
  const sides = { ingress, egress: podPoliciesOf(space, policies, 'egress', cache.podPolicies.egress) };
  cache.podPolicies = sides;
  yield;
  return assemble({ cluster, space, problems: problemsOf(cluster) }, sides, cache);
}

function assemble(
  about: Pick<Evaluation, 'cluster' | 'space' | 'problems'>,
  podPolicies: Evaluation['podPolicies'],
  cache: EvaluationCache,
): Evaluation {
  return {
    ...about,
    podPolicies,
    ...outcomeMemo(about.space, podPolicies, cache),
    combine: combineMemo(cache),
    without: (policies) =>
      assemble(
        about,
        { ingress: podPoliciesWithout(podPolicies.ingress, policies), egress: podPoliciesWithout(podPolicies.egress, policies) },
        cache,
      ),
  };
}

function podPoliciesWithout(sides: readonly PodPolicies[], gone: ReadonlySet<Policy>): PodPolicies[] {
  const left = new Map<PodPolicies, PodPolicies>();
  return sides.map((side) => {
    const known = left.get(side) ?? (side.policies.some(({ value }) => gone.has(value)) ? withoutPolicies(side, gone) : side);
    left.set(side, known);
    return known;
  });
}

function withoutPolicies(side: PodPolicies, gone: ReadonlySet<Policy>): PodPolicies {
  return { ...side, policies: side.policies.filter(({ value }) => !gone.has(value)) };
}

/** What is known of a space, and stays right when policies change: the rows of all those pods for which the policies are still the same. */
interface EvaluationCache {
  podPolicies: Evaluation['podPolicies'];
  readonly answers: Readonly<Record<Direction, WeakMap<PodPolicies['policies'], Map<string, Answers>>>>;
  readonly shared: Map<string, InternedOutcome>;
  readonly combined: Verdict[][];
}

/** What one side has been asked so far. */
interface Answers {
  row?: OutcomeRow;
  /** Questions about single ends, before there was a row. */
  asked: number;
}

const CACHES = new WeakMap<EquivalenceClasses, EvaluationCache>();

function emptyCache(): EvaluationCache {
  return {
    podPolicies: { ingress: [], egress: [] },
    answers: { ingress: new WeakMap(), egress: new WeakMap() },
    shared: new Map([[keyOf(ALLOW_ALL), ALLOW_ALL]]),
    combined: [],
  };
}

function bindsAny(policy: Policy): boolean {
  const { ingress, egress } = effectivePolicy(policy);
  return (ingress ?? egress) !== undefined;
}

function problemsOf(cluster: Cluster): ClusterProblem[] {
  const doubts = cluster.policies.flatMap(({ key, value }) =>
    effectivePolicy(value).caveats.map(({ path, message }) => ({ key, path, message })),
  );
  return [...cluster.problems, ...doubts, ...unevaluatedProblems(cluster)];
}

/**
 * What each class has to ask, by class. Classes that are bound alike share one object. A list of policies that was the same `before` is
 * the same object again, as all that is known hangs on it.
 */
function podPoliciesOf(
  space: EquivalenceClasses,
  policies: readonly Located<Policy>[],
  direction: Direction,
  before: readonly PodPolicies[],
): PodPolicies[] {
  const binding = policies.filter(({ value }) => effectivePolicy(value)[direction]);
  const { cells } = partition(
    space.classes.length,
    binding.map((placed) => ({ on: subjectBits(space, placed.value), item: placed })),
  );
  let id = 0;
  const unbound: PodPolicies = { id, direction, policies: [], named: [], unevaluated: [] };
  const sides = space.classes.map(() => unbound);
  for (const { items, members } of cells) {
    const asksNames =
      direction === 'ingress' && items.some(({ value }) => effectivePolicy(value).ingress?.rules.some((rule) => rule.named.length > 0));
    const byPorts = new Map<string, PodPolicies>();
    let list: PodPolicies['policies'] | undefined;
    each(members, (member) => {
      const same = before[member]?.policies ?? items;
      list ??= sameItems(same, items) ? same : items;
      const named = (asksNames ? space.classes[member]?.named : undefined) ?? [];
      const key = portNames(named);
      const side = byPorts.get(key) ?? { id: ++id, direction, policies: list, named, unevaluated: [] };
      byPorts.set(key, side);
      sides[member] = side;
    });
  }
  return withUnevaluated(space, sides, direction, id);
}

/** Classes that a policy may select which is not evaluated have sides of their own. */
function withUnevaluated(space: EquivalenceClasses, sides: PodPolicies[], direction: Direction, last: number): PodPolicies[] {
  let id = last;
  const made = new Map<PodPolicies, Map<string, PodPolicies>>();
  return sides.map((side, at) => {
    const unevaluated = decidingIn(space.classes[at]?.unevaluated ?? [], direction);
    if (unevaluated.length === 0) return side;
    const byList = made.get(side) ?? new Map<string, PodPolicies>();
    made.set(side, byList);
    const key = keysOf(unevaluated);
    const own = byList.get(key) ?? { ...side, id: ++id, unevaluated };
    byList.set(key, own);
    return own;
  });
}

function keysOf(placed: readonly Located<unknown>[]): string {
  return placed.map(({ key }) => key).join('\n');
}

/** After so many questions about single ends the whole row is made: from there on an answer is only looked up. */
const MAX_SINGLE_ANSWERS = 4;

function outcomeMemo(
  space: EquivalenceClasses,
  sides: Evaluation['podPolicies'],
  cache: EvaluationCache,
): Pick<Evaluation, 'row' | 'outcome'> {
  const share = (outcome: Outcome): InternedOutcome => {
    const key = keyOf(outcome);
    const known = cache.shared.get(key) ?? { ...outcome, id: cache.shared.size };
    cache.shared.set(key, known);
    return known;
  };
  const bySide = new Map<PodPolicies, Answers>();
  const answersOf = (side: PodPolicies): Answers => {
    const known = bySide.get(side) ?? answersFor(side, cache);
    bySide.set(side, known);
    return known;
  };
  return {
    row: (direction, classId) => {
      const side = sides[direction][classId];
      return side ? (answersOf(side).row ??= rowOf(space, side, share)) : UNBOUND_ROW;
    },
    outcome: (direction, pod, other) => {
      const side = sides[direction][pod];
      if (!side || (side.policies.length === 0 && side.unevaluated.length === 0)) return ALLOW_ALL;
      const answers = answersOf(side);
      if (!answers.row && answers.asked++ < MAX_SINGLE_ANSWERS) return share(outcomeFor(space, side, other));
      return outcomeAt((answers.row ??= rowOf(space, side, share)), other);
    },
  };
}

function answersFor({ direction, policies, named, unevaluated }: PodPolicies, { answers }: EvaluationCache): Answers {
  const byPorts = answers[direction].get(policies) ?? new Map<string, Answers>();
  answers[direction].set(policies, byPorts);
  const ports = `${portNames(named)}|${keysOf(unevaluated)}`;
  const known = byPorts.get(ports) ?? { asked: 0 };
  byPorts.set(ports, known);
  return known;
}

function combineMemo({ combined }: EvaluationCache): Evaluation['combine'] {
  return (egress, ingress) => {
    const row = (combined[egress.id] ??= []);
    return (row[ingress.id] ??= combineOf(egress, ingress));
  };
}

function combineOf(egress: Outcome, ingress: Outcome): Verdict {
  const allowed = intersectTraffic(egress.sure, ingress.sure);
  const depends = subtractTraffic(intersectTraffic(egress.maybe, ingress.maybe), allowed);
  if (isNoTraffic(allowed) && isNoTraffic(depends)) return DENY_ALL;
  const unknown = intersectTraffic(depends, uniteTraffic(egress.unknown ?? NO_TRAFFIC, ingress.unknown ?? NO_TRAFFIC));
  return isNoTraffic(unknown) ? { allowed, ambiguous: depends } : { allowed, ambiguous: depends, unknown };
}

function keyOf({ sure, maybe, unknown }: Outcome): string {
  const text = (traffic: Traffic): string =>
    PROTOCOLS.map((protocol) => traffic[protocol].map(({ from, to }) => `${from}-${to}`).join()).join('/');
  return sameTraffic(sure, maybe) ? text(sure) : `${text(sure)}?${text(maybe)}?${unknown ? text(unknown) : ''}`;
}
