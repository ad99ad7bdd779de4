import { rejectionRule } from '../cilium-rejection.ts';
import { removedField } from '../repair/remove-field.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = rejectionRule({
  code: 'invalid-selector',
  summary: 'A label selector that Cilium cannot read.',
  why: "Cilium's CRD checks neither label keys nor the values of matchExpressions, so the API server stores selectors that no label can match. Cilium rejects the whole policy. With the source in front of it (`any.` where none is written), a key must still be a label key of Kubernetes.",
  fixes: ({ path, mistake }, { at, text }) => (mistake === 'values' ? removedField(text, at(path.slice(0, -1)), 'values') : []),
});

export default rule;
