import type { Direction, Peer, Policy, Rule } from '../model/policy.ts';
import { DIRECTIONS } from '../model/policy.ts';
import type { EndpointSet } from '../model/endpoint-set.ts';

/** The rules of a manifest of Cilium as policies of their own: one for `spec`, one for each item of `specs`. */
export function partsOf(policy: Policy): readonly Policy[] {
  return policy.parts ?? [policy];
}

/** Is a part about nodes (host firewall), and not about pods? */
export function isAboutNodes({ subject }: Policy): boolean {
  return subject.set?.kind === 'labels' && subject.set.of === 'node';
}

/** An entry, and the list that it stands in. */
export interface ListedEntry {
  readonly direction: Direction;
  readonly rule: Rule;
}

/** The entries of a part: ingress before egress. */
export function entriesOf(part: Policy): readonly ListedEntry[] {
  return DIRECTIONS.flatMap((direction) => (part[direction]?.rules ?? []).map((rule) => ({ direction, rule })));
}

/** Does an entry match nothing, as `{}` does? */
export function isEmptyEntry({ peers, ports }: Rule): boolean {
  return peers !== 'any' && peers.length === 0 && ports === 'any';
}

/** Is a peer an entity that holds this one, as `all` holds `world`? */
function isEntity(peer: Peer, test: (set: EndpointSet) => boolean): boolean {
  return peer.kind === 'set' && test(peer.set);
}

/** Is a peer everything inside the cluster and outside? */
export function isAll(peer: Peer): boolean {
  return isEntity(peer, ({ kind }) => kind === 'any');
}

/** Is a peer all addresses outside the cluster? */
export function isWorld(peer: Peer): boolean {
  return isEntity(peer, (set) => set.kind === 'entity' && set.entity === 'outside');
}

/** Is a peer all pods and nodes of the cluster? */
export function isCluster(peer: Peer): boolean {
  return isEntity(peer, (set) => set.kind === 'or' && set.of.some((part) => part.kind === 'entity' && part.entity === 'pod'));
}

/** Does a peer select every pod of its scope: `{}`? */
export function isEveryPod(peer: Peer): boolean {
  return (
    peer.kind === 'pods' &&
    peer.pods.requirements.length === 0 &&
    peer.pods.unreadable === undefined &&
    (peer.namespaces.kind === 'own' || peer.namespaces.selector.requirements.length === 0)
  );
}
