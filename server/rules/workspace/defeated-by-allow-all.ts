import { policyName } from '../../eval/names.ts';
import type { Direction, Policy, Rule } from '../../model/policy.ts';
import type { Placed } from '../../workspace/cluster.ts';
import { allowsAll } from '../allow-all.ts';
import { onKey } from '../draft.ts';
import { np } from '../examples.ts';
import { isWithin } from '../ladder.ts';
import { DIRECTIONS } from '../parts.ts';
import type { WorkspaceRule } from '../rule.ts';
import { documents } from '../workspace-examples.ts';
import { factsIn, policyIn } from '../workspace-parts.ts';

const open = (selector: string): string =>
  np`
    podSelector: SELECTOR
    policyTypes: [Ingress]
    ingress:
    - {}
  `
    .replace('name: web', 'name: open')
    .replace('SELECTOR', selector);

const narrow = np`
  podSelector:
    matchLabels: {app: db}
  policyTypes: [Ingress]
  ingress:
  - from:
    - podSelector:
        matchLabels: {app: web}
`;

const rule: WorkspaceRule = {
  name: 'defeated-by-allow-all',
  scope: 'workspace',
  severity: 'warning',
  confidence: 'high',
  summary: 'Rules that limit nothing, because another policy allows everything for the same pods.',
  why: 'NetworkPolicies only ever add up: what one of them allows, no other can take away. Beside a policy that allows everything, a list of who may connect is no limit.',
  bad: [{ yaml: documents(open('{}'), narrow) }],
  good: [documents(open('{matchLabels: {app: web}}'), narrow)],
  companions: ['allow-all-ingress'],
  *check(context) {
    const policy = policyIn(context)?.value;
    if (policy?.tier !== 'NetworkPolicy' || policy.unreadable.length > 0) return;
    const others = (factsIn(context).policiesIn.get(policy.namespace ?? '') ?? []).filter(({ value }) => value !== policy);
    for (const direction of DIRECTIONS) {
      const rules = policy[direction]?.rules ?? [];
      if (rules.length === 0 || rules.some(allowsAll)) continue;
      const other = others.find((one) => openRule(one, direction) && isWithin(policy, [one.value]));
      const opened = other && openRule(other, direction);
      if (!other || !opened) continue;
      yield onKey(
        context,
        ['spec', direction],
        `These rules limit nothing: ${policyName(other.value)} allows all ${direction} of the same pods, and policies add up. Narrow that one, or remove these rules.`,
        {
          related: [{ key: other.key, path: opened.path, message: `Allows all ${direction}` }],
        },
      );
    }
  },
};

function openRule({ value }: Placed<Policy>, direction: Direction): Rule | undefined {
  return value.unreadable.length > 0 ? undefined : value[direction]?.rules.find(allowsAll);
}

export default rule;
