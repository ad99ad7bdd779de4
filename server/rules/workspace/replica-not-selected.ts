import { list } from '../../base/english.ts';
import { policyIn, factsIn, namespacesIn } from '../../analysis/selection.ts';
import type { WorkspaceContext } from '../../analysis/context.ts';
import { workloadName } from '../../eval/names.ts';
import { replicaLabels } from '../../model/generated-labels.ts';
import { DIRECTIONS, type NamespaceScope, type Policy } from '../../model/policy.ts';
import { selects, type LabelSelector, type Requirement } from '../../model/selector.ts';
import type { Replicas, Workload } from '../../model/workload.ts';
import type { Located } from '../../workspace/cluster.ts';
import { podPolicies } from '../about.ts';
import { onValue } from '../draft.ts';
import type { WorkspaceRule } from '../rule.ts';

const rule: WorkspaceRule = {
  name: 'replica-not-selected',
  scope: 'workspace',
  severity: 'information',
  about: podPolicies,
  confidence: 'medium',
  summary: 'A policy that selects some replicas of a StatefulSet by number or name, but not all.',
  why: 'The labels apps.kubernetes.io/pod-index and statefulset.kubernetes.io/pod-name name one replica each. When replicas are added, a policy that lists them does not include the new ones.',
  *check(context) {
    const policy = policyIn(context)?.value;
    if (!policy) return;
    for (const group of selectorGroups(policy)) {
      for (const workload of numberedIn(context, group)) {
        const { replicas } = workload.value;
        const last = replicas && lastNumbered(group, workload.value, replicas);
        if (!replicas?.count || !last) continue;
        const all = Array.from({ length: replicas.count }, (_, i) => replicas.first + i);
        const left = all.filter((ordinal) => !group.some((pair) => picksReplica(pair, workload.value, replicas, ordinal)));
        // One replica by itself, such as the primary, is meant.
        if (left.length === 0 || all.length - left.length < 2) continue;
        const names = list(left.map(String), 'and', 5);
        const message = `Workload ${workloadName(workload.value)} has ${replicas.count} replicas, and this policy selects ${all.length - left.length} of them by number: ${left.length === 1 ? 'replica' : 'replicas'} ${names} ${left.length === 1 ? 'is' : 'are'} not selected. Add ${left.length === 1 ? 'it' : 'them'}, or select all replicas by their common labels.`;
        const related = [{ key: workload.key, path: ['spec', 'replicas'], message: 'The number of replicas is set here.' }];
        yield onValue(context, last.path, message, { related });
      }
    }
  },
};

interface Pair {
  readonly scope: NamespaceScope;
  readonly pods: LabelSelector;
}

/** Selectors that add to one another: the subject, and the peers of all rules of a direction. */
function selectorGroups(policy: Policy): readonly (readonly Pair[])[] {
  const { subject } = policy;
  const peers = DIRECTIONS.map((direction) =>
    (policy[direction]?.rules ?? []).flatMap(({ peers: some }) =>
      some === 'any' ? [] : some.flatMap((peer) => (peer.kind === 'pods' ? [{ scope: peer.namespaces, pods: peer.pods }] : [])),
    ),
  );
  return [[{ scope: subject.namespaces, pods: subject.pods }], ...peers];
}

/** The workloads with numbered pods where selectors that ask for a number look. */
function numberedIn(context: WorkspaceContext, group: readonly Pair[]): readonly Located<Workload>[] {
  const facts = factsIn(context);
  const names = new Set(group.filter(({ pods }) => pods.requirements.some(isNumber)).flatMap(({ scope }) => namespacesIn(facts, scope)));
  return [...names].flatMap((name) =>
    (facts.workloadsIn.get(name) ?? []).filter(({ value }) => (value.replicas?.count ?? 0) <= MAX_REPLICAS && value.replicas),
  );
}

/** Larger sets are not looked at one by one. */
const MAX_REPLICAS = 100;

function isNumber({ key, operator }: Requirement): boolean {
  return operator === 'In' && (key === 'apps.kubernetes.io/pod-index' || key === 'statefulset.kubernetes.io/pod-name');
}

/** The last requirement that picks replicas of the workload by number. */
function lastNumbered(group: readonly Pair[], workload: Workload, replicas: Replicas): Requirement | undefined {
  const picking = group.findLast((pair) =>
    Array.from({ length: replicas.count ?? 0 }, (_, i) => replicas.first + i).some(
      (ordinal) => pair.pods.requirements.some(isNumber) && picksReplica(pair, workload, replicas, ordinal),
    ),
  );
  return picking?.pods.requirements.find(isNumber);
}

function picksReplica({ pods }: Pair, { labels }: Workload, replicas: Replicas, ordinal: number): boolean {
  return pods.unreadable === undefined && selects(pods, { ...labels, ...replicaLabels(replicas, ordinal) });
}

export default rule;
