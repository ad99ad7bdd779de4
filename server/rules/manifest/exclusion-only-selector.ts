import { list, quote } from '../../base/english.ts';
import { NAME_LABEL } from '../../model/namespace.ts';
import { onKey } from '../draft.ts';
import { selectorsIn } from '../../analysis/policy-parts.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'exclusion-only-selector',
  scope: 'manifest',
  severity: 'information',
  confidence: 'low',
  summary: 'A peer is selected only by exclusions.',
  why: "'NotIn' also matches objects without the label. A peer that is described only by exclusions allows every new object that has no label yet.",
  companions: ['in-with-one-value'],
  *check(context) {
    for (const { selector, rule, of } of selectorsIn(context.policy)) {
      const keys = selector.requirements
        .filter(({ operator, key }) => operator === 'NotIn' && key !== NAME_LABEL)
        .map(({ key }) => quote(key));
      const only = keys.length > 0 && keys.length === selector.requirements.length && selector.unreadable === undefined;
      if (!only || rule?.action !== 'Accept') continue;
      const wide = `This peer also matches every ${of} without ${list(keys, 'or')}.`;
      yield onKey(context, selector.path, `${wide} Add an 'Exists' requirement if the label is required, or select what is meant.`);
    }
  },
};

export default rule;
