import { removePair } from '../../syntax/edit.ts';
import { asMap, isNull, itemsOf, pairOf } from '../../syntax/tree.ts';
import { onKey } from '../draft.ts';
import { ruleNodes } from '../../analysis/policy-parts.ts';
import { putValue } from '../repair/put-value.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'null-selector',
  scope: 'manifest',
  severity: 'warning',
  confidence: 'high',
  about: ({ scopeOfPods }) => scopeOfPods === 'own',
  summary: "'namespaceSelector' has no value and is set together with a podSelector.",
  why: "A field without a value counts as not written. So the peer means pods of the policy's own namespace, while 'namespaceSelector: {}' would mean pods of every namespace.",
  *check(context) {
    const { policy, text, at } = context;
    for (const { path, peers } of ruleNodes(context)) {
      for (const [i] of itemsOf(at([...path, peers])).entries()) {
        const peer = [...path, peers, i];
        const map = asMap(at(peer));
        const pair = pairOf(map, 'namespaceSelector');
        if (!map || !pair || !isNull(pair.value) || pair.value.hole || map.hole || isNull(pairOf(map, 'podSelector')?.value)) continue;
        const own =
          policy?.namespace === undefined || policy.namespace === '' ? "the policy's own namespace" : `namespace '${policy.namespace}'`;
        const message = `'namespaceSelector' without a value counts as not written: only pods of ${own} match. Write {} for every namespace, or remove the field.`;
        const all = { title: "Select every namespace: 'namespaceSelector: {}'", edits: [putValue(text, pair, '{}')], safe: false };
        const here = { title: 'Remove it: own namespace only', edits: [removePair(text, map, pair)], safe: false };
        yield onKey(context, [...peer, 'namespaceSelector'], message, { fixes: map.pairs.includes(pair) ? [all, here] : [] });
      }
    }
  },
};

export default rule;
