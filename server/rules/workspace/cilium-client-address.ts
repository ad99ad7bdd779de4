import { hasTraffic } from '../../base/ports.ts';
import { allowsOn, namesEntity, type AllowEntry } from '../../analysis/cilium-access.ts';
import { partsOf } from '../../analysis/cilium-parts.ts';
import { trafficIn } from '../../analysis/networks.ts';
import { targetsOf, type Target } from '../../analysis/required-connections/targets.ts';
import { factsIn, policyIn } from '../../analysis/selection.ts';
import type { WorkspaceContext } from '../../analysis/context.ts';
import { workloadName } from '../../eval/names.ts';
import type { Rule } from '../../model/policy.ts';
import type { Service } from '../../model/workload.ts';
import type { Located } from '../../workspace/cluster.ts';
import { ofApi } from '../about.ts';
import { onValue } from '../draft.ts';
import type { WorkspaceRule } from '../rule.ts';

const rule: WorkspaceRule = {
  name: 'cilium-client-address',
  scope: 'workspace',
  severity: 'warning',
  about: ofApi('cilium', 'policy'),
  confidence: 'medium',
  summary: 'Client addresses are restricted behind a Service that hides them, while nodes are allowed.',
  why: 'With `externalTrafficPolicy: Cluster`, which is the default, connections from outside may enter the cluster at any node and reach the pod from there. The entities `cluster` and `remote-node` contain the nodes: an entry with one of them allows every client, and the blocks of addresses beside it restrict nothing.',
  noFix: 'Only the author knows whether to set externalTrafficPolicy to Local, or to leave the nodes out of the policy.',
  *check(context) {
    const policy = policyIn(context);
    if (!policy || policy.value.notInForce) return;
    const parts = partsOf(policy.value);
    for (const { value: service } of context.cluster.services) {
      if (!/^(?:LoadBalancer|NodePort)$/.test(service.type) || (service.externalTrafficPolicy ?? 'Cluster') !== 'Cluster') continue;
      const found = openedTo(context, service);
      if (!found || !parts.includes(found.byAddress.where.part)) continue;
      const { target, byNode } = found;
      const message = `This entry allows some client addresses on TCP ${target.port} of ${workloadName(target.workload.value)}, but Service ${service.name} has externalTrafficPolicy Cluster, so clients arrive with the address of a node, and an entry of ${byNode.where.policy.kind} '${byNode.where.policy.name}' allows the nodes: every client can connect. Set externalTrafficPolicy to Local, or allow pods with 'fromEndpoints' instead of the nodes.`;
      yield onValue(context, found.byAddress.rule.at.peers, message, {
        related: [
          { key: found.service.key, path: ['spec'], message: 'The Service.' },
          { key: byNode.where.key, path: byNode.rule.path, message: 'Allows the nodes.' },
        ],
      });
      return;
    }
  },
};

export default rule;

interface Opened {
  readonly service: Located<Service>;
  readonly target: Target;
  readonly byAddress: AllowEntry;
  readonly byNode: AllowEntry;
}

/** Pods behind a Service that allow some addresses, and the nodes as well, on the same port. */
function openedTo(context: WorkspaceContext, service: Service): Opened | undefined {
  const evaluation = context.evaluation();
  const located = context.cluster.services.find(({ value }) => value === service);
  for (const port of service.ports) {
    for (const target of targetsOf(factsIn(context), service, port)) {
      const id = evaluation.space.classOf.get(target.workload.value) ?? -1;
      const entries =
        id === -1
          ? []
          : allowsOn(evaluation, context.cluster, 'ingress', id).filter((entry) =>
              hasTraffic(trafficIn(entry.rule), target.protocol, target.port),
            );
      const byAddress = entries.find((entry) => isByAddress(entry.rule));
      const byNode = entries.find((entry) => entry.rule.peers !== 'any' && namesEntity(entry.rule, 'remote-node', 'host'));
      const isOpen = entries.some((entry) => entry.rule.peers === 'any');
      if (located && byAddress && byNode && !isOpen) return { service: located, target, byAddress, byNode };
    }
  }
  return undefined;
}

/** Blocks of addresses, and not all of them. */
function isByAddress({ peers }: Rule): boolean {
  return (
    peers !== 'any' &&
    peers.length > 0 &&
    peers.every((peer) => peer.kind === 'networks' && peer.networks.every(({ cidr }) => !/\/0$/.test(cidr)))
  );
}
