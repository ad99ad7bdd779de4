import { list } from '../../base/english.ts';
import type { Path } from '../../syntax/path.ts';
import type { Node } from '../../syntax/tree.ts';
import { describeScope, describeSelector } from '../describe-selector.ts';
import type { EndpointSet } from '../endpoint-set.ts';
import { NAME_LABEL } from '../namespace.ts';
import type { NamespaceScope } from '../policy.ts';
import { readSelector } from '../read-selector.ts';
import type { LabelSelector, Requirement } from '../selector.ts';
import { ENTITY_MEANINGS } from './entities.ts';
import { CLUSTER_NAME, NAMESPACE_LABELS, parseLabelKey, POD_NAMESPACE, SERVICE_ACCOUNT } from './label-key.ts';

/** A selector of pods in the terms of all APIs: namespaces, pods, and what neither can say. */
export interface PodSelection {
  readonly namespaces: NamespaceScope;
  readonly pods: LabelSelector;
  /** What must hold as well: service accounts, identities that Cilium made up. */
  readonly others: readonly Other[];
  /** Does it name the namespace of the pods, or labels of it? */
  readonly namesNamespace: boolean;
}

interface Other {
  readonly set: EndpointSet;
  readonly words: string;
}

/**
 * Reads a selector of Cilium: its keys tell the labels of the pod, of its namespace and of its service account apart. `home`: the
 * namespace of the policy, where a selector that names no namespace is about that one (cilium `pkg/k8s/apis/cilium.io/utils`).
 */
export function readPodSelection(node: Node | undefined, path: Path, home: string | undefined): PodSelection {
  const whole = readSelector(node, path, 'dropped');
  const namespaces: Requirement[] = [];
  const pods: Requirement[] = [];
  const others: Other[] = [];
  for (const requirement of whole.requirements) {
    const { source, key } = parseLabelKey(requirement.key);
    if (source === 'reserved') others.push(...reserved(key, requirement));
    else if (source !== 'any' && source !== 'k8s') others.push(strange(source, requirement));
    else if (key === POD_NAMESPACE) namespaces.push({ ...requirement, key: NAME_LABEL });
    else if (key.startsWith(NAMESPACE_LABELS)) namespaces.push({ ...requirement, key: key.slice(NAMESPACE_LABELS.length) });
    else if (key === SERVICE_ACCOUNT) others.push(account(requirement));
    else if (key === CLUSTER_NAME) others.push(...inCluster(requirement));
    else pods.push({ ...requirement, key });
  }
  const broken = whole.unreadable === undefined ? {} : { unreadable: whole.unreadable };
  const namesNamespace = namespaces.length > 0;
  const scope: NamespaceScope =
    namesNamespace || home === undefined
      ? { kind: 'selected', selector: { requirements: namespaces, path, ...broken } }
      : { kind: 'own', namespace: home };
  return { namespaces: scope, pods: { requirements: pods, path, ...broken }, others, namesNamespace };
}

const POD: EndpointSet = { kind: 'entity', entity: 'pod' };
const HOST_PODS: EndpointSet = { kind: 'entity', entity: 'host-network' };

/** The pods of a selection as a set. Pods on the host network are nodes to Cilium. */
export function selectionSet({ namespaces, pods, others }: PodSelection): EndpointSet {
  // An identity that Cilium made up is on no pod: what it is, it is instead of a pod.
  const isIdentity = others.some(({ set }) => !isAboutPods(set));
  const scope: EndpointSet =
    namespaces.kind === 'own'
      ? { kind: 'namespace', name: namespaces.namespace }
      : { kind: 'labels', of: 'namespace', selector: namespaces.selector };
  const named = others.map(({ set }) => set);
  if (isIdentity) return { kind: 'and', of: named };
  return { kind: 'and', of: [POD, scope, { kind: 'labels', of: 'pod', selector: pods }, ...named, { kind: 'not', of: HOST_PODS }] };
}

function isAboutPods(set: EndpointSet): boolean {
  return set.kind === 'accounts' || set.kind === 'not' || set.kind === 'unknown';
}

/** A selection in plain text: "pods with app=web in namespace shop that run as service account web". */
export function selectionWords({ namespaces, pods, others }: PodSelection): string {
  const identity = others.find(({ set }) => !isAboutPods(set));
  if (identity) return identity.words;
  const end = others.length === 0 ? '' : ` ${list(others.map(({ words }) => words))}`;
  return `${describeSelector(pods, 'pod')} ${describeScope(namespaces)}${end}`;
}

/** `reserved:host`: the identity of an entity. No pod carries one, so a selector that refuses it refuses no pod. */
function reserved(key: string, { operator }: Requirement): readonly Other[] {
  const meaning = ENTITY_MEANINGS.get(key);
  if (operator === 'NotIn' || operator === 'DoesNotExist') return [];
  return [meaning ?? { set: { kind: 'or', of: [] }, words: `the identity reserved:${key}` }];
}

function strange(source: string, { key }: Requirement): Other {
  return {
    set: { kind: 'unknown', why: `has labels of the source ${source}, which manifests do not show` },
    words: `with the label ${key}`,
  };
}

function account({ operator, values, key }: Requirement): Other {
  const set: EndpointSet = { kind: 'accounts', names: values };
  const names = list(values, 'or', 4);
  switch (operator) {
    case 'In':
      return { set, words: `that run as service account ${names}` };
    case 'NotIn':
      return { set: { kind: 'not', of: set }, words: `that do not run as service account ${names}` };
    case 'Exists':
      return { set: { kind: 'not', of: { kind: 'accounts', names: [] } }, words: 'that run as a service account' };
    default:
      // Every pod runs as a service account.
      return { set: { kind: 'accounts', names: [] }, words: `without the label ${key}` };
  }
}

/** The name of the cluster is an option of the agent, by default `default`. */
function inCluster({ operator, values }: Requirement): readonly Other[] {
  if (operator === 'Exists' || (operator === 'In' && values.includes('default'))) return [];
  return [{ set: { kind: 'unknown', why: 'may be in another cluster' }, words: `in cluster ${list(values, 'or', 4)}` }];
}
