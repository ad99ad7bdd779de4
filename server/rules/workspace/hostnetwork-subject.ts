import { onValue } from '../draft.ts';
import { placesOnHost } from '../../analysis/host-network.ts';
import type { WorkspaceRule } from '../rule.ts';
import { missesIn } from '../../analysis/selector-misses.ts';
import { policyIn, workloadList } from '../../analysis/selection.ts';

const rule: WorkspaceRule = {
  name: 'hostnetwork-subject',
  scope: 'workspace',
  severity: 'warning',
  confidence: 'high',
  summary: 'A policy that selects only pods that use the host network.',
  why: 'Such pods have the address of their node. What a NetworkPolicy does about them is up to the CNI, and most leave them as open as the node is; a ClusterNetworkPolicy never applies to them.',
  *check(context) {
    const mayBind = policyIn(context)?.value.traits.hostNetwork === true;
    for (const { of, kind, path, workloads } of missesIn(context)) {
      if (of !== 'subject' || kind !== 'on-host') continue;
      const [use, them] = workloads.length === 1 ? ['uses', 'it'] : ['use', 'them'];
      const so = mayBind ? `with most CNIs this policy leaves ${them} open` : `policies of this kind never bind ${them}`;
      const message = `This policy selects only ${workloadList(workloads)}, which ${use} the host's network: ${so}. Protect the nodes by other means, or give up hostNetwork.`;
      yield onValue(context, path, message, { related: placesOnHost(workloads) });
    }
  },
};

export default rule;
