import { given } from '../../model/read.ts';
import { asScalar, stringOf } from '../../syntax/tree.ts';
import { ofApi } from '../about.ts';
import { refused, rejected, setField } from '../findings/calico.ts';
import type { ManifestRule } from '../rule.ts';

/** The tiers that exist in every cluster with Calico (api `v3/tier.go`). */
const FIXED: ReadonlyMap<string, { readonly order: number; readonly defaultAction: 'Deny' | 'Pass' }> = new Map([
  ['kube-admin', { order: 1000, defaultAction: 'Pass' }],
  ['default', { order: 1_000_000, defaultAction: 'Deny' }],
  ['kube-baseline', { order: 10_000_000, defaultAction: 'Pass' }],
]);

const rule: ManifestRule = {
  name: 'calico-fixed-tier',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  about: ofApi('calico', 'tier'),
  summary: 'A tier that Calico itself creates, with another order or default action.',
  why: 'kube-admin, default and kube-baseline hold the policies of Kubernetes, so their place is fixed: orders 1000, 1000000 and 10000000, default actions Pass, Deny and Pass. Calico and the API server reject anything else. Create a tier with a name of your own.',
  *check(context) {
    const name = stringOf(given(given(context.root, 'metadata'), 'name'));
    const fixed = FIXED.get(name ?? '');
    const spec = given(context.root, 'spec');
    if (!fixed || name === undefined) return;
    const written = given(spec, 'order');
    const order = asScalar(setField(spec, 'order'))?.value;
    const value = order && (order.type === 'int' || order.type === 'float') ? order.value : undefined;
    if (written === undefined || (value !== undefined && value !== fixed.order)) {
      yield refused(
        context,
        ['spec', 'order'],
        `The tier '${name}' has the order ${fixed.order}, which cannot be changed. Use a tier of your own.`,
      );
    }
    const action = stringOf(setField(spec, 'defaultAction')) ?? (given(spec, 'defaultAction') === undefined ? 'Deny' : undefined);
    if ((action === 'Deny' || action === 'Pass') && action !== fixed.defaultAction) {
      yield rejected(
        context,
        ['spec', 'defaultAction'],
        `The tier '${name}' has the default action ${fixed.defaultAction}. Use a tier of your own for another one.`,
      );
    }
  },
};

export default rule;
