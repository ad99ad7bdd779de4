import { capital, quote } from '../base/english.ts';
import { memo, memoBy } from '../base/memo.ts';
import type { Caller } from '../model/caller.ts';
import type { LabelSelector } from '../model/selector.ts';
import type { Workload } from '../model/workload.ts';
import { podMatch } from '../model/pod-match.ts';
import type { Cluster, Located } from '../workspace/cluster.ts';
import { keysWithLabel } from '../workspace/lookup.ts';
import { builtIn, indexOf, resourceAt, unknownParts, type Snapshot } from '../workspace/snapshot.ts';
import type { WorkspaceContext } from './context.ts';
import { clusterFacts } from './facts.ts';
import { foreignLabel, isOperatorLabel } from './label-origins.ts';

/**
 * The workspace is evidence of a cluster, not the cluster. This module knows which pods and namespaces may exist that it does not show,
 * and why; a claim that something is absent is made only where it gives no reason.
 */
export interface Unseen {
  /**
   * `label`: something else than pod templates writes the label; `creator`: an object here may create such pods; `unread`: an object here
   * could not be read in full; `system`: the namespace holds what the distribution installs; `undefined-namespace`: no manifest here
   * defines the namespace; `unbuilt`: a part of a kustomization of the cluster cannot be built here.
   */
  readonly kind: 'label' | 'creator' | 'unread' | 'system' | 'undefined-namespace' | 'unbuilt';
  /** A sentence: "Cluster 'shop/db' of postgresql.cnpg.io may create such pods." */
  readonly why: string;
}

/** Where pods may exist that no manifest shows: the namespaces that a selector covers, and whether they belong to another team. */
export interface EvidencePlace {
  /** Names of known namespaces. */
  readonly namespaces: readonly string[];
  /** The namespace that the policy itself lives in; what else lives there is expected to be here too. */
  readonly home: string | undefined;
  /** Other pods than those of the policy, which need not be deployed together with it. */
  readonly others?: boolean;
}

/** Why pods that a selector picks in some namespaces may exist though no manifest shows them; `undefined` where none should. */
export function unseenPods(
  context: WorkspaceContext,
  { namespaces, home, others = false }: EvidencePlace,
  pods: LabelSelector,
): Unseen | undefined {
  const { cluster } = context;
  const part = unbuilt(context);
  if (part) return part;
  for (const { key, operator } of pods.requirements) {
    if (operator !== 'In' && operator !== 'Exists') continue;
    const why = foreignLabel(cluster, key);
    if (why !== undefined) return { kind: 'label', why: `${capital(why)}, so such pods may exist.` };
  }
  const evidence = evidenceOf(context);
  for (const name of namespaces) {
    const found =
      unseenIn(name, evidence, cluster, pods) ?? unseenNamespace(name, home, cluster) ?? (others ? unseenPart(context, name) : undefined);
    if (found) return found;
  }
  return undefined;
}

/** Why namespaces that a selector asks for may exist though this cluster shows none; `undefined` where none should. */
export function unseenNamespaces(context: WorkspaceContext, selector: LabelSelector): Unseen | undefined {
  const { cluster } = context;
  const part = unbuilt(context);
  if (part) return part;
  const required = selector.requirements.filter(({ operator }) => operator === 'In' || operator === 'Exists');
  const operated = required.find(({ key }) => isOperatorLabel(cluster, key));
  if (operated) return { kind: 'label', why: `Operators and controllers write ${quote(operated.key)}, so such namespaces may exist.` };
  const [first] = required;
  return first !== undefined && namespacesWith(cluster, first.key) > 1
    ? undefined
    : { kind: 'undefined-namespace', why: 'Namespaces that no manifest in this workspace defines may have that label.' };
}

/** How many namespaces of a cluster have a label, with whatever value. */
const namespacesWith = memoBy(
  (cluster: Cluster, key: string): number => cluster.namespaces.filter(({ value }) => Object.hasOwn(value.labels, key)).length,
);

/** What the builds of the cluster leave out: a remote base, a Helm chart, a plugin, a missing file. */
function unbuilt({ snapshot, universe }: Pick<WorkspaceContext, 'snapshot' | 'universe'>): Unseen | undefined {
  const [part] = unknownParts(snapshot, universe);
  return part && { kind: 'unbuilt', why: `A part of the kustomization cannot be built and may contain them: ${part.message}` };
}

/** Labels of namespaces that many policies ask for are there, whoever defines the namespaces. */
export function widelyRequired({ snapshot, universe }: WorkspaceContext, selector: LabelSelector): Unseen | undefined {
  const index = indexOf(snapshot, universe);
  const uses = Math.max(
    0,
    ...selector.requirements.map(({ key, values: [value] }) => keysWithLabel(index, 'namespaceSelector', key, value).length),
  );
  return uses < MIN_SHARED_USES
    ? undefined
    : {
        kind: 'undefined-namespace',
        why: `${uses} policies require that label, so such namespaces may be defined outside this workspace.`,
      };
}

const MIN_SHARED_USES = 3;

/** Namespaces that a distribution or an operator fills, of which a workspace shows a part at most. */
const SYSTEM_NAMESPACES =
  /^(?:kube-.*|openshift(?:-.*)?|gke-.*|gmp-.*|aks-.*|azure-.*|calico-.*|tigera-.*|cattle-.*|fleet-.*|istio-system|linkerd|knative-.*|tekton-pipelines|olm|operators|local-path-storage|gatekeeper-system)$/;

/** Is it a namespace of which a workspace never shows everything, such as kube-system? */
function isSystemNamespace(name: string): boolean {
  return SYSTEM_NAMESPACES.test(name);
}

function unseenNamespace(name: string, home: string | undefined, cluster: Cluster): Unseen | undefined {
  if (isSystemNamespace(name)) return { kind: 'system', why: `Namespace ${quote(name)} has more pods than this workspace shows.` };
  return name === home || clusterFacts(cluster).defined.has(name)
    ? undefined
    : { kind: 'undefined-namespace', why: `No manifest in this workspace defines namespace ${quote(name)}, so other pods may run there.` };
}

/** A kustomization deploys a part of a namespace that it does not define; the rest comes from others. */
function unseenPart({ snapshot, universe, cluster }: WorkspaceContext, name: string): Unseen | undefined {
  if (clusterFacts(cluster).defined.has(name) || builtIn(snapshot, universe).length === 0) return undefined;
  return {
    kind: 'undefined-namespace',
    why: `The kustomization does not define namespace ${quote(name)}, so other deployments may have such pods there.`,
  };
}

function unseenIn(name: string, evidence: Evidence, cluster: Cluster, pods: LabelSelector): Unseen | undefined {
  const creator = evidence.creators.get(name)?.[0] ?? evidence.creators.get(ANYWHERE)?.[0];
  if (creator) return { kind: 'creator', why: `${creatorName(creator.value)} may create such pods.` };
  const unread = evidence.unread.get(name)?.[0] ?? evidence.unread.get(ANYWHERE)?.[0];
  if (unread) return { kind: 'unread', why: `${workloadTitle(unread)} cannot be read in full and may have such pods.` };
  const workloads = clusterFacts(cluster).workloadsIn.get(name) ?? [];
  const operator = workloads.find(({ value }) => isOperator(value));
  if (operator) return { kind: 'creator', why: `${workloadTitle(operator.value)} may create such pods.` };
  const unsure = workloads.find(({ value }) => podMatch(pods, value) === 'perhaps');
  return (
    unsure && {
      kind: 'label',
      why: `Pods of ${workloadTitle(unsure.value)} have one of these labels with a value that this workspace does not show.`,
    }
  );
}

function creatorName({ kind, namespace, name, creates }: Caller): string {
  return `${kind} ${quote(namespace === '' ? name : `${namespace}/${name}`)} of ${creates?.group ?? ''}`;
}

function workloadTitle({ kind, namespace, name }: Workload): string {
  return `${kind} ${quote(namespace === '' ? name : `${namespace}/${name}`)}`;
}

/** A program that makes pods of custom resources is called so by custom (Kubernetes documentation, "Operator pattern"). */
function isOperator({ name, labels }: Workload): boolean {
  return OPERATOR.test(name) || OPERATOR.test(labels['app.kubernetes.io/component'] ?? '') || OPERATOR.test(labels['control-plane'] ?? '');
}

const OPERATOR = /(?:^|[-_.])(?:operator|controller-manager)(?:$|[-_.])/;

/** Stands for every namespace. */
const ANYWHERE = '';

/** Objects of a cluster that may create pods which no manifest shows, by namespace. */
interface Evidence {
  /** Changes with everything that an answer depends on besides workloads and namespaces. */
  readonly print: string;
  readonly creators: ReadonlyMap<string, readonly Located<Caller>[]>;
  readonly unread: ReadonlyMap<string, readonly Workload[]>;
}

function evidenceOf({ cluster, snapshot }: Pick<WorkspaceContext, 'cluster' | 'snapshot'>): Evidence {
  return evidenceIn(cluster, snapshot);
}

const evidenceIn = memo(gather);

/** A fingerprint of the evidence in a cluster, apart from its workloads and namespaces: equal strings give equal answers. */
export function evidencePrint(context: WorkspaceContext): string {
  return `${evidenceOf(context).print};${unbuilt(context)?.why ?? ''}`;
}

function gather(cluster: Cluster, snapshot: Snapshot): Evidence {
  const creators = new Map<string, Located<Caller>[]>();
  for (const placed of cluster.callers) {
    const { creates } = placed.value;
    if (creates) add(creators, creates.namespace ?? ANYWHERE, placed);
  }
  const unread = new Map<string, Workload[]>();
  for (const { key, path } of cluster.problems) {
    const resource = path.length === 0 ? resourceAt(snapshot, key) : undefined;
    if (resource?.role === 'workload') add(unread, resource.value.namespace, resource.value);
  }
  const names = [...creators].map(([name, list]) => [name, ...list.map(({ value }) => creatorName(value))].join());
  const left = [...unread].map(([name, list]) => [name, ...list.map(workloadTitle)].join());
  return { print: [...names, '', ...left].join(';'), creators, unread };
}

function add<T>(map: Map<string, T[]>, name: string, value: T): void {
  const list = map.get(name);
  if (list) list.push(value);
  else map.set(name, [value]);
}
