import { onKey } from '../draft.ts';
import { peersIn, picksAll } from '../../analysis/policy-parts.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'single-label-selector',
  scope: 'manifest',
  severity: 'hint',
  confidence: 'medium',
  profile: 'audit',
  summary: 'Pods are selected by a single label.',
  why: 'A user who can label a pod gets what the label allows. With a second label (component, release), a copied or mistyped label allows less.',
  *check(context) {
    for (const { peer, rule } of peersIn(context.policy)) {
      if (peer.kind !== 'pods' || rule.action !== 'Accept' || peer.pods.unreadable !== undefined) continue;
      const [only, ...more] = peer.pods.requirements;
      if (!only || more.length > 0) continue;
      // With labels of the namespace asked for too, it is not alone.
      if (peer.namespaces.kind === 'selected' && !picksAll(peer.namespaces.selector)) continue;
      yield onKey(
        context,
        peer.pods.path,
        `The label '${only.key}' alone selects the pods that are allowed. Add a second label, which makes a mistake less likely.`,
      );
    }
  },
};

export default rule;
