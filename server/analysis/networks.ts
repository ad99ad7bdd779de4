import { memo } from '../base/memo.ts';
import { addressesOf, isNoAddress, type AddressSet } from '../base/addresses.ts';
import { parseCidr, type Cidr } from '../base/cidr.ts';
import { ALL_TRAFFIC, portsIn, trafficOfEach, type Traffic } from '../base/ports.ts';
import type { Network, Policy, PortMatch, Rule } from '../model/policy.ts';
import type { Path } from '../syntax/path.ts';
import { peersIn, type PeerPart } from './policy-parts.ts';

/** A block of addresses that a rule names. */
export interface NetworkPart extends PeerPart {
  readonly network: Network;
  readonly cidr: Cidr;
  readonly excepts: readonly Cidr[];
  readonly addresses: AddressSet;
  /** The text of the block itself. */
  readonly path: Path;
}

/** Every block of addresses in a policy that can be read. Looked up once. */
export function networksIn(policy: Policy | undefined): readonly NetworkPart[] {
  if (!policy) return [];
  return readNetworks(policy);
}

const readNetworks = memo(findNetworks);

function findNetworks(policy: Policy): readonly NetworkPart[] {
  return peersIn(policy).flatMap((part) => {
    const { peer } = part;
    if (peer.kind !== 'networks') return [];
    return peer.networks.flatMap((network) => {
      const cidr = parseCidr(network.cidr);
      if (!cidr.ok) return [];
      const excepts = network.except.map(parseCidr).filter((one) => one.ok);
      // An item that has exceptions, too, has a field for the block.
      const isField = network.path.at(-1) === 'ipBlock' || /CIDRSet$/.test(String(network.path.at(-2)));
      const path = isField ? [...network.path, 'cidr'] : network.path;
      return [{ ...part, network, cidr, excepts, addresses: addressesOf(cidr, excepts), path }];
    });
  });
}

/** The ports that a rule gives by number; all of them where it gives none. */
export function trafficIn({ ports }: Rule): Traffic {
  if (ports === 'any') return ALL_TRAFFIC;
  return trafficOfPorts(ports);
}

const trafficOfPorts = memo((ports: readonly PortMatch[]): Traffic => {
  const ranges = ports.filter((port) => port.kind === 'range');
  return trafficOfEach((protocol) => portsIn(ranges.filter((port) => port.protocol === protocol)));
});

/** Does nothing remain of a block but what `except` takes away? */
export function isEmptied({ addresses }: NetworkPart): boolean {
  return isNoAddress(addresses);
}
