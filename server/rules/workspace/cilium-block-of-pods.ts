import { hasAddress } from '../../base/addresses.ts';
import { parseIp } from '../../base/ip.ts';
import { networksIn, type NetworkPart } from '../../analysis/networks.ts';
import { policyIn } from '../../analysis/selection.ts';
import { workloadName } from '../../eval/names.ts';
import type { Workload } from '../../model/workload.ts';
import type { Located } from '../../workspace/cluster.ts';
import { podPolicies } from '../about.ts';
import { onValue } from '../draft.ts';
import type { WorkspaceRule } from '../rule.ts';

const rule: WorkspaceRule = {
  name: 'cilium-block-of-pods',
  scope: 'workspace',
  severity: 'information',
  confidence: 'high',
  about: podPolicies,
  summary: 'A block of addresses that includes those of pods, which Cilium does not match by address.',
  why: 'In Cilium, blocks of addresses match only what is outside the cluster: an entry for a block allows or denies nothing to or from pods, in its own policies and in the `ipBlock` of a NetworkPolicy alike. Pods are selected by their labels, in any namespace.',
  companions: ['single-address-block'],
  yieldsTo: ['cluster-range-block'],
  noFix: 'Only the author knows which labels select the pods that are meant.',
  *check(context) {
    const policy = policyIn(context);
    if (!policy || context.cluster.plane !== 'cilium' || policy.value.notInForce) return;
    for (const network of networksIn(policy.value)) {
      // Whoever writes the whole Internet, or a whole private range, hardly means these pods.
      if (network.cidr.prefix < MIN_PREFIX[network.cidr.family]) continue;
      const pod = context.cluster.workloads.find(({ value }) => !value.hostNetwork && isIn(network, value));
      if (!pod) continue;
      const verb = network.rule.action === 'Deny' ? 'denies' : 'allows';
      const message = `Block ${network.network.cidr} includes the address of ${workloadName(pod.value)}, but Cilium matches no pods by their addresses, so this ${verb} no connection with it. Select the pod by its labels.`;
      yield onValue(context, network.path, message, {
        severity: isOnly(network, pod) ? 'warning' : 'information',
        related: [{ key: pod.key, path: pod.value.labelsPath, message: 'The labels of the pod.' }],
      });
    }
  },
};

export default rule;

/** The longest private ranges are not meant for single clusters: 10.0.0.0/8, 172.16.0.0/12. */
const MIN_PREFIX = { 4: 13, 6: 8 } as const;

function isIn({ addresses }: NetworkPart, { ips }: Workload): boolean {
  return ips.some((text) => {
    const ip = parseIp(text);
    return ip.ok && hasAddress(addresses, ip);
  });
}

/** Is the block nothing but the address of the pod? */
function isOnly({ cidr }: NetworkPart, { value }: Located<Workload>): boolean {
  return cidr.prefix === cidr.bits && value.ips.length > 0;
}
