import { DIRECTIONS } from '../../model/policy.ts';
import { list } from '../../base/english.ts';
import { policyName } from '../../eval/names.ts';
import { onKey } from '../draft.ts';
import { np } from '../examples.ts';
import { forExample, instanceOf } from '../witness/instance.ts';
import { hasExclusion } from '../redundancy/exclusions.ts';
import { coveredRules } from '../redundancy/redundant.ts';
import { removal } from '../repair/remove-item.ts';
import type { WorkspaceRule } from '../rule.ts';
import { documents } from '../workspace-examples.ts';
import { policyIn } from '../workspace-parts.ts';

const wide = np`
  podSelector: {}
  policyTypes: [Ingress]
  ingress:
  - from:
    - namespaceSelector:
        matchLabels: {team: ops}
`.replace('name: web', 'name: ops');

const OPS = `
      - from:
        - namespaceSelector:
            matchLabels: {team: ops}
        ports:
        - port: 5432`;

const db = (rules: string): string =>
  np`
    podSelector:
      matchLabels: {app: db}
    policyTypes: [Ingress]
    ingress:
    - from:
      - podSelector:
          matchLabels: {app: web}
      ports:
      - port: 5432
  `.trimEnd() + rules.replace(/^ {4}/gm, '');

const rule: WorkspaceRule = {
  name: 'rule-covered-by-policy',
  scope: 'workspace',
  severity: 'hint',
  confidence: 'high',
  summary: 'A rule that allows only what other NetworkPolicies allow to the same pods.',
  why: 'NetworkPolicies add up, so this rule changes nothing. It looks like a narrow opening and hides that a wider one is there: removing it closes nothing.',
  bad: [{ yaml: documents(db(OPS), wide), fixed: documents(db(''), wide) }],
  good: [
    // The wider rule is about other pods.
    documents(db(OPS), wide.replace('podSelector: {}', 'podSelector: {matchLabels: {app: api}}')),
    // The other one allows less.
    documents(db(OPS), `${wide.trimEnd()}\n    ports:\n    - port: 443\n`),
  ],
  *check(context) {
    const policy = policyIn(context);
    if (policy?.value.tier !== 'NetworkPolicy') return;
    for (const direction of DIRECTIONS) {
      for (const { rule, covers } of coveredRules(context.cluster, policy, direction)) {
        const names = [...new Set(covers.map((one) => policyName(one.policy.value)))];
        const verb = names.length === 1 ? 'allows' : 'allow';
        const example = forExample(instanceOf(context.evaluation(), policy.value, rule, direction));
        const message = `This rule allows nothing new: ${list(names, 'and', 3)} ${verb} all of it to these pods already${example}. Remove it, or narrow the wider one.`;
        yield onKey(context, rule.path, message, {
          unnecessary: true,
          related: covers.slice(0, 5).map((one) => ({ key: one.policy.key, path: one.rule.path, message: 'Allows it already' })),
          // Whoever narrows the other policy later will miss this rule.
          fixes: (hasExclusion(rule) ? [] : removal(context, rule.path, 'Remove the rule')).map((fix) => ({ ...fix, safe: false })),
        });
      }
    }
  },
};

export default rule;
