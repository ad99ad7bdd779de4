import { DIRECTIONS, type Policy } from '../../model/policy.ts';
import { meetingWords } from '../../analysis/meeting-words.ts';
import { ruleUses } from '../../analysis/rule-use.ts';
import { policyIn } from '../../analysis/selection.ts';
import { policyName } from '../../eval/names.ts';
import { stageOf, type Stage } from '../../eval/stages.ts';
import { kindTitle } from '../../model/api.ts';
import { ofApi } from '../about.ts';
import { onKey } from '../draft.ts';
import type { WorkspaceRule } from '../rule.ts';

const rule: WorkspaceRule = {
  name: 'calico-unreachable-rule',
  scope: 'workspace',
  severity: 'warning',
  confidence: 'high',
  about: ofApi('calico', 'policy'),
  yieldsTo: ['shadowed-rule'],
  summary: 'A Calico rule that is never reached in this workspace, because earlier rules decide all traffic that it matches.',
  why: 'Tiers are evaluated by their order, policies in a tier by theirs, rules from top to bottom, and the first Allow or Deny is final. Address blocks match pods, too: a Deny of 0.0.0.0/0 also denies the traffic of every pod.',
  *check(context) {
    const policy = policyIn(context);
    if (!policy) return;
    const evaluation = context.evaluation();
    const { shadowed } = yield* ruleUses(evaluation);
    const tierOf = (one: Policy): Stage => stageOf(one, evaluation.space.objects.plane);
    const isSameTier = (one: Policy): boolean => tierOf(one) === tierOf(policy.value);
    for (const { rules } of DIRECTIONS.flatMap((direction) => policy.value[direction] ?? [])) {
      for (const one of rules) {
        const found = shadowed.get(one);
        if (!found) continue;
        const { by, byRule, meeting, same } = found;
        const own = by.value === policy.value;
        const who = own ? `rule ${byRule.index + 1}` : `${kindTitle(by.value)} ${policyName(by.value)}`;
        const message = `This rule is never reached: ${who} (${wordFor(byRule.action)}) decides first, for example ${meetingWords(evaluation, meeting)}. ${same ? 'Remove it.' : own ? 'Move it up if it is meant to apply.' : `${isSameTier(by.value) ? 'Give this policy a lower order' : 'Move this policy to an earlier tier'}, or narrow the rule before it.`}`;
        yield onKey(context, one.path, message, {
          severity: same ? 'hint' : 'warning',
          unnecessary: true,
          related: [{ key: by.key, path: byRule.path, message: 'Evaluated before.' }],
        });
      }
    }
  },
};

export default rule;

function wordFor(action: string): string {
  return action === 'Accept' ? 'Allow' : action;
}
