import { addressesOf, NO_ADDRESSES, uniteAddresses, type AddressSet } from './addresses.ts';
import { containsCidr, parseCidr, strictlyContainsCidr, type Cidr } from './cidr.ts';

/** What a block is for. `metadata` are the addresses from which a cloud hands out credentials to whoever asks. */
export type BlockKind =
  | 'internet'
  | 'private'
  | 'shared'
  | 'link-local'
  | 'metadata'
  | 'loopback'
  | 'documentation'
  | 'multicast'
  | 'reserved';

/** A block of addresses that has a name. */
export interface KnownBlock {
  readonly kind: BlockKind;
  /** A noun phrase with its source: "private network (RFC 1918)". */
  readonly name: string;
  readonly cidr: Cidr;
}

/** The narrowest block with a name that the CIDR lies in; the whole Internet only if the CIDR is that. */
export function knownBlockOf(cidr: Cidr): KnownBlock | undefined {
  const around = KNOWN_BLOCKS.filter((block) => containsCidr(block.cidr, cidr) && (block.cidr.prefix > 0 || cidr.prefix === 0));
  return around.reduce<KnownBlock | undefined>((best, block) => (best && best.cidr.prefix >= block.cidr.prefix ? best : block), undefined);
}

/** The blocks with a name that lie in the CIDR and are smaller than it: what a rule for 0.0.0.0/0 allows as well. */
export function blocksIn(cidr: Cidr): readonly KnownBlock[] {
  return KNOWN_BLOCKS.filter((block) => strictlyContainsCidr(cidr, block.cidr));
}

/**
 * The blocks that policies meet: IANA's special-purpose registries (RFC 6890), and the metadata addresses the clouds document: EC2 (User
 * Guide, instance metadata: 169.254.169.254, fd00:ec2::254), Google Cloud (Compute Engine, metadata server: fd20:ce::254), ECS (task IAM
 * role: 169.254.170.2), EKS (Pod Identity agent: 169.254.170.23, fd00:ec2::23), Alibaba (ECS instance metadata: 100.100.100.200), Azure
 * (Virtual Network, what is IP address 168.63.129.16).
 */
export const KNOWN_BLOCKS: readonly KnownBlock[] = [
  ...named('internet', 'every IPv4 address', '0.0.0.0/0'),
  ...named('internet', 'every IPv6 address', '::/0'),
  ...named('private', 'private network (RFC 1918)', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'),
  ...named('private', 'unique local IPv6 addresses (RFC 4193)', 'fc00::/7'),
  ...named('shared', 'shared address space for carrier-grade NAT (RFC 6598)', '100.64.0.0/10'),
  ...named('link-local', 'link-local addresses (RFC 3927)', '169.254.0.0/16'),
  ...named('link-local', 'link-local addresses (RFC 4291)', 'fe80::/10'),
  ...named('metadata', 'cloud metadata service', '169.254.169.254/32', 'fd00:ec2::254/128', 'fd20:ce::254/128'),
  ...named('metadata', 'AWS container credentials', '169.254.170.2/32'),
  ...named('metadata', 'EKS Pod Identity credentials', '169.254.170.23/32', 'fd00:ec2::23/128'),
  ...named('metadata', 'Alibaba Cloud metadata service', '100.100.100.200/32'),
  ...named('metadata', 'Azure platform address', '168.63.129.16/32'),
  ...named('loopback', 'loopback', '127.0.0.0/8', '::1/128'),
  ...named('documentation', 'addresses for documentation (RFC 5737)', '192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24'),
  ...named('documentation', 'addresses for documentation (RFC 3849)', '2001:db8::/32'),
  ...named('documentation', 'addresses for documentation (RFC 9637)', '3fff::/20'),
  ...named('multicast', 'multicast (RFC 5771)', '224.0.0.0/4'),
  ...named('multicast', 'multicast (RFC 4291)', 'ff00::/8'),
  ...named('reserved', "'this' network (RFC 791)", '0.0.0.0/8'),
  ...named('reserved', 'network benchmarks (RFC 2544)', '198.18.0.0/15'),
  ...named('reserved', 'reserved (RFC 1112)', '240.0.0.0/4'),
  ...named('reserved', 'limited broadcast (RFC 919)', '255.255.255.255/32'),
  ...named('reserved', 'IPv4 addresses translated by NAT64 (RFC 6052)', '64:ff9b::/96'),
];

/** The private blocks of both families. */
export const PRIVATE_ADDRESSES: AddressSet = uniteAddresses(
  NO_ADDRESSES,
  ...KNOWN_BLOCKS.filter(({ kind }) => kind === 'private').map(({ cidr }) => addressesOf(cidr)),
);

/** Where pods have their addresses, as good as always: the private blocks, and the shared one that some clouds use for pods. */
export const POD_ADDRESSES: AddressSet = uniteAddresses(
  NO_ADDRESSES,
  ...KNOWN_BLOCKS.filter(({ kind }) => kind === 'private' || kind === 'shared').map(({ cidr }) => addressesOf(cidr)),
);

function named(kind: BlockKind, name: string, ...texts: readonly string[]): KnownBlock[] {
  return texts.map(parseCidr).flatMap((cidr) => (cidr.ok ? [{ kind, name, cidr }] : []));
}
