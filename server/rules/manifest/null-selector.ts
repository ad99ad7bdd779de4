import { removePair } from '../../syntax/edit.ts';
import { asMap, isNull, itemsOf, pairOf } from '../../syntax/tree.ts';
import { onKey } from '../draft.ts';
import { ruleNodes } from '../../analysis/policy-parts.ts';
import { putValue } from '../repair/insert-item.ts';
import type { ManifestRule } from '../rule.ts';
import { upstreamPolicies } from '../about.ts';

const rule: ManifestRule = {
  name: 'null-selector',
  scope: 'manifest',
  severity: 'warning',
  confidence: 'high',
  about: (kind) => kind.role === 'policy' && upstreamPolicies(kind) && kind.scopeOfPods === 'own',
  summary: "'namespaceSelector' has no value and is set together with a podSelector.",
  why: "Kubernetes ignores a field whose value is null. The peer therefore selects pods in the policy's own namespace, while 'namespaceSelector: {}' would select pods in all namespaces.",
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
        const message = `'namespaceSelector' has no value, so Kubernetes ignores it and only pods in ${own} match. Write '{}' for all namespaces, or remove the field.`;
        const all = { title: "Write 'namespaceSelector: {}' to select all namespaces", edits: [putValue(text, pair, '{}')], safe: false };
        const here = {
          title: "Remove 'namespaceSelector' to select the policy's own namespace",
          edits: [removePair(text, map, pair)],
          safe: false,
        };
        yield onKey(context, [...peer, 'namespaceSelector'], message, { fixes: map.pairs.includes(pair) ? [all, here] : [] });
      }
    }
  },
};

export default rule;
