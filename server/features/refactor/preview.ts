import { count, list, plain } from '../../base/english.ts';
import { isNoTraffic, subtractTraffic } from '../../base/ports.ts';
import { evaluationOf, verdict, type Endpoint, type Evaluation } from '../../eval/evaluate.ts';
import { isInSet, podSet, workloadEndpoint } from '../../model/endpoint-set.ts';
import type { Direction, NamespaceScope, Policy, Rule } from '../../model/policy.ts';
import { impliedNamespace } from '../../model/namespace.ts';
import type { LabelSelector } from '../../model/selector.ts';
import type { Workload } from '../../model/workload.ts';
import { type Path, samePath } from '../../syntax/path.ts';
import type { Cluster, ManifestKey } from '../../workspace/cluster.ts';

/** A rule of a policy, before and after a change of its peers. */
export interface PreviewedChange {
  readonly key: ManifestKey;
  readonly direction: Direction;
  readonly rule: Path;
}

/** So many classes of workloads are compared with one another; beyond that, nothing is said. */
const MAX_COMPARED_PAIRS = 20_000;

/**
 * Who is gained and who is lost by a change of the peers of one rule, when all policies of the cluster are taken together: "2 workloads
 * lose access (shop/a and shop/b)". `undefined` where no workloads are known, or there are too many to compare while someone waits.
 */
export function previewOf(before: Cluster, after: Cluster, { key, direction, rule }: PreviewedChange): string | undefined {
  const [old, fresh] = [policyOf(before, key), policyOf(after, key)];
  if (!old || !fresh || before.workloads.length === 0 || !isCertain(old)) return undefined;
  const [was, becomes] = [namedBy(before, ruleOf(old, direction, rule)), namedBy(after, ruleOf(fresh, direction, rule))];
  const changed = before.workloads.map(({ value }) => value).filter((workload) => was(workload) !== becomes(workload));
  const isSubject = within(before, old.subject.namespaces, old.subject.pods);
  const evaluation = evaluationOf(before);
  const selected = samples(
    evaluation,
    before.workloads.flatMap(({ value }) => (isSubject(value) ? [value] : [])),
  );
  if (selected.length * samples(evaluation, changed).length > MAX_COMPARED_PAIRS) return undefined;
  const next = evaluationOf(after);
  const isMore = (from: Evaluation, to: Evaluation, peer: Workload): boolean =>
    selected.some(
      (own) => own !== peer && !isNoTraffic(subtractTraffic(traffic(to, own, peer, direction), traffic(from, own, peer, direction))),
    );
  const lost = changed.filter((peer) => isMore(next, evaluation, peer));
  const gained = changed.filter((peer) => isMore(evaluation, next, peer));
  const parts = [
    ...summary(lost, direction === 'ingress' ? ['loses access', 'lose access'] : ['can no longer be reached']),
    ...summary(gained, direction === 'ingress' ? ['gains access', 'gain access'] : ['can be reached']),
  ];
  if (parts.length > 0) return parts.join(', ');
  // This rule also allows what the other side still denies: an edit there opens the connection.
  const newly = changed.filter((workload) => becomes(workload));
  if (newly.length === 0 || selected.length === 0) return 'no verdict changes';
  const names = newly.map(({ namespace, name }) => plain(`${namespace}/${name}`));
  return `no verdict changes, but the rule newly matches ${list(names, 'and', 4)}`;
}

function policyOf(cluster: Cluster, key: ManifestKey): Policy | undefined {
  return cluster.policies.find((placed) => placed.key === key)?.value;
}

/** Could all of it be read? What a template renders may match any pod. */
function isCertain({ unreadable, subject, ...policy }: Policy): boolean {
  const rules = [...(policy.ingress?.rules ?? []), ...(policy.egress?.rules ?? [])];
  const peers = rules.flatMap((rule) => (rule.peers === 'any' ? [] : rule.peers));
  const selectors = [{ namespaces: subject.namespaces, pods: subject.pods }, ...peers.filter((peer) => peer.kind === 'pods')].flatMap(
    ({ namespaces, pods }) => (namespaces.kind === 'own' ? [pods] : [namespaces.selector, pods]),
  );
  return unreadable.length === 0 && selectors.every((selector) => selector.unreadable === undefined);
}

function ruleOf(policy: Policy, direction: Direction, path: Path): Rule | undefined {
  return policy[direction]?.rules.find((rule) => samePath(rule.path, path));
}

/** Which workloads do the peers of a rule name? */
function namedBy(cluster: Cluster, rule: Rule | undefined): (workload: Workload) => boolean {
  const peers = !rule || rule.peers === 'any' ? [] : rule.peers;
  const each = peers.flatMap((peer) => (peer.kind === 'pods' ? [within(cluster, peer.namespaces, peer.pods)] : []));
  return (workload) => each.some((names) => names(workload));
}

function within(cluster: Cluster, scope: NamespaceScope, pods: LabelSelector): (workload: Workload) => boolean {
  const byName = new Map(cluster.namespaces.map(({ value }) => [value.name, value]));
  const set = podSet(scope, pods, true);
  return (workload) => {
    const { labels } = byName.get(workload.namespace) ?? impliedNamespace(workload.namespace);
    return isInSet(set, workloadEndpoint(workload, labels)) === 'yes';
  };
}

/** One workload of each class that no policy can tell apart; two where there are, since a workload is not compared with itself. */
function samples({ space }: Evaluation, workloads: readonly Workload[]): readonly Workload[] {
  const taken = new Map<number, number>();
  return workloads.filter((workload) => {
    const id = space.classOf.get(workload) ?? -1;
    taken.set(id, (taken.get(id) ?? 0) + 1);
    return (taken.get(id) ?? 0) <= 2;
  });
}

function traffic(evaluation: Evaluation, own: Workload, peer: Workload, direction: Direction): ReturnType<typeof verdict>['allowed'] {
  const [a, b]: readonly [Endpoint, Endpoint] = [
    { kind: 'workload', workload: own },
    { kind: 'workload', workload: peer },
  ];
  return direction === 'ingress' ? verdict(evaluation, b, a).allowed : verdict(evaluation, a, b).allowed;
}

function summary(workloads: readonly Workload[], [one = '', many = one]: readonly string[]): readonly string[] {
  if (workloads.length === 0) return [];
  const names = workloads.map(({ namespace, name }) => plain(`${namespace}/${name}`));
  return [`${count(workloads.length, 'workload')} ${workloads.length === 1 ? one : many} (${list(names, 'and', 4)})`];
}
