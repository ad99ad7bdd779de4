import { contradictionIn } from '../model/contradiction.ts';
import { NAME_LABEL } from '../model/namespace.ts';
import type { NamespaceScope, Policy, Rule } from '../model/policy.ts';
import { holds, selects, type LabelSelector, type Labels, type Requirement } from '../model/selector.ts';
import type { Workload } from '../model/workload.ts';
import { type Path, indexByPath, type PathIndex } from '../syntax/path.ts';
import type { Cluster, Located } from '../workspace/cluster.ts';
import { resourceAt } from '../workspace/snapshot.ts';
import { groundOf, type ClusterFacts } from './facts.ts';
import { peersIn } from './policy-parts.ts';
import type { WorkspaceContext } from './context.ts';
import { isTypo, isTypoOfNameLabel } from './typo.ts';
import { factsIn, namespacesIn, policyIn, reachesUnknown, workloadsPicked } from './selection.ts';

/** A pair of selectors of a policy that picks nothing that is known here, or nothing that policies can be about, and what is near. */
export interface Miss {
  readonly kind: 'nothing' | 'near' | 'elsewhere' | 'no-namespace' | 'on-host';
  /** The subject of the policy, or a peer of a rule. */
  readonly of: 'subject' | 'peer';
  readonly rule?: Rule;
  readonly scope: NamespaceScope;
  readonly pods: LabelSelector;
  /** Where to underline. */
  readonly path: Path;
  readonly near?: NearMiss;
  /** The workloads that match in another namespace (also of a subject that picks nothing), or in the host's network. */
  readonly workloads: readonly Located<Workload>[];
}

/** What has labels, and where they stand. */
export interface Labelled {
  readonly name: string;
  readonly labels: Labels;
  readonly labelsPath: Path;
}

/** What was nearly matched. */
export interface NearMiss {
  readonly requirement: Requirement;
  /** The value that was meant, or the key that holds the same value. */
  readonly by: 'value' | 'key';
  readonly from: string;
  readonly to: string;
  readonly owner: Located<Labelled>;
  readonly of: 'pod' | 'namespace';
}

const memo = new WeakMap<object, Map<string, WeakMap<Policy, readonly Miss[]>>>();

/**
 * The selectors of a policy that miss. Silent where nothing is known: in namespaces without workloads, or with workloads that could not be
 * read, and about namespace labels where no Namespace is defined.
 */
export function missesIn(context: WorkspaceContext): readonly Miss[] {
  const policy = policyIn(context)?.value;
  if (!policy) return [];
  const ground = groundOf(context.cluster);
  const unknown = [...hiddenNamespaces(context)].join();
  const byUnknown = memo.get(ground) ?? new Map<string, WeakMap<Policy, readonly Miss[]>>();
  memo.set(ground, byUnknown);
  const byPolicy = byUnknown.get(unknown) ?? new WeakMap<Policy, readonly Miss[]>();
  byUnknown.set(unknown, byPolicy);
  const known = byPolicy.get(policy) ?? find(policy, context);
  byPolicy.set(policy, known);
  return known.map((miss) => atHome(miss, context));
}

/** A namespace that is only named has the key of whoever lives there now. */
function atHome(miss: Miss, context: WorkspaceContext): Miss {
  if (miss.near?.of !== 'namespace') return miss;
  const owner = factsIn(context).namespaces.get(miss.near.owner.value.name);
  return owner ? { ...miss, near: { ...miss.near, owner } } : miss;
}

interface Pair {
  readonly of: Miss['of'];
  readonly rule?: Rule;
  readonly scope: NamespaceScope;
  readonly pods: LabelSelector;
  readonly path: Path;
}

function find(policy: Policy, context: WorkspaceContext): readonly Miss[] {
  const { subject } = policy;
  const peers = peersIn(policy).flatMap(({ peer, rule }): readonly Pair[] =>
    peer.kind === 'pods' ? [{ of: 'peer', rule, scope: peer.namespaces, pods: peer.pods, path: peer.path }] : [],
  );
  const pairs: readonly Pair[] = [{ of: 'subject', scope: subject.namespaces, pods: subject.pods, path: subject.path }, ...peers];
  const faults = indexByPath(policy.unreadable);
  return pairs.flatMap((pair) => (isJudged(faults, pair) ? (missOf(pair, policy, context) ?? []) : []));
}

function isJudged(faults: PathIndex<unknown>, { scope, pods, path }: Pair): boolean {
  const selectors = [pods, ...(scope.kind === 'selected' ? [scope.selector] : [])];
  if (faults.below(path).length > 0) return false;
  // An empty value is one that is being typed.
  if (selectors.some(({ requirements }) => requirements.some(({ values }) => values.includes('')))) return false;
  return selectors.every((selector) => selector.unreadable === undefined && contradictionIn(selector) === undefined);
}

function missOf(pair: Pair, policy: Policy, context: WorkspaceContext): Miss | undefined {
  const facts = factsIn(context);
  const names = namespacesIn(facts, pair.scope);
  if (names.length === 0) return namespaceMiss(pair, facts);
  const known = names.flatMap((name) => facts.workloadsIn.get(name) ?? []);
  if (known.length === 0) return undefined;
  if (isNamespaceOnHost(pair, names, known)) return { ...pair, kind: 'on-host', workloads: known.filter(({ value }) => value.hostNetwork) };
  const isMatch = ({ value }: Located<Workload>): boolean => selects(pair.pods, value.labels);
  if (known.some((workload) => !workload.value.hostNetwork && isMatch(workload))) return undefined;
  const matched = known.filter(isMatch);
  if (matched.length > 0) {
    // Of a selector of everything, pods in the host's network are only a part that happens to be known.
    return pair.pods.requirements.length > 0 ? { ...pair, kind: 'on-host', path: pair.pods.path, workloads: matched } : undefined;
  }
  const hiddenByCluster = hiddenNamespaces(context);
  if (names.some((name) => hiddenByCluster.has(name))) return undefined;
  const [only] = pair.pods.requirements;
  const path = only && pair.pods.requirements.length === 1 ? only.path : pair.pods.path;
  const elsewhere = pair.of === 'peer' && pair.scope.kind === 'own' ? matchesElsewhere(pair, policy, facts) : [];
  if (elsewhere.length > 0) return { ...pair, kind: 'elsewhere', path: pair.pods.path, workloads: elsewhere };
  const near = nearMissOf(pair.pods.requirements, known, 'pod');
  if (near) return { ...pair, kind: 'near', path: near.requirement.path, near, workloads: [] };
  if (reachesUnknown(facts, pair.scope) || (pair.of === 'peer' && isOptIn(pair.pods, known))) return undefined;
  const moved = pair.of === 'subject' && pair.scope.kind === 'own' ? matchesElsewhere(pair, policy, facts) : [];
  return { ...pair, kind: 'nothing', path, workloads: moved };
}

/**
 * Is the pair a peer that picks namespaces by name or label, where everything that runs for long is in the host's network? Of kube-system
 * most workspaces know a part only.
 */
function isNamespaceOnHost({ of, scope, pods }: Pair, names: readonly string[], known: readonly Located<Workload>[]): boolean {
  if (of !== 'peer' || scope.kind === 'own' || scope.selector.requirements.length === 0 || pods.requirements.length > 0) return false;
  const lasting = known.filter(({ value }) => value.kind !== 'Job' && value.kind !== 'CronJob');
  return !names.includes('kube-system') && lasting.length > 0 && lasting.every(({ value }) => value.hostNetwork);
}

/** `db-client: "true"`: a label that clients take on by themselves, and none has so far. */
function isOptIn({ requirements }: LabelSelector, known: readonly Located<Workload>[]): boolean {
  return requirements.some(
    ({ key, operator, values }) =>
      operator === 'In' && values.every((value) => value === 'true') && !known.some(({ value }) => Object.hasOwn(value.labels, key)),
  );
}

function matchesElsewhere({ pods }: Pair, policy: Policy, facts: ClusterFacts): readonly Located<Workload>[] {
  // What only excludes matches almost everywhere, which says nothing.
  if (!pods.requirements.some(({ operator }) => operator === 'In' || operator === 'Exists')) return [];
  const everywhere: NamespaceScope = { kind: 'selected', selector: { requirements: [], path: [] } };
  return workloadsPicked(facts, everywhere, pods).filter(({ value }) => value.namespace !== policy.namespace);
}

/** A selector that picks no namespace. Without Namespace manifests only names are known, and only those of what is here. */
function namespaceMiss(pair: Pair, facts: ClusterFacts): Miss | undefined {
  if (pair.scope.kind === 'own') return undefined;
  const { requirements, path } = pair.scope.selector;
  if (requirements.some(({ operator }) => operator === 'NotIn' || operator === 'DoesNotExist')) return undefined;
  const places = [...facts.namespaces.values()].filter(({ value }) => facts.defined.has(value.name) || facts.workloadsIn.has(value.name));
  const near = nearMissOf(requirements, places, 'namespace');
  if (near) return { ...pair, kind: 'near', path: near.requirement.path, near, workloads: [] };
  // A name may be that of a namespace that other people look after; so may every label, unless the others here are labelled like that.
  const labelled = requirements.every(({ key }) => key !== NAME_LABEL && places.some(({ value }) => Object.hasOwn(value.labels, key)));
  return labelled ? { ...pair, kind: 'no-namespace', path, workloads: [] } : undefined;
}

/** Values that many labels have. */
const COMMON = /^(?:|true|false|yes|no|on|off|enabled|disabled|default|\d+)$/i;

/** The object that misses by one label, and by little: another value by a slip, or the same value under another key. */
function nearMissOf(requirements: readonly Requirement[], all: readonly Located<Labelled>[], of: NearMiss['of']): NearMiss | undefined {
  let byKey: NearMiss | undefined;
  for (const owner of all) {
    const { labels } = owner.value;
    const failing = requirements.filter((requirement) => !holds(requirement, labels));
    const [requirement] = failing;
    if (!requirement || failing.length > 1 || requirement.operator !== 'In') continue;
    const nearMiss = (by: NearMiss['by'], from: string, to: string): NearMiss => ({ requirement, by, from, to, of, owner });
    const value = labels[requirement.key];
    const effective = value === undefined ? undefined : requirement.values.find((one) => isTypo(one, value));
    if (value !== undefined && effective !== undefined) return nearMiss('value', effective, value);
    if (byKey || value !== undefined || requirement.key === NAME_LABEL) continue;
    const [key] = Object.entries(labels).find(([, one]) => requirement.values.includes(one) && !COMMON.test(one)) ?? [];
    // `name` for a namespace, or nearly the label with its name, has a finding of its own.
    const isName = of === 'namespace' && (/(?:^|[./])name$/.test(requirement.key) || isTypoOfNameLabel(requirement.key));
    if (key !== undefined && !isName) byKey = nearMiss('key', requirement.key, key);
  }
  return byKey;
}

const hidden = new WeakMap<Cluster, ReadonlySet<string>>();

/** The namespaces with workloads that could not be read: who knows what a selector picks there. */
function hiddenNamespaces({ cluster, snapshot }: WorkspaceContext): ReadonlySet<string> {
  const known = hidden.get(cluster);
  if (known) return known;
  const names = new Set<string>();
  for (const { key, path } of cluster.problems) {
    const resource = path.length === 0 ? resourceAt(snapshot, key) : undefined;
    if (resource?.role === 'workload') names.add(resource.value.namespace);
  }
  hidden.set(cluster, names);
  return names;
}
