import { removePair } from '../../syntax/edit.ts';
import { asSeq, isNull, pairOf } from '../../syntax/tree.ts';
import { withTraits } from '../about.ts';
import { onKey } from '../draft.ts';
import { ruleNodes } from '../../analysis/policy-parts.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'empty-peer-list',
  scope: 'manifest',
  severity: 'warning',
  confidence: 'high',
  about: withTraits({ isolates: true }),
  summary: "An empty 'from' or 'to' matches all peers, not none.",
  why: 'A rule without peers matches every peer, and an empty list counts as none given. A template that fills the list with nothing opens the rule to the whole world.',
  *check(context) {
    for (const { path, map, peers } of ruleNodes(context)) {
      const pair = pairOf(map, peers);
      if (!pair || pair.value.hole || !map.pairs.includes(pair)) continue;
      const wilful = asSeq(pair.value)?.items.length === 0 && asSeq(pair.value)?.hole !== true;
      if (!wilful && !isNull(pair.value)) continue;
      const message = `An empty '${peers}' means anybody, not nobody. ${wilful ? 'Without it the rule means the same.' : 'Name the peers, or remove the field.'} To let nobody ${peers === 'to' ? 'out' : 'in'}, remove the rule.`;
      const fix = { title: `Remove '${peers}' (the rule means the same)`, edits: [removePair(context.text, map, pair)], safe: false };
      yield onKey(context, [...path, peers], message, {
        fixes: [fix],
        severity: wilful || pairOf(map, 'ports') ? 'information' : 'warning',
      });
    }
  },
};

export default rule;
