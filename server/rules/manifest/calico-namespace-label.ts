import { given } from '../../model/read.ts';
import { asMap } from '../../syntax/tree.ts';
import { ofApi } from '../about.ts';
import { refused } from '../findings/calico.ts';
import type { ManifestRule } from '../rule.ts';

const RESERVED = 'projectcalico.org/namespace';

const rule: ManifestRule = {
  name: 'calico-namespace-label',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  about: ofApi('calico', 'set'),
  summary: 'A network set with the label projectcalico.org/namespace.',
  why: 'Calico sets this label itself, to the namespace of the set, and rejects a set that contains it. Select the namespace with namespaceSelector, or use a label of your own.',
  *check(context) {
    const labels = asMap(given(given(context.root, 'metadata'), 'labels'));
    if (labels?.pairs.some(({ name }) => name === RESERVED) !== true) return;
    yield refused(context, ['metadata', 'labels', RESERVED], `The label '${RESERVED}' is set by Calico and cannot be written. Remove it.`);
  },
};

export default rule;
