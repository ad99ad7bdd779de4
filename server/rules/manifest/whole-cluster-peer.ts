import { namePromisesAllowAll } from '../../analysis/allow-all.ts';
import { onKey } from '../draft.ts';
import { peersIn, picksAll } from '../../analysis/policy-parts.ts';
import { withTraits } from '../about.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'whole-cluster-peer',
  scope: 'manifest',
  severity: 'information',
  confidence: 'high',
  about: withTraits({ namespaced: true }),
  summary: 'A rule that allows every pod of the cluster on every port.',
  why: "'namespaceSelector: {}' selects all namespaces. Without a podSelector and without ports, the rule allows every workload of the cluster.",
  *check(context) {
    if (!context.policy || namePromisesAllowAll(context.policy)) return;
    for (const { peer, rule, direction } of peersIn(context.policy)) {
      // Egress to the cluster alone keeps pods from the rest of the world.
      if (direction === 'egress') continue;
      if (peer.kind !== 'pods' || rule.ports !== 'any' || peer.namespaces.kind === 'own') continue;
      if (!picksAll(peer.namespaces.selector) || !picksAll(peer.pods)) continue;
      yield onKey(
        context,
        [...peer.path, 'namespaceSelector'],
        'This peer allows every pod of every namespace on every port. Select namespaces or pods, or list ports, to narrow it.',
      );
    }
  },
};

export default rule;
