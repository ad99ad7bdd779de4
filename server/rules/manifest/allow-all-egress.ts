import { asMap } from '../../syntax/tree.ts';
import { allowAllRules, contradictsName, namePromisesAllowAll } from '../../analysis/allow-all.ts';
import { onValue } from '../draft.ts';
import { subjectWords } from '../../analysis/policy-parts.ts';
import { withTraits } from '../about.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'allow-all-egress',
  scope: 'manifest',
  severity: 'information',
  confidence: 'high',
  profile: 'strict',
  about: withTraits({ isolates: true }),
  summary: 'A rule that allows all egress.',
  why: 'An empty rule matches all traffic. NetworkPolicies are additive, so no other NetworkPolicy can deny what this rule allows.',
  *check(context) {
    const { policy, at } = context;
    if (!policy || contradictsName(policy) || namePromisesAllowAll(policy)) return;
    for (const { rule, direction } of allowAllRules(policy)) {
      if (direction !== 'egress' || asMap(at(rule.path))?.pairs.length !== 0) continue;
      const message = `This empty rule allows all egress from ${subjectWords(context)}, and no other NetworkPolicy can deny it. Add 'to' or 'ports' to narrow it.`;
      yield onValue(context, rule.path, message);
    }
  },
};

export default rule;
