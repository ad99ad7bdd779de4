import type { Interval } from '../../base/intervals.ts';
import {
  complementPackets,
  intersectPackets,
  PROTOCOL_NUMBERS,
  packetsOf,
  subtractPackets,
  type Packets,
  ALL_PACKETS,
  unitePackets,
} from '../../base/packets.ts';
import { PROTOCOLS, type Protocol } from '../../base/ports.ts';
import { list, plain } from '../../base/english.ts';
import type { Path } from '../../syntax/path.ts';
import { asScalar, hasHole, isNull, itemsOf, type Node } from '../../syntax/tree.ts';
import type { NamedPort, PortMatch, PortRange } from '../policy.ts';
import { given, integerIn, type Reading, sortOf, TEMPLATE, textIn } from '../read.ts';

/** What a rule says of the packets themselves: protocols, ports, ICMP. */
export interface RulePackets {
  readonly ports: readonly PortMatch[] | 'any';
  /** Destination ports that must not match. */
  readonly notPorts: readonly PortMatch[];
}

/** A protocol by its number; `undefined` for a name that Calico does not know. */
interface ReadProtocol {
  readonly number: number;
  readonly word: string;
  readonly path: Path;
}

const NAMES: ReadonlyMap<string, number> = new Map(Object.entries(PROTOCOL_NUMBERS).map(([name, number]) => [name.toLowerCase(), number]));

/** Reads what a rule asks of packets. `path` is that of the rule. */
export function readPackets(rule: Node | undefined, path: Path, reading: Reading): RulePackets {
  const protocol = readProtocol(rule, 'protocol', path, reading);
  const notProtocol = readProtocol(rule, 'notProtocol', path, reading);
  const destination = readPorts(rule, 'destination', path, reading);
  const source = readPorts(rule, 'source', path, reading);
  const icmp = readIcmp(given(rule, 'icmp'));
  const notIcmp = readIcmp(given(rule, 'notICMP'));
  const notPorts = destination.not.length === 0 ? [] : asMatches(protocol, notProtocol, destination.not);
  const isPlain = !icmp && !notIcmp && !notProtocol && !source.isSet;
  const isKnown = protocol === undefined || PROTOCOLS.some((one) => PROTOCOL_NUMBERS[one] === protocol.number);
  if (isPlain && isKnown) return { ports: plainPorts(protocol, destination.own), notPorts };
  const packets = packetsFor({ protocol, notProtocol, destination, source, icmp, notIcmp });
  const names = destination.own.filter((port) => port.kind === 'named');
  const named = asMatches(protocol, notProtocol, names);
  if (names.length > 0 && source.isSet) {
    reading.push({ path: [...path, 'source'], why: 'has ports beside port names of the destination, which is not evaluated' });
  }
  const words = wordsFor({ protocol, notProtocol, destination, source, icmp, notIcmp });
  const at = { path, words };
  return { ports: [...named, { kind: 'packets', packets, ...at }], notPorts };
}

/** Only a protocol and destination ports: what most rules say. */
function plainPorts(protocol: ReadProtocol | undefined, own: readonly ReadPort[]): readonly PortMatch[] | 'any' {
  if (own.length > 0) return asMatches(protocol, undefined, own);
  if (protocol === undefined) return 'any';
  return protocolsOf(protocol, undefined).map((one) => ({
    kind: 'range',
    protocol: one,
    from: 1,
    to: 65_535,
    path: protocol.path,
    at: [],
  }));
}

/** Ports for each protocol that a rule leaves. A name belongs to the protocol of the container port, unless the rule says which one. */
function asMatches(
  protocol: ReadProtocol | undefined,
  notProtocol: ReadProtocol | undefined,
  ports: readonly ReadPort[],
): readonly PortMatch[] {
  const protocols = protocolsOf(protocol, notProtocol);
  const isAny = protocols.length === PROTOCOLS.length;
  return ports.flatMap((port): readonly PortMatch[] =>
    port.kind === 'named' && isAny ? [port] : protocols.map((one) => ({ ...port, protocol: one })),
  );
}

function protocolsOf(protocol: ReadProtocol | undefined, notProtocol: ReadProtocol | undefined): readonly Protocol[] {
  return PROTOCOLS.filter((one) => {
    const number = PROTOCOL_NUMBERS[one];
    return (protocol === undefined || protocol.number === number) && notProtocol?.number !== number;
  });
}

function readProtocol(rule: Node | undefined, name: string, path: Path, reading: Reading): ReadProtocol | undefined {
  const node = given(rule, name);
  if (node === undefined) return undefined;
  const at = [...path, name];
  const text = textIn(node);
  const number = integerIn(node) ?? (text !== undefined && /^\d+$/.test(text) ? Number(text) : NAMES.get(text?.toLowerCase() ?? ''));
  if (number !== undefined && number >= 0 && number <= 255) return { number, word: text ?? String(number), path: at };
  reading.push({ path: at, why: hasHole(node) ? TEMPLATE : `is not a protocol: ${sortOf(node)}` });
  return undefined;
}

type ReadPort = (Omit<PortRange, 'protocol'> & { readonly kind: 'range' }) | NamedPort;

interface ReadPorts {
  readonly own: readonly ReadPort[];
  readonly not: readonly ReadPort[];
  readonly isSet: boolean;
}

function readPorts(rule: Node | undefined, end: 'source' | 'destination', path: Path, reading: Reading): ReadPorts {
  const node = given(rule, end);
  const [own, not] = (['ports', 'notPorts'] as const).map((name) =>
    itemsOf(given(node, name)).flatMap((item, i) => readPort(item, [...path, end, name, i], reading)),
  );
  return { own: own ?? [], not: not ?? [], isSet: (own?.length ?? 0) + (not?.length ?? 0) > 0 };
}

function readPort(node: Node, path: Path, reading: Reading): readonly ReadPort[] {
  if (isNull(node)) return [];
  const text = asScalar(node)?.value.type === 'string' ? textIn(node) : undefined;
  const [, low, high] = /^(\d+):(\d+)$/.exec(text ?? '') ?? [];
  const number = integerIn(node) ?? (text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined);
  const [from, to] = low === undefined ? [number, number] : [Number(low), Number(high)];
  if (from !== undefined && to !== undefined && from >= 1 && from <= to && to <= 65_535) {
    return [{ kind: 'range', from, to, path, at: [path] }];
  }
  if (text !== undefined && from === undefined && /^[a-zA-Z0-9_.-]{1,128}$/.test(text))
    return [{ kind: 'named', name: text, path, at: path }];
  reading.push({ path, why: hasHole(node) ? TEMPLATE : `is not a port: ${sortOf(node)}` });
  return [];
}

interface ReadIcmp {
  readonly type?: number;
  readonly code?: number;
}

function readIcmp(node: Node | undefined): ReadIcmp | undefined {
  if (node === undefined) return undefined;
  const [type, code] = [integerIn(given(node, 'type')), integerIn(given(node, 'code'))];
  return { ...(type === undefined ? {} : { type }), ...(code === undefined ? {} : { code }) };
}

interface Conditions {
  readonly protocol: ReadProtocol | undefined;
  readonly notProtocol: ReadProtocol | undefined;
  readonly destination: ReadPorts;
  readonly source: ReadPorts;
  readonly icmp: ReadIcmp | undefined;
  readonly notIcmp: ReadIcmp | undefined;
}

const WITH_PORTS: readonly number[] = PROTOCOLS.map((one) => PROTOCOL_NUMBERS[one]);
const ICMPS: readonly number[] = [PROTOCOL_NUMBERS.ICMP, PROTOCOL_NUMBERS.ICMPv6];

/** All conditions hold together; ports by name are for the destination to say. */
function packetsFor({ protocol, notProtocol, destination, source, icmp, notIcmp }: Conditions): Packets {
  const conditions: Packets[] = [
    protocol ? packetsOf({ protocols: [protocol.number] }) : ALL_PACKETS,
    notProtocol ? complementPackets(packetsOf({ protocols: [notProtocol.number] })) : ALL_PACKETS,
    ...(destination.own.length > 0 ? [withPorts('destinationPorts', destination.own)] : []),
    ...(source.own.length > 0 ? [withPorts('sourcePorts', source.own)] : []),
    ...(icmp ? [icmpPackets(icmp)] : []),
  ];
  const excluded: Packets[] = [
    withPorts('destinationPorts', destination.not),
    withPorts('sourcePorts', source.not),
    ...(notIcmp ? [icmpPackets(notIcmp)] : []),
  ];
  return excluded.reduce(
    (left, one) => subtractPackets(left, one),
    conditions.reduce((left, one) => intersectPackets(left, one), ALL_PACKETS),
  );
}

function withPorts(field: 'destinationPorts' | 'sourcePorts', ports: readonly ReadPort[]): Packets {
  const ranges: Interval<number>[] = ports.flatMap((port) => (port.kind === 'range' ? [{ from: port.from, to: port.to }] : []));
  return ranges.length === 0 ? [] : WITH_PORTS.map((number) => packetsOf({ protocols: [number], [field]: ranges })).reduce(unitePackets);
}

function icmpPackets({ type, code }: ReadIcmp): Packets {
  return ICMPS.map((number) =>
    packetsOf({
      protocols: [number],
      ...(type === undefined ? {} : { icmpTypes: [type] }),
      ...(code === undefined ? {} : { icmpCodes: [code] }),
    }),
  ).reduce(unitePackets);
}

function wordsFor({ protocol, notProtocol, destination, source, icmp, notIcmp }: Conditions): string {
  const base = protocol ? plain(protocol.word) : notProtocol ? `every protocol but ${plain(notProtocol.word)}` : 'every protocol';
  const ports = (words: string, { own, not }: ReadPorts): readonly string[] => [
    ...(own.length > 0 ? [`${words} ${list(own.map(portWords), 'or', 6)}`] : []),
    ...(not.length > 0 ? [`${words} other than ${list(not.map(portWords), 'or', 6)}`] : []),
  ];
  const parts = [
    ...ports('ports', destination),
    ...ports('from source ports', source),
    ...(icmp ? [icmpWords(icmp)] : []),
    ...(notIcmp ? [`without ${icmpWords(notIcmp)}`] : []),
  ];
  return [base, ...parts].join(' ');
}

function icmpWords({ type, code }: ReadIcmp): string {
  return `ICMP${type === undefined ? '' : ` type ${type}`}${code === undefined ? '' : ` code ${code}`}`;
}

function portWords(port: ReadPort): string {
  if (port.kind === 'named') return plain(port.name);
  return port.from === port.to ? String(port.from) : `${port.from}–${port.to}`;
}
