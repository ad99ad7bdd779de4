import { either, ofApi, upstreamPolicies } from '../about.ts';
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
  why: 'Such pods have the address of their node. Whether a NetworkPolicy applies to them depends on the network plugin, and with most plugins it does not; a ClusterNetworkPolicy never applies to them.',
  about: either(upstreamPolicies, ofApi('antrea', 'policy')),
  *check(context) {
    const mayBind = policyIn(context)?.value.traits.hostNetwork === true;
    for (const { of, kind, path, workloads } of missesIn(context)) {
      if (of !== 'subject' || kind !== 'on-host') continue;
      const [use, them] = workloads.length === 1 ? ['uses', 'it'] : ['use', 'them'];
      const so = mayBind
        ? `with most network plugins this policy does not apply to ${them}`
        : `policies of this kind never apply to ${them}`;
      const message = `This policy selects only ${workloadList(workloads)}, which ${use} the host network: ${so}. Protect the nodes by other means, or remove hostNetwork.`;
      yield onValue(context, path, message, { related: placesOnHost(workloads) });
    }
  },
};

export default rule;
