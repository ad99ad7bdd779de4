import { onValue } from '../draft.ts';
import { placesOnHost } from '../../analysis/host-network.ts';
import { isReadable } from '../../analysis/policy-parts.ts';
import type { WorkspaceRule } from '../rule.ts';
import { missesIn } from '../../analysis/selector-misses.ts';
import { factsIn, policyIn, workloadList, workloadsPicked } from '../../analysis/selection.ts';

const rule: WorkspaceRule = {
  name: 'hostnetwork-in-subject',
  scope: 'workspace',
  severity: 'information',
  confidence: 'high',
  profile: 'strict',
  summary: 'A policy that selects some pods that use the host network.',
  why: 'Such pods have the address of their node. What a NetworkPolicy does about them is up to the CNI, and most leave them as open as the node is; a ClusterNetworkPolicy never applies to them. The policy protects the others, and looks as if it protected all.',
  *check(context) {
    const policy = policyIn(context)?.value;
    if (!policy || !isReadable(policy, policy.subject.path) || missesIn(context).some(({ of }) => of === 'subject')) return;
    const { namespaces, pods, path } = policy.subject;
    // Who speaks of the whole cluster has no pods in particular in mind.
    if (namespaces.kind === 'selected' && namespaces.selector.requirements.length + pods.requirements.length === 0) return;
    const workloads = workloadsPicked(factsIn(context), namespaces, pods).filter(({ value }) => value.hostNetwork);
    if (workloads.length === 0) return;
    const [use, them] = workloads.length === 1 ? ['uses', 'it'] : ['use', 'them'];
    const so = policy.traits.hostNetwork
      ? `whether this policy binds ${them} depends on the CNI`
      : `policies of this kind never bind ${them}`;
    const message = `${workloadList(workloads)} ${use} the host's network: ${so}. Protect ${them} on the node, or give up hostNetwork.`;
    yield onValue(context, path, message, { related: placesOnHost(workloads) });
  },
};

export default rule;
