import { asMap } from '../../syntax/tree.ts';
import { allowAllRules, contradictsName, namePromisesAllowAll } from '../../analysis/allow-all.ts';
import { onValue } from '../draft.ts';
import { subjectWords } from '../../analysis/policy-parts.ts';
import { withTraits } from '../about.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'allow-all-ingress',
  scope: 'manifest',
  severity: 'information',
  confidence: 'high',
  about: withTraits({ isolates: true }),
  summary: 'A rule that allows ingress from all sources on every port.',
  why: 'An empty rule matches all traffic. NetworkPolicies are additive, so no other NetworkPolicy can deny what this rule allows. A policy whose name says so, such as allow-all, is not reported.',
  *check(context) {
    const { policy, at } = context;
    if (!policy || contradictsName(policy) || namePromisesAllowAll(policy)) return;
    for (const { rule, direction } of allowAllRules(policy)) {
      if (direction !== 'ingress' || asMap(at(rule.path))?.pairs.length !== 0) continue;
      const message = `This empty rule allows all sources to connect to ${subjectWords(context)} on every port, and no other NetworkPolicy can deny it. Add 'from' or 'ports' to narrow it.`;
      yield onValue(context, rule.path, message);
    }
  },
};

export default rule;
