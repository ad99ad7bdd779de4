import { intervalsMeet, normalise, subtract, type Interval, type Intervals, type Neighbours } from './intervals.ts';
import { ALL_PORTS, portsIn, PROTOCOLS, subtractPorts, type PortSet, type Protocol, type Traffic } from './ports.ts';

/*
 * Sets of packets by everything that a policy of any network plugin may ask of one below layer 7: the protocol by its number, the
 * destination port or ICMP type, the source port or ICMP code, and the negation of all that. `Traffic` is the part of it that most policies
 * need; a set of packets holds what it cannot say.
 */

/** Packets of some protocols, with some first numbers (destination port, ICMP type) and some second ones (source port, ICMP code). */
export interface PacketBlock {
  readonly protocols: Intervals<number>;
  readonly first: Intervals<number>;
  readonly second: Intervals<number>;
}

/** An exact set of packets: those of all blocks, of which no two hold the same packet. */
export type Packets = readonly PacketBlock[];

/** One packet. Protocols without ports or types have 0 for both numbers. */
export interface Packet {
  readonly protocol: number;
  readonly first: number;
  readonly second: number;
}

/** What a rule asks of packets; what is left out it does not ask for. Ends of ranges are included. */
export interface PacketQuery {
  /** IANA numbers, 0 to 255. */
  readonly protocols?: readonly number[];
  readonly destinationPorts?: readonly Interval<number>[];
  readonly sourcePorts?: readonly Interval<number>[];
  readonly icmpTypes?: readonly number[];
  readonly icmpCodes?: readonly number[];
}

/** IANA protocol numbers of the protocols that policies name by word. */
export const PROTOCOL_NUMBERS: Readonly<Record<Protocol | 'ICMP' | 'ICMPv6' | 'IGMP' | 'UDPLite', number>> = {
  ICMP: 1,
  IGMP: 2,
  TCP: 6,
  UDP: 17,
  ICMPv6: 58,
  SCTP: 132,
  UDPLite: 136,
};

const ALL_PROTOCOLS: Intervals<number> = [{ from: 0, to: 255 }];
const ALL_NUMBERS: Intervals<number> = [{ from: 0, to: 65_535 }];
const NEXT: Neighbours<number> = { next: (number) => number + 1, previous: (number) => number - 1 };

const NO_PACKETS: Packets = [];
export const ALL_PACKETS: Packets = [{ protocols: ALL_PROTOCOLS, first: ALL_NUMBERS, second: ALL_NUMBERS }];

/** The packets that a rule asks for. Ports and ICMP types in one query are asked of every protocol alike, so name the protocol. */
export function packetsOf(query: PacketQuery): Packets {
  const numbers = (list: readonly number[]): readonly Interval<number>[] => list.map((number) => ({ from: number, to: number }));
  const among = (ranges: readonly Interval<number>[] | undefined, all: Intervals<number>): Intervals<number> =>
    ranges ? intervalsMeet(all, normalise(NEXT, ranges)) : all;
  const first = query.destinationPorts ?? (query.icmpTypes && numbers(query.icmpTypes));
  const second = query.sourcePorts ?? (query.icmpCodes && numbers(query.icmpCodes));
  return block(among(query.protocols && numbers(query.protocols), ALL_PROTOCOLS), among(first, ALL_NUMBERS), among(second, ALL_NUMBERS));
}

/** Traffic as packets: any source port. */
export function packetsOfTraffic(traffic: Traffic): Packets {
  return PROTOCOLS.flatMap((protocol) => {
    const number = PROTOCOL_NUMBERS[protocol];
    return block([{ from: number, to: number }], traffic[protocol], ALL_NUMBERS);
  });
}

/** The part of packets that `Traffic` can say, for packets from any source port: what is left has other protocols or certain source ports. */
export function trafficOfPackets(packets: Packets): Traffic {
  const portsOf = (protocol: Protocol): Intervals<number> => {
    const number = PROTOCOL_NUMBERS[protocol];
    const whole = packets.filter(({ protocols, second }) => isIn(protocols, number) && second === ALL_NUMBERS);
    return intervalsMeet(
      normalise(
        NEXT,
        whole.flatMap(({ first }) => first),
      ),
      [{ from: 1, to: 65_535 }],
    );
  };
  return { TCP: portsOf('TCP'), UDP: portsOf('UDP'), SCTP: portsOf('SCTP') };
}

/**
 * The destination ports of a protocol that a client reaches from whatever port the system picks for it (`sure`), and those that it reaches
 * from some port at least (`maybe`). Clients hardly ever choose their port: the system picks one of 32768 to 60999 (Linux,
 * `ip_local_port_range`).
 */
export function clientPorts(packets: Packets, protocol: Protocol): { readonly sure: PortSet; readonly maybe: PortSet } {
  const number = PROTOCOL_NUMBERS[protocol];
  const own: Packets = [{ protocols: [{ from: number, to: number }], first: ALL_PORTS, second: EPHEMERAL }];
  const unmatched = portsIn(subtractPackets(own, packets).flatMap(({ first }) => first));
  const matched = portsIn(packets.flatMap(({ protocols, first }) => (isIn(protocols, number) ? first : [])));
  return { sure: subtractPorts(ALL_PORTS, unmatched), maybe: matched };
}

const EPHEMERAL: Intervals<number> = [{ from: 32_768, to: 60_999 }];

/** Are there packets of protocols other than TCP, UDP and SCTP in the set? */
export function hasOtherProtocols(packets: Packets): boolean {
  return subtractPackets(packets, packetsOf({ protocols: PROTOCOLS.map((protocol) => PROTOCOL_NUMBERS[protocol]) })).length > 0;
}

/** What is in any of the sets. */
export function unitePackets(one: Packets, other: Packets): Packets {
  return [...one, ...subtractPackets(other, one)];
}

/** What is in both sets. */
export function intersectPackets(one: Packets, other: Packets): Packets {
  return one.flatMap((a) => other.flatMap((b) => meetBlocks(a, b)));
}

/** What is in the first set and not in the second. */
export function subtractPackets(one: Packets, other: Packets): Packets {
  return other.reduce((left, taken) => left.flatMap((a) => subtractBlock(a, taken)), one);
}

/** Every packet that is not in the set. */
export function complementPackets(packets: Packets): Packets {
  return subtractPackets(ALL_PACKETS, packets);
}

/** Is the packet in the set? */
export function hasPacket(packets: Packets, { protocol, first, second }: Packet): boolean {
  return packets.some((one) => isIn(one.protocols, protocol) && isIn(one.first, first) && isIn(one.second, second));
}

function block(protocols: Intervals<number>, first: Intervals<number>, second: Intervals<number>): Packets {
  return [protocols, first, second].some((part) => part.length === 0) ? NO_PACKETS : [{ protocols, first, second }];
}

function meetBlocks(a: PacketBlock, b: PacketBlock): Packets {
  return block(intervalsMeet(a.protocols, b.protocols), intervalsMeet(a.first, b.first), intervalsMeet(a.second, b.second));
}

/** What is left, in at most three blocks: other protocols, then other first numbers, then other second ones. */
function subtractBlock(a: PacketBlock, taken: PacketBlock): Packets {
  const [common] = meetBlocks(a, taken);
  if (!common) return [a];
  return [
    ...block(subtract(NEXT, a.protocols, common.protocols), a.first, a.second),
    ...block(common.protocols, subtract(NEXT, a.first, common.first), a.second),
    ...block(common.protocols, common.first, subtract(NEXT, a.second, common.second)),
  ];
}

function isIn(set: Intervals<number>, number: number): boolean {
  return set.some(({ from, to }) => from <= number && number <= to);
}
