import { ALL_TRAFFIC, intersectTraffic, isNoTraffic, NO_TRAFFIC, subtractTraffic, uniteTraffic, type Traffic } from '../base/ports.ts';
import type { Action, Rule, StageId } from '../model/policy.ts';
import { UPSTREAM, type Plane, type Stage, type StageGroups } from './stages.ts';

/** A rule list that selects the pod, with those of its rules that match the other endpoint. */
export interface Applied<T> {
  readonly item: T;
  /** Does it isolate the pod in this direction? */
  readonly isolates: boolean;
  readonly rules: readonly MatchedRule[];
  /** It is unknown whether it selects the pod at all. */
  readonly uncertain?: boolean;
}

/** A rule, with the traffic that it matches at the other endpoint. */
export interface MatchedRule {
  readonly rule: Rule;
  readonly action: Action | 'Log';
  readonly traffic: Traffic;
  /** Its place in its list; only asked where ties are settled by it. */
  readonly index?: number;
  /** It is unknown whether it matches the endpoint. */
  readonly uncertain?: boolean;
  /** What it accepts is then judged by layer 7, by this condition. */
  readonly condition?: string;
}

/** Traffic that is allowed and then judged by layer 7. */
export interface Conditional {
  readonly condition: string;
  readonly traffic: Traffic;
}

/**
 * What is decided in one direction: for each part of the traffic, the set of results that are possible. Of two results, three sets are
 * possible, so two sets of traffic say it all: what is in `sure` can only be allowed, what is in `maybe` alone may be allowed or denied,
 * what is in neither can only be denied.
 */
export interface Outcome {
  readonly sure: Traffic;
  readonly maybe: Traffic;
  /** Of the traffic in `maybe` alone, what depends on something that the manifests do not say; the rest depends on an undefined order. */
  readonly unknown?: Traffic;
  /** Of the allowed traffic, what is then judged by layer 7. */
  readonly conditional?: readonly Conditional[];
}

/** One thing that happens during evaluation, reported to whoever wants to explain it. */
export interface Decision<T> {
  readonly item: T;
  /** The rule that decides; absent where a policy only isolates, or has nothing to say. */
  readonly rule?: Rule;
  readonly action: Action | 'Allow' | 'Isolated' | 'NoMatch' | 'Log' | 'DefaultAction';
  readonly traffic: Traffic;
  /** Another policy of the same group decides otherwise, for this much traffic. */
  readonly tied?: Traffic;
}

type Report<T> = ((decision: Decision<T>) => void) | undefined;

/** Evaluates the rule lists of one pod in one direction for one other endpoint, stage by stage. */
export function walk<T>(
  stages: readonly StageGroups<Applied<T>>[],
  within: Traffic = ALL_TRAFFIC,
  report?: Report<T>,
  plane: Plane = UPSTREAM,
): Outcome {
  const state: State = {
    open: within,
    allow: NO_TRAFFIC,
    deny: NO_TRAFFIC,
    uncertain: NO_TRAFFIC,
    conditional: NONE,
    waiting: new Map(),
  };
  for (const { stage, groups } of stages) {
    arrive(state, stage, plane);
    if (isNoTraffic(state.open)) {
      if (state.waiting.size === 0) break;
      continue;
    }
    EVALUATE[stage.combine](state, stage, groups, report);
  }
  const open = [...state.waiting.values()].reduce(plus, state.open);
  return outcomeOf({ ...state, allow: plus(state.allow, open) });
}

/** What may still happen to the traffic. A part may be in several sets at once: then several results are possible. */
interface State {
  /** May not be decided yet. */
  open: Traffic;
  /** May have been allowed. */
  allow: Traffic;
  /** May have been denied. */
  deny: Traffic;
  /** Depends on a rule for which it is unknown whether it matches. */
  uncertain: Traffic;
  conditional: readonly Conditional[];
  /** Passed on to a later stage than the next one. */
  readonly waiting: Map<StageId, Traffic>;
}

/** Adds what has been passed on to this stage, or to an earlier one that has no policies. */
function arrive(state: State, stage: Stage, plane: Plane): void {
  if (state.waiting.size === 0) return;
  const place = plane.stages.indexOf(stage);
  for (const [id, traffic] of state.waiting) {
    if (plane.stages.findIndex((one) => one.id === id) > place) continue;
    state.open = uniteTraffic(state.open, traffic);
    state.waiting.delete(id);
  }
}

function outcomeOf({ allow, deny, uncertain, conditional }: State): Outcome {
  const outcome = { sure: deny === NO_TRAFFIC ? allow : subtractTraffic(allow, deny), maybe: allow };
  const unknown = uncertain === NO_TRAFFIC ? NO_TRAFFIC : intersectTraffic(subtractTraffic(allow, outcome.sure), uncertain);
  const judged = conditional.length === 0 ? NONE : partWithin(conditional, allow);
  return {
    ...outcome,
    ...(isNoTraffic(unknown) ? {} : { unknown }),
    ...(judged.length === 0 ? {} : { conditional: judged }),
  };
}

type Evaluate = <T>(state: State, stage: Stage, groups: readonly (readonly Applied<T>[])[], report: Report<T>) => void;

const EVALUATE: Readonly<Record<Stage['combine'], Evaluate>> = {
  'first-match': inOrder,
  'priority-then-deny': inOrder,
  'allow-only': together,
  'deny-overrides': together,
};

/** All rule lists at once: a Deny before every Accept, and what nothing matches is denied where a list isolates the pod. */
function together<T>(state: State, stage: Stage, groups: readonly (readonly Applied<T>[])[], report: Report<T>): void {
  const lists = groups.flat();
  const all = allMatches(lists, state.open, report);
  settle(state, all);
  const left = all.left;
  const certain = lists.filter((one) => one.uncertain !== true);
  if (!deniesRest(stage, certain)) {
    const doubtful = deniedPerhaps(stage, lists, left);
    state.deny = plus(state.deny, doubtful);
    state.uncertain = plus(state.uncertain, doubtful);
    state.open = plus(left, all.Pass);
    return;
  }
  if (!isNoTraffic(left)) for (const { item, isolates } of certain) if (isolates) report?.({ item, action: 'Isolated', traffic: left });
  state.deny = plus(state.deny, left);
  state.open = all.Pass;
}

/** What is denied if one of the lists of which it is unknown whether they select the pod does select it: all that it does not allow. */
function deniedPerhaps<T>(stage: Stage, lists: readonly Applied<T>[], left: Traffic): Traffic {
  const doubtful = lists.filter((one) => one.uncertain === true && deniesRest(stage, [one]));
  const allowed = ({ rules }: Applied<T>): Traffic =>
    uniteTraffic(...rules.flatMap(({ action, traffic }) => (action === 'Accept' ? [traffic] : [])));
  return uniteTraffic(...doubtful.map((one) => subtractTraffic(left, allowed(one))));
}

/** Group by group: the first rule that matches decides; Pass leaves the stage. */
function inOrder<T>(state: State, stage: Stage, groups: readonly (readonly Applied<T>[])[], report: Report<T>): void {
  let inStage = state.open;
  let passed = NO_TRAFFIC;
  const isByIndex = stage.ties === 'by-rule-index' || stage.combine === 'priority-then-deny';
  for (const group of isByIndex ? groups.flatMap(byIndex) : groups) {
    if (!report && group.every((one) => one.rules.length === 0)) continue;
    const all = stage.combine === 'priority-then-deny' ? allMatches(group, inStage, report) : groupMatches(group, inStage, report);
    settle(state, all);
    passed = plus(passed, all.Pass);
    inStage = all.left;
    if (isNoTraffic(inStage)) break;
  }
  if (stage.unmatched !== 'next' && !isNoTraffic(inStage)) inStage = defaultAction(state, stage, groups.flat(), inStage, report);
  state.open = inStage;
  if (stage.pass === 'next') state.open = plus(state.open, passed);
  else if (!isNoTraffic(passed)) state.waiting.set(stage.pass, uniteTraffic(state.waiting.get(stage.pass) ?? NO_TRAFFIC, passed));
}

/** What is left of the traffic where the stage denies what nothing in it matches, if one of its lists selects the pod. */
function defaultAction<T>(state: State, stage: Stage, lists: readonly Applied<T>[], left: Traffic, report: Report<T>): Traffic {
  if (!deniesRest(stage, lists)) return left;
  const certain = lists.filter((one) => one.uncertain !== true);
  state.deny = plus(state.deny, left);
  if (!deniesRest(stage, certain)) {
    state.uncertain = plus(state.uncertain, left);
    return left;
  }
  for (const { item } of certain.slice(-1)) report?.({ item, action: 'DefaultAction', traffic: left });
  return NO_TRAFFIC;
}

function deniesRest<T>({ unmatched }: Stage, lists: readonly Applied<T>[]): boolean {
  if (unmatched === 'next') return false;
  return unmatched === 'deny-if-applied' ? lists.length > 0 : lists.some(({ isolates }) => isolates);
}

/** The lists of a group one rule after the other: all first rules, then all second ones. */
function byIndex<T>(group: readonly Applied<T>[]): (readonly Applied<T>[])[] {
  const indexes = [...new Set(group.flatMap(({ rules }) => rules.map(({ index = 0 }) => index)))].sort((a, b) => a - b);
  return indexes.map((at) => group.map((one) => ({ ...one, rules: one.rules.filter(({ index = 0 }) => index === at) })));
}

/** What may be done with the traffic, and what may be left of it. */
interface Matches extends Readonly<Record<Action, Traffic>> {
  readonly left: Traffic;
  readonly uncertain: Traffic;
  readonly conditional: readonly Conditional[];
}

const NONE: readonly Conditional[] = [];

/** The part of it within some traffic. */
function partWithin(conditional: readonly Conditional[], traffic: Traffic): readonly Conditional[] {
  const parts = conditional.map((one) => ({ condition: one.condition, traffic: intersectTraffic(one.traffic, traffic) }));
  return parts.filter((one) => !isNoTraffic(one.traffic));
}

function settle(state: State, { Accept, Deny, uncertain, conditional }: Matches): void {
  state.allow = plus(state.allow, Accept);
  state.deny = plus(state.deny, Deny);
  state.uncertain = plus(state.uncertain, uncertain);
  if (conditional.length > 0) state.conditional = [...state.conditional, ...conditional];
}

/** Both together. Nothing is made where one is empty, which is what most are: this runs for every kind of pair. */
function plus(one: Traffic, other: Traffic): Traffic {
  if (other === NO_TRAFFIC || one === other) return one;
  return one === NO_TRAFFIC ? other : uniteTraffic(one, other);
}

/** All together. */
function sum(all: readonly Traffic[]): Traffic {
  const [first, ...more] = all;
  if (first === undefined) return NO_TRAFFIC;
  return more.length === 0 ? first : uniteTraffic(...all);
}

/** What lists in no order say together: Deny before Accept before Pass. */
function allMatches<T>(lists: readonly Applied<T>[], within: Traffic, report: Report<T>): Matches {
  const found = { Accept: NO_TRAFFIC, Deny: NO_TRAFFIC, Pass: NO_TRAFFIC };
  let [left, uncertain] = [within, NO_TRAFFIC];
  let conditional = NONE;
  for (const action of IN_TURN) {
    const matches: MatchedRule[] = [];
    for (const { item, rules, uncertain: isUnsure } of lists) {
      for (const match of rules) {
        if (match.action !== action) continue;
        const traffic = intersectTraffic(left, match.traffic);
        if (isNoTraffic(traffic)) continue;
        report?.({ item, rule: match.rule, action: action === 'Accept' ? 'Allow' : action, traffic });
        matches.push(isUnsure === true ? { ...match, traffic, uncertain: true } : { ...match, traffic });
      }
    }
    if (matches.length === 0) continue;
    found[action] = sum(matches.map(({ traffic }) => traffic));
    const doubtful = matches.filter((match) => match.uncertain === true);
    uncertain = plus(uncertain, sum(doubtful.map(({ traffic }) => traffic)));
    if (matches.some((match) => match.condition !== undefined)) conditional = conditionsOf(matches);
    const decided =
      doubtful.length === 0 ? found[action] : sum(matches.flatMap((match) => (match.uncertain === true ? [] : [match.traffic])));
    left = subtractTraffic(left, decided);
  }
  return { ...found, left, uncertain, conditional };
}

/** What rules together allow on condition: a rule without one allows its traffic whatever layer 7 says. */
function conditionsOf(matches: readonly MatchedRule[]): readonly Conditional[] {
  const free = sum(matches.flatMap((match) => (match.condition === undefined && match.uncertain !== true ? [match.traffic] : [])));
  return matches.flatMap(({ condition, traffic }) => {
    const left = subtractTraffic(traffic, free);
    return condition === undefined || isNoTraffic(left) ? [] : [{ condition, traffic: left }];
  });
}

const IN_TURN: readonly Action[] = ['Deny', 'Accept', 'Pass'];

/** What the lists of a group say, each by its first rule that matches; where they disagree, each of them may be evaluated first. */
function groupMatches<T>(group: readonly Applied<T>[], within: Traffic, report: Report<T>): Matches {
  const each = group.map((one) => firstMatches(one, within));
  const [only] = each;
  const all = only && each.length === 1 ? only : eitherOf(each, within);
  if (report) {
    const tied = each.length === 1 ? NO_TRAFFIC : clashes(all);
    group.forEach((one, at) => reportMatches(one, each[at]?.by ?? [], tied, within, report));
  }
  return all;
}

function eitherOf(each: readonly Matches[], within: Traffic): Matches {
  const any = (of: (matches: Matches) => Traffic): Traffic => uniteTraffic(...each.map(of));
  return {
    Accept: any((one) => one.Accept),
    Deny: any((one) => one.Deny),
    Pass: any((one) => one.Pass),
    left: each.reduce((left, one) => intersectTraffic(left, one.left), within),
    uncertain: any((one) => one.uncertain),
    conditional: each.flatMap((one) => one.conditional),
  };
}

interface FirstMatches extends Matches {
  readonly by: readonly MatchedRule[];
}

/** What one list says of the traffic: each bit of it by the first rule that matches. */
function firstMatches<T>(one: Applied<T>, within: Traffic): FirstMatches {
  const found = { Accept: NO_TRAFFIC, Deny: NO_TRAFFIC, Pass: NO_TRAFFIC };
  const by: MatchedRule[] = [];
  let [left, uncertain] = [within, NO_TRAFFIC];
  let conditional = NONE;
  for (const match of one.rules) {
    const decided = intersectTraffic(left, match.traffic);
    if (isNoTraffic(decided)) continue;
    by.push({ ...match, traffic: decided });
    if (match.action === 'Log') continue;
    found[match.action] = plus(found[match.action], decided);
    if (match.condition !== undefined && match.action === 'Accept')
      conditional = [...conditional, { condition: match.condition, traffic: decided }];
    if (match.uncertain === true || one.uncertain === true) uncertain = plus(uncertain, decided);
    else left = subtractTraffic(left, decided);
  }
  return { ...found, left, uncertain, conditional, by };
}

/** Traffic for which more than one action is possible. */
function clashes({ Accept, Deny, Pass }: Matches): Traffic {
  return uniteTraffic(intersectTraffic(Accept, Deny), intersectTraffic(Accept, Pass), intersectTraffic(Deny, Pass));
}

function reportMatches<T>(
  { item }: Applied<T>,
  by: readonly MatchedRule[],
  clashing: Traffic,
  within: Traffic,
  report: (decision: Decision<T>) => void,
): void {
  if (by.length === 0) report({ item, action: 'NoMatch', traffic: within });
  for (const { rule, action, traffic } of by) {
    const tied = intersectTraffic(traffic, clashing);
    report({ item, rule, action, traffic, ...(isNoTraffic(tied) ? {} : { tied }) });
  }
}
