import { ALL_TRAFFIC, intersectTraffic, isNoTraffic, NO_TRAFFIC, subtractTraffic, uniteTraffic, type Traffic } from '../base/ports.ts';
import type { StageId } from '../model/policy.ts';
import { allMatches, groupMatches, NONE, partWithin, plus, type Matches } from './matches.ts';
import type { Applied, Conditional, Outcome, DecisionListener } from './outcome.ts';
import { UPSTREAM, type Plane, type Stage } from './stages.ts';
import type { StageGroups } from './stage-order.ts';

/** Evaluates the rule lists of one pod in one direction for one other endpoint, stage by stage. */
export function walk<T>(
  stages: readonly StageGroups<Applied<T>>[],
  within: Traffic = ALL_TRAFFIC,
  report?: DecisionListener<T>,
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

type Evaluate = <T>(state: State, stage: Stage, groups: readonly (readonly Applied<T>[])[], report: DecisionListener<T>) => void;

const EVALUATE: Readonly<Record<Stage['combine'], Evaluate>> = {
  'first-match': inOrder,
  'priority-then-deny': inOrder,
  'allow-only': together,
  'deny-overrides': together,
};

/** All rule lists at once: a Deny before every Accept, and what nothing matches is denied where a list isolates the pod. */
function together<T>(state: State, stage: Stage, groups: readonly (readonly Applied<T>[])[], report: DecisionListener<T>): void {
  const lists = groups.flat();
  const all = allMatches(lists, state.open, report);
  settle(state, all);
  const left = all.left;
  const certain = lists.filter((one) => one.uncertain !== true);
  if (!deniesRest(stage, certain)) {
    const uncertainDenies = deniedPerhaps(stage, lists, left);
    state.deny = plus(state.deny, uncertainDenies);
    state.uncertain = plus(state.uncertain, uncertainDenies);
    state.open = plus(left, all.Pass);
    return;
  }
  if (!isNoTraffic(left)) for (const { item, isolates } of certain) if (isolates) report?.({ item, action: 'Isolated', traffic: left });
  state.deny = plus(state.deny, left);
  state.open = all.Pass;
}

/** What is denied if one of the lists of which it is unknown whether they select the pod does select it: all that it does not allow. */
function deniedPerhaps<T>(stage: Stage, lists: readonly Applied<T>[], left: Traffic): Traffic {
  const uncertainLists = lists.filter((one) => one.uncertain === true && deniesRest(stage, [one]));
  const allowed = ({ rules }: Applied<T>): Traffic =>
    uniteTraffic(...rules.flatMap(({ action, traffic }) => (action === 'Accept' ? [traffic] : [])));
  return uniteTraffic(...uncertainLists.map((one) => subtractTraffic(left, allowed(one))));
}

/** Group by group: the first rule that matches decides; Pass leaves the stage. */
function inOrder<T>(state: State, stage: Stage, groups: readonly (readonly Applied<T>[])[], report: DecisionListener<T>): void {
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
function defaultAction<T>(state: State, stage: Stage, lists: readonly Applied<T>[], left: Traffic, report: DecisionListener<T>): Traffic {
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

function settle(state: State, { Accept, Deny, uncertain, conditional }: Matches): void {
  state.allow = plus(state.allow, Accept);
  state.deny = plus(state.deny, Deny);
  state.uncertain = plus(state.uncertain, uncertain);
  if (conditional.length > 0) state.conditional = [...state.conditional, ...conditional];
}
