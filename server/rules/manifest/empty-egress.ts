import { insertField } from '../../syntax/edit.ts';
import { asMap, asSeq, get, isNull, pairOf } from '../../syntax/tree.ts';
import { withFields } from '../about.ts';
import { onKey, onValue } from '../draft.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'empty-egress',
  scope: 'manifest',
  severity: 'warning',
  confidence: 'high',
  about: withFields('policyTypes'),
  summary: 'An empty egress list without policyTypes denies no egress.',
  why: 'Without policyTypes, a NetworkPolicy applies to ingress, and to egress only if it has at least one egress rule. So egress: [] looks like "deny all egress", but it restricts no egress and denies all ingress instead.',
  *check(context) {
    const spec = get(context.root, 'spec');
    const egress = get(spec, 'egress');
    const types = get(spec, 'policyTypes');
    const given = !isNull(types) && types !== undefined && (asSeq(types)?.items.length !== 0 || types.hole);
    const isBlank = isNull(egress) || asSeq(egress)?.items.length === 0;
    if (!egress || egress.hole || !isBlank || given || context.partial) return;
    const what = isNull(egress) ? "'egress' has no value and" : "'egress: []'";
    const map = asMap(spec);
    const written = pairOf(map, 'policyTypes');
    const after = pairOf(map, 'podSelector');
    const fixes =
      spec?.kind === 'map' && map && !written
        ? [
            {
              title: "Add 'policyTypes: [Ingress, Egress]', which denies egress too",
              edits: [insertField(context.text, map, 'policyTypes', '[Ingress, Egress]', after ? { after } : { first: true })],
              safe: false,
            },
          ]
        : [];
    const message = `${what} denies no egress: without policyTypes, only ingress is restricted. To deny egress, list Egress in 'policyTypes'.`;
    yield (isNull(egress) ? onKey : onValue)(context, ['spec', 'egress'], message, { fixes });
  },
};

export default rule;
