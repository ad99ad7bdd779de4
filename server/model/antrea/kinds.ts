import { finished } from '../../base/work.ts';
import type { JudgedKindEntry, PolicyKindEntry, SetKindEntry, TierKindEntry, UnevaluatedKindEntry } from '../kind.ts';
import { peerField, peerValues, selectorValue, namespaceValue } from '../rule-writer.ts';
import type { ManifestValue, PeerRequest, RuleRequest } from '../rule-request.ts';
import { antreaKinds } from '../unevaluated/antrea.ts';
import { CLUSTER_TRAITS, NAMESPACED_TRAITS, readAntreaPolicy } from './policy.ts';
import { readGroup, readAntreaTier } from './sets.ts';

const SHARED = {
  api: 'antrea',
  group: 'crd.antrea.io',
  version: 'v1beta1',
  docs: 'https://antrea.io/docs/main/docs/antrea-network-policy/',
  formerly: ['crd.antrea.io/v1alpha1', 'security.antrea.tanzu.vmware.com/v1alpha1'],
  channels: false,
  alike: [],
} as const;

const ACTIONS: PolicyKindEntry['actions'] = new Map([
  ['Accept', 'Allow'],
  ['Deny', 'Drop'],
  ['Pass', 'Pass'],
]);

const clusterNetworkPolicy: PolicyKindEntry = {
  ...SHARED,
  role: 'policy',
  kind: 'ClusterNetworkPolicy',
  plural: 'clusternetworkpolicies',
  scope: 'Cluster',
  summary: 'Allows, drops, rejects or passes connections for pods of any namespace, in tiers by priority; enforced by Antrea.',
  traits: CLUSTER_TRAITS,
  fields: ['tier', 'priority', 'appliedTo', 'ipBlock', 'except', 'port', 'endPort'],
  actions: ACTIONS,
  portsField: 'ports',
  scopeOfPods: 'all',
  write: { rule: (request) => writeRule(request, undefined) },
  ...unevaluated('ClusterNetworkPolicy'),
  read: (root) => finished(readAntreaPolicy(root, 'ClusterNetworkPolicy')),
  readWork: (root) => readAntreaPolicy(root, 'ClusterNetworkPolicy'),
};

const networkPolicy: PolicyKindEntry = {
  ...SHARED,
  role: 'policy',
  kind: 'NetworkPolicy',
  plural: 'networkpolicies',
  scope: 'Namespaced',
  summary: 'Allows, drops, rejects or passes connections for pods of its namespace, in tiers by priority; enforced by Antrea.',
  traits: NAMESPACED_TRAITS,
  fields: ['tier', 'priority', 'appliedTo', 'ipBlock', 'except', 'port', 'endPort'],
  actions: ACTIONS,
  portsField: 'ports',
  scopeOfPods: 'own',
  write: { rule: writeRule },
  ...unevaluated('NetworkPolicy'),
  read: (root) => finished(readAntreaPolicy(root, 'NetworkPolicy')),
  readWork: (root) => readAntreaPolicy(root, 'NetworkPolicy'),
};

const tier: TierKindEntry = {
  ...SHARED,
  role: 'tier',
  kind: 'Tier',
  plural: 'tiers',
  scope: 'Cluster',
  summary: 'A place in the order in which Antrea evaluates policies.',
  read: readAntreaTier,
};

const clusterGroup: SetKindEntry = {
  ...SHARED,
  role: 'set',
  kind: 'ClusterGroup',
  plural: 'clustergroups',
  scope: 'Cluster',
  summary: 'A named set of pods, nodes or addresses that Antrea ClusterNetworkPolicies refer to.',
  read: (root) => readGroup(root, 'ClusterGroup'),
};

const group: SetKindEntry = {
  ...SHARED,
  role: 'set',
  kind: 'Group',
  plural: 'groups',
  scope: 'Namespaced',
  summary: 'A named set of pods or addresses that Antrea NetworkPolicies of its namespace refer to.',
  read: (root) => readGroup(root, 'Group'),
};

/** The kinds of Antrea that are judged (antrea `build/charts/antrea/crds`, v2.7.0). */
export const ANTREA_KINDS: readonly JudgedKindEntry[] = [clusterNetworkPolicy, networkPolicy, tier, clusterGroup, group];

function unevaluated(kind: string): { readonly unevaluated?: UnevaluatedKindEntry } {
  const found = antreaKinds.find((one) => one.kind === kind);
  return found ? { unevaluated: found } : {};
}

function writeRule({ direction, action, name, peers, ports }: RuleRequest, home: string | undefined): ManifestValue | undefined {
  const word = ACTIONS.get(action);
  const list = peerValues(peers, (peer) => writePeer(peer, home));
  if (word === undefined || !list) return undefined;
  return {
    ...(name === undefined ? {} : { name }),
    action: word,
    ...(list.length === 0 ? {} : { [peerField(direction)]: list }),
    ...(ports.length === 0 ? {} : { ports: ports.map(({ protocol, port }) => ({ protocol, port })) }),
  };
}

function writePeer(peer: PeerRequest, home: string | undefined): ManifestValue {
  if (peer.kind === 'address') return { ipBlock: { cidr: peer.cidr } };
  const podSelector = selectorValue(peer.labels);
  const isOwn = home !== undefined && peer.namespace === home;
  const isEverywhere = home === undefined && peer.namespace === undefined;
  return isOwn || isEverywhere ? { podSelector } : { namespaceSelector: namespaceValue(peer.namespace), podSelector };
}
