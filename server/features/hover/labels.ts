import { plain } from '../../base/english.ts';
import { bullets, code, paragraphs } from '../../base/markdown.ts';
import { policyName } from '../../eval/names.ts';
import { matchesLabels, matchesScope } from '../../model/endpoint-set.ts';
import { impliedNamespace } from '../../model/namespace.ts';
import { DIRECTIONS, type LabelTerm, type NamespaceScope, type Policy } from '../../model/policy.ts';
import type { Labels, LabelSelector, Requirement } from '../../model/selector.ts';
import type { Place } from '../../syntax/locate.ts';
import { samePath, type Path } from '../../syntax/path.ts';
import type { Cluster, Located } from '../../workspace/cluster.ts';
import { keyOf } from '../../workspace/locate.ts';
import { clusterFor, resourceAt } from '../../workspace/snapshot.ts';
import type { FeatureContext } from '../context.ts';
import { linkTo } from './links.ts';
import { unevaluatedText } from './matched.ts';

/** So many policies are named. */
const MAX_LISTED_POLICIES = 10;

/** On a label of pods or of a namespace: the policies that pick it by that label. `undefined` on other words, and where no policies are known. */
export function labelText({ snapshot, uri }: FeatureContext, { placed, path }: Place): string | undefined {
  const key = keyOf(snapshot, uri, placed);
  const label = path.at(-1);
  const cluster = clusterFor(snapshot, uri);
  const thing = key === undefined ? undefined : thingAt(cluster, resourceAt(snapshot, key), key);
  if (
    !thing ||
    typeof label !== 'string' ||
    !samePath(path.slice(0, -1), thing.labelsPath) ||
    (cluster.policies.length === 0 && cluster.unevaluated.length === 0)
  )
    return undefined;
  const uses = cluster.policies.flatMap((policy) => usesIn(policy, thing, label));
  const words = code(`${label}=${thing.labels[label] ?? ''}`);
  const what = thing.of === 'pods' ? 'these pods' : 'this namespace';
  const about = cluster.workloads.filter((one) => (thing.of === 'pods' ? one.key === key : one.value.namespace === thing.name));
  const others = unevaluatedText(snapshot, cluster, about).trimStart();
  if (uses.length === 0) {
    if (others === '' && cluster.policies.length === 0) return undefined;
    return paragraphs(`No ${others === '' ? 'policy in this workspace' : 'evaluated policy'} selects ${what} by ${words}.`, others);
  }
  const lines = uses
    .slice(0, MAX_LISTED_POLICIES)
    .map(
      ({ policy, role, path: at }) =>
        `${role} of ${policy.value.kind} ${linkTo(snapshot, plain(policyName(policy.value)), policy.key, at)}`,
    );
  return paragraphs(
    `Selecting ${what} by ${words}:`,
    bullets(uses.length > MAX_LISTED_POLICIES ? [...lines, `and ${uses.length - MAX_LISTED_POLICIES} more`] : lines),
    others,
  );
}

/** What labels are on. */
interface Thing {
  readonly of: 'pods' | 'namespace';
  readonly name: string;
  readonly labels: Labels;
  readonly labelsPath: Path;
  readonly namespace: Labels;
  readonly hostNetwork: boolean;
}

/** The object as it is in the cluster, where kustomize may have changed it; a Pod that is folded into its owner as it stands. */
function thingAt(cluster: Cluster, resource: ReturnType<typeof resourceAt>, key: string): Thing | undefined {
  if (resource?.role === 'workload') {
    const { value } = cluster.workloads.find((placed) => placed.key === key) ?? resource;
    const home = cluster.namespaces.find((placed) => placed.value.name === value.namespace)?.value ?? impliedNamespace(value.namespace);
    return {
      of: 'pods',
      name: value.name,
      labels: value.labels,
      labelsPath: value.labelsPath,
      namespace: home.labels,
      hostNetwork: value.hostNetwork,
    };
  }
  if (resource?.role !== 'namespace') return undefined;
  const { value } = cluster.namespaces.find((placed) => placed.key === key) ?? resource;
  return {
    of: 'namespace',
    name: value.name,
    labels: value.labels,
    labelsPath: value.labelsPath,
    namespace: value.labels,
    hostNetwork: false,
  };
}

interface Use {
  readonly policy: Located<Policy>;
  readonly role: 'subject' | 'ingress peer' | 'egress peer';
  readonly path: Path;
}

function usesIn(policy: Located<Policy>, thing: Thing, label: string): readonly Use[] {
  // Pods on the host network are neither subject nor peer of a ClusterNetworkPolicy (v1alpha2 types).
  if (thing.hostNetwork && !policy.value.traits.hostNetwork) return [];
  const { subject, labelTerms } = policy.value;
  if (labelTerms) return termUses(policy, labelTerms, thing, label);
  const uses: Use[] = [];
  const add = (role: Use['role'], scope: NamespaceScope, pods: LabelSelector): void => {
    const requirement = pickedBy(thing, scope, pods, label);
    if (requirement) uses.push({ policy, role, path: requirement.path });
  };
  add('subject', subject.namespaces, subject.pods);
  for (const direction of DIRECTIONS) {
    for (const { peers } of policy.value[direction]?.rules ?? []) {
      for (const peer of peers === 'any' ? [] : peers) if (peer.kind === 'pods') add(`${direction} peer`, peer.namespaces, peer.pods);
    }
  }
  return uses;
}

/** Selectors that are expressions. */
function termUses(policy: Located<Policy>, terms: readonly LabelTerm[], thing: Thing, label: string): readonly Use[] {
  const of = thing.of === 'pods' ? 'pod' : 'namespace';
  const found = terms.filter(
    (term) =>
      term.of === of &&
      asking(term.selector, label) === term.requirement &&
      matchesLabels(term.selector, { labels: thing.labels }) === 'yes' &&
      (term.within === undefined || matchesScope(term.within, { labels: thing.namespace }) === 'yes'),
  );
  return found.map(({ path }): Use => {
    const [, second] = path;
    return { policy, path, role: second === 'ingress' || second === 'egress' ? `${second} peer` : 'subject' };
  });
}

/** The requirement on the label, where the selectors pick the thing. Of a namespace, only what is asked of namespaces counts. */
function pickedBy(thing: Thing, scope: NamespaceScope, pods: LabelSelector, label: string): Requirement | undefined {
  if (matchesScope(scope, { labels: thing.namespace }) !== 'yes') return undefined;
  if (thing.of === 'namespace') return scope.kind === 'own' ? undefined : asking(scope.selector, label);
  return matchesLabels(pods, { labels: thing.labels }) === 'yes' ? asking(pods, label) : undefined;
}

function asking({ requirements }: LabelSelector, label: string): Requirement | undefined {
  return requirements.find(({ key, operator }) => key === label && (operator === 'In' || operator === 'Exists'));
}
