import { memo, store } from '../base/memo.ts';
import { intersectTraffic, isNoTraffic, type Traffic } from '../base/ports.ts';
import { has } from '../eval/bits.ts';
import { endpointBits } from '../eval/endpoint-bits.ts';
import type { Evaluation } from '../eval/evaluate.ts';
import { hitsOf, outcomeFor, type Hit, type PodPolicies } from '../eval/rows.ts';
import { isOrderedByName } from '../eval/stage-order.ts';
import { stageOf } from '../eval/stages.ts';
import type { Decision } from '../eval/outcome.ts';
import { DIRECTIONS, type Direction, type Policy, type Rule } from '../model/policy.ts';
import type { CompiledRule } from '../model/rule-list.ts';
import { missingTier } from '../model/tiers.ts';
import type { Located } from '../workspace/cluster.ts';
import { differentPeers } from './different-peers.ts';

/** A connection of the cluster as one side of it sees it. */
export interface Meeting {
  readonly direction: Direction;
  /** The pod whose policies are evaluated, and the other endpoint, by their numbers in the classes. */
  readonly pod: number;
  readonly other: number;
  readonly traffic: Traffic;
}

/** A rule that matches something, all of which earlier rules decide. */
export interface Shadowed {
  readonly rule: Rule;
  readonly by: Located<Policy>;
  readonly byRule: Rule;
  readonly meeting: Meeting;
  /** Does the rule before it do the same? */
  readonly same: boolean;
}

/** What the end of a tier denies although a later policy allows it. */
export interface DeniedAtEnd {
  readonly policy: Located<Policy>;
  readonly later: Located<Policy>;
  readonly laterRule: Rule;
  readonly meeting: Meeting;
}

/** What an Accept allows that a policy which isolates the pod in the same stage does not allow. */
export interface Overridden {
  readonly rule: Rule;
  readonly isolating: Located<Policy>;
  readonly meeting: Meeting;
}

/** Two policies of the same order in one tier that decide differently about a connection, so that their names settle it. */
export interface Tied {
  /** The one that decides, by its name. */
  readonly policy: Located<Policy>;
  readonly rule: Rule;
  readonly other: Located<Policy>;
  readonly otherRule: Rule;
  readonly meeting: Meeting;
}

/** A Pass after which nothing decides: no policy of a later tier selects any of the pods. */
export interface PassedOn {
  readonly direction: Direction;
  /** One of the pods, by its number in the classes. */
  readonly pod: number;
}

/** What becomes of the rules of all policies in this cluster, whoever meets whom in it. */
export interface RuleUses {
  readonly shadowed: ReadonlyMap<Rule, Shadowed>;
  readonly deniedAtEnd: ReadonlyMap<Policy, DeniedAtEnd>;
  readonly overridden: ReadonlyMap<Rule, Overridden>;
  readonly tied: ReadonlyMap<Policy, Tied>;
  /** `decided`: for some pod, something comes after it. */
  readonly passedOn: ReadonlyMap<Rule, PassedOn | 'decided'>;
}

/**
 * What becomes of each rule. Gives `undefined` now and then, so that others may be served meanwhile; the work is done once for an
 * evaluation, and goes on where it was left.
 */
export function* ruleUses(evaluation: Evaluation): Generator<undefined, RuleUses> {
  const running = RUNNING.get(evaluation) ?? RUNNING.set(evaluation, { work: findUses(evaluation) });
  while (!running.uses) {
    const step = running.work.next();
    if (step.done) running.uses = step.value;
    else yield undefined;
  }
  return running.uses;
}

const RUNNING = store<Evaluation, { readonly work: Generator<undefined, RuleUses>; uses?: RuleUses }>();

/** So many pairs of endpoints are looked at between two pauses. */
const PAIRS_OF_A_STEP = 100;

function* findUses(evaluation: Evaluation): Generator<undefined, RuleUses> {
  const { space, podPolicies, cluster } = evaluation;
  const tiers = cluster.tiers.map(({ value }) => value);
  const isPlaced = memo((policy: Policy) => missingTier(policy, tiers) === undefined);
  const found: Found = {
    shadowed: new Map(),
    deniedAtEnd: new Map(),
    overridden: new Map(),
    tied: new Map(),
    passedOn: new Map(),
    reached: new Set(),
    isPlaced,
  };
  let count = 0;
  for (const direction of DIRECTIONS) {
    for (const [pod, own] of podPolicies[direction].entries()) notePasses(evaluation, own, { direction, pod }, found);
    for (const [own, pod] of distinct(podPolicies[direction])) {
      for (const other of differentPeers(space, own)) {
        look(evaluation, own, { direction, pod, other }, found);
        if (++count % PAIRS_OF_A_STEP === 0) yield undefined;
      }
    }
    yield undefined;
  }
  for (const rule of found.reached) found.shadowed.delete(rule);
  return found;
}

interface Found {
  readonly shadowed: Map<Rule, Shadowed>;
  readonly deniedAtEnd: Map<Policy, DeniedAtEnd>;
  readonly overridden: Map<Rule, Overridden>;
  readonly tied: Map<Policy, Tied>;
  readonly passedOn: Map<Rule, PassedOn | 'decided'>;
  readonly reached: Set<Rule>;
  /** Is it known where the policy stands? Not where its tier has no object in the workspace. */
  readonly isPlaced: (policy: Policy) => boolean;
}

/** Pods of which no two have the same policies, none of those that are selected by something unknown. */
function distinct(all: readonly PodPolicies[]): ReadonlyMap<PodPolicies, number> {
  const found = new Map<PodPolicies, number>();
  for (const [pod, own] of all.entries()) {
    const isCertain = own.unevaluated.length === 0 && own.lists.every(({ uncertain }) => !uncertain);
    if (own.lists.length > 0 && isCertain && !found.has(own)) found.set(own, pod);
  }
  return found;
}

function look(evaluation: Evaluation, own: PodPolicies, at: Omit<Meeting, 'traffic'>, found: Found): void {
  const { space } = evaluation;
  const decisions: Decision<Located<Policy>>[] = [];
  outcomeFor(space, own, at.other, undefined, (decision) => decisions.push(decision));
  for (const { rule, action } of decisions) if (rule && action !== 'NoMatch') found.reached.add(rule);
  const deciding = decisions.filter(
    ({ rule, action, uncertain }) => rule !== undefined && action !== 'Log' && action !== 'NoMatch' && uncertain !== true,
  );
  const end = decisions.find(({ action }) => action === 'DefaultAction');
  for (const { placed, rules } of own.lists) {
    for (const compiled of rules) {
      if (compiled.action === 'Log' || !matches(space, compiled, at.other)) continue;
      if (found.isPlaced(placed.value)) noteShadowed(compiled, deciding, at, found);
      if (end && compiled.action === 'Accept') noteEnd(evaluation, end, placed, compiled, at, found);
    }
  }
  for (const decision of deciding) noteTied(evaluation, own, decision, at, found);
  noteOverridden(evaluation, own, deciding, at, found);
}

function matches(space: Evaluation['space'], { match, uncertain }: CompiledRule, other: number): boolean {
  if (uncertain === true || (isNoTraffic(match.traffic) && match.named.length === 0)) return false;
  const bits = endpointBits(space, match.peer);
  return bits === 'all' || has(bits.sure, other);
}

function noteShadowed(
  { rule, match }: CompiledRule,
  deciding: readonly Decision<Located<Policy>>[],
  at: Omit<Meeting, 'traffic'>,
  found: Found,
): void {
  if (found.reached.has(rule) || found.shadowed.has(rule)) return;
  const decision = deciding.find(({ traffic }) => !isNoTraffic(intersectTraffic(traffic, match.traffic)));
  if (!decision?.rule || !found.isPlaced(decision.item.value)) return;
  const meeting = { ...at, traffic: intersectTraffic(decision.traffic, match.traffic) };
  found.shadowed.set(rule, { rule, by: decision.item, byRule: decision.rule, meeting, same: decision.rule.action === rule.action });
}

/** A later stage would have allowed it. */
function noteEnd(
  evaluation: Evaluation,
  end: Decision<Located<Policy>>,
  placed: Located<Policy>,
  { rule, match }: CompiledRule,
  at: Omit<Meeting, 'traffic'>,
  found: Found,
): void {
  const { plane } = evaluation.space.objects;
  const [ended, later] = [stageOf(end.item.value, plane), stageOf(placed.value, plane)];
  const traffic = intersectTraffic(end.traffic, match.traffic);
  if (later.order <= ended.order || isNoTraffic(traffic) || found.deniedAtEnd.has(end.item.value)) return;
  if (![end.item, placed].every(({ value }) => found.isPlaced(value))) return;
  found.deniedAtEnd.set(end.item.value, { policy: end.item, later: placed, laterRule: rule, meeting: { ...at, traffic } });
}

/** Another policy of the same order would decide otherwise about what this one decides. */
function noteTied(
  { space }: Evaluation,
  own: PodPolicies,
  { item, rule, action, traffic }: Decision<Located<Policy>>,
  at: Omit<Meeting, 'traffic'>,
  found: Found,
): void {
  const place = own.lists.find(({ placed }) => placed === item)?.list;
  if (!rule || !place || found.tied.has(item.value)) return;
  for (const list of own.lists) {
    if (list.placed === item || !isOrderedByName(list.list, place, space.objects.plane)) continue;
    const other = firstDecision(hitsOf(space, own, list, at.other), traffic);
    if (!other || other.rule.action === action) continue;
    found.tied.set(item.value, {
      policy: item,
      rule,
      other: list.placed,
      otherRule: other.rule,
      meeting: { ...at, traffic: other.traffic },
    });
    return;
  }
}

/** What the first rule that matches some of the traffic decides; nothing where it is unknown whether one matches. */
function firstDecision(hits: readonly Hit[], traffic: Traffic): Pick<Hit, 'rule' | 'traffic'> | undefined {
  for (const hit of hits) {
    const common = intersectTraffic(hit.traffic, traffic);
    if (isNoTraffic(common) || hit.action === 'Log') continue;
    return hit.uncertain === true ? undefined : { rule: hit.rule, traffic: common };
  }
  return undefined;
}

/** Whether something comes after each Pass of the policies that select a pod. */
function notePasses({ space }: Evaluation, own: PodPolicies, at: PassedOn, found: Found): void {
  const { plane } = space.objects;
  if (own.lists.length === 0) return;
  for (const { placed, list, rules } of own.lists) {
    const stage = stageOf(list, plane);
    const isLast =
      own.unevaluated.length === 0 &&
      own.lists.every((other) => stageOf(other.list, plane).order <= stage.order && found.isPlaced(other.placed.value));
    for (const { rule, action } of rules) {
      if (action !== 'Pass' || found.passedOn.get(rule) === 'decided') continue;
      found.passedOn.set(rule, isLast && found.isPlaced(placed.value) ? (found.passedOn.get(rule) ?? at) : 'decided');
    }
  }
}

/** A policy that only allows isolates by the end of its stage; an Accept of another policy there comes before that end. */
function noteOverridden(
  evaluation: Evaluation,
  own: PodPolicies,
  deciding: readonly Decision<Located<Policy>>[],
  at: Omit<Meeting, 'traffic'>,
  found: Found,
): void {
  const { plane } = evaluation.space.objects;
  const isolating = own.lists.find(({ list }) => list.isolates);
  if (!isolating) return;
  const stage = stageOf(isolating.placed.value, plane);
  if (stage.combine !== 'first-match') return;
  for (const { item, rule, action, traffic } of deciding) {
    if (!rule || action !== 'Accept' || item.value.traits.isolates || stageOf(item.value, plane) !== stage || found.overridden.has(rule))
      continue;
    const allowed = own.lists
      .filter(({ list }) => list.isolates)
      .some(({ rules }) => rules.some((compiled) => matches(evaluation.space, compiled, at.other)));
    if (!allowed) found.overridden.set(rule, { rule, isolating: isolating.placed, meeting: { ...at, traffic } });
  }
}
