import { onValue } from '../draft.ts';
import { placesOnHost } from '../../analysis/host-network.ts';
import { isReadable } from '../../analysis/policy-parts.ts';
import type { WorkspaceRule } from '../rule.ts';
import { missesIn } from '../../analysis/selector-misses.ts';
import { factsIn, onHostPicked, policyIn, workloadList } from '../../analysis/selection.ts';

const rule: WorkspaceRule = {
  name: 'hostnetwork-in-subject',
  scope: 'workspace',
  severity: 'information',
  confidence: 'high',
  profile: 'strict',
  summary: 'A policy that selects some pods that use the host network.',
  why: 'Such pods have the address of their node. Whether a NetworkPolicy applies to them depends on the network plugin, and with most plugins it does not; a ClusterNetworkPolicy never applies to them. The policy protects the other pods, and looks as if it protected all of them.',
  *check(context) {
    const policy = policyIn(context)?.value;
    if (!policy || !isReadable(policy, policy.subject.path) || missesIn(context).some(({ of }) => of === 'subject')) return;
    const { namespaces, pods, path } = policy.subject;
    // A subject of the whole cluster means no particular pods.
    if (namespaces.kind === 'selected' && namespaces.selector.requirements.length + pods.requirements.length === 0) return;
    const workloads = onHostPicked(factsIn(context), namespaces, pods);
    if (workloads.length === 0) return;
    const so = policy.traits.hostNetwork
      ? 'whether this policy applies to them depends on the network plugin'
      : 'policies of this kind never apply to them';
    const message = `Pods of ${workloadList(workloads)} use the host network, so ${so}. Protect them on the node, or remove hostNetwork.`;
    yield onValue(context, path, message, { related: placesOnHost(workloads) });
  },
};

export default rule;
