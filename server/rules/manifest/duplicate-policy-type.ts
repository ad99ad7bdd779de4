import { removeItem } from '../../syntax/edit.ts';
import { asSeq, stringOf } from '../../syntax/tree.ts';
import { withFields } from '../about.ts';
import { onValue } from '../draft.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'duplicate-policy-type',
  scope: 'manifest',
  severity: 'warning',
  confidence: 'high',
  about: withFields('policyTypes'),
  summary: 'A direction that is listed twice in policyTypes.',
  why: 'The second one has no effect. Usually the other direction was meant, which is then not isolated.',
  *check(context) {
    const path = ['spec', 'policyTypes'];
    const node = context.at(path);
    const list = asSeq(node);
    const types = list?.items.map(({ value }) => stringOf(value)) ?? [];
    for (const [i, type] of types.entries()) {
      const item = list?.items[i];
      if (type === undefined || !item || types.indexOf(type) === i) continue;
      const other = type === 'Ingress' ? 'Egress' : 'Ingress';
      // Whoever copied the line may have forgotten to change it.
      const safe = types.includes(other);
      const fixes =
        node?.kind === 'seq' ? [{ title: 'Remove the second occurrence', edits: [removeItem(context.text, node, item)], safe }] : [];
      const hint = types.includes(other) ? 'Remove it.' : `Remove it, or write ${other} if that was meant.`;
      yield onValue(context, [...path, i], `'${type}' is listed a second time, which has no effect. ${hint}`, {
        fixes,
        related: [{ path: [...path, types.indexOf(type)], message: 'First occurrence.' }],
      });
    }
  },
};

export default rule;
