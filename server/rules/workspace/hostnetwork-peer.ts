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
  why: "Such pods have the address of their node. What a NetworkPolicy does about them is up to the CNI, and most take their traffic for the node's; a ClusterNetworkPolicy never applies to them and never matches them.",
  *check(context) {
    const policy = policyIn(context)?.value;
    for (const { of, kind, path, workloads } of missesIn(context)) {
      if (of !== 'peer' || kind !== 'on-host') continue;
      const [match, use, them] = workloads.length === 1 ? ['matches', 'uses', 'it'] : ['match', 'use', 'them'];
      const so =
        policy?.traits.hostNetwork === true
          ? `most CNIs take ${them} for the node, so this peer names nobody`
          : `policies of this kind never match ${them}, so this peer names nobody`;
      // network-policy-api `ClusterNetworkPolicyIngressPeer`: namespaces and pods, no addresses.
      const way =
        policy?.traits.hostNetwork === false && isBelow(path, policy.at.ingress)
          ? 'Remove the peer.'
          : 'Name the addresses of the nodes instead.';
      const message = `Only ${workloadList(workloads)} ${match} here, and ${use} the host's network: ${so}. ${way}`;
      yield onValue(context, path, message, { related: placesOnHost(workloads) });
    }
  },
};

export default rule;
