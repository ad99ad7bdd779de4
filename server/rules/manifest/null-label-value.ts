import { quote } from '../../base/english.ts';
import { isNull } from '../../syntax/tree.ts';
import { onKey } from '../draft.ts';
import type { ManifestRule } from '../rule.ts';
import { knownValues } from '../schema/walk.ts';

const rule: ManifestRule = {
  name: 'null-label-value',
  scope: 'manifest',
  severity: 'warning',
  confidence: 'high',
  summary: 'A label without a value.',
  why: 'In a NetworkPolicy, null is stored as the empty string, which matches only labels with an empty value. In a ClusterNetworkPolicy and the v1alpha1 kinds, the label is dropped, so the selector matches more than it seems to: without another label, everything.',
  companions: ['empty-match-labels'],
  *check(context) {
    for (const { node, path, place } of knownValues(context)) {
      if (!isNull(node) || place.schema['x-format'] !== 'label-value' || path[0] === 'metadata') continue;
      const dropped = context.kind?.traits?.builtIn !== true;
      const name = path.at(-2) === 'values' ? 'This value' : quote(String(path.at(-1)));
      // A null among the values of a custom resource is rejected.
      if (path.at(-2) === 'values' && dropped) continue;
      const effect = dropped ? 'is dropped, so this selector ignores the label' : "is stored as the empty string ''";
      yield onKey(context, path, `${name} has no value and ${effect}. Add a value, or use 'operator: Exists' to match any value.`);
    }
  },
};

export default rule;
