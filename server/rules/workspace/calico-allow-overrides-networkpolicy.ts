import { DIRECTIONS } from '../../model/policy.ts';
import { meetingWords } from '../../analysis/meeting-words.ts';
import { ruleUses } from '../../analysis/rule-use.ts';
import { policyIn } from '../../analysis/selection.ts';
import { policyName } from '../../eval/names.ts';
import { ofApi } from '../about.ts';
import { onKey } from '../draft.ts';
import type { WorkspaceRule } from '../rule.ts';

const rule: WorkspaceRule = {
  name: 'calico-allow-overrides-networkpolicy',
  scope: 'workspace',
  severity: 'warning',
  confidence: 'high',
  about: ofApi('calico', 'policy'),
  summary: 'A rule that allows everything also allows what a NetworkPolicy is meant to deny.',
  why: 'In Calico a Kubernetes NetworkPolicy denies nothing by itself: what it does not allow is denied at the end of the tier default. An Allow of another policy of that tier comes before this end, whatever its order, so the NetworkPolicy restricts nothing any more.',
  *check(context) {
    const policy = policyIn(context);
    if (!policy) return;
    const evaluation = context.evaluation();
    const { overridden } = yield* ruleUses(evaluation);
    for (const { rules } of DIRECTIONS.flatMap((direction) => policy.value[direction] ?? [])) {
      for (const one of rules) {
        // A narrower Allow may well be meant as an exception.
        if (one.action !== 'Accept' || one.peers !== 'any' || one.ports !== 'any') continue;
        const found = overridden.get(one);
        if (!found) continue;
        const { isolating, meeting } = found;
        const message = `This rule allows what NetworkPolicy ${policyName(isolating.value)} does not allow, for example ${meetingWords(evaluation, meeting)}: that denial is only the end of the tier. Exclude these pods, or use a tier of its own with action Pass.`;
        yield onKey(context, one.path, message, {
          related: [{ key: isolating.key, path: isolating.value.subject.path, message: 'This policy no longer restricts anything.' }],
        });
      }
    }
  },
};

export default rule;
