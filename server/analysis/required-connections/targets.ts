import type { Protocol } from '../../model/policy.ts';
import { selects } from '../../model/selector.ts';
import { targetPort } from '../../model/target-port.ts';
import type { Service, ServicePort, Workload } from '../../model/workload.ts';
import type { Placed } from '../../workspace/cluster.ts';
import type { ClusterFacts } from '../facts.ts';

/** A port of pods. */
export interface Target {
  readonly workload: Placed<Workload>;
  readonly protocol: Protocol;
  readonly port: number;
}

/** The pods behind a port of a Service, with the port that connections arrive at; those in the host's network are the node itself. */
export function targetsOf(facts: ClusterFacts, service: Service, { targetPort: asked, protocol }: ServicePort): readonly Target[] {
  return podsBehind(facts, service).flatMap((workload): readonly Target[] => {
    const port = targetPort(workload.value, asked, protocol);
    return port === undefined ? [] : [{ workload, protocol, port }];
  });
}

/** The known pods that a Service selects. */
export function podsBehind({ workloadsIn }: ClusterFacts, { selector, namespace }: Service): readonly Placed<Workload>[] {
  if (!selector || selector.unreadable !== undefined) return [];
  return (workloadsIn.get(namespace) ?? []).filter(({ value }) => !value.hostNetwork && selects(selector, value.labels));
}
