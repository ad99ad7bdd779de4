import { removePair } from '../../syntax/edit.ts';
import { asMap, pairOf, stringOf } from '../../syntax/tree.ts';
import { withTraits } from '../about.ts';
import { onKey } from '../draft.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'namespace-on-cluster-scoped',
  scope: 'manifest',
  severity: 'warning',
  confidence: 'high',
  about: withTraits({ namespaced: false }),
  summary: 'A namespace on a cluster-scoped policy.',
  why: 'These kinds are cluster-scoped: the API server drops metadata.namespace without a warning, and the policy applies to every namespace that its subject selects.',
  *check(context) {
    const metadata = asMap(context.at(['metadata']));
    const pair = pairOf(metadata, 'namespace');
    if (!metadata || !pair || (stringOf(pair.value) ?? '') === '') return;
    const fixes = metadata.pairs.includes(pair)
      ? [{ title: "Remove 'namespace', which has no effect", edits: [removePair(context.text, metadata, pair)], safe: true }]
      : [];
    const message =
      `A ${context.kind?.kind ?? 'policy'} is cluster-scoped, so the API server drops 'namespace'. Remove it, and select namespaces in 'subject'.`.replace(
        /^A (?=A)/,
        'An ',
      );
    yield onKey(context, ['metadata', 'namespace'], message, { fixes });
  },
};

export default rule;
