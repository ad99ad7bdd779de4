import { firstAddress } from '../base/addresses.ts';
import { peersSet, referencesOf } from '../model/endpoint-set.ts';
import type { EndpointSet } from '../model/endpoints.ts';
import type { Peer, Rule } from '../model/policy.ts';
import { no, UNKNOWN, YES, type Answer } from './answer.ts';
import { podCase, type EndpointExample } from './endpoint-example.ts';
import { isPlain, nodeLabels, OFF_HOST, regionsOf, type Blocks, type RegionReading } from './endpoint-regions.ts';
import { meetRegions, regionsLeft, type Region } from './regions.ts';
import { meetBoxes, type Budget } from './label-space.ts';

/**
 * Peers that only a set can say (groups, entities, negation, service accounts), and peers of a plane in which blocks of addresses match no pod,
 * are compared as regions. Upstream peers are pods, nodes or addresses, and are compared by what they are, which is faster.
 */
export function needsRegions(lists: readonly Rule['peers'][], blocks: Blocks): boolean {
  return blocks !== 'pods-too' || lists.some((peers) => peers !== 'any' && peers.some(({ kind }) => kind === 'set'));
}

/** Is every endpoint of the peers also one of some of the others? As `endpointsCovered`. */
export function setsCovered(
  peers: Rule['peers'],
  others: readonly Rule['peers'][],
  podsOnly: boolean,
  budget: Budget,
  blocks: Blocks,
): Answer<EndpointExample> {
  const reading = readingOf([peers, ...others], blocks);
  if (peers !== 'any' && peers.some(isUnmodelled)) return UNKNOWN;
  const regions = regionsIn(peers, podsOnly, reading);
  const cover = others.map((list) => regionsIn(list, podsOnly, reading));
  const sure = cover.filter((list) => list !== undefined);
  const left = regions && regionsLeft(regions, sure.flat(), budget);
  if (!left || (left.length > 0 && sure.length < cover.length)) return UNKNOWN;
  if (left.length === 0) return YES;
  // What else the other peers hold is not known, where a part of them is a flag.
  const isSure = sure.flat().every(isPlain);
  const example = isSure ? left.find(isPlain) : undefined;
  return example ? no(regionExample(example)) : UNKNOWN;
}

/** Nothing that is modelled belongs to it, such as the proxies of Cilium; that something else does is possible. */
function isUnmodelled(peer: Peer): boolean {
  return peer.kind === 'set' && peer.set.kind === 'or' && peer.set.of.length === 0;
}

/** For each two peers whether they have nothing in common. */
export function setsInCommon(one: Rule['peers'], other: Rule['peers'], podsOnly: boolean, blocks: Blocks): Answer<EndpointExample>[] {
  const reading = readingOf([one, other], blocks);
  const [first, second] = [regionsIn(one, podsOnly, reading), regionsIn(other, podsOnly, reading)];
  if (!first || !second) return [UNKNOWN];
  return first.flatMap((a) =>
    second.map((b): Answer<EndpointExample> => {
      const met = meetRegions(a, b);
      if (!met) return YES;
      return isPlain(met) ? no(regionExample(met)) : UNKNOWN;
    }),
  );
}

/** The regions of peers; `undefined` where they are too many. Pods on the host network are left aside where the API leaves open whether it means them. */
function regionsIn(peers: Rule['peers'], podsOnly: boolean, reading: RegionReading): readonly Region[] | undefined {
  const lists = peers === 'any' ? [regionsOf(ANYTHING, reading)] : peers.map((peer) => peerRegions(peer, reading));
  const found: Region[] = [];
  for (const list of lists) {
    if (!list) return undefined;
    found.push(...(podsOnly ? list.filter(({ sort }) => sort === 'pod') : list));
  }
  return found;
}

const ANYTHING: EndpointSet = { kind: 'any' };

function peerRegions(peer: Peer, reading: RegionReading): readonly Region[] | undefined {
  const regions = regionsOf(peersSet([peer], true), reading);
  return peer.kind === 'pods' ? regions?.map((region) => ({ ...region, box: meetBoxes(region.box, OFF_HOST) })) : regions;
}

function readingOf(lists: readonly Rule['peers'][], blocks: Blocks): RegionReading {
  const patterns = lists.flatMap((peers) =>
    peers === 'any' ? [] : peers.flatMap((peer) => (peer.kind === 'domainNames' ? peer.domainNames : [])),
  );
  const references = lists.flatMap((peers) =>
    peers === 'any' ? [] : peers.flatMap((peer) => (peer.kind === 'set' ? referencesOf(peer.set) : [])),
  );
  return { blocks, patterns, wildcards: blocks === 'pods-too', references, unknowns: 0, isTooLarge: false };
}

function regionExample(region: Region): EndpointExample {
  const address = region.withoutAddress ? undefined : firstAddress(region.addresses);
  const shown = address === undefined ? {} : { address };
  switch (region.sort) {
    case 'pod':
      return { ...podCase(region.box), ...shown };
    case 'node':
      return { node: nodeLabels(region), ...shown };
    case 'outside':
      return shown;
  }
}
