import { list } from './english.ts';
import {
  covers,
  includesValue,
  intervalsMeet,
  meets,
  normalise,
  same,
  uniteAll,
  subtract,
  type Interval,
  type Intervals,
  type Neighbours,
} from './intervals.ts';

/** An exact set of ports, each from 1 to 65535. */
export type PortSet = Intervals<number>;

/** The protocols that policies know. */
export type Protocol = 'TCP' | 'UDP' | 'SCTP';

/** An exact set of pairs of a protocol and a port. */
export type Traffic = Readonly<Record<Protocol, PortSet>>;

export const PROTOCOLS: readonly Protocol[] = ['TCP', 'UDP', 'SCTP'];
export const NO_PORTS: PortSet = [];
export const ALL_PORTS: PortSet = [{ from: 1, to: 65535 }];
export const NO_TRAFFIC: Traffic = { TCP: NO_PORTS, UDP: NO_PORTS, SCTP: NO_PORTS };
export const ALL_TRAFFIC: Traffic = { TCP: ALL_PORTS, UDP: ALL_PORTS, SCTP: ALL_PORTS };

/** One port, or the ports of a range with both its ends. What lies outside 1..65535 or is not an integer does not count. */
export function portSet(from: number, to: number = from): PortSet {
  return portsIn([{ from, to }]);
}

/** A set from ranges in any order. */
export function portsIn(ranges: readonly Interval<number>[]): PortSet {
  const real = ranges.map(({ from, to }) => ({ from: Math.max(1, Math.ceil(from)), to: Math.min(65535, Math.floor(to)) }));
  return normalise(NEXT_PORT, real);
}

/** What is in any of the sets. */
export function unitePorts(...sets: readonly PortSet[]): PortSet {
  return uniteAll(NEXT_PORT, sets);
}

/** What is in both sets. */
export function intersectPorts(one: PortSet, other: PortSet): PortSet {
  return intervalsMeet(one, other);
}

/** What is in the first set and not in the second. */
export function subtractPorts(one: PortSet, other: PortSet): PortSet {
  return subtract(NEXT_PORT, one, other);
}

/** Is there no port in the set? */
export function isNoPort(set: PortSet): boolean {
  return set.length === 0;
}

/** Is every port in the set? */
export function isEveryPort(set: PortSet): boolean {
  return same(set, ALL_PORTS);
}

/** Is every port of the inner set in the outer one? */
export function coversPorts(outer: PortSet, inner: PortSet): boolean {
  return covers(outer, inner);
}

/** Are the sets equal? */
export function samePorts(one: PortSet, other: PortSet): boolean {
  return same(one, other);
}

/** Is the port in the set? */
export function hasPort(set: PortSet, port: number): boolean {
  return includesValue(set, port);
}

/** The lowest port of the set, as a witness. */
export function firstPort(set: PortSet): number | undefined {
  return set[0]?.from;
}

/** How many ports the set has. */
export function countPorts(set: PortSet): number {
  return set.reduce((sum, { from, to }) => sum + to - from + 1, 0);
}

/** The set in words: "80, 443, 8000-8080", "all ports", "all ports except 22", "no port". */
export function formatPorts(set: PortSet): string {
  if (isNoPort(set)) return 'no port';
  if (isEveryPort(set)) return 'all ports';
  const missing = subtractPorts(ALL_PORTS, set);
  return missing.length < set.length ? `all ports except ${numbers(missing)}` : numbers(set);
}

/** The traffic of one protocol. */
export function trafficOf(protocol: Protocol, set: PortSet = ALL_PORTS): Traffic {
  return { ...NO_TRAFFIC, [protocol]: set };
}

/** What is in any of the sets. */
export function uniteTraffic(...sets: readonly Traffic[]): Traffic {
  return trafficOfEach((protocol) =>
    uniteAll(
      NEXT_PORT,
      sets.map((set) => set[protocol]),
    ),
  );
}

/** What is in both sets. */
export function intersectTraffic(one: Traffic, other: Traffic): Traffic {
  return trafficOfEach((protocol) => intervalsMeet(one[protocol], other[protocol]));
}

/** What is in the first set and not in the second. */
export function subtractTraffic(one: Traffic, other: Traffic): Traffic {
  return trafficOfEach((protocol) => subtract(NEXT_PORT, one[protocol], other[protocol]));
}

/** Is there no port of any protocol in the set? */
export function isNoTraffic(set: Traffic): boolean {
  // No callback here: this runs for every pair of workloads.
  for (const protocol of PROTOCOLS) if (set[protocol].length > 0) return false;
  return true;
}

/** Is every port of every protocol in the set? */
export function isAllTraffic(set: Traffic): boolean {
  return PROTOCOLS.every((protocol) => isEveryPort(set[protocol]));
}

/** Is all of the inner set in the outer one? */
export function coversTraffic(outer: Traffic, inner: Traffic): boolean {
  return PROTOCOLS.every((protocol) => covers(outer[protocol], inner[protocol]));
}

/** Have the sets a port of one protocol in common? */
export function meetTraffic(one: Traffic, other: Traffic): boolean {
  return PROTOCOLS.some((protocol) => meets(one[protocol], other[protocol]));
}

/** Are the sets equal? */
export function sameTraffic(one: Traffic, other: Traffic): boolean {
  return PROTOCOLS.every((protocol) => same(one[protocol], other[protocol]));
}

/** Is the port of the protocol in the set? */
export function hasTraffic(set: Traffic, protocol: Protocol, port: number): boolean {
  return includesValue(set[protocol], port);
}

/** The lowest port of the first protocol that has one, as a witness. */
export function firstTraffic(set: Traffic): { readonly protocol: Protocol; readonly port: number } | undefined {
  for (const protocol of PROTOCOLS) {
    const port = firstPort(set[protocol]);
    if (port !== undefined) return { protocol, port };
  }
  return undefined;
}

/** The set in words: "all TCP ports", "TCP 80 and UDP 53", "TCP 80, 443; UDP 53", "all traffic", "no traffic". */
export function formatTraffic(set: Traffic): string {
  if (isNoTraffic(set)) return 'no traffic';
  if (isAllTraffic(set)) return 'all traffic';
  const words = PROTOCOLS.filter((protocol) => !isNoPort(set[protocol])).map((protocol) => protocolWords(protocol, set[protocol]));
  return words.some((part) => part.includes(',')) ? words.join('; ') : list(words);
}

const NEXT_PORT: Neighbours<number> = { next: (port) => port + 1, previous: (port) => port - 1 };

/** The traffic whose ports a function tells for each protocol. */
export function trafficOfEach(portsFor: (protocol: Protocol) => PortSet): Traffic {
  return { TCP: portsFor('TCP'), UDP: portsFor('UDP'), SCTP: portsFor('SCTP') };
}

function numbers(set: PortSet): string {
  return set.map(({ from, to }) => (from === to ? String(from) : `${from}-${to}`)).join(', ');
}

function protocolWords(protocol: Protocol, set: PortSet): string {
  const words = formatPorts(set);
  return words.startsWith('all ports') ? `all ${protocol} ports${words.slice('all ports'.length)}` : `${protocol} ${words}`;
}
