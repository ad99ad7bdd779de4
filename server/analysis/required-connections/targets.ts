import type { Protocol } from '../../base/ports.ts';
import { selects, type Labels } from '../../model/selector.ts';
import { targetPort } from '../../model/target-port.ts';
import type { Service, ServicePort, Workload } from '../../model/workload.ts';
import type { Located } from '../../workspace/cluster.ts';
import type { ClusterFacts } from '../facts.ts';
import type { Related } from '../related.ts';
import type { KnownCaller } from './known-callers.ts';

/** A connection that an object of the cluster depends on. */
export interface RequiredConnection {
  /** `client`: a workload names a Service. `replica`: the same, where the Service is that of the workload itself. */
  readonly kind: 'scrape' | 'webhook' | 'ingress' | 'client' | 'replica';
  /** What depends on it: `Ingress shop/web`. */
  readonly name: string;
  /** The known sources. One that is allowed is enough. */
  readonly sources: readonly KnownCaller[];
  /**
   * May it come from an address outside the cluster (that of the API server, of a node, of a load balancer)? `also`: or from a pod that the
   * workspace does not have; `only`: it is never a pod.
   */
  readonly outside: 'no' | 'also' | 'only';
  /** Pods outside the workspace that may be sources as well, by what is known of them. */
  readonly unknownPods: readonly { readonly namespace: Labels; readonly labels: Labels; readonly complete?: true }[];
  /** The destinations. One that allows it is enough. */
  readonly targets: readonly Target[];
  /** Where it is asked for. */
  readonly reason: Related;
}

/** A port of pods. */
export interface Target {
  readonly workload: Located<Workload>;
  readonly protocol: Protocol;
  readonly port: number;
}

/** The pods behind a port of a Service, with the port that connections arrive at; those in the host's network are the node itself. */
export function targetsOf(facts: ClusterFacts, service: Service, { targetPort: nameOrNumber, protocol }: ServicePort): readonly Target[] {
  return podsBehind(facts, service).flatMap((workload): readonly Target[] => {
    const port = targetPort(workload.value, nameOrNumber, protocol);
    return port === undefined ? [] : [{ workload, protocol, port }];
  });
}

/** The known pods that a Service selects. */
export function podsBehind({ workloadsIn }: ClusterFacts, { selector, namespace }: Service): readonly Located<Workload>[] {
  if (!selector || selector.unreadable !== undefined) return [];
  return (workloadsIn.get(namespace) ?? []).filter(({ value }) => !value.hostNetwork && selects(selector, value.labels));
}
