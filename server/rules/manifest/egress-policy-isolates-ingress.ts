import { insertField } from '../../syntax/edit.ts';
import { asMap, asSeq, get, isNull, itemsOf, pairOf } from '../../syntax/tree.ts';
import { withFields } from '../about.ts';
import { onKey } from '../draft.ts';
import type { Fix } from '../finding.ts';
import { subjectWords } from '../../analysis/policy-parts.ts';
import { putValue } from '../repair/insert-item.ts';
import type { ManifestContext, ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'egress-policy-isolates-ingress',
  scope: 'manifest',
  severity: 'warning',
  confidence: 'high',
  about: withFields('policyTypes'),
  summary: 'A policy with egress rules only and without policyTypes isolates its pods for ingress too.',
  why: 'Without policyTypes, a policy always applies to Ingress, and to Egress if it has egress rules. A policy with egress rules only therefore denies all ingress to its pods.',
  *check(context) {
    const { at, partial, policy } = context;
    const spec = asMap(at(['spec']));
    if (partial || !policy || !spec || spec.hole) return;
    const types = get(spec, 'policyTypes');
    const unset = types === undefined || (!types.hole && (isNull(types) || asSeq(types)?.items.length === 0));
    if (!unset || pairOf(spec, 'ingress') || itemsOf(get(spec, 'egress')).length === 0) return;
    const message = `Without policyTypes, this policy also denies all ingress to ${subjectWords(context)}. Write 'policyTypes: [Egress]' to leave ingress unrestricted, or list both directions.`;
    yield onKey(context, ['spec', 'egress'], message, {
      fixes: [typesFix(context, ['Egress']), typesFix(context, ['Ingress', 'Egress'])].flat(),
    });
  },
};

export default rule;

function typesFix({ at, text }: ManifestContext, types: readonly string[]): readonly Fix[] {
  const spec = at(['spec']);
  if (spec?.kind !== 'map') return [];
  const pair = pairOf(spec, 'policyTypes');
  const value = spec.flow || pair ? `[${types.join(', ')}]` : types.map((type) => `- ${type}`).join('\n');
  const selector = pairOf(spec, 'podSelector');
  const edit = pair
    ? putValue(text, pair, value)
    : insertField(text, spec, 'policyTypes', value, selector ? { after: selector } : { first: true });
  const title =
    types.length === 1 ? `Add 'policyTypes: [${types.join()}]' to limit egress only` : 'List Ingress and Egress to keep both directions';
  return [{ title, edits: [edit], safe: false }];
}
