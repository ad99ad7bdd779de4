import { both, isNone } from '../../eval/bits.ts';
import { endpointBits, subjectBits } from '../../eval/endpoint-bits.ts';
import { DIRECTIONS } from '../../model/policy.ts';
import { policyIn } from '../../analysis/selection.ts';
import { ofApi } from '../about.ts';
import { onKey } from '../draft.ts';
import type { WorkspaceRule } from '../rule.ts';

const rule: WorkspaceRule = {
  name: 'calico-rule-excludes-subject',
  scope: 'workspace',
  severity: 'warning',
  confidence: 'high',
  about: ofApi('calico', 'policy'),
  summary: 'The destination of an ingress rule, or the source of an egress rule, matches no pod that the policy selects.',
  why: "A rule tests the source and the destination of a connection. In an ingress rule the destination is always a pod that the policy selects, in an egress rule the source is. A selector there that none of these pods matches means that the rule never matches; most often, 'source' and 'destination' have been swapped.",
  *check(context) {
    const policy = policyIn(context);
    if (!policy) return;
    const { space } = context.evaluation();
    const subject = subjectBits(space, policy.value);
    if (isNone(subject)) return;
    for (const direction of DIRECTIONS) {
      const [end, other] = direction === 'ingress' ? ['destination', 'source'] : ['source', 'destination'];
      for (const { own, path, action } of policy.value[direction]?.rules ?? []) {
        if (!own || action === 'Log') continue;
        const bits = endpointBits(space, own);
        if (bits === 'all' || !isNone(both(bits.maybe, subject))) continue;
        const message = `No pod that the policy selects is the ${end} of this rule, so it never matches: the ${end} of an ${direction} rule is always a selected pod. Write '${other}' if you meant that.`;
        yield onKey(context, [...path, end ?? ''], message);
      }
    }
  },
};

export default rule;
