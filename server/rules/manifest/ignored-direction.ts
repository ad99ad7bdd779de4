import { columnAt } from '../../base/lines.ts';
import { lineBreak, replace } from '../../syntax/edit.ts';
import { asSeq, get, itemsOf, stringOf } from '../../syntax/tree.ts';
import { withFields } from '../about.ts';
import { onField } from '../draft.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'ignored-direction',
  scope: 'manifest',
  severity: 'warning',
  confidence: 'high',
  about: withFields('policyTypes'),
  summary: 'Rules for a direction that policyTypes does not list.',
  why: 'policyTypes alone decides to which directions the policy applies. The API server accepts rules for another direction, but Kubernetes ignores them.',
  *check(context) {
    const spec = get(context.root, 'spec');
    const node = get(spec, 'policyTypes');
    const list = asSeq(node);
    const types = itemsOf(node).map(stringOf);
    if (!list || list.hole || types.length === 0 || types.some((type) => type !== 'Ingress' && type !== 'Egress')) return;
    for (const [field, type] of [
      ['ingress', 'Ingress'],
      ['egress', 'Egress'],
    ] as const) {
      const rules = asSeq(get(spec, field));
      if (!rules || rules.items.length === 0 || types.includes(type)) continue;
      const last = list.items.at(-1);
      const block =
        last && !list.flow ? `${lineBreak(context.text)}${' '.repeat(columnAt(context.text, last.span.start))}- ${type}` : `, ${type}`;
      const fixes =
        node?.kind === 'seq' && last
          ? [
              {
                title: `Add ${type} to policyTypes, which applies these rules`,
                edits: [replace({ start: last.span.end, end: last.span.end }, block)],
                safe: false,
              },
            ]
          : [];
      const message = `Kubernetes ignores ${rules.items.length === 1 ? `this ${field} rule` : `these ${rules.items.length} ${field} rules`}, because 'policyTypes' does not list ${type}. Add ${type} to 'policyTypes', or remove the rules.`;
      yield onField(context, ['spec', field], message, {
        fixes,
        related: [{ path: ['spec', 'policyTypes'], message: 'The directions that the policy applies to.' }],
        unnecessary: true,
      });
    }
  },
};

export default rule;
