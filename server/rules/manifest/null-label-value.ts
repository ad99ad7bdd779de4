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
  why: 'NetworkPolicy stores a missing value as the empty text, which matches only labels with an empty value. ClusterNetworkPolicy and the v1alpha1 kinds drop the label, so that the selector matches more than it seems: with no other label, everything.',
  companions: ['empty-match-labels'],
  *check(context) {
    for (const { node, path, place } of knownValues(context)) {
      if (!isNull(node) || place.schema['x-format'] !== 'label-value' || path[0] === 'metadata') continue;
      const dropped = context.kind?.traits.builtIn !== true;
      const name = path.at(-2) === 'values' ? 'This value' : quote(String(path.at(-1)));
      // A null among the values of a custom resource is rejected.
      if (path.at(-2) === 'values' && dropped) continue;
      const effect = dropped ? 'is dropped, so this selector does not look at the label at all' : "counts as the empty text ''";
      yield onKey(context, path, `${name} has no value and ${effect}. Give it a value, or use 'operator: Exists' for any value.`);
    }
  },
};

export default rule;
