import { either, ofApi, upstreamPolicies } from '../about.ts';
import { onValue } from '../draft.ts';
import { placesOnHost } from '../../analysis/host-network.ts';
import type { WorkspaceRule } from '../rule.ts';
import { missesIn } from '../../analysis/selector-misses.ts';
import { policyIn, workloadList } from '../../analysis/selection.ts';
import { isBelow } from '../../syntax/path.ts';

const rule: WorkspaceRule = {
  name: 'hostnetwork-peer',
  scope: 'workspace',
  severity: 'warning',
  confidence: 'high',
  summary: 'A peer that selects only pods that use the host network.',
  why: 'Such pods have the address of their node. Whether a NetworkPolicy matches them depends on the network plugin, and most plugins treat their traffic as traffic of the node; a ClusterNetworkPolicy never matches them.',
  about: either(upstreamPolicies, ofApi('antrea', 'policy')),
  *check(context) {
    const policy = policyIn(context)?.value;
    for (const { of, kind, path, workloads } of missesIn(context)) {
      if (of !== 'peer' || kind !== 'on-host') continue;
      const [match, use, them] = workloads.length === 1 ? ['matches', 'uses', 'it'] : ['match', 'use', 'them'];
      const so =
        policy?.traits.hostNetwork === true
          ? `most network plugins treat ${them} as the node, and this peer matches nothing`
          : `policies of this kind never match ${them}, and this peer matches nothing`;
      // network-policy-api `ClusterNetworkPolicyIngressPeer`: namespaces and pods, no addresses.
      const way =
        policy?.traits.hostNetwork === false && isBelow(path, policy.at.ingress)
          ? 'Remove the peer.'
          : 'Use the addresses of the nodes instead.';
      const message = `Only ${workloadList(workloads)} ${match} this peer, and ${use} the host network: ${so}. ${way}`;
      yield onValue(context, path, message, { related: placesOnHost(workloads) });
    }
  },
};

export default rule;
