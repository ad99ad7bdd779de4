import type { PortMatch, Rule } from '../../model/policy.ts';
import { targetPort } from '../../model/target-port.ts';
import type { Workload } from '../../model/workload.ts';
import type { Cluster, Located } from '../../workspace/cluster.ts';
import { clusterFacts, type ClusterFacts } from '../facts.ts';
import { requiredConnections } from './required.ts';
import { targetsOf, type Target } from './targets.ts';

/**
 * Is each of the ports one to which callers connect that no selector matches? These are the API server where a webhook or an aggregated
 * API leads to the pods, the load balancer of an Ingress that sends to pods itself, and the clients of a LoadBalancer or NodePort Service:
 * they arrive with addresses of nodes or from outside the cluster (kubernetes/website `network-policies.md`, `service.md`).
 */
export function isForOutsideCallers(cluster: Cluster, pods: readonly Located<Workload>[], { ports }: Rule): boolean {
  if (ports === 'any' || ports.length === 0 || pods.length === 0) return false;
  const targets = pods.flatMap((pod) => outsideTargets(cluster, clusterFacts(cluster), pod));
  return ports.every((port) => targets.some((target) => isAt(port, target)));
}

function outsideTargets(cluster: Cluster, facts: ClusterFacts, { value: pod }: Located<Workload>): readonly Target[] {
  const { webhook, ingress } = requiredConnections(cluster);
  const called = [...(webhook.to.get(pod) ?? []), ...(ingress.to.get(pod) ?? [])].filter(
    ({ kind, outside }) => outside === 'only' || (kind === 'webhook' && outside === 'also'),
  );
  const published = (facts.servicesIn.get(pod.namespace) ?? []).filter(({ value }) => /^(?:LoadBalancer|NodePort)$/.test(value.type));
  const behind = published.flatMap(({ value }) => value.ports.flatMap((port) => targetsOf(facts, value, port)));
  return [...called.flatMap(({ targets }) => targets), ...behind].filter(({ workload }) => workload.value === pod);
}

/** A port by its number, or by its name in the containers of the pods. */
function isAt(port: PortMatch, { workload, protocol, port: number }: Target): boolean {
  if (port.kind === 'range') return port.protocol === protocol && port.from === number && port.to === number;
  return port.kind === 'named' && targetPort(workload.value, port.name, protocol) === number;
}
