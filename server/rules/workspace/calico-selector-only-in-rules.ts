import { both, unionOf as eitherBits, isNone, without } from '../../eval/bits.ts';
import { endpointBits, subjectBits } from '../../eval/endpoint-bits.ts';
import { stageOf } from '../../eval/stages.ts';
import { DIRECTIONS } from '../../model/policy.ts';
import { given } from '../../model/read.ts';
import { policyIn } from '../../analysis/selection.ts';
import { stringOf } from '../../syntax/tree.ts';
import { ofApi } from '../about.ts';
import { onKey } from '../draft.ts';
import type { WorkspaceRule } from '../rule.ts';

const rule: WorkspaceRule = {
  name: 'calico-selector-only-in-rules',
  scope: 'workspace',
  severity: 'warning',
  confidence: 'high',
  about: ofApi('calico', 'policy'),
  summary: 'A policy selects every pod, but its rules match only some of them; the others are denied everything.',
  why: 'The selector of the policy says which pods it applies to; a selector in the destination of an ingress rule or the source of an egress rule only narrows that rule. Where the policy selects more pods than its rules mention, the tier denies everything for the rest.',
  *check(context) {
    const policy = policyIn(context);
    if (!policy) return;
    const spec = context.at(['spec']);
    const selects = (['selector', 'namespaceSelector', 'serviceAccountSelector'] as const).some(
      (field) => !/^(?:all\(\))?$/.test(stringOf(given(spec, field)) ?? ''),
    );
    const { space } = context.evaluation();
    if (selects || stageOf(policy.value, space.objects.plane).unmatched !== 'deny-if-applied') return;
    const subject = subjectBits(space, policy.value);
    for (const direction of DIRECTIONS) {
      const rules = policy.value[direction]?.rules.filter(({ action }) => action !== 'Log') ?? [];
      const owns = rules.flatMap(({ own }) => (own ? [endpointBits(space, own)] : []));
      if (owns.length === 0 || owns.length < rules.length) continue;
      const named = eitherBits(...owns.map((bits) => (bits === 'all' ? subject : bits.maybe)));
      if (isNone(without(subject, named)) || isNone(both(subject, named))) continue;
      const end = direction === 'ingress' ? 'destination' : 'source';
      const message = `The policy selects every pod, and its ${direction} rules apply only to those that match ${end}: all ${direction} of the other pods is denied. Move the selector of ${end} to spec.selector.`;
      yield onKey(context, rules[0] ? [...rules[0].path, end] : ['spec'], message);
    }
  },
};

export default rule;
