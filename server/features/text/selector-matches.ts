import { sure, type Certainty } from '../../base/certainty.ts';
import { entityPods } from '../../model/calico/entity.ts';
import { matchesExpression } from '../../model/calico/selector/meaning.ts';
import { usesGlobal } from '../../model/calico/selector/convert.ts';
import { parseSelector } from '../../model/calico/selector/parse.ts';
import { isInSet, workloadEndpoint, type KnownEndpoint } from '../../model/endpoint-set.ts';
import type { EndpointSet } from '../../model/endpoints.ts';
import { impliedNamespace } from '../../model/namespace.ts';
import type { Policy } from '../../model/policy.ts';
import { given } from '../../model/read.ts';
import type { ReferencedSet } from '../../model/referenced.ts';
import type { Labels } from '../../model/selector.ts';
import type { Workload } from '../../model/workload.ts';
import { nodeAt } from '../../syntax/locate-path.ts';
import { asMap, stringOf, type Node } from '../../syntax/tree.ts';
import type { Path } from '../../syntax/path.ts';
import type { Cluster, Located } from '../../workspace/cluster.ts';

/** The path of what a selector of a Calico policy belongs to: `['spec']` for the subject, else the `source` or `destination` of a rule. */
export function ownerPath(selector: Path): Path {
  return selector.slice(0, selector.includes('source') || selector.includes('destination') ? 4 : 1);
}

/** The pods that the selectors at an owner select together: those of the policy, or those of one end of a rule. */
export function podsSelectedAt(policy: Policy, root: Node | undefined, owner: Path): EndpointSet {
  if (owner.length === 1) return policy.subject.set ?? { kind: 'any' };
  return entityPods(nodeAt(root, owner), owner, policy.namespace);
}

/** The workloads of a cluster that are in a set for sure. */
export function workloadsInSet(cluster: Cluster, set: EndpointSet): readonly Located<Workload>[] {
  const labels = new Map(cluster.namespaces.map(({ value }) => [value.name, value.labels]));
  return cluster.workloads.filter(({ value }) => isInSet(set, endpointOf(value, labels.get(value.namespace))) === 'yes');
}

function endpointOf(workload: Workload, namespace: Labels = impliedNamespace(workload.namespace).labels): KnownEndpoint {
  const { pod } = workloadEndpoint(workload, namespace);
  return pod ? { pod: { ...pod, account: workload.runsAs ?? 'default' } } : {};
}

/**
 * Is what lives in a namespace (`undefined`: in none) where the selectors at an owner look: where the namespaceSelector beside them says, else in the
 * namespace of the policy, or anywhere for a global one?
 */
export function namespaceMatch(
  cluster: Cluster,
  root: Node | undefined,
  owner: Path,
  home: string | undefined,
): (namespace: string | undefined) => Certainty {
  const text = stringOf(given(asMap(nodeAt(root, owner)), 'namespaceSelector')) ?? '';
  if (text === '') return (namespace) => sure(home === undefined || namespace === home);
  const { expression } = parseSelector(text);
  if (!expression) return () => 'unknown';
  if (expression.kind === 'all') return (namespace) => sure(namespace !== undefined);
  if (usesGlobal(expression)) return (namespace) => sure(namespace === undefined);
  const labelsOf = new Map(cluster.namespaces.map(({ value }) => [value.name, value.labels]));
  return (namespace) => {
    if (namespace === undefined) return matchesExpression(expression, { labels: {} });
    const labels = labelsOf.get(namespace) ?? impliedNamespace(namespace).labels;
    return matchesExpression(expression, { labels: { ...labels, [CALICO_NAME]: namespace } });
  };
}

/** The label by which Calico knows the name of a namespace or service account. */
export const CALICO_NAME = 'projectcalico.org/name';

/** The network sets that one end of a rule selects by their labels: of its namespace, or where its namespaceSelector looks. */
export function networkSetsAt(cluster: Cluster, policy: Policy, root: Node | undefined, owner: Path): readonly Located<ReferencedSet>[] {
  const map = asMap(nodeAt(root, owner));
  const text = stringOf(given(map, 'selector')) ?? '';
  const { expression } = parseSelector(text);
  if (!map || owner.length === 1 || text === '' || !expression) return [];
  const matchOf = namespaceMatch(cluster, root, owner, policy.namespace);
  return cluster.sets.filter(
    ({ value }) =>
      value.kind !== 'HostEndpoint' &&
      matchOf(value.namespace) === 'yes' &&
      matchesExpression(expression, { labels: value.labels }) === 'yes',
  );
}
