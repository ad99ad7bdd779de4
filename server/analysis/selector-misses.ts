import { memo, memoBy } from '../base/memo.ts';
import { contradictionIn } from '../model/contradiction.ts';
import { NAME_LABEL } from '../model/namespace.ts';
import type { NamespaceScope, Policy, Rule } from '../model/policy.ts';
import { picksPods } from '../model/pod-match.ts';
import { selects, selectorText, type LabelSelector } from '../model/selector.ts';
import { runsOnce, type Namespace, type Workload } from '../model/workload.ts';
import { type Path, indexByPath, type PathIndex } from '../syntax/path.ts';
import type { Located } from '../workspace/cluster.ts';
import { groundOf, type ClusterFacts } from './facts.ts';
import { peersIn } from './policy-parts.ts';
import type { WorkspaceContext } from './context.ts';
import { evidencePrint, unseenNamespaces, unseenPods, widelyRequired, type Unseen } from './evidence.ts';
import { nearMissOf, type NearMiss, type NearMissQuestion } from './near-misses.ts';
import { factsIn, namespacesIn, policyIn, reachesUnknown, workloadsPicked } from './selection.ts';

/** A pair of selectors of a policy that selects nothing in the workspace, or nothing that policies can apply to, and similar names. */
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
  /** Why the missing object may exist anyway: then the selector is not a mistake for sure. */
  readonly unseen?: Unseen;
  /** The workloads that match in another namespace (also of a subject that picks nothing), or in the host's network. */
  readonly workloads: readonly Located<Workload>[];
}

/**
 * The selectors of a policy that miss. Silent where nothing is known: in namespaces without workloads, and about namespace labels where
 * no Namespace is defined. The miss says what may exist without a manifest.
 */
export function missesIn(context: WorkspaceContext): readonly Miss[] {
  const policy = policyIn(context)?.value;
  if (!policy) return [];
  const ground = groundOf(context.cluster);
  return missesOn(ground, evidencePrint(context))(policy, context).map((miss) => atHome(miss, context));
}

/** A value of an `In` list that matches nothing, although the selector as a whole matches something. */
export interface ValueMiss {
  readonly value: string;
  /** Where the value stands. */
  readonly path: Path;
  /** What the selector would miss if it had only this value. */
  readonly miss: Miss;
}

/** The values of `In` lists of a policy that match nothing. Silent where pods or namespaces that match may exist without a manifest. */
export function valueMissesIn(context: WorkspaceContext): readonly ValueMiss[] {
  const policy = policyIn(context)?.value;
  if (!policy) return [];
  return valueMissesOn(groundOf(context.cluster), evidencePrint(context))(policy, context);
}

/** What other policies and edits of them decide: a namespace that is only named has the key of whoever lives there now. */
function atHome(miss: Miss, context: WorkspaceContext): Miss {
  if (miss.kind === 'no-namespace' && !miss.unseen && miss.scope.kind === 'selected')
    return { ...miss, ...because(widelyRequired(context, miss.scope.selector)) };
  if (miss.near?.of !== 'namespace') return miss;
  const owner = factsIn(context).namespaces.get(miss.near.owner.value.name);
  return owner ? { ...miss, near: { ...miss.near, owner } } : miss;
}

/** What misses depends on the pods and namespaces, and on what may exist besides. */
const missesOn = memoBy((_ground: object, _evidence: string) => memo(find));

const valueMissesOn = memoBy((_ground: object, _evidence: string) => memo(findValues));

function findValues(policy: Policy, context: WorkspaceContext): readonly ValueMiss[] {
  return judgedPairs(policy).flatMap((pair) => {
    const narrowed = narrowedPairs(pair);
    // Where nothing matches at all, the selector has a finding of its own.
    if (narrowed.length === 0 || missOf(pair, policy, context)) return [];
    return narrowed.flatMap(({ value, path, values, only }) => {
      const miss = missOf(only, policy, context);
      if (!miss) return [];
      // What is in the list already is not what this value was meant to be.
      const isListed = miss.near?.by === 'missing' || (miss.near?.by === 'value' && values.includes(miss.near.to));
      return [{ value, path, miss: isListed && miss.kind === 'near' ? { ...miss, kind: 'nothing' } : miss }];
    });
  });
}

/** One value of an `In` list, and the pair as it would be with this value alone. */
interface NarrowedPair {
  readonly value: string;
  readonly path: Path;
  readonly values: readonly string[];
  readonly only: Pair;
}

function narrowedPairs(pair: Pair): readonly NarrowedPair[] {
  const { scope, pods } = pair;
  const ofPods = narrowedSelectors(pods).map(({ selector, ...one }) => ({ ...one, only: { ...pair, pods: selector } }));
  if (scope.kind === 'own') return ofPods;
  const ofScope = narrowedSelectors(scope.selector).map(({ selector, ...one }) => ({
    ...one,
    only: { ...pair, scope: { ...scope, selector } },
  }));
  return [...ofPods, ...ofScope];
}

/** A selector with each of the values of its `matchExpressions` lists in turn. */
function narrowedSelectors(selector: LabelSelector): readonly (Omit<NarrowedPair, 'only'> & { readonly selector: LabelSelector })[] {
  return selector.requirements.flatMap((requirement, at) => {
    const { operator, values, path } = requirement;
    if (operator !== 'In' || values.length < 2 || path.at(-2) !== 'matchExpressions') return [];
    return values.map((value, i) => ({
      value,
      values,
      path: [...path, 'values', i],
      selector: { ...selector, requirements: selector.requirements.with(at, { ...requirement, values: [value] }) },
    }));
  });
}

interface Pair {
  readonly of: Miss['of'];
  readonly rule?: Rule;
  readonly scope: NamespaceScope;
  readonly pods: LabelSelector;
  readonly path: Path;
}

function find(policy: Policy, context: WorkspaceContext): readonly Miss[] {
  return judgedPairs(policy).flatMap((pair) => missOf(pair, policy, context) ?? []);
}

/** The pairs of selectors of a policy that can be read. */
function judgedPairs(policy: Policy): readonly Pair[] {
  const { subject } = policy;
  const peers = peersIn(policy).flatMap(({ peer, rule }): readonly Pair[] =>
    peer.kind === 'pods' ? [{ of: 'peer', rule, scope: peer.namespaces, pods: peer.pods, path: peer.path }] : [],
  );
  const pairs: readonly Pair[] = [{ of: 'subject', scope: subject.namespaces, pods: subject.pods, path: subject.path }, ...peers];
  const faults = indexByPath(policy.unreadable);
  return pairs.filter((pair) => isJudged(faults, pair));
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
  if (names.length === 0) return namespaceMiss(pair, facts, context);
  const candidates = names.flatMap((name) => facts.workloadsIn.get(name) ?? []);
  if (candidates.length === 0) return undefined;
  if (isNamespaceOnHost(pair, names, candidates))
    return { ...pair, kind: 'on-host', workloads: candidates.filter(({ value }) => value.hostNetwork) };
  const isMatch = ({ value }: Located<Workload>): boolean => selects(pair.pods, value.labels);
  if (candidates.some((workload) => !workload.value.hostNetwork && isMatch(workload))) return undefined;
  const matched = candidates.filter(isMatch);
  if (matched.length > 0) {
    // Of a selector of everything, pods in the host's network are only a part that happens to be known.
    return pair.pods.requirements.length > 0 ? { ...pair, kind: 'on-host', path: pair.pods.path, workloads: matched } : undefined;
  }
  // A label with an unknown value may be the one that is asked for.
  if (candidates.some(({ value }) => picksPods(pair.pods, value))) return undefined;
  const unseen = unseenPods(context, { namespaces: names, home: policy.namespace, others: pair.of === 'peer' }, pair.pods);
  const [only] = pair.pods.requirements;
  const path = only && pair.pods.requirements.length === 1 ? only.path : pair.pods.path;
  const elsewhere = pair.of === 'peer' && pair.scope.kind === 'own' ? matchesElsewhere(pair, policy, facts) : [];
  if (elsewhere.length > 0) return { ...pair, kind: 'elsewhere', path: pair.pods.path, workloads: elsewhere, ...because(unseen) };
  const near =
    unseen?.kind === 'unread'
      ? undefined
      : nearMissOf({
          cluster: context.cluster,
          requirements: pair.pods.requirements,
          candidates: candidates,
          of: 'pod',
          typosOnly: unseen !== undefined && unseen.kind !== 'undefined-namespace',
        });
  if (near) return { ...pair, kind: 'near', path: near.requirement.path, near, workloads: [] };
  if (reachesUnknown(facts, pair.scope) || (pair.of === 'peer' && isOptIn(pair.pods, candidates))) return undefined;
  const moved = pair.of === 'subject' && pair.scope.kind === 'own' ? matchesElsewhere(pair, policy, facts) : [];
  return { ...pair, kind: 'nothing', path, workloads: moved, ...because(unseen) };
}

function because(unseen: Unseen | undefined): Pick<Miss, 'unseen'> {
  return unseen === undefined ? {} : { unseen };
}

/**
 * Is the pair a peer that picks namespaces by name or label, where everything that runs for long is in the host's network? Of kube-system
 * most workspaces know a part only.
 */
function isNamespaceOnHost({ of, scope, pods }: Pair, names: readonly string[], candidates: readonly Located<Workload>[]): boolean {
  if (of !== 'peer' || scope.kind === 'own' || scope.selector.requirements.length === 0 || pods.requirements.length > 0) return false;
  const lasting = candidates.filter(({ value }) => !runsOnce(value));
  return !names.includes('kube-system') && lasting.length > 0 && lasting.every(({ value }) => value.hostNetwork);
}

/** `db-client: "true"`: a label that clients take on by themselves, and none has so far. */
function isOptIn({ requirements }: LabelSelector, candidates: readonly Located<Workload>[]): boolean {
  return requirements.some(
    ({ key, operator, values }) =>
      operator === 'In' && values.every((value) => value === 'true') && !candidates.some(({ value }) => Object.hasOwn(value.labels, key)),
  );
}

function matchesElsewhere({ pods }: Pair, policy: Policy, facts: ClusterFacts): readonly Located<Workload>[] {
  // What only excludes matches almost everywhere, which says nothing.
  if (!pods.requirements.some(({ operator }) => operator === 'In' || operator === 'Exists')) return [];
  const everywhere: NamespaceScope = { kind: 'selected', selector: { requirements: [], path: [] } };
  return workloadsPicked(facts, everywhere, pods).filter(({ value }) => value.namespace !== policy.namespace);
}

/** A selector that picks no namespace. Without Namespace manifests only names are known, and only those of what is here. */
function namespaceMiss(pair: Pair, facts: ClusterFacts, context: WorkspaceContext): Miss | undefined {
  if (pair.scope.kind === 'own') return undefined;
  const { requirements, path } = pair.scope.selector;
  if (requirements.some(({ operator }) => operator === 'NotIn' || operator === 'DoesNotExist')) return undefined;
  const places = shownNamespaces(facts);
  const found = nearestNamespace(facts, selectorText(pair.scope.selector), { cluster: context.cluster, requirements, places });
  const requirement = found && requirements[found.at];
  if (requirement) return { ...pair, kind: 'near', path: requirement.path, near: { ...found.near, requirement }, workloads: [] };
  // A name may be that of a namespace that other people look after; so may every label, unless the others here are labelled like that.
  const labelled = requirements.every(({ key }) => key !== NAME_LABEL && places.some(({ value }) => Object.hasOwn(value.labels, key)));
  if (!labelled) return undefined;
  const unseen = unseenNamespaces(context, pair.scope.selector);
  return { ...pair, kind: 'no-namespace', path, workloads: [], ...because(unseen) };
}

/** The namespaces of which a cluster shows more than the name. */
const shownNamespaces = memo((facts: ClusterFacts): readonly Located<Namespace>[] =>
  [...facts.namespaces.values()].filter(({ value }) => facts.defined.has(value.name) || facts.workloadsIn.has(value.name)),
);

/** Where a requirement stands differs between policies with the same selector, so the answer gives its position in the list. */
const nearestNamespace = memoBy(
  (
    _facts: ClusterFacts,
    _selector: string,
    {
      cluster,
      requirements,
      places,
    }: Pick<NearMissQuestion, 'cluster' | 'requirements'> & { readonly places: readonly Located<Namespace>[] },
  ): { readonly near: NearMiss; readonly at: number } | undefined => {
    const near = nearMissOf({ cluster, requirements, candidates: places, of: 'namespace', typosOnly: false });
    return near && { near, at: requirements.indexOf(near.requirement) };
  },
);
