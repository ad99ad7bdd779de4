import { insertField } from '../../syntax/edit.ts';
import { tearsTemplate } from '../../syntax/template-edit.ts';
import { asMap, get, itemsOf, pairOf, pairsOf } from '../../syntax/tree.ts';
import { withFields } from '../about.ts';
import { onKey } from '../draft.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'policy-types-missing',
  scope: 'manifest',
  severity: 'information',
  confidence: 'high',
  profile: 'strict',
  about: withFields('policyTypes'),
  summary: 'A policy without policyTypes.',
  why: 'The default depends on the rules: always Ingress, and Egress only if there is an egress rule. Adding the first egress rule, or removing the last one, changes a whole direction.',
  *check(context) {
    const { at, partial, policy, text } = context;
    const spec = asMap(at(['spec']));
    if (partial || !policy || !spec || spec.hole || pairOf(spec, 'policyTypes')) return;
    const hasEgress = itemsOf(get(spec, 'egress')).length > 0;
    // It may be there under another name, or in a place that other findings are about.
    if (pairOf(context.root, 'policyTypes') || pairsOf(spec).some(({ name }) => name === undefined || !FIELDS.includes(name))) return;
    // Those two traps have a rule of their own.
    if ((hasEgress && !pairOf(spec, 'ingress')) || (!hasEgress && pairOf(spec, 'egress'))) return;
    const types = hasEgress ? ['Ingress', 'Egress'] : ['Ingress'];
    const counts = hasEgress ? 'Ingress and, because it has an egress rule, to Egress' : 'Ingress only, until an egress rule is added';
    const value = spec.flow ? `[${types.join(', ')}]` : types.map((type) => `- ${type}`).join('\n');
    const selector = pairOf(spec, 'podSelector');
    const behind = selector && insertField(text, spec, 'policyTypes', value, { after: selector });
    const edit = behind && !tearsTemplate(text, behind) ? behind : insertField(text, spec, 'policyTypes', value, { first: true });
    const title = `Add policyTypes: ${types.join(', ')}`;
    yield onKey(
      context,
      ['spec'],
      `Without policyTypes, the policy applies to ${counts}. Add policyTypes, so that changing a rule cannot change the directions.`,
      {
        fixes: [{ title, edits: [edit], safe: true }],
      },
    );
  },
};

export default rule;

const FIELDS: readonly string[] = ['podSelector', 'policyTypes', 'ingress', 'egress'];
