import { stringOf, get } from '../../syntax/tree.ts';
import { likeScalar, replace } from '../../syntax/edit.ts';
import { ofApi } from '../about.ts';
import { onValue } from '../draft.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'calico-storage-form',
  scope: 'manifest',
  severity: 'information',
  confidence: 'high',
  about: ofApi('calico'),
  summary: 'A Calico object in its storage form, crd.projectcalico.org/v1.',
  why: 'crd.projectcalico.org/v1 is what Calico stores its own objects as. Written directly, it is checked by the CRD only: selectors that cannot be parsed, ports without a protocol and the like are accepted, and show up in the logs of the agents at best. Names of policies carry the tier there.',
  *check(context) {
    const node = get(context.root, 'apiVersion');
    if (stringOf(node) !== 'crd.projectcalico.org/v1') return;
    const message =
      "'crd.projectcalico.org/v1' is Calico's storage form: nothing checks selectors, ports and blocks when it is applied. Use projectcalico.org/v3, with the Calico API server or calicoctl.";
    const fixes =
      node?.kind === 'scalar'
        ? [{ title: 'Change to projectcalico.org/v3', edits: [replace(node.span, likeScalar('projectcalico.org/v3', node))], safe: false }]
        : [];
    yield onValue(context, ['apiVersion'], message, { fixes });
  },
};

export default rule;
