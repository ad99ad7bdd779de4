import { list } from '../../base/english.ts';
import { policyName } from '../../eval/names.ts';
import type { Direction, Policy } from '../../model/policy.ts';
import type { Requirement } from '../../model/selector.ts';
import type { Placed } from '../../workspace/cluster.ts';
import { allowsAll } from '../allow-all.ts';
import { coversOf, effort, type Effort } from '../covered.ts';
import { onKey } from '../draft.ts';
import { np } from '../examples.ts';
import { isWithin } from '../ladder.ts';
import { DIRECTIONS } from '../parts.ts';
import type { WorkspaceContext, WorkspaceRule } from '../rule.ts';
import { documents } from '../workspace-examples.ts';
import { factsIn, policyIn } from '../workspace-parts.ts';

const wide = np`
  podSelector: {}
  policyTypes: [Ingress]
  ingress:
  - from:
    - namespaceSelector:
        matchLabels: {team: web}
`;

const narrow = (team: string): string =>
  np`
    podSelector:
      matchLabels: {app: db}
    policyTypes: [Ingress]
    ingress:
    - from:
      - namespaceSelector:
          matchLabels: {team: TEAM}
      ports:
      - port: 5432
  `
    .replace('name: web', 'name: narrow')
    .replace('TEAM', team);

const rule: WorkspaceRule = {
  name: 'redundant-policy',
  scope: 'workspace',
  severity: 'hint',
  confidence: 'high',
  summary: 'A NetworkPolicy without which everything would be the same.',
  why: 'NetworkPolicies add up. Others isolate the same pods already, and allow everything that this one allows; so it neither opens nor closes anything, though it may look like a limit.',
  bad: [{ yaml: documents(wide, narrow('web')) }],
  good: [
    documents(wide, narrow('ops')),
    documents(
      np`
        podSelector: {}
        policyTypes: [Ingress, Egress]
      `,
      narrow('web'),
    ),
  ],
  *check(context) {
    const policy = policyIn(context);
    if (!policy || policy.value.tier !== 'NetworkPolicy' || policy.value.unreadable.length > 0) return;
    // A default deny says what is meant, whoever else closes the same pods.
    if (
      policy.value.subject.pods.requirements.length === 0 &&
      DIRECTIONS.every((direction) => (policy.value[direction]?.rules.length ?? 0) === 0)
    )
      return;
    const others = othersOf(context, policy);
    const budget = effort();
    const used = new Set<Placed<Policy>>();
    for (const direction of DIRECTIONS) {
      const said = policy.value[direction] ? saidBy(policy.value, direction, others, budget) : [];
      // Beside a policy that allows everything there is another finding, and another way out.
      if (!said || isDefeated(policy.value, direction, others)) return;
      for (const one of said) used.add(one);
    }
    if (used.size === 0) return;
    const names = list(
      [...used].map(({ value }) => policyName(value)),
      'and',
      3,
    );
    const verbs = used.size === 1 ? 'isolates these pods already and allows' : 'isolate these pods already and allow';
    yield onKey(
      context,
      ['metadata', 'name'],
      `This policy changes nothing: ${names} ${verbs} all that it allows. Remove it, or narrow the wider one.`,
      {
        unnecessary: true,
        related: [...used].slice(0, 5).map(({ key, value }) => ({ key, path: value.subject.path, message: 'Selects these pods too' })),
      },
    );
  },
};

/** Has it rules in a direction that limit nothing, because another policy allows everything there? */
function isDefeated(policy: Policy, direction: Direction, others: readonly Placed<Policy>[]): boolean {
  const rules = policy[direction]?.rules ?? [];
  return rules.length > 0 && !rules.some(allowsAll) && others.some(({ value }) => value[direction]?.rules.some(allowsAll));
}

/** The other policies that are about all pods of one. Of two about the same pods only the later can be redundant by the other. */
function othersOf(context: WorkspaceContext, { key, value: policy }: Placed<Policy>): readonly Placed<Policy>[] {
  const asked = new Map(policy.subject.pods.requirements.map((requirement) => [requirement.key, requirement]));
  return (factsIn(context).policiesIn.get(policy.namespace ?? '') ?? []).filter((other) => {
    if (other.value === policy || other.value.unreadable.length > 0) return false;
    // A selector that asks for more labels, or for other values, is not wider; that is quickly seen.
    if (other.value.subject.pods.requirements.some((one) => isNarrower(one, asked.get(one.key)))) return false;
    return isWithin(policy, [other.value]) && (other.key < key || !isWithin(other.value, [policy]));
  });
}

function isNarrower(one: Requirement, own: Requirement | undefined): boolean {
  if (one.operator !== 'In' && one.operator !== 'Exists') return false;
  return own === undefined || (one.operator === 'In' && own.operator === 'In' && own.values.some((value) => !one.values.includes(value)));
}

/** The policies that say all that one says in a direction; `undefined` where they do not. */
function saidBy(
  policy: Policy,
  direction: Direction,
  others: readonly Placed<Policy>[],
  budget: Effort,
): readonly Placed<Policy>[] | undefined {
  const isolating = others.filter(({ value }) => value[direction] !== undefined);
  const [first] = isolating;
  if (!first) return undefined;
  const rules = isolating.flatMap((placed) => (placed.value[direction]?.rules ?? []).map((one) => ({ placed, one })));
  const used = new Set<Placed<Policy>>();
  for (const own of policy[direction]?.rules ?? []) {
    const covers = coversOf(
      own,
      rules.map(({ one }) => one),
      direction,
      budget,
    );
    if (!covers) return undefined;
    for (const { placed, one } of rules) if (covers.includes(one)) used.add(placed);
  }
  return used.size > 0 ? [...used] : [first];
}

export default rule;
