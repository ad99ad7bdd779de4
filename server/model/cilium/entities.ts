import type { EndpointSet } from '../endpoint-set.ts';

const POD: EndpointSet = { kind: 'entity', entity: 'pod' };
const NODE: EndpointSet = { kind: 'entity', entity: 'node' };
const HOST_PODS: EndpointSet = { kind: 'entity', entity: 'host-network' };
/** Nodes, and what runs in their network. */
const NODES: EndpointSet = { kind: 'or', of: [NODE, HOST_PODS] };

/** Some of a set; it is unknown which. */
function someOf(of: EndpointSet, why: string): EndpointSet {
  return { kind: 'and', of: [of, { kind: 'unknown', why }] };
}

/** One of the entities of Cilium. */
export interface EntityMeaning {
  readonly set: EndpointSet;
  /** As sentences name it. */
  readonly words: string;
}

const NOTHING: EndpointSet = { kind: 'or', of: [] };

/**
 * What the entities stand for (docs.cilium.io, "Entities Based"). No pod with a network of its own and no address outside belongs to those
 * that are about nodes, agents and pods that Cilium does not manage.
 */
export const ENTITY_MEANINGS: ReadonlyMap<string, EntityMeaning> = new Map<string, EntityMeaning>([
  ['all', { set: { kind: 'any' }, words: 'anything inside the cluster or outside' }],
  ['world', { set: { kind: 'entity', entity: 'outside' }, words: 'any address outside the cluster' }],
  ['world-ipv4', { set: { kind: 'entity', entity: 'outside-ipv4' }, words: 'any IPv4 address outside the cluster' }],
  ['world-ipv6', { set: { kind: 'entity', entity: 'outside-ipv6' }, words: 'any IPv6 address outside the cluster' }],
  ['cluster', { set: { kind: 'or', of: [POD, NODE] }, words: 'all pods and nodes of the cluster' }],
  ['host', { set: someOf(NODES, 'may be on another node'), words: 'the node that the pod runs on' }],
  ['remote-node', { set: someOf(NODES, 'may be on the same node'), words: 'the other nodes of the cluster' }],
  ['kube-apiserver', { set: someOf(NODES, 'may not be an API server'), words: 'the API servers' }],
  // From 1.20 on.
  ['cluster-mesh', { set: NOTHING, words: 'pods and nodes of the other clusters of the mesh' }],
  ['ingress', { set: NOTHING, words: 'the Ingress and Gateway proxies of Cilium' }],
  ['init', { set: NOTHING, words: 'pods whose labels Cilium does not know yet' }],
  ['health', { set: NOTHING, words: 'the health endpoints of Cilium' }],
  ['unmanaged', { set: NOTHING, words: 'pods that Cilium does not manage' }],
  ['none', { set: NOTHING, words: 'nothing' }],
]);
