import { isInSet, podSet, workloadEndpoint } from '../../model/endpoint-set.ts';
import { identify } from '../../model/identify.ts';
import { readResource } from '../../model/kind.ts';
import { impliedNamespace } from '../../model/namespace.ts';
import type { NamespaceScope, Policy } from '../../model/policy.ts';
import type { Labels, LabelSelector } from '../../model/selector.ts';
import type { Workload } from '../../model/workload.ts';
import type { Slot } from '../../syntax/slot.ts';
import type { Cluster } from '../../workspace/cluster.ts';
import { builtIn, clusterFor, universesOf, type Snapshot } from '../../workspace/snapshot.ts';
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
  if (!identity.ours || identity.kind?.role !== 'policy') return undefined;
  const resource = readResource(identity.kind, slot.manifest.root);
  if (resource.role !== 'policy') return undefined;
  const cluster = clusterFor(snapshot, uri);
  const labels = new Map(cluster.namespaces.map(({ value }) => [value.name, value.labels]));
  return {
    policy: asBuilt(resource.value, snapshot, normalizeUri(uri)),
    cluster,
    labelsOf: (namespace) => labels.get(namespace) ?? impliedNamespace(namespace).labels,
  };
}

/** The policy in the namespace that the build of its file puts it in; what it selects is as it is being typed. */
function asBuilt(policy: Policy, snapshot: Snapshot, uri: string): Policy {
  const [universe] = universesOf(snapshot, uri);
  const built = universe === undefined ? [] : builtIn(snapshot, universe).filter(({ built: one }) => one?.place.written.uri === uri);
  const same =
    built.find(({ built: one }) => one?.id.kind === policy.kind && [one.id.name, one.previous[0]?.name].includes(policy.name)) ?? built[0];
  const namespace = same?.built?.id.namespace;
  if (policy.namespace === undefined || namespace === undefined || namespace === '') return policy;
  const scope = (one: NamespaceScope): NamespaceScope => (one.kind === 'own' ? { ...one, namespace } : one);
  return { ...policy, namespace, subject: { ...policy.subject, namespaces: scope(policy.subject.namespaces) } };
}

/** Pods in namespaces, as a policy names them; what is left out restricts nothing. */
export interface PodScope {
  readonly namespaces?: NamespaceScope | undefined;
  readonly pods?: Pick<LabelSelector, 'requirements'> | undefined;
}

/** The workloads that are meant. A policy of a tier never means pods on the host network. */
export function workloadsIn({ policy, cluster, labelsOf }: Surroundings, { namespaces, pods }: PodScope): readonly Workload[] {
  const set = podSet(namespaces ?? EVERYWHERE, { requirements: pods?.requirements ?? [], path: [] }, policy.traits.hostNetwork);
  const isIn = (workload: Workload): boolean => isInSet(set, workloadEndpoint(workload, labelsOf(workload.namespace))) === 'yes';
  return cluster.workloads.map(({ value }) => value).filter(isIn);
}

const EVERYWHERE: NamespaceScope = { kind: 'selected', selector: { requirements: [], path: [] } };
