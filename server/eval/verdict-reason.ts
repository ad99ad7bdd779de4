import { list, quote } from '../base/english.ts';
import { kindTitle } from '../model/api.ts';
import type { Explanation, Step } from './explain.ts';

/**
 * What decides, in one sentence: "Denied by NetworkPolicy shop/default-deny." The policy that denies is the first on the way; what is
 * allowed has passed both directions.
 */
export function verdictReason({ verdict, steps, condition }: Pick<Explanation, 'verdict' | 'steps' | 'condition'>): string {
  if (verdict === 'deny') {
    const closing = steps.find(({ action }) => action === 'Deny' || action === 'Isolated' || action === 'DefaultAction');
    if (!closing) return 'Denied.';
    const isolating = steps.filter(({ side, action }) => side === closing.side && action === 'Isolated');
    if (closing.action !== 'Isolated') return `Denied by ${named(closing)}.`;
    return `Denied: ${list(isolating.map(named), 'and', 3)} ${isolating.length === 1 ? 'isolates' : 'isolate'} the pod for ${closing.side}, and no rule allows it.`;
  }
  if (verdict === 'undefined') {
    const tied = steps.filter((step) => step.tied).map(named);
    return `Undefined: ${list(tied, 'and', 3)} have the same priority and different actions.`;
  }
  if (verdict === 'unknown') {
    const unknown = steps.filter(({ action }) => action === 'Unknown').map(named);
    const unsure = [...new Set(steps.filter(({ uncertain }) => uncertain).map(named))];
    if (unsure.length > 0 && unknown.length === 0)
      return `Unknown: ${list(unsure, 'and', 3)} may decide; the manifests do not say whether ${unsure.length === 1 ? 'it applies' : 'they apply'} to this connection.`;
    return unknown.length === 0
      ? 'Unknown: it depends on information that the manifests do not contain.'
      : `Unknown: ${list(unknown, 'and', 3)} may decide and ${unknown.length === 1 ? 'is' : 'are'} not evaluated.`;
  }
  const allowing = steps.filter(({ action, policy }) => policy !== undefined && (action === 'Accept' || action === 'Allow')).map(named);
  return allowing.length === 0
    ? 'Allowed by default: no policy decides this connection.'
    : `Allowed by ${list([...new Set(allowing)], 'and', 3)}${condition === undefined ? '' : `, if ${condition}`}.`;
}

/** `ClusterNetworkPolicy guard (Admin, 'deny-all')`, `NetworkPolicy shop/db`: the tier of policies that have one, and the name of the rule. */
function named(step: Step): string {
  const { policy = 'a policy', tier, at, rule } = step;
  const name = at && rule !== undefined ? ruleName(at.policy, at.path) : undefined;
  const more = [...(at?.policy.traits.ordered === false ? [] : [tier]), ...(name === undefined ? [] : [quote(name)])];
  return `${[kindOf(step), policy].join(' ').trim()}${more.length === 0 ? '' : ` (${more.join(', ')})`}`;
}

/** The kind of the policy of a step, with the name of its API where the kind alone is not clear; `''` without a policy. */
function kindOf({ at, kind = '' }: Step): string {
  return at ? kindTitle(at.policy) : kind;
}

/** The policy of a step behind its tier: `CiliumNetworkPolicy shop/db`, and the name alone where the tier is called like the kind. */
export function policyOfStep(step: Step): string | undefined {
  const { policy, tier } = step;
  const kind = kindOf(step);
  return policy === undefined || kind === '' || kind === tier ? policy : `${kind} ${policy}`;
}

type At = NonNullable<Step['at']>;

function ruleName({ ingress, egress }: At['policy'], path: At['path']): string | undefined {
  const rules = [...(ingress?.rules ?? []), ...(egress?.rules ?? [])];
  return rules.find((rule) => rule.path.join('.') === path.join('.'))?.name;
}

/** What a step does, for people: its policy stands behind the words. */
export function stepWords({ action, uncertain }: Pick<Step, 'action' | 'uncertain'>): string {
  return uncertain ? `may be ${STEP_WORDS[action]}` : STEP_WORDS[action];
}

const STEP_WORDS: Readonly<Record<Step['action'], string>> = {
  Accept: 'accepted by',
  Deny: 'denied by',
  Pass: 'passed on by',
  Allow: 'allowed by',
  Isolated: 'isolated by',
  NoMatch: 'no rule matches in',
  Log: 'logged by',
  DefaultAction: 'denied by the default action of',
  Unknown: 'not evaluated:',
};
