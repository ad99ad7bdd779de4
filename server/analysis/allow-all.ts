import type { Direction, Policy, Rule } from '../model/policy.ts';
import { isReadable, rulesIn, type RulePart } from './policy-parts.ts';

/** The NetworkPolicy rules that allow all traffic: any peer, any port. */
export function allowAllRules(policy: Policy): readonly RulePart[] {
  return rulesIn(policy).filter(({ rule }) => allowsAll(rule) && isReadable(policy, rule.path));
}

/** The rule of a policy that allows all traffic of a direction; none if the policy cannot be read in full. */
export function allowAllRule(policy: Policy, direction: Direction): Rule | undefined {
  return policy.unreadable.length > 0 ? undefined : policy[direction]?.rules.find(allowsAll);
}

/** Does a rule match any peer on any port? */
export function allowsAll({ peers, ports }: Rule): boolean {
  return peers === 'any' && ports === 'any';
}

/** Does the name of a policy say that it is meant to be wide open: "allow-all-ingress", "web-from-anywhere"? */
export function namePromisesAllowAll({ name }: Policy): boolean {
  // In "deny-all" it says the opposite; of a name with a direction it is not sure which one it means.
  return (
    !(DENIES.test(name) && !/allow|except|permit|ingress|egress/i.test(name)) &&
    /(?:^|[^a-z])(?:all|any|anybody|anyone|anywhere|every|everybody|everyone|everything|everywhere|open|public|world|internet|unrestricted)(?:[^a-z]|$)/i.test(
      name,
    )
  );
}

const DENIES = /(?:^|[^a-z])(?:deny|block|isolate|isolation|lockdown)(?:[^a-z]|$)/i;

/**
 * Does the name of a policy promise to deny, while nothing in it denies and some rule allows all traffic? A name that says "all"
 * and names no direction promises both.
 */
export function contradictsName(policy: Policy): boolean {
  if (!DENIES.test(policy.name) || /allow|except|permit/i.test(policy.name)) return false;
  const sections = [policy.ingress, policy.egress].filter((section) => section !== undefined);
  const both = /(?:^|[^a-z])all(?:[^a-z]|$)/i.test(policy.name) && !/ingress|egress/i.test(policy.name);
  if (both && sections.length === 2) return allowAllRules(policy).length > 0;
  return sections.every(({ rules }) => rules.some((rule) => allowAllRules(policy).some((open) => open.rule === rule)));
}
