import { count, list, plain } from '../../base/english.ts';
import { code, escape } from '../../base/markdown.ts';
import { impliedNamespace } from '../../model/namespace.ts';
import { describeSelector } from '../../model/describe-selector.ts';
import type { NamespaceScope } from '../../model/policy.ts';
import { holds, selects, type Labels, type LabelSelector, type Requirement } from '../../model/selector.ts';
import type { Workload } from '../../model/workload.ts';
import { isTypo } from '../../analysis/typo.ts';
import type { Cluster, Located } from '../../workspace/cluster.ts';
import { clusterFor, type Snapshot } from '../../workspace/snapshot.ts';
import { possiblePolicies } from '../../eval/unevaluated.ts';
import { isInSet, podSet, workloadEndpoint } from '../../model/endpoint-set.ts';
import { describeUnevaluated } from '../../model/unevaluated/describe.ts';
import { linkTo, workloadLinks } from './links.ts';

/** Which workloads, as policies name them: pods of a kind in namespaces of a kind. */
export interface MatchQuestion {
  readonly namespaces: NamespaceScope;
  readonly pods: LabelSelector;
  /** ClusterNetworkPolicy never selects pods on the host network. */
  readonly withHostNetwork: boolean;
  /** Is it the subject of a policy? Then policies of other APIs that may select the same pods are named too. */
  readonly isSubject?: boolean;
}

/** So many workloads are named. */
const MAX_LISTED_WORKLOADS = 10;

/**
 * What a selector finds among the known manifests, as Markdown with links; where it finds nothing, what is near and in what it differs.
 * `undefined` where there are no workloads to look at, or the selector cannot be read.
 */
export function matchText(
  snapshot: Snapshot,
  uri: string,
  { namespaces, pods, withHostNetwork, isSubject = false }: MatchQuestion,
): string | undefined {
  const cluster = clusterFor(snapshot, uri);
  if (cluster.workloads.length === 0 || pods.unreadable !== undefined) return undefined;
  if (namespaces.kind === 'selected' && namespaces.selector.unreadable !== undefined) return undefined;
  const workloads = cluster.workloads.filter(({ value }) => withHostNetwork || !value.hostNetwork);
  const isMeant = podsMatching(cluster, namespaces, pods);
  const found = workloads.filter(isMeant);
  if (found.length > 0)
    return `In this workspace: ${count(found.length, 'workload')}, ${workloadLinks(snapshot, found, MAX_LISTED_WORKLOADS)}.${isSubject ? unevaluatedText(snapshot, cluster, found) : ''}`;
  const onHost = withHostNetwork ? [] : cluster.workloads.filter((one) => one.value.hostNetwork && isMeant(one));
  if (onHost.length > 0)
    return `In this workspace: no workloads. Excluded, because they use the host network: ${workloadLinks(snapshot, onHost, MAX_LISTED_WORKLOADS)}.`;
  const inside = workloads.filter(podsMatching(cluster, namespaces, { requirements: [], path: [] }));
  const near = inside.length === 0 ? nearNamespaces(cluster, namespaces) : nearPods(snapshot, pods.requirements, inside);
  return ['In this workspace: no workloads.', ...near, ...elsewhere(snapshot, pods, workloads)].join(' ');
}

/** The policies that may select some of the workloads too and are not evaluated, each with a link. */
export function unevaluatedText(snapshot: Snapshot, cluster: Cluster, workloads: readonly Located<Workload>[]): string {
  const policiesFor = possiblePolicies(cluster);
  const found = [...new Set(workloads.flatMap(({ value }) => policiesFor(value)))];
  if (found.length === 0) return '';
  const links = found.map(({ key, value }) => linkTo(snapshot, plain(describeUnevaluated(value)), key, ['metadata', 'name']));
  return `\n\nNot evaluated, though ${found.length === 1 ? 'it' : 'they'} may select some of them: ${list(links, 'and', 3)}.`;
}

function podsMatching(cluster: Cluster, namespaces: NamespaceScope, pods: LabelSelector): (placed: Located<Workload>) => boolean {
  const byName = new Map(cluster.namespaces.map(({ value }) => [value.name, value]));
  const set = podSet(namespaces, pods, true);
  return ({ value }) =>
    isInSet(set, workloadEndpoint(value, (byName.get(value.namespace) ?? impliedNamespace(value.namespace)).labels)) === 'yes';
}

/** The right labels in the wrong place. */
function elsewhere(snapshot: Snapshot, pods: LabelSelector, workloads: readonly Located<Workload>[]): readonly string[] {
  if (!pods.requirements.some(({ operator }) => operator === 'In' || operator === 'Exists')) return [];
  const found = workloads.filter(({ value }) => selects(pods, value.labels));
  return found.length === 0
    ? []
    : [
        `In other namespaces ${count(found.length, 'workload')} ${found.length === 1 ? 'matches' : 'match'}: ${workloadLinks(snapshot, found, MAX_LISTED_WORKLOADS)}.`,
      ];
}

/** Why no workload stands in the namespaces that are meant. */
function nearNamespaces(cluster: Cluster, scope: NamespaceScope): readonly string[] {
  if (scope.kind === 'own') return [`No workload in this workspace runs in namespace ${escape(plain(scope.namespace))}.`];
  const { requirements } = scope.selector;
  const found = cluster.namespaces.filter(({ value }) => selects(scope.selector, value.labels));
  if (found.length > 0)
    return [
      `No workload in this workspace runs in ${escape(
        list(
          found.map(({ value }) => plain(value.name)),
          'or',
          3,
        ),
      )}.`,
    ];
  const groups = groupsOf(
    requirements,
    cluster.namespaces.map((placed) => ({ labels: placed.value.labels, placed })),
  ).filter(({ isSlip: slip }) => slip);
  return groups
    .slice(0, 1)
    .map(
      ({ requirement, has, members }) =>
        `No namespace has ${code(wordsOf(requirement))}. The closest match is ${code(has)} (${count(members.length, 'namespace')}).`,
    );
}

/** Pods that miss by one requirement, and what they have instead. */
function nearPods(snapshot: Snapshot, requirements: readonly Requirement[], workloads: readonly Located<Workload>[]): readonly string[] {
  const groups = groupsOf(
    requirements,
    workloads.map((placed) => ({ labels: placed.value.labels, placed })),
  );
  const lines = groups.flatMap(({ requirement, has, isSlip: slip, members }) => {
    const who = `${count(members.length, 'workload')}: ${workloadLinks(snapshot, members, 3)}`;
    if (slip) return [`No pod there has ${code(wordsOf(requirement))}. The closest match is ${code(has)} (${who}).`];
    // With one requirement, whatever has the label would be near.
    if (requirements.length === 1) return [];
    const names = workloadLinks(snapshot, members, 3);
    const missing = code(wordsOf(requirement));
    if (has === '') return [`${names} ${members.length === 1 ? 'lacks' : 'lack'} only ${missing}.`];
    return [`${names} ${members.length === 1 ? 'has' : 'have'} ${code(has)} instead of ${missing}.`];
  });
  if (lines.length > 0) return lines.slice(0, 2);
  const [only] = requirements;
  const values = only && requirements.length === 1 ? groups.flatMap(({ has }) => (has === '' ? [] : [code(has)])) : [];
  return values.length === 0 ? [] : [`Pods there have ${list(values, 'or', 5)}.`];
}

interface Group<T> {
  readonly requirement: Requirement;
  /** `app=web`, the label that is there; `''` for none. */
  readonly has: string;
  readonly isSlip: boolean;
  readonly members: T[];
}

/** What misses by exactly one requirement, by what it has instead: slips first, then by how many they are. */
function groupsOf<T>(
  requirements: readonly Requirement[],
  all: readonly { readonly labels: Labels; readonly placed: T }[],
): readonly Group<T>[] {
  const groups = new Map<string, Group<T>>();
  for (const { labels, placed } of all) {
    const [requirement, ...more] = requirements.filter((one) => !holds(one, labels));
    if (!requirement || more.length > 0) continue;
    const { has, slip } = instead(requirement, labels);
    const id = `${requirements.indexOf(requirement)} ${has}`;
    const group = groups.get(id) ?? { requirement, has, isSlip: slip, members: [] };
    groups.set(id, group);
    group.members.push(placed);
  }
  return [...groups.values()].sort((a, b) => Number(b.isSlip) - Number(a.isSlip) || b.members.length - a.members.length);
}

function instead({ key, operator, values }: Requirement, labels: Labels): { readonly has: string; readonly slip: boolean } {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  if (value !== undefined) return { has: `${key}=${value}`, slip: operator === 'In' && values.some((required) => isTypo(required, value)) };
  const entries = Object.entries(labels);
  const twin = operator === 'In' ? entries.find(([, one]) => values.includes(one)) : entries.find(([one]) => isTypo(one, key));
  const near = twin ?? entries.find(([one]) => isTypo(one, key));
  return near ? { has: `${near[0]}=${near[1]}`, slip: true } : { has: '', slip: false };
}

/** `app=web`, or what else a requirement asks for. */
function wordsOf(requirement: Requirement): string {
  const [only] = requirement.values;
  if (requirement.operator === 'In' && requirement.values.length === 1) return `${requirement.key}=${only}`;
  return describeSelector({ requirements: [requirement], path: [] }).replace(/^pods /, '');
}
