import { removePair, replace } from '../../syntax/edit.ts';
import { asMap, pairOf } from '../../syntax/tree.ts';
import { rejectionRule } from '../cilium-rejection.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = rejectionRule({
  code: 'node-selector',
  summary: 'A `nodeSelector` in a CiliumNetworkPolicy.',
  why: 'Rules of the host firewall belong to the cluster: Cilium rejects a nodeSelector in a namespaced policy. The API server stores it, so that the nodes look protected, but nothing is enforced.',
  fixes: (_rejection, { at, text }) => {
    const kind = at(['kind']);
    const metadata = at(['metadata']);
    const namespace = pairOf(asMap(metadata), 'namespace');
    if (kind?.kind !== 'scalar') return [];
    const moved =
      metadata?.kind === 'map' && namespace && metadata.pairs.includes(namespace) ? [removePair(text, metadata, namespace)] : [];
    return [
      {
        title: 'Change to CiliumClusterwideNetworkPolicy',
        edits: [replace(kind.span, 'CiliumClusterwideNetworkPolicy'), ...moved],
        safe: false,
      },
    ];
  },
});

export default rule;
