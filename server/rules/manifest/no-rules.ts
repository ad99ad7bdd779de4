import { DIRECTIONS } from '../../model/policy.ts';
import { asSeq, get, isNull } from '../../syntax/tree.ts';
import { withTraits } from '../about.ts';
import { onKey } from '../draft.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'no-rules',
  scope: 'manifest',
  severity: 'warning',
  confidence: 'high',
  about: withTraits({ ordered: true }),
  summary: 'A policy without rules, which has no effect.',
  why: 'Unlike a NetworkPolicy, these kinds isolate nothing by selecting pods: without a rule the policy changes no connection, in particular it denies none.',
  *check(context) {
    const spec = context.at(['spec']);
    if (spec?.kind !== 'map' || spec.hole || context.partial) return;
    const hasRules = DIRECTIONS.some((direction) => {
      const list = get(spec, direction);
      return list !== undefined && !isNull(list) && (list.hole || asSeq(list)?.hole !== false || (asSeq(list)?.items.length ?? 0) > 0);
    });
    if (!hasRules)
      yield onKey(
        context,
        ['spec'],
        'This policy has no rules, so it changes nothing: selecting pods denies nothing here. Add an ingress or egress rule.',
      );
  },
};

export default rule;
