import { DIRECTIONS } from '../../model/policy.ts';
import { contradictionIn } from '../../model/contradiction.ts';
import { onKey } from '../draft.ts';
import { isReadable, subjectWords } from '../../analysis/policy-parts.ts';
import type { ManifestRule } from '../rule.ts';
import { samePath } from '../../syntax/path.ts';
import { withTraits } from '../about.ts';

const rule: ManifestRule = {
  name: 'default-deny',
  scope: 'manifest',
  severity: 'hint',
  confidence: 'high',
  profile: 'audit',
  about: withTraits({ isolates: true }),
  summary: 'A direction without a rule: all traffic in this direction is denied.',
  why: 'This is how a default deny is written. The hint makes it visible in a review, since no line of the file says it.',
  noFix:
    'A default deny is usually intended, so there is nothing to fix. To allow traffic, add a rule to this policy or another policy for the same pods.',
  *check(context) {
    const { policy } = context;
    if (!policy || context.partial) return;
    // Of a selector that cannot be read, or picks nothing, other findings tell.
    const { pods } = policy.subject;
    if (pods.unreadable !== undefined || contradictionIn(pods) !== undefined) return;
    for (const direction of DIRECTIONS) {
      const section = policy[direction];
      if (!section || section.rules.length > 0 || !isReadable(policy, section.path)) continue;
      if (policy.unreadable.some(({ path }) => samePath(path, ['spec']))) continue;
      const way = direction === 'ingress' ? 'to' : 'from';
      const words = `This policy has no ${direction} rule, so all ${direction} ${way} ${subjectWords(context)} is denied, except what other policies allow.`;
      yield onKey(context, context.at(section.path) ? section.path : ['spec'], words);
    }
  },
};

export default rule;
