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
  why: 'Unlike a NetworkPolicy, these kinds do not isolate the pods that they select: a policy without rules denies nothing.',
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
        'This policy has no rules and no effect: selecting pods does not deny their traffic. Add an ingress or egress rule.',
      );
  },
};

export default rule;
