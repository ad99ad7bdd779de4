import { list } from '../../base/english.ts';
import { DIRECTIONS, type Direction, type Policy, type Rule } from '../../model/policy.ts';
import { ruleName, type LocatedRule } from '../../analysis/connection-words.ts';
import { rulesIn } from '../../analysis/policy-parts.ts';
import { onField, onKey } from '../draft.ts';
import { decidingRuleIn, forExample, instanceOf } from '../../analysis/witness/instance.ts';
import type { Draft, WorkspaceRule } from '../rule.ts';
import type { WorkspaceContext } from '../../analysis/context.ts';
import { shadowsOf } from '../../analysis/redundancy/shadows.ts';
import { factsIn, onHostPicked, policyIn } from '../../analysis/selection.ts';

const rule: WorkspaceRule = {
  name: 'shadowed-by-policy',
  scope: 'workspace',
  severity: 'warning',
  confidence: 'high',
  summary: 'A rule that is never reached because other policies decide all traffic that it matches.',
  why: 'The Admin tier is evaluated first, in the order of priority, then NetworkPolicies, then the Baseline tier. Traffic that has been accepted or denied is not evaluated further.',
  *check(context) {
    const policy = policyIn(context);
    if (!policy) return;
    const dead = DIRECTIONS.flatMap((direction) =>
      [...shadowsOf(context.cluster, policy, direction)].flatMap(([rule, deciders]): readonly DeadRule[] =>
        decidesOnHost(context, policy.value, rule, deciders) ? [] : [{ rule, direction, deciders }],
      ),
    );
    const { isolates } = policy.value.traits;
    if (!isolates && dead.length > 1 && dead.length === rulesIn(policy.value).length) yield wholePolicy(context, policy.value, dead);
    else for (const one of dead) yield finding(context, policy.value, one.rule, one.direction, one.deciders);
  },
};

interface DeadRule {
  readonly rule: Rule;
  readonly direction: Direction;
  readonly deciders: readonly LocatedRule[];
}

/** A policy that isolates nothing and of which no rule is reached does nothing at all: one finding says so. */
function wholePolicy(context: WorkspaceContext, policy: Policy, dead: readonly DeadRule[]): Draft {
  const all = [...new Map(dead.flatMap(({ deciders }) => deciders.map((one) => [one.rule, one] as const))).values()];
  const same = dead.every(({ rule, deciders }) => deciders.every((one) => one.rule.action === rule.action));
  const names = list([...new Set(all.map(ruleName))], 'and', 3);
  const way = same ? 'Remove the policy.' : 'Give it a lower priority number if its actions are meant to apply, or remove it.';
  const message = `No rule of this policy is ever reached: ${names} ${all.length === 1 ? 'decides' : 'together decide'} all that its ${dead.length} rules match. ${way}`;
  const related = all
    .slice(0, 5)
    .map((one) => ({ key: one.policy.key, path: one.rule.path, message: `${one.rule.action}: evaluated before.` }));
  const draft = onField(context, policy.at.body, message, { severity: same ? 'hint' : 'warning', unnecessary: true, related });
  return { ...draft, path: ['metadata', 'name'] };
}

/**
 * Does the rule decide about known pods in the host network? Cluster-wide policies leave those out, so what comes first for all other pods
 * does not for these.
 */
function decidesOnHost(context: WorkspaceContext, policy: Policy, rule: Rule, deciders: readonly LocatedRule[]): boolean {
  if (!leavesOutHost(policy, deciders)) return false;
  const { subject } = policy;
  const peers = rule.peers === 'any' ? [] : rule.peers.flatMap((peer) => (peer.kind === 'pods' ? [peer] : []));
  return [subject, ...peers].some(({ namespaces, pods }) => onHostPicked(factsIn(context), namespaces, pods).length > 0);
}

/** Is the policy about pods in the host network, and what comes before it is not? */
function leavesOutHost({ traits }: Policy, deciders: readonly LocatedRule[]): boolean {
  return traits.hostNetwork && deciders.some(({ policy }) => !policy.value.traits.hostNetwork);
}

function finding(context: WorkspaceContext, policy: Policy, rule: Rule, direction: Direction, deciders: readonly LocatedRule[]): Draft {
  const same = deciders.every((one) => one.rule.action === rule.action);
  const instance = instanceOf(context.evaluation(), policy, rule, direction);
  // A single deciding policy is already named.
  const deciding = instance && deciders.length > 1 ? decidingRuleIn(instance, deciders) : undefined;
  const names = list(deciders.map(ruleName), 'and', 3);
  const verb = deciders.length === 1 ? VERBS[deciders[0]?.rule.action ?? 'Deny'] : 'together decide';
  const isAbove = deciders.some((one) => one.policy.value.stage !== policy.stage);
  const tier = isAbove ? ' in the Admin tier' : '';
  const example = `${forExample(instance)}${deciding ? `, which ${ruleName(deciding)} ${VERBS[deciding.rule.action]}` : ''}`;
  const onHost = leavesOutHost(policy, deciders);
  const way = same
    ? `Remove it${onHost ? ', unless it is meant for pods in the host network' : ''}.`
    : isAbove
      ? 'Add a Pass or Accept before it to allow this traffic.'
      : `Give this policy a lower priority number if its ${rule.action} is meant to apply.`;
  // The one that decides about the example comes first.
  const shown = deciding ? [deciding, ...deciders.filter((one) => one !== deciding)] : deciders;
  const never = onHost ? 'Except for pods on the host network, this rule is never reached' : 'This rule is never reached';
  return onKey(context, rule.path, `${never}: ${names} ${verb} all of it first${tier}${example}. ${way}`, {
    severity: same ? 'hint' : 'warning',
    unnecessary: true,
    related: shown
      .slice(0, 5)
      .map((one) => ({ key: one.policy.key, path: one.rule.path, message: `${one.rule.action}: evaluated before.` })),
  });
}

const VERBS = { Accept: 'accepts', Deny: 'denies', Pass: 'passes', Log: 'logs' } as const;

export default rule;
