import { count } from '../base/english.ts';
import { hasTraffic, type Protocol } from '../base/ports.ts';
import { describePeers, describePorts, describeSubject } from '../model/describe.ts';
import type { Direction, Policy } from '../model/policy.ts';
import type { CompiledRule } from '../model/rule-list.ts';
import { formatPath } from '../syntax/path.ts';
import type { Located } from '../workspace/cluster.ts';
import { has } from './bits.ts';
import { effectivePolicy } from './effective-policy.ts';
import { policyName } from './names.ts';
import { endpointBits } from './endpoint-bits.ts';
import type { EquivalenceClasses } from './equivalence-classes.ts';
import { stageOf, type Stage } from './stages.ts';
import type { Decision } from './outcome.ts';

/** What is asked: may `own` be reached by (ingress) or reach (egress) `peer` on this port? */
export interface Question {
  readonly direction: Direction;
  readonly own: string;
  readonly peer: string;
  readonly protocol: Protocol;
  readonly port: number;
  /** Is `own` an address outside the cluster? */
  readonly outside: boolean;
}

/**
 * One sentence on what a policy does about a connection, naming the policy, the rule and what they select. `name`: "It" where the policy
 * has just been named.
 */
export function reason(
  space: EquivalenceClasses,
  question: Question,
  decision: Decision<Located<Policy>>,
  other: number,
  name: string = policyName(decision.item.value),
): string {
  const { value: policy } = decision.item;
  const { rule, action, tied, uncertain } = decision;
  if (action === 'DefaultAction') return byTier(space, question, policy, other, name);
  if (!rule) return action === 'Isolated' ? isolated(space, question, policy, other, name) : silent(space, question, policy, other, name);
  const way = question.direction === 'ingress' ? 'from' : 'to';
  const what = `${way} ${describePeers(rule.peers)}, on ${describePorts(rule.ports)}`;
  const where = `${formatPath(rule.path)}${rule.name === undefined ? '' : ` '${rule.name}'`}`;
  if (action === 'Allow' && !uncertain && rule.condition !== undefined)
    return `${name} selects ${describeSubject({ subject: rule.subject ?? policy.subject })}, and its rule ${where} allows connections ${what}, if ${rule.condition}.`;
  if (action === 'Allow' && !uncertain)
    return `${name} selects ${describeSubject({ subject: rule.subject ?? policy.subject })}, and its rule ${where} allows connections ${what}.`;
  const failsClosed = effectivePolicy(policy)[question.direction]?.rules.some(
    (effective) => effective.rule === rule && effective.action !== rule.action,
  );
  const effect = failsClosed === true ? 'cannot be read in full and so denies everything' : `${VERBS[rule.action]} connections ${what}`;
  if (uncertain && failsClosed !== true)
    return `${name} selects ${describeSubject({ subject: rule.subject ?? policy.subject })}, and its rule ${where} ${VERBS[rule.action]} connections ${what}; the manifests do not say whether it matches this one.`;
  const then = tied
    ? 'another policy of the same priority has a different action, and their order is undefined'
    : NEXT[action](stageOf(policy, space.objects.plane));
  return `${name} selects ${describeSubject({ subject: rule.subject ?? policy.subject })}, and its rule ${where} ${effect}; ${then}.`;
}

const VERBS = { Accept: 'accepts', Deny: 'denies', Pass: 'passes', Log: 'logs' } as const;

const NEXT: Readonly<Record<Decision<unknown>['action'], (stage: Stage) => string>> = {
  Accept: () => 'nothing after it is evaluated',
  Deny: ({ isolation }) => (isolation === 'after' ? 'that decides, as no NetworkPolicy isolates the pod' : 'that is final'),
  Pass: (stage) => `the rest of the ${stage.name} is skipped`,
  Allow: () => 'one matching rule is enough',
  Isolated: () => 'that is final',
  NoMatch: () => 'the next policy is evaluated',
  Log: () => 'it decides nothing',
  DefaultAction: () => 'that is final',
};

/** A NetworkPolicy isolates the pod, and no rule of any allows the connection. */
function isolated(space: EquivalenceClasses, question: Question, policy: Policy, other: number, name: string): string {
  const rules = effectivePolicy(policy)[question.direction]?.rules ?? [];
  const isolates = `${name} selects ${describeSubject(policy)} and isolates them for ${question.direction}`;
  return rules.length === 0
    ? `${isolates}; it has no ${question.direction} rule that allows anything.`
    : `${isolates}; ${misses(space, question, policy, other)}.`;
}

/** A tier in which a policy applies denies what no rule of it matches. */
function byTier(space: EquivalenceClasses, question: Question, policy: Policy, other: number, name: string): string {
  const { name: tier } = stageOf(policy, space.objects.plane);
  return `${name} selects ${describeSubject(policy)}, ${misses(space, question, policy, other)}, and the default action of ${tier} denies what no rule in it matches.`;
}

/** A policy of a tier without a matching rule. */
function silent(space: EquivalenceClasses, question: Question, policy: Policy, other: number, name: string): string {
  return `${name} selects ${describeSubject(policy)} and is evaluated, but ${misses(space, question, policy, other)}.`;
}

/** What its rules lack; the rule that comes nearest is named. */
function misses(space: EquivalenceClasses, question: Question, policy: Policy, other: number): string {
  const { direction, peer, protocol, port } = question;
  const rules = effectivePolicy(policy)[direction]?.rules ?? [];
  const near = rules.find((effective) => namesPeer(space, effective, other));
  if (near)
    return `its rule ${formatPath(near.rule.path)} matches ${peer} only on ${describePorts(near.rule.ports)}, not on ${protocol} ${port}`;
  const way = direction === 'ingress' ? 'from' : 'to';
  const open = rules.find(({ match }) => hasTraffic(match.traffic, protocol, port));
  if (open)
    return `its rule ${formatPath(open.rule.path)} matches ${protocol} ${port} only ${way} ${describePeers(open.rule.peers)}, not ${way} ${peer}`;
  if (rules.length === 0) return `it has no ${direction} rules`;
  const none =
    rules.length === 1 ? `its only ${direction} rule does not match` : `none of its ${count(rules.length, `${direction} rule`)} matches`;
  return `${none} ${peer} on ${protocol} ${port}`;
}

function namesPeer(space: EquivalenceClasses, effective: CompiledRule, other: number): boolean {
  const bits = endpointBits(space, effective.match.peer);
  return bits === 'all' || has(bits.sure, other);
}
