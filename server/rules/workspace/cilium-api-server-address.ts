import { allowsOn, namesEntity } from '../../analysis/cilium-access.ts';
import { entriesOf, isAll, isCluster, partsOf } from '../../analysis/cilium-parts.ts';
import { apiCallers, podsPlace } from '../../analysis/required-connections/api-callers.ts';
import { policyIn } from '../../analysis/selection.ts';
import type { WorkspaceContext } from '../../analysis/context.ts';
import { bitMembers, has } from '../../eval/bits.ts';
import { subjectBits } from '../../eval/endpoint-bits.ts';
import { workloadName } from '../../eval/names.ts';
import type { Policy, Rule } from '../../model/policy.ts';
import { podPolicies } from '../about.ts';
import { onValue } from '../draft.ts';
import type { WorkspaceRule } from '../rule.ts';

const rule: WorkspaceRule = {
  name: 'cilium-api-server-address',
  scope: 'workspace',
  severity: 'warning',
  about: podPolicies,
  confidence: 'medium',
  summary: 'The API server is allowed by its address, which Cilium does not match where it runs on a node.',
  why: 'In Cilium, blocks of addresses match neither pods nor nodes of the cluster, in its own policies and in the `ipBlock` of a NetworkPolicy alike. Where the API server runs on nodes of the cluster, only the entity `kube-apiserver` (or `remote-node`, `host`, `cluster`, `all`) allows it. API servers of managed clusters have addresses outside the cluster, which blocks match.',
  noFix: 'Whether the API server runs on nodes of the cluster is not in the manifests.',
  *check(context) {
    const policy = policyIn(context);
    if (!policy || context.cluster.plane !== 'cilium' || policy.value.notInForce) return;
    if (context.cluster.cilium?.cidrMatchMode === 'nodes') return;
    const callers = apiCallers(context.cluster);
    if (callers.size === 0) return;
    for (const part of partsOf(policy.value)) {
      const byAddress = entriesOf(part).find(
        ({ direction, rule: entry }) => direction === 'egress' && entry.action === 'Accept' && allowsByAddress(entry),
      );
      const caller = byAddress && blockedCaller(context, part, callers);
      if (!byAddress || !caller) continue;
      const name = workloadName(caller.workload.value);
      const way =
        part.api === 'cilium'
          ? "Add an entry 'toEntities: [kube-apiserver]'."
          : "Add a CiliumNetworkPolicy with 'toEntities: [kube-apiserver]' for these pods.";
      const message = `Workload ${name} calls the API server with service account '${caller.workload.value.account ?? ''}', and this rule allows it by its address. Cilium does not match nodes by their addresses: where the API server runs on nodes, the calls are denied. ${way}`;
      yield onValue(context, byAddress.rule.at.peers, message, {
        severity: part.api === 'cilium' ? 'warning' : 'information',
        related: [caller.reason, podsPlace(caller.workload)],
      });
    }
  },
};

export default rule;

/** The ports of API servers on nodes: kubeadm, minikube, MicroK8s. */
const OWN_PORTS: readonly number[] = [6443, 8443, 16443];

/** Blocks of addresses, on a port that API servers listen on. */
function allowsByAddress({ peers, ports }: Rule): boolean {
  const isByAddress =
    peers !== 'any' && peers.some(({ kind }) => kind === 'networks') && !peers.some((peer) => isAll(peer) || isCluster(peer));
  return (
    isByAddress &&
    ports !== 'any' &&
    ports.some((port) => port.kind === 'range' && OWN_PORTS.some((own) => port.from <= own && own <= port.to))
  );
}

type Callers = ReturnType<typeof apiCallers>;

/** A caller among the pods of a policy whom no entry allows to reach nodes. */
function blockedCaller(context: WorkspaceContext, part: Policy, callers: Callers): NonNullable<ReturnType<Callers['get']>> | undefined {
  const evaluation = context.evaluation();
  for (const id of bitMembers(subjectBits(evaluation.space, part))) {
    const caller = (evaluation.space.classes[id]?.members ?? []).flatMap((workload) => callers.get(workload) ?? [])[0];
    if (!caller) continue;
    const entries = allowsOn(evaluation, context.cluster, 'egress', id);
    const upstream = context.cluster.policies.filter(
      ({ value }) => value.api === 'kubernetes' && has(subjectBits(evaluation.space, value), id),
    );
    const isOpen = upstream.some(({ value }) => value.egress?.rules.some(({ peers }) => peers === 'any') === true);
    if (!isOpen && !entries.some((entry) => namesEntity(entry.rule, 'kube-apiserver', 'remote-node', 'host'))) return caller;
  }
  return undefined;
}
