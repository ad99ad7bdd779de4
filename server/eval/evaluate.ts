import { memo, memoBy, store } from '../base/memo.ts';
import { ALL_TRAFFIC, PROTOCOLS, sameTraffic, type Traffic } from '../base/ports.ts';
import { finished, type Work } from '../base/work.ts';
import type { Ip } from '../base/ip.ts';
import type { Direction, Policy } from '../model/policy.ts';
import type { Workload } from '../model/workload.ts';
import type { Cluster, ClusterProblem, Located } from '../workspace/cluster.ts';
import { atomAt } from './atoms.ts';
import { clusterObjects } from './cluster-objects.ts';
import { effectivePolicy, effectivePolicyWork } from './effective-policy.ts';
import { listsOf } from './lists.ts';
import { keysText, podPoliciesOf } from './pod-policies.ts';
import { endpointBits } from './endpoint-bits.ts';
import { outcomeAt, outcomeFor, rowOf, type OutcomeRow, type PodPolicies } from './rows.ts';
import type { InternedOutcome, SharedOutcomes } from './outcome-patterns.ts';
import { portNames, equivalenceClassesOf, type EquivalenceClasses } from './equivalence-classes.ts';
import type { Outcome } from './outcome.ts';
import { combineOutcomes, DENY_ALL, eitherFamily, type Family, type Verdict } from './verdict.ts';
import { unenforcedProblems } from './unenforced.ts';
import { unevaluatedProblems } from './unevaluated.ts';
import { vocabularyOf, wordsWork } from './vocabulary.ts';

/** Who may talk to whom in one cluster. Made at once, answered lazily: a verdict is worked out when someone asks for it. */
export interface Evaluation {
  readonly cluster: Cluster;
  readonly space: EquivalenceClasses;
  /** What verdicts leave out, and why: that of the cluster, and parts of policies. */
  readonly problems: readonly ClusterProblem[];
  /** The policies that select each class, by direction. */
  readonly podPolicies: Readonly<Record<Direction, readonly PodPolicies[]>>;
  /** The verdicts of one endpoint, by class, about every peer. */
  readonly row: (direction: Direction, classId: number) => OutcomeRow;
  /**
   * The outcome at one endpoint (the source for egress, the destination for ingress) for one peer. Evaluated alone unless the row is there.
   * No policy applies to an endpoint outside the cluster.
   */
  readonly outcome: (direction: Direction, pod: number, other: number) => InternedOutcome;
  /** What both directions together allow; equal outcomes give the same object. */
  readonly combine: (egress: InternedOutcome, ingress: InternedOutcome) => Verdict;
  /** The same cluster as if some of its policies were not there. Of what they do not touch, nothing is worked out again. */
  readonly without: (policies: ReadonlySet<Policy>) => Evaluation;
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
  const cached = EVALUATIONS.get(cluster);
  if (cached) return cached;
  const evaluation = yield* makeEvaluation(cluster);
  // While this one was interrupted, another caller may have finished.
  return EVALUATIONS.get(cluster) ?? EVALUATIONS.set(cluster, evaluation);
}

/** What may pass from one end to the other. Replies to what is allowed pass too and are not counted. */
export function verdict(evaluation: Evaluation, from: Endpoint, to: Endpoint): Verdict {
  const [source, destination] = [endpointIndex(evaluation, from), endpointIndex(evaluation, to)];
  return verdictAt(evaluation, source, destination);
}

/** The verdict on two elements of the space. A connection uses one address family for source and destination. */
export function verdictAt(evaluation: Evaluation, source: number, destination: number): Verdict {
  const { space, outcome, combine } = evaluation;
  const families = space.dual.length === 0 ? undefined : familiesBetween(space, source, destination);
  if (!families) return combine(outcome('egress', source, destination), outcome('ingress', destination, source));
  const [first, second] = families.map((family) =>
    combine(
      outcome('egress', source, elementOfFamily(space, destination, family)),
      outcome('ingress', destination, elementOfFamily(space, source, family)),
    ),
  );
  if (!first || !second || first === second) return first ?? DENY_ALL;
  return eitherFamily(first, second);
}

/** The element that stands for a class with an address of a family; the class itself where its pods have no addresses of both. */
export function elementOfFamily({ elementsOf }: EquivalenceClasses, element: number, family: Family): number {
  return elementsOf.get(element)?.get(family) ?? element;
}

/** The families that a connection between two elements may use; `undefined` where it makes no difference. */
export function familiesBetween(
  { classes, atoms, elementsOf }: EquivalenceClasses,
  source: number,
  destination: number,
): readonly Family[] | undefined {
  const others = [source, destination].filter((element) => !elementsOf.has(element));
  const [other] = others;
  if (others.length === 2 || (other !== undefined && other >= classes.length)) return undefined;
  const [atom] = (other === undefined ? undefined : classes[other])?.atoms ?? [];
  const family = atom === undefined ? undefined : atoms[atom - classes.length]?.family;
  return family === undefined ? [4, 6] : [family];
}

/** The number of an end in the space of the evaluation: its class, or the range of its address. -1: no workload of this cluster. */
export function endpointIndex({ space }: Evaluation, end: Endpoint): number {
  if (end.kind === 'address') return space.classes.length + atomAt(space.atoms, end.ip.family, end.ip.value);
  return space.classOf.get(end.workload) ?? -1;
}

/** Everything is allowed. */
export const ALLOW_ALL: InternedOutcome = { id: 0, sure: ALL_TRAFFIC, maybe: ALL_TRAFFIC };

const UNBOUND_ROW: OutcomeRow = { groups: [], rest: ALLOW_ALL };

/** Policies that are read before others may be served. */
const POLICIES_PER_STEP = 8;

const EVALUATIONS = store<Cluster, Evaluation>();

function* makeEvaluation(cluster: Cluster): Work<Evaluation> {
  const objects = clusterObjects(cluster);
  const policies: Located<Policy>[] = [];
  for (const [i, placed] of cluster.policies.entries()) {
    yield* effectivePolicyWork(placed.value);
    if (bindsAny(placed.value)) policies.push(placed);
    yield* wordsWork(placed.value, objects);
    if (i % POLICIES_PER_STEP === POLICIES_PER_STEP - 1) yield;
  }
  const vocabulary = vocabularyOf(
    policies.map(({ value }) => value),
    objects,
  );
  yield;
  const space = yield* equivalenceClassesOf(cluster, vocabulary, objects);
  for (const [i, { value }] of policies.entries()) {
    for (const { subject } of listsOf(objects, value)) endpointBits(space, subject);
    if (i % POLICIES_PER_STEP === POLICIES_PER_STEP - 1) yield;
  }
  const cache = cacheOf(space);
  const ingress = podPoliciesOf(space, policies, 'ingress', cache.podPolicies.ingress);
  yield;
  const podPolicies = { ingress, egress: podPoliciesOf(space, policies, 'egress', cache.podPolicies.egress) };
  cache.podPolicies = podPolicies;
  yield;
  return assemble({ cluster, space, problems: problemsOf(cluster) }, podPolicies, cache);
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

function podPoliciesWithout(all: readonly PodPolicies[], gone: ReadonlySet<Policy>): PodPolicies[] {
  const left = new Map<PodPolicies, PodPolicies>();
  return all.map((own) => {
    const remaining = left.get(own) ?? (own.policies.some(({ value }) => gone.has(value)) ? withoutPolicies(own, gone) : own);
    left.set(own, remaining);
    return remaining;
  });
}

function withoutPolicies(own: PodPolicies, gone: ReadonlySet<Policy>): PodPolicies {
  const stays = ({ value }: Located<Policy>): boolean => !gone.has(value);
  return { ...own, lists: own.lists.filter(({ placed }) => stays(placed)), policies: own.policies.filter(stays) };
}

/** What is known of a space, and stays right when policies change: the rows of all those pods for which the policies are still the same. */
interface EvaluationCache {
  podPolicies: Evaluation['podPolicies'];
  readonly answers: Readonly<Record<Direction, (lists: PodPolicies['lists'], ports: string) => Answers>>;
  readonly shared: SharedOutcomes;
  readonly combined: Verdict[][];
}

/** What has been computed so far for the policies of one direction of a class. */
interface Answers {
  row?: OutcomeRow;
  /** Questions about single peers, before there was a row. */
  singleQuestions: number;
}

const cacheOf = memo<EquivalenceClasses, EvaluationCache, []>(emptyCache);

function emptyCache(): EvaluationCache {
  const answers = (): EvaluationCache['answers'][Direction] =>
    memoBy<PodPolicies['lists'], string, Answers, []>(() => ({ singleQuestions: 0 }));
  return {
    podPolicies: { ingress: [], egress: [] },
    answers: { ingress: answers(), egress: answers() },
    shared: { intern: interned(), byPattern: new Map(), stageNumbers: new Map() },
    combined: [],
  };
}

function interned(): SharedOutcomes['intern'] {
  const outcomes = new Map([[keyOf(ALLOW_ALL), ALLOW_ALL]]);
  return (outcome) => {
    const key = keyOf(outcome);
    const same = outcomes.get(key) ?? { ...outcome, id: outcomes.size };
    outcomes.set(key, same);
    return same;
  };
}

function bindsAny(policy: Policy): boolean {
  const { ingress, egress } = effectivePolicy(policy);
  return (ingress ?? egress) !== undefined;
}

function problemsOf(cluster: Cluster): ClusterProblem[] {
  const unreadable = cluster.policies.flatMap(({ key, value }) =>
    effectivePolicy(value).caveats.map(({ path, message }) => ({ key, path, message })),
  );
  return [...cluster.problems, ...unreadable, ...unevaluatedProblems(cluster), ...unenforcedProblems(cluster)];
}

/** After so many questions about single peers the whole row is made: from there on an answer is only looked up. */
const MAX_SINGLE_ANSWERS = 4;

function outcomeMemo(
  space: EquivalenceClasses,
  all: Evaluation['podPolicies'],
  cache: EvaluationCache,
): Pick<Evaluation, 'row' | 'outcome'> {
  const { shared } = cache;
  const byPolicies = new Map<PodPolicies, Answers>();
  const answersOf = (podPolicies: PodPolicies): Answers => {
    const answers = byPolicies.get(podPolicies) ?? answersFor(podPolicies, cache);
    byPolicies.set(podPolicies, answers);
    return answers;
  };
  return {
    row: (direction, classId) => {
      const podPolicies = all[direction][classId];
      return podPolicies ? (answersOf(podPolicies).row ??= rowOf(space, podPolicies, shared)) : UNBOUND_ROW;
    },
    outcome: (direction, pod, other) => {
      const podPolicies = all[direction][pod];
      if (!podPolicies || (podPolicies.lists.length === 0 && podPolicies.unevaluated.length === 0)) return ALLOW_ALL;
      const answers = answersOf(podPolicies);
      if (!answers.row && answers.singleQuestions++ < MAX_SINGLE_ANSWERS) return shared.intern(outcomeFor(space, podPolicies, other));
      return outcomeAt((answers.row ??= rowOf(space, podPolicies, shared)), other);
    },
  };
}

function answersFor({ direction, lists, named, unevaluated }: PodPolicies, { answers }: EvaluationCache): Answers {
  return answers[direction](lists, `${portNames(named)}|${keysText(unevaluated)}`);
}

function combineMemo({ combined }: EvaluationCache): Evaluation['combine'] {
  return (egress, ingress) => {
    const row = (combined[egress.id] ??= []);
    return (row[ingress.id] ??= combineOutcomes(egress, ingress));
  };
}

function keyOf({ sure, maybe, unknown, conditional }: Outcome): string {
  const text = (traffic: Traffic): string =>
    PROTOCOLS.map((protocol) => traffic[protocol].map(({ from, to }) => `${from}-${to}`).join()).join('/');
  const parts = [unknown ? text(unknown) : '', (conditional ?? []).map((one) => `${text(one.traffic)} ${one.condition}`).join('\n')];
  const more = parts.every((part) => part === '') ? '' : `|${parts.join('|')}`;
  return sameTraffic(sure, maybe) ? text(sure) + more : `${text(sure)}?${text(maybe)}${more}`;
}
