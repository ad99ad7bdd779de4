import { networksAddresses } from '../model/endpoint-set.ts';
import {
  ALL_ADDRESSES,
  firstAddress,
  intersectAddresses,
  isNoAddress,
  NO_ADDRESSES,
  subtractAddresses,
  uniteAddresses,
  type AddressSet,
} from '../base/addresses.ts';
import type { Peer, Rule } from '../model/policy.ts';
import { isInexact } from '../model/selector.ts';
import { all, no, UNKNOWN, YES, type Answer } from './answer.ts';
import { podCase, type EndpointExample } from './endpoint-example.ts';
import { matchesDomainName, type Blocks } from './endpoint-regions.ts';
import { boxOf, EVERY_POD, exampleOf, isEmptyBox, leftOf, meetBoxes, podBox, type Box, type Budget } from './label-space.ts';
import { needsRegions, setsCovered, setsInCommon } from './set-coverage.ts';

/**
 * Is every end that the peers name also named by some of the others? `podsOnly`: the traffic goes to a named port, so that the end can
 * only be a pod. Pods in the host's network are left aside: the kinds do not agree on them (and the API refuses nodes with a port name).
 */
export function endpointsCovered(
  peers: Rule['peers'],
  others: readonly Rule['peers'][],
  podsOnly: boolean,
  budget: Budget,
  blocks: Blocks = 'pods-too',
): Answer<EndpointExample> {
  if (others.includes('any')) return YES;
  if (needsRegions([peers, ...others], blocks)) return setsCovered(peers, others, podsOnly, budget, blocks);
  const cover = coverOf(others.flatMap((list) => (list === 'any' ? [] : list)));
  const answer = all(peersIn(peers).map((peer) => peerCovered(peer, cover, podsOnly, budget)));
  return answer.kind === 'no' && cover.unsure ? UNKNOWN : answer;
}

/** Do the peers have no end in common? */
export function endpointsDisjoint(
  one: Rule['peers'],
  other: Rule['peers'],
  podsOnly: boolean,
  blocks: Blocks = 'pods-too',
): Answer<EndpointExample> {
  if (needsRegions([one, other], blocks)) return all(setsInCommon(one, other, podsOnly, blocks));
  return all(peersIn(one).flatMap((a) => peersIn(other).map((b) => pairDisjoint(a, b, podsOnly))));
}

/** Ends that the peers have in common: one for each two peers that have any. */
export function endpointsInCommon(one: Rule['peers'], other: Rule['peers'], podsOnly: boolean): readonly EndpointExample[] {
  const pairs = needsRegions([one, other], 'pods-too')
    ? setsInCommon(one, other, podsOnly, 'pods-too')
    : peersIn(one).flatMap((a) => peersIn(other).map((b) => pairDisjoint(a, b, podsOnly)));
  return pairs.flatMap((answer) => (answer.kind === 'no' ? [answer.witness] : []));
}

/** Every peer: any pod and any address. */
const ANY: readonly Peer[] = [
  {
    kind: 'networks',
    networks: [
      { cidr: '0.0.0.0/0', except: [], path: [] },
      { cidr: '::/0', except: [], path: [] },
    ],
    path: [],
  },
  {
    kind: 'pods',
    namespaces: { kind: 'selected', selector: { requirements: [], path: [] } },
    pods: { requirements: [], path: [] },
    path: [],
  },
];

function peersIn(peers: Rule['peers']): readonly Peer[] {
  return peers === 'any' ? ANY : peers;
}

/** What a list of peers names, by sort. */
interface Cover {
  readonly pods: readonly Box[];
  readonly nodes: readonly Box[];
  readonly addresses: AddressSet;
  readonly domainNames: readonly string[];
  /** Something could not be read, and may name more. */
  readonly unsure: boolean;
}

function coverOf(peers: readonly Peer[]): Cover {
  const sure = peers.filter((peer) => !isUnreadable(peer));
  return {
    pods: sure.flatMap((peer) => (peer.kind === 'pods' ? [podBox(peer.namespaces, peer.pods)] : [])),
    nodes: sure.flatMap((peer) => (peer.kind === 'nodes' ? [boxOf(peer.nodes)] : [])),
    addresses: sure.reduce((sum, peer) => uniteAddresses(sum, addressesIn(peer)), NO_ADDRESSES),
    domainNames: sure.flatMap((peer) => (peer.kind === 'domainNames' ? peer.domainNames : [])),
    unsure: sure.length < peers.length,
  };
}

function addressesIn(peer: Peer): AddressSet {
  return peer.kind === 'networks' ? networksAddresses(peer.networks) : NO_ADDRESSES;
}

function isUnreadable(peer: Peer): boolean {
  switch (peer.kind) {
    case 'pods':
      return isInexact(peer.pods) || (peer.namespaces.kind === 'selected' && isInexact(peer.namespaces.selector));
    case 'nodes':
      return isInexact(peer.nodes);
    case 'set':
    case 'unreadable':
      return true;
    case 'networks':
    case 'domainNames':
      return false;
  }
}

function peerCovered(peer: Peer, cover: Cover, podsOnly: boolean, budget: Budget): Answer<EndpointExample> {
  if (isUnreadable(peer)) return UNKNOWN;
  switch (peer.kind) {
    case 'pods':
      // Some pod has no known address.
      return boxCovered(podBox(peer.namespaces, peer.pods), cover.pods, budget, podCase);
    case 'networks': {
      const left = subtractAddresses(addressesIn(peer), cover.addresses);
      const address = firstAddress(left);
      if (address === undefined) return YES;
      return podsOnly ? boxCovered(EVERY_POD, cover.pods, budget, (box) => ({ ...podCase(box), address })) : no({ address });
    }
    case 'nodes': {
      if (podsOnly) return YES;
      const address = firstAddress(subtractAddresses(ALL_ADDRESSES, cover.addresses));
      if (address === undefined) return YES;
      return boxCovered(boxOf(peer.nodes), cover.nodes, budget, (box) => ({
        node: exampleOf(box),
        address,
      }));
    }
    case 'domainNames': {
      const everywhere = isNoAddress(subtractAddresses(ALL_ADDRESSES, cover.addresses));
      return everywhere || peer.domainNames.every((name) => cover.domainNames.some((pattern) => matchesDomainName(pattern, name)))
        ? YES
        : UNKNOWN;
    }
    case 'set':
    case 'unreadable':
      return UNKNOWN;
  }
}

function boxCovered(box: Box, cover: readonly Box[], budget: Budget, witness: (left: Box) => EndpointExample): Answer<EndpointExample> {
  const left = leftOf(box, cover, budget);
  if (!left) return UNKNOWN;
  const [first] = left;
  return first ? no(witness(first)) : YES;
}

function pairDisjoint(a: Peer, b: Peer, podsOnly: boolean): Answer<EndpointExample> {
  if (isUnreadable(a) || isUnreadable(b) || a.kind === 'domainNames' || b.kind === 'domainNames') return UNKNOWN;
  if (a.kind === 'pods' && b.kind === 'pods')
    return boxDisjoint(meetBoxes(podBox(a.namespaces, a.pods), podBox(b.namespaces, b.pods)), podCase);
  if (podsOnly && (a.kind === 'nodes' || b.kind === 'nodes')) return YES;
  if (a.kind === 'nodes' && b.kind === 'nodes')
    return boxDisjoint(meetBoxes(boxOf(a.nodes), boxOf(b.nodes)), (box) => ({ node: exampleOf(box) }));
  if (a.kind === 'networks' && b.kind === 'networks') {
    const address = firstAddress(intersectAddresses(addressesIn(a), addressesIn(b)));
    if (address === undefined) return YES;
    return no(podsOnly ? { ...podCase(EVERY_POD), address } : { address });
  }
  const [networks, other] = a.kind === 'networks' ? [a, b] : [b, a];
  const address = firstAddress(addressesIn(networks));
  if (address === undefined || networks.kind !== 'networks') return YES;
  if (other.kind === 'pods') return boxDisjoint(podBox(other.namespaces, other.pods), (box) => ({ ...podCase(box), address }));
  return other.kind === 'nodes' ? boxDisjoint(boxOf(other.nodes), (box) => ({ node: exampleOf(box), address })) : YES;
}

function boxDisjoint(box: Box, witness: (box: Box) => EndpointExample): Answer<EndpointExample> {
  return isEmptyBox(box) ? YES : no(witness(box));
}
