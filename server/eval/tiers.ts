import { ALL_TRAFFIC, intersectTraffic, isNoTraffic, NO_TRAFFIC, subtractTraffic, uniteTraffic, type Traffic } from '../base/ports.ts';
import type { Action, Policy, Rule, Tier } from '../model/policy.ts';

/**
 * The order in which policies are asked, from the first word to the last; what no tier decides is allowed. This file is the only place
 * that knows precedence (network-policy-api `apis/v1alpha2/clusternetworkpolicy_types.go`, field `tier`; kubernetes/website
 * `network-policies.md`).
 */
export const LADDER: readonly Tier[] = ['Admin', 'NetworkPolicy', 'Baseline'];

/** The policies of one tier, in the order they are asked. Policies of one step are asked at once: nothing says which one first. */
export interface Rung<T> {
  readonly tier: Tier;
  readonly steps: readonly (readonly T[])[];
}

/** Sorts policies into the ladder. Within a step by name, so that answers do not depend on the order of files. */
export function ladderOf<T>(items: readonly T[], policyOf: (item: T) => Policy): Rung<T>[] {
  return LADDER.flatMap((tier) => {
    const here = items.filter((item) => policyOf(item).tier === tier);
    if (here.length === 0) return [];
    here.sort((a, b) => compareInTier(policyOf(a), policyOf(b)));
    const steps: T[][] = [];
    for (const item of here) {
      const step = steps.at(-1);
      const [first] = step ?? [];
      if (step && first !== undefined && sameStep(policyOf(first), policyOf(item))) step.push(item);
      else steps.push([item]);
    }
    return [{ tier, steps }];
  });
}

/** Before, after or (0) at the same place of the ladder? */
function compareOnLadder(a: Policy, b: Policy): number {
  return LADDER.indexOf(a.tier) - LADDER.indexOf(b.tier) || priorityOf(a) - priorityOf(b);
}

/** Does nothing say which of the two is asked first? NetworkPolicies do not compete: what one of them allows is allowed. */
export function isTie(a: Policy, b: Policy): boolean {
  return a.tier !== 'NetworkPolicy' && compareOnLadder(a, b) === 0;
}

/** Groups of policies that nothing says the order of. Whether it matters is for their rules to show. */
export function tiesAmong(policies: readonly Policy[]): (readonly Policy[])[] {
  const rungs = ladderOf(policies, (policy) => policy).filter(({ tier }) => tier !== 'NetworkPolicy');
  return rungs.flatMap(({ steps }) => steps.filter((step) => step.length > 1));
}

/** A policy that selects the pod, with its rules that speak of the other end, each with the traffic it speaks of. */
export interface Matched<T> {
  readonly item: T;
  /** Does it close the pod in this direction but for what is allowed? */
  readonly isolates: boolean;
  readonly rules: readonly MatchedRule[];
}

export interface MatchedRule {
  readonly rule: Rule;
  readonly action: Action;
  readonly traffic: Traffic;
}

/** What the ladder says in one direction. */
export interface Outcome {
  /** Allowed, in whatever order tied policies are asked. */
  readonly sure: Traffic;
  /** Allowed in at least one order of tied policies; more than `sure` only where a tie matters. */
  readonly maybe: Traffic;
}

/** One thing that happened on the way down, told to whoever wants to explain it. */
export interface Decision<T> {
  readonly item: T;
  /** The rule that decides; absent where a policy only isolates, or has nothing to say. */
  readonly rule?: Rule;
  readonly action: Action | 'Allow' | 'Isolated' | 'NoMatch';
  readonly traffic: Traffic;
  /** Another policy of the same step decides otherwise, for this much traffic. */
  readonly tied?: Traffic;
}

/** Walks the ladder for one pod, one direction and one other end. */
export function decide<T>(
  rungs: readonly Rung<Matched<T>>[],
  asked: Traffic = ALL_TRAFFIC,
  tell?: (decision: Decision<T>) => void,
): Outcome {
  const state: State = { open: asked, accepted: NO_TRAFFIC, acceptOrPass: NO_TRAFFIC, denyOrPass: NO_TRAFFIC, acceptOrDeny: NO_TRAFFIC };
  for (const { tier, steps } of rungs) {
    if (isNoTraffic(state.open)) break;
    if (tier === 'NetworkPolicy') askAll(state, steps.flat(), tell);
    else askInTurn(state, steps, tell);
  }
  const accepted = uniteTraffic(state.accepted, state.open);
  return {
    sure: subtractTraffic(accepted, uniteTraffic(state.denyOrPass, state.acceptOrDeny)),
    maybe: uniteTraffic(accepted, state.acceptOrPass, state.acceptOrDeny),
  };
}

interface State {
  /** Not decided yet. */
  open: Traffic;
  accepted: Traffic;
  /** Ties between Accept and Pass: go on as if passed, and are remembered. */
  acceptOrPass: Traffic;
  denyOrPass: Traffic;
  acceptOrDeny: Traffic;
}

/** The NetworkPolicy tier: once a pod is isolated, only what some rule allows passes, and nobody below is asked. */
function askAll<T>(state: State, all: readonly Matched<T>[], tell?: (decision: Decision<T>) => void): void {
  const isolating = all.filter((one) => one.isolates);
  if (isolating.length === 0) return;
  for (const { item, rules } of isolating) {
    for (const { rule, traffic } of rules) {
      const allowed = intersectTraffic(state.open, traffic);
      if (!isNoTraffic(allowed)) tell?.({ item, rule, action: 'Allow', traffic: allowed });
      state.accepted = uniteTraffic(state.accepted, allowed);
    }
  }
  const denied = subtractTraffic(state.open, state.accepted);
  if (!isNoTraffic(denied)) for (const { item } of isolating) tell?.({ item, action: 'Isolated', traffic: denied });
  state.open = NO_TRAFFIC;
}

/** A tier of ClusterNetworkPolicies: the first rule that matches decides; Pass leaves the tier. */
function askInTurn<T>(state: State, steps: readonly (readonly Matched<T>[])[], tell?: (decision: Decision<T>) => void): void {
  let inTier = state.open;
  let passed = NO_TRAFFIC;
  for (const step of steps) {
    if (!tell && step.every((one) => one.rules.length === 0)) continue;
    const said = step.map((one) => firstMatches(one, inTier));
    const accept = uniteTraffic(...said.map((one) => one.Accept));
    const deny = uniteTraffic(...said.map((one) => one.Deny));
    const pass = uniteTraffic(...said.map((one) => one.Pass));
    const tied = step.length === 1 ? NO_TRAFFIC : clashes(accept, deny, pass);
    if (tell) step.forEach((one, at) => report(one, said[at], tied, inTier, tell));
    const clear = (traffic: Traffic): Traffic => (isNoTraffic(tied) ? traffic : subtractTraffic(traffic, tied));
    state.accepted = uniteTraffic(state.accepted, clear(accept));
    passed = uniteTraffic(passed, clear(pass), isNoTraffic(tied) ? NO_TRAFFIC : remember(state, accept, deny, pass));
    inTier = subtractTraffic(inTier, uniteTraffic(accept, deny, pass));
    if (isNoTraffic(inTier)) break;
  }
  state.open = uniteTraffic(inTier, passed);
}

/** Keeps what tied policies disagree on. Gives what of it goes on down the ladder: what one of them passes. */
function remember(state: State, accept: Traffic, deny: Traffic, pass: Traffic): Traffic {
  const acceptOrDeny = intersectTraffic(accept, deny);
  const acceptOrPass = subtractTraffic(intersectTraffic(accept, pass), acceptOrDeny);
  const denyOrPass = subtractTraffic(intersectTraffic(deny, pass), acceptOrDeny);
  state.acceptOrDeny = uniteTraffic(state.acceptOrDeny, acceptOrDeny);
  state.acceptOrPass = uniteTraffic(state.acceptOrPass, acceptOrPass);
  state.denyOrPass = uniteTraffic(state.denyOrPass, denyOrPass);
  return uniteTraffic(acceptOrPass, denyOrPass);
}

interface Said extends Readonly<Record<Action, Traffic>> {
  readonly by: readonly MatchedRule[];
}

/** What one policy says of the traffic: each bit of it by the first rule that matches. */
function firstMatches<T>(one: Matched<T>, asked: Traffic): Said {
  const said = { Accept: NO_TRAFFIC, Deny: NO_TRAFFIC, Pass: NO_TRAFFIC };
  const by: MatchedRule[] = [];
  let left = asked;
  for (const match of one.rules) {
    const decided = intersectTraffic(left, match.traffic);
    if (isNoTraffic(decided)) continue;
    by.push({ ...match, traffic: decided });
    said[match.action] = uniteTraffic(said[match.action], decided);
    left = subtractTraffic(left, decided);
  }
  return { ...said, by };
}

/** Traffic that tied policies want different things for. */
function clashes(accept: Traffic, deny: Traffic, pass: Traffic): Traffic {
  return uniteTraffic(intersectTraffic(accept, deny), intersectTraffic(accept, pass), intersectTraffic(deny, pass));
}

function report<T>(
  { item }: Matched<T>,
  said: Said | undefined,
  clashing: Traffic,
  asked: Traffic,
  tell: (decision: Decision<T>) => void,
): void {
  if (!said || said.by.length === 0) tell({ item, action: 'NoMatch', traffic: asked });
  for (const { rule, action, traffic } of said?.by ?? []) {
    const tied = intersectTraffic(traffic, clashing);
    tell({ item, rule, action, traffic, ...(isNoTraffic(tied) ? {} : { tied }) });
  }
}

function compareInTier(a: Policy, b: Policy): number {
  return compareOnLadder(a, b) || compareText(a.namespace ?? '', b.namespace ?? '') || compareText(a.name, b.name);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** A BaselineAdminNetworkPolicy has no priority and there is only one; beside ClusterNetworkPolicies it comes last. */
function priorityOf(policy: Policy): number {
  return policy.tier === 'NetworkPolicy' ? 0 : (policy.priority ?? LAST);
}

/** Behind the highest priority there is, 1000. */
const LAST = 1001;

function sameStep(a: Policy, b: Policy): boolean {
  return compareOnLadder(a, b) === 0;
}
