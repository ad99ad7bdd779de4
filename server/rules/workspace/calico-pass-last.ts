import { meetingPod } from '../../analysis/meeting-words.ts';
import { ruleUses } from '../../analysis/rule-use.ts';
import { policyIn } from '../../analysis/selection.ts';
import { DIRECTIONS } from '../../model/policy.ts';
import { ofApi } from '../about.ts';
import { onValue } from '../draft.ts';
import type { WorkspaceRule } from '../rule.ts';

const rule: WorkspaceRule = {
  name: 'calico-pass-last',
  scope: 'workspace',
  severity: 'information',
  confidence: 'medium',
  about: ofApi('calico', 'policy'),
  summary: 'A Pass with nothing after it: no policy of a later tier selects the pods.',
  why: 'Pass leaves the tier, and the next tier with a policy for the pod decides. Where there is none, the profile of the namespace decides, and that allows: the Pass is an Allow.',
  noFix: 'Only the author knows which policy should decide instead.',
  *check(context) {
    const policy = policyIn(context);
    if (!policy) return;
    const evaluation = context.evaluation();
    const { passedOn, shadowed } = yield* ruleUses(evaluation);
    for (const { rules } of DIRECTIONS.flatMap((direction) => policy.value[direction] ?? [])) {
      for (const one of rules) {
        const found = passedOn.get(one);
        // A rule that is never reached has a finding that says so.
        if (found === undefined || found === 'decided' || shadowed.has(one)) continue;
        const message = `This Pass allows: no later tier has a policy for ${found.direction} of pods such as ${meetingPod(evaluation, found)}, so the default applies. Change the action to Allow if that is intended, or add the policy that should decide.`;
        yield onValue(context, [...one.path, 'action'], message);
      }
    }
  },
};

export default rule;
