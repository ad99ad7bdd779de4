import { asMap, get, isNull, stringOf } from '../../syntax/tree.ts';
import { anyWithTraits } from '../about.ts';
import { onKey } from '../draft.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'missing-namespace',
  scope: 'manifest',
  severity: 'hint',
  confidence: 'medium',
  profile: 'audit',
  about: anyWithTraits({ namespaced: true }),
  summary: 'The file does not say which namespace the policy is for.',
  why: 'kubectl then uses the namespace of the current context. A policy in the wrong namespace protects nothing, and no error says so. Where kustomize or Helm sets the namespace, turn this rule off.',
  *check(context) {
    const metadata = asMap(context.at(['metadata']));
    const namespace = get(metadata, 'namespace');
    if (context.partial || !metadata || metadata.hole || (!isNull(namespace) && stringOf(namespace) !== '')) return;
    yield onKey(
      context,
      ['metadata'],
      'No namespace is set, so kubectl uses that of its current context. Add metadata.namespace, unless kustomize or Helm sets it.',
    );
  },
};

export default rule;
