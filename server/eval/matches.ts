import { intersectTraffic, isNoTraffic, NO_TRAFFIC, subtractTraffic, uniteTraffic, type Traffic } from '../base/ports.ts';
import type { Action } from '../model/policy.ts';
import type { Applied, Conditional, Decision, MatchedRule, DecisionListener } from './outcome.ts';

/*
 * What the rule lists of one group do with traffic, before a stage says what becomes of it.
 */

/** What may be done with the traffic, and what may be left of it. */
export interface Matches extends Readonly<Record<Action, Traffic>> {
  readonly left: Traffic;
  readonly uncertain: Traffic;
  readonly conditional: readonly Conditional[];
}

/** Nothing on condition. */
export const NONE: readonly Conditional[] = [];

/** The part of it within some traffic. */
export function partWithin(conditional: readonly Conditional[], traffic: Traffic): readonly Conditional[] {
  const parts = conditional.map((one) => ({ condition: one.condition, traffic: intersectTraffic(one.traffic, traffic) }));
  return parts.filter((one) => !isNoTraffic(one.traffic));
}

/** Both together. Nothing is made where one is empty, which is what most are: this runs for every kind of pair. */
export function plus(one: Traffic, other: Traffic): Traffic {
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
export function allMatches<T>(lists: readonly Applied<T>[], within: Traffic, report: DecisionListener<T>): Matches {
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
        const unsure = isUnsure === true || match.uncertain === true ? ({ uncertain: true } as const) : {};
        report?.({ item, rule: match.rule, action: action === 'Accept' ? 'Allow' : action, traffic, ...unsure });
        matches.push(isUnsure === true ? { ...match, traffic, uncertain: true } : { ...match, traffic });
      }
    }
    if (matches.length === 0) continue;
    found[action] = sum(matches.map(({ traffic }) => traffic));
    const uncertainMatches = matches.filter((match) => match.uncertain === true);
    uncertain = plus(uncertain, sum(uncertainMatches.map(({ traffic }) => traffic)));
    if (matches.some((match) => match.condition !== undefined)) conditional = conditionsOf(matches);
    const decided =
      uncertainMatches.length === 0 ? found[action] : sum(matches.flatMap((match) => (match.uncertain === true ? [] : [match.traffic])));
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
export function groupMatches<T>(group: readonly Applied<T>[], within: Traffic, report: DecisionListener<T>): Matches {
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
  { item, uncertain: isUnsure }: Applied<T>,
  by: readonly MatchedRule[],
  clashing: Traffic,
  within: Traffic,
  report: (decision: Decision<T>) => void,
): void {
  if (by.length === 0) report({ item, action: 'NoMatch', traffic: within });
  for (const { rule, action, traffic, uncertain } of by) {
    const tied = intersectTraffic(traffic, clashing);
    const unsure = isUnsure === true || uncertain === true ? ({ uncertain: true } as const) : {};
    report({ item, rule, action, traffic, ...(isNoTraffic(tied) ? {} : { tied }), ...unsure });
  }
}
