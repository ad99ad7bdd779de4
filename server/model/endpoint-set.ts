import {
  addressesOf,
  type AddressSet,
  ALL_IPV4,
  coversAddresses,
  hasAddress,
  isNoAddress,
  NO_ADDRESSES,
  uniteAddresses,
} from '../base/addresses.ts';
import { allOf, anyOf, notOf, sure, type Certainty } from '../base/certainty.ts';
import { parseCidr } from '../base/cidr.ts';
import { NAME_LABEL } from './namespace.ts';
import type { Entity, EndpointSet, LabelHolder, Reference } from './endpoints.ts';
import type { NamespaceScope, Network, Peer, Policy, RuleAction, Subject } from './policy.ts';
import { holds, type LabelSelector, type Labels, type Requirement } from './selector.ts';
import type { Workload } from './workload.ts';

export type { Entity, EndpointSet, Reference } from './endpoints.ts';

/** Nothing. */
export const NO_ENDPOINT: EndpointSet = { kind: 'or', of: [] };

const HOST_PODS: EndpointSet = { kind: 'entity', entity: 'host-network' };

/** The pods that a policy selects, or those of another subject that one of its rules has. */
export function subjectSet({ subject: own, traits }: Policy, subject: Subject = own): EndpointSet {
  return subject.set ?? podSet(subject.namespaces, subject.pods, traits.hostNetwork);
}

/** Pods in namespaces: both must match. Some APIs leave pods on the host network out. */
export function podSet(namespaces: NamespaceScope, pods: LabelSelector, hostNetwork: boolean): EndpointSet {
  return {
    kind: 'and',
    of: [
      scopeSet(namespaces),
      { kind: 'labels', of: 'pod', selector: pods },
      ...(hostNetwork ? [] : [{ kind: 'not' as const, of: HOST_PODS }]),
    ],
  };
}

/** The pods of the namespaces of a scope. */
function scopeSet(scope: NamespaceScope): EndpointSet {
  if (scope.kind === 'own') return { kind: 'namespace', name: scope.namespace };
  return { kind: 'labels', of: 'namespace', selector: scope.selector };
}

/** The endpoints that one peer names; unknown for a peer that cannot be read. */
export function peerSet(peer: Peer, hostNetwork: boolean): EndpointSet {
  switch (peer.kind) {
    case 'pods':
      return podSet(peer.namespaces, peer.pods, hostNetwork);
    case 'networks':
      return { kind: 'addresses', networks: peer.networks };
    case 'nodes':
      return { kind: 'labels', of: 'node', selector: peer.nodes };
    case 'domainNames':
      return { kind: 'names', names: peer.domainNames };
    case 'set':
      return peer.set;
    case 'unreadable':
      return { kind: 'unknown', why: 'cannot be read' };
  }
}

/**
 * What a rule with an action matches of a peer. Which addresses have a DNS name is not known. An Accept takes them for none, which denies
 * more; a rule that denies or passes on may match any address outside, as to take it for none would allow what is denied.
 */
export function matchedSet(peer: Peer, action: RuleAction, hostNetwork: boolean): EndpointSet {
  if (peer.kind !== 'domainNames' || action === 'Accept' || action === 'Log') return peerSet(peer, hostNetwork);
  return { kind: 'and', of: [OUTSIDE, { kind: 'unknown', why: 'depends on the addresses of a domain name' }] };
}

const OUTSIDE: EndpointSet = { kind: 'entity', entity: 'outside' };

/** The endpoints that any one of some peers names. */
export function peersSet(peers: readonly Peer[] | 'any', hostNetwork: boolean): EndpointSet {
  return peers === 'any' ? { kind: 'any' } : { kind: 'or', of: peers.map((peer) => peerSet(peer, hostNetwork)) };
}

/** The sets without parts that a set is made of, however they are combined. */
export function setLeaves(set: EndpointSet): readonly SetLeaf[] {
  switch (set.kind) {
    case 'and':
    case 'or':
      return set.of.flatMap(setLeaves);
    case 'not':
      return setLeaves(set.of);
    default:
      return [set];
  }
}

type SetLeaf = Exclude<EndpointSet, { readonly kind: 'and' | 'or' | 'not' }>;

/** The other objects that a set refers to. */
export function referencesOf(set: EndpointSet): readonly Reference[] {
  return setLeaves(set).flatMap((leaf) => (leaf.kind === 'reference' ? [leaf.to] : []));
}

/** The labels of an object, as far as they are known. */
export interface KnownLabels {
  readonly labels: Labels;
  /** Keys that are present with an unknown value. */
  readonly unknown?: readonly string[];
  /** There may be more labels. */
  readonly open?: boolean;
}

/** An endpoint, as far as it is known. What is left out it does not have; what is `unknown` it may have. */
export interface KnownEndpoint {
  readonly pod?: {
    readonly labels: KnownLabels;
    readonly namespace: KnownLabels;
    /** The name of its namespace, where that is more certain than the labels say; `''` for one that no policy can name. */
    readonly namespaceName?: string;
    readonly hostNetwork?: boolean;
    /** The service account that it runs as; unknown where absent. */
    readonly account?: string;
  };
  readonly node?: KnownLabels | 'unknown';
  /** `unknown`: it has an unknown address, most likely of IPv4. */
  readonly addresses?: readonly { readonly family: 4 | 6; readonly value: bigint }[] | 'unknown';
}

/** The pods of a workload, as far as manifests tell of them. `namespace`: the labels of their namespace. */
export function workloadEndpoint({ labels, unknownLabels = [], hostNetwork }: Workload, namespace: Labels): KnownEndpoint {
  return { pod: { labels: { labels, unknown: unknownLabels }, namespace: { labels: namespace }, hostNetwork } };
}

/** Is an endpoint in a set? The one place that decides it for an endpoint by itself; `eval/endpoint-bits.ts` does it for all at once. */
export function isInSet(set: EndpointSet, endpoint: KnownEndpoint): Certainty {
  switch (set.kind) {
    case 'any':
      return 'yes';
    case 'unknown':
      return 'unknown';
    case 'labels':
      return hasLabels(set.selector, holderOf(set.of, endpoint));
    case 'namespace':
      return endpoint.pod ? isInNamespace(set.name, endpoint.pod) : 'no';
    case 'addresses':
      return hasAddresses(set.networks, endpoint);
    case 'names':
      return endpoint.pod || (endpoint.node && endpoint.node !== 'unknown') ? 'no' : 'unknown';
    case 'entity':
      return isEntity(set.entity, endpoint);
    case 'accounts':
      return endpoint.pod ? (endpoint.pod.account === undefined ? 'unknown' : sure(set.names.includes(endpoint.pod.account))) : 'no';
    case 'reference':
      return 'unknown';
    case 'like-own-namespace':
      return endpoint.pod ? 'unknown' : 'no';
    case 'and':
      return allOf(set.of, (part) => isInSet(part, endpoint));
    case 'or':
      return anyOf(set.of, (part) => isInSet(part, endpoint));
    case 'not':
      return notOf(isInSet(set.of, endpoint));
  }
}

/** Does a selector match an object of which some labels are known? One that could not be read in full may ask for more. */
export function matchesLabels({ requirements, unreadable }: LabelSelector, labels: KnownLabels): Certainty {
  const match = allOf(requirements, (requirement) => requirementHolds(requirement, labels));
  return match === 'yes' && unreadable !== undefined ? 'unknown' : match;
}

/** Does a scope hold a namespace of which some labels are known? */
export function matchesScope(scope: NamespaceScope, labels: KnownLabels): Certainty {
  return scope.kind === 'own' ? requirementHolds(nameRequirement(scope.namespace), labels) : matchesLabels(scope.selector, labels);
}

/** The addresses of networks, `except` taken away; none of those that cannot be read. */
export function networksAddresses(networks: readonly Network[]): AddressSet {
  return networks.map(networkAddresses).reduce((sum, one) => uniteAddresses(sum, one), NO_ADDRESSES);
}

/** The addresses of a network, `except` taken away; none where it cannot be read. */
export function networkAddresses({ cidr, except }: Network): AddressSet {
  const block = parseCidr(cidr);
  const holes = except.map((text) => parseCidr(text)).flatMap((hole) => (hole.ok ? [hole] : []));
  return block.ok ? addressesOf(block, holes) : NO_ADDRESSES;
}

function hasLabels(selector: LabelSelector, holder: KnownLabels | 'unknown' | undefined): Certainty {
  if (holder === 'unknown') return 'unknown';
  return holder ? matchesLabels(selector, holder) : 'no';
}

function holderOf(of: LabelHolder, { pod, node }: KnownEndpoint): KnownLabels | 'unknown' | undefined {
  switch (of) {
    case 'pod':
      return pod?.labels;
    case 'namespace':
      return pod?.namespace;
    case 'node':
      return node;
    case 'serviceAccount':
      // No manifest of an account is read.
      return pod && 'unknown';
  }
}

function requirementHolds(requirement: Requirement, { labels, unknown = [], open = false }: KnownLabels): Certainty {
  const { key, operator } = requirement;
  if (Object.hasOwn(labels, key)) return sure(holds(requirement, labels));
  if (unknown.includes(key)) return operator === 'In' || operator === 'NotIn' ? 'unknown' : sure(operator === 'Exists');
  return open ? 'unknown' : sure(holds(requirement, labels));
}

/** "The control plane sets an immutable label kubernetes.io/metadata.name on all namespaces" (kubernetes/website). */
function nameRequirement(name: string): Requirement {
  return { key: NAME_LABEL, operator: 'In', values: [name], path: [] };
}

function isInNamespace(name: string, { namespace, namespaceName }: NonNullable<KnownEndpoint['pod']>): Certainty {
  return namespaceName === undefined ? requirementHolds(nameRequirement(name), namespace) : sure(namespaceName === name);
}

function hasAddresses(networks: readonly Network[], { addresses = [] }: KnownEndpoint): Certainty {
  const set = networksAddresses(networks);
  if (addresses === 'unknown') return isNoAddress(set) ? 'no' : coversAddresses(set, ALL_IPV4) ? 'yes' : 'unknown';
  return sure(addresses.some((address) => hasAddress(set, address)));
}

function isEntity(entity: Entity, { pod, node, addresses }: KnownEndpoint): Certainty {
  switch (entity) {
    case 'pod':
      return sure(pod !== undefined);
    case 'node':
      return node === 'unknown' ? 'unknown' : sure(node !== undefined);
    case 'outside':
      return node === 'unknown' ? 'unknown' : sure(pod === undefined && node === undefined);
    case 'outside-ipv4':
    case 'outside-ipv6':
      if (pod !== undefined || (node !== undefined && node !== 'unknown')) return 'no';
      return addresses === undefined || addresses === 'unknown' || node === 'unknown'
        ? 'unknown'
        : sure(addresses.some(({ family }) => entity === `outside-ipv${family}`));
    case 'host-network':
      return pod ? (pod.hostNetwork === undefined ? 'unknown' : sure(pod.hostNetwork)) : 'no';
  }
}
