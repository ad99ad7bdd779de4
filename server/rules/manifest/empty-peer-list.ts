import { removePair } from '../../syntax/edit.ts';
import { asSeq, isNull, pairOf } from '../../syntax/tree.ts';
import { withTraits } from '../about.ts';
import { onKey } from '../draft.ts';
import { ruleNodes } from '../../analysis/policy-parts.ts';
import type { ManifestRule } from '../rule.ts';

const SELECTORS: readonly string[] = ['podSelector', 'namespaceSelector', 'ipBlock'];

const rule: ManifestRule = {
  name: 'empty-peer-list',
  scope: 'manifest',
  severity: 'warning',
  confidence: 'high',
  about: withTraits({ isolates: true }),
  summary: "An empty 'from' or 'to' matches all peers, not none.",
  why: 'A rule without peers matches all peers, and an empty list is the same as no list. A template that renders an empty list allows all sources or destinations, outside the cluster too.',
  *check(context) {
    for (const { path, map, peers } of ruleNodes(context)) {
      const pair = pairOf(map, peers);
      if (!pair || pair.value.hole || !map.pairs.includes(pair)) continue;
      // Selectors next to it are its missing items, and `unknown-field` reports them.
      if (isNull(pair.value) && SELECTORS.some((name) => pairOf(map, name) !== undefined)) continue;
      const wilful = asSeq(pair.value)?.items.length === 0 && asSeq(pair.value)?.hole !== true;
      if (!wilful && !isNull(pair.value)) continue;
      const message = `${wilful ? `An empty '${peers}'` : `'${peers}' has no value, which`} matches all ${peers === 'to' ? 'destinations' : 'sources'}. ${wilful ? `Remove '${peers}' if that is meant` : 'List the peers'}; to allow no ${peers === 'to' ? 'destination' : 'source'}, remove the rule.`;
      const fix = { title: `Remove '${peers}' (same meaning)`, edits: [removePair(context.text, map, pair)], safe: false };
      yield onKey(context, [...path, peers], message, {
        fixes: [fix],
        severity: wilful || pairOf(map, 'ports') ? 'information' : 'warning',
      });
    }
  },
};

export default rule;
