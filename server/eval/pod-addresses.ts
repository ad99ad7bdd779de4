import { meetAddresses } from '../base/addresses.ts';
import { POD_ADDRESSES, PRIVATE_ADDRESSES } from '../base/known-blocks.ts';
import type { Network, Rule } from '../model/policy.ts';
import type { Workload } from '../model/workload.ts';
import { networkAddresses } from '../model/endpoint-set.ts';

/** Is the address of a pod unknown? Verdicts take it for one that no block of addresses selects. */
export function hasUnknownAddress({ ips, hostNetwork }: Workload): boolean {
  return ips.length === 0 && !hostNetwork;
}

/** Do peers name a block of addresses in which pods may lie? */
export function mayHoldPods(peers: Rule['peers']): boolean {
  const networks = peers === 'any' ? [] : peers.flatMap((peer) => (peer.kind === 'networks' ? peer.networks : []));
  return networks.some((network) => meetAddresses(networkAddresses(network), POD_ADDRESSES) && !isForOutside(network));
}

/** The whole Internet without every private block: whoever writes that wants no pods, though some clouds give them shared addresses. */
function isForOutside(network: Network): boolean {
  return /\/0$/.test(network.cidr) && !meetAddresses(networkAddresses(network), PRIVATE_ADDRESSES);
}
