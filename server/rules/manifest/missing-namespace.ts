import { asMap, get, isNull, stringOf } from '../../syntax/tree.ts';
import { withTraits } from '../about.ts';
import { onKey } from '../draft.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'missing-namespace',
  scope: 'manifest',
  severity: 'hint',
  confidence: 'medium',
  profile: 'audit',
  about: withTraits({ namespaced: true }),
  summary: 'The file does not say which namespace the policy is for.',
  why: 'Then kubectl takes the namespace of whoever applies it. A policy in the wrong namespace protects nothing and tells nobody. Where kustomize or Helm sets it, switch this rule off.',
  *check(context) {
    const metadata = asMap(context.at(['metadata']));
    const namespace = get(metadata, 'namespace');
    if (context.partial || !metadata || metadata.hole || (!isNull(namespace) && stringOf(namespace) !== '')) return;
    yield onKey(
      context,
      ['metadata'],
      'No namespace: the policy goes to whichever one kubectl is set to. Name it, unless kustomize or Helm does.',
    );
  },
};

export default rule;
