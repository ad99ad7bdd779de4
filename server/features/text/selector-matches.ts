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
export function selectedPods(policy: Policy, root: Node | undefined, owner: Path): EndpointSet {
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

/** The network sets that one end of a rule selects by their labels: of its namespace, or where its namespaceSelector looks. */
export function networkSetsAt(cluster: Cluster, policy: Policy, root: Node | undefined, owner: Path): readonly Located<ReferencedSet>[] {
  const map = asMap(nodeAt(root, owner));
  const [text, where] = [stringOf(given(map, 'selector')) ?? '', stringOf(given(map, 'namespaceSelector')) ?? ''];
  const { expression } = parseSelector(text);
  if (!map || owner.length === 1 || text === '' || !expression) return [];
  const labels = new Map(cluster.namespaces.map(({ value }) => [value.name, value.labels]));
  const isThere = (namespace: string | undefined): boolean => {
    if (where === '') return policy.namespace === undefined || namespace === policy.namespace;
    const scope = parseSelector(where).expression;
    if (!scope) return false;
    if (scope.kind === 'all') return namespace !== undefined;
    if (usesGlobal(scope)) return namespace === undefined;
    const of = namespace === undefined ? {} : (labels.get(namespace) ?? impliedNamespace(namespace).labels);
    return matchesExpression(scope, { labels: namespace === undefined ? of : { ...of, 'projectcalico.org/name': namespace } }) === 'yes';
  };
  return cluster.sets.filter(
    ({ value }) =>
      value.kind !== 'HostEndpoint' && isThere(value.namespace) && matchesExpression(expression, { labels: value.labels }) === 'yes',
  );
}
