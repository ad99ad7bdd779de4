import { removePair } from '../../syntax/edit.ts';
import { asSeq, isNull, pairOf } from '../../syntax/tree.ts';
import { onKey } from '../draft.ts';
import { ruleNodes } from '../../analysis/policy-parts.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'empty-port-list',
  scope: 'manifest',
  severity: 'warning',
  confidence: 'high',
  summary: 'An empty list of ports matches every port, not none.',
  why: 'A rule without ports matches every port of every protocol, and an empty list is the same as no list. A template that renders an empty list allows every port.',
  *check(context) {
    for (const { path, map, ports } of ruleNodes(context)) {
      const pair = pairOf(map, ports);
      if (!pair || pair.value.hole || !map.pairs.includes(pair)) continue;
      const wilful = asSeq(pair.value)?.items.length === 0 && asSeq(pair.value)?.hole !== true;
      if (!wilful && !isNull(pair.value)) continue;
      const message = `${wilful ? `An empty '${ports}'` : `'${ports}' has no value, which`} matches every port. ${wilful ? `Remove '${ports}' if that is meant.` : 'List the ports, or remove the field.'}`;
      const fix = { title: `Remove '${ports}' (same meaning)`, edits: [removePair(context.text, map, pair)], safe: false };
      yield onKey(context, [...path, ports], message, { fixes: [fix], ...(wilful ? { severity: 'information' as const } : {}) });
    }
  },
};

export default rule;
