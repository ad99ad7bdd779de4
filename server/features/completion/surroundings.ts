import { isInSet, podSet, workloadEndpoint } from '../../model/endpoint-set.ts';
import { identify } from '../../model/identify.ts';
import { impliedNamespace } from '../../model/namespace.ts';
import type { NamespaceScope, Policy } from '../../model/policy.ts';
import type { Labels, LabelSelector } from '../../model/selector.ts';
import type { Workload } from '../../model/workload.ts';
import type { Slot } from '../../syntax/slot.ts';
import type { Cluster } from '../../workspace/cluster.ts';
import { clusterFor } from '../../workspace/snapshot.ts';
import { transformed } from '../../workspace/transform.ts';
import { membershipsOf } from '../../workspace/universe.ts';
import { normalizeUri } from '../../workspace/uri.ts';
import type { FeatureContext } from '../context.ts';

/** The policy that is being written, and the cluster it is for. */
export interface Surroundings {
  readonly policy: Policy;
  readonly cluster: Cluster;
  /** The labels of a namespace. */
  readonly labelsOf: (namespace: string) => Labels;
}

/** What is around a slot; `undefined` outside policies. */
export function surroundings(slot: Slot, { snapshot, uri }: FeatureContext): Surroundings | undefined {
  const identity = identify(slot.manifest);
  if (!identity.ours || !identity.kind) return undefined;
  const read = { role: 'policy', value: identity.kind.read(slot.manifest.root) } as const;
  const [membership] = membershipsOf(snapshot.layout, normalizeUri(uri));
  const transformedPolicy = membership?.transform ? transformed(read, membership.transform) : read;
  const cluster = clusterFor(snapshot, uri);
  const labels = new Map(cluster.namespaces.map(({ value }) => [value.name, value.labels]));
  return {
    policy: transformedPolicy.role === 'policy' ? transformedPolicy.value : read.value,
    cluster,
    labelsOf: (namespace) => labels.get(namespace) ?? impliedNamespace(namespace).labels,
  };
}

/** Pods in namespaces, as a policy names them; what is left out restricts nothing. */
export interface Wanted {
  readonly namespaces?: NamespaceScope | undefined;
  readonly pods?: Pick<LabelSelector, 'requirements'> | undefined;
}

/** The workloads that are meant. A policy of a tier never means pods on the host network. */
export function workloadsIn({ policy, cluster, labelsOf }: Surroundings, { namespaces, pods }: Wanted): readonly Workload[] {
  const set = podSet(namespaces ?? EVERYWHERE, { requirements: pods?.requirements ?? [], path: [] }, policy.traits.hostNetwork);
  const isIn = (workload: Workload): boolean => isInSet(set, workloadEndpoint(workload, labelsOf(workload.namespace))) === 'yes';
  return cluster.workloads.map(({ value }) => value).filter(isIn);
}

const EVERYWHERE: NamespaceScope = { kind: 'selected', selector: { requirements: [], path: [] } };
