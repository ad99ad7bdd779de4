import { packetsOf, PROTOCOL_NUMBERS, type Packets } from '../../base/packets.ts';
import type { Work } from '../../base/work.ts';
import type { Path } from '../../syntax/path.ts';
import { hasHole, stringOf, type Node } from '../../syntax/tree.ts';
import type { Direction, PortMatch } from '../policy.ts';
import { protocolIn, readBounds } from '../port.ts';
import { given, integerIn, mapAt, readEach, textAt, TEMPLATE, type ListItem, type Reading } from '../read.ts';
import { itemsAt } from './endpoints.ts';

const PORT_FIELDS = ['protocol', 'port', 'endPort', 'sourcePort', 'sourceEndPort'];

/**
 * The ports of a rule: those of `ports` and the messages of `protocols`, either of them. With neither, every port. A rule for Services has
 * their ports. Read in steps.
 */
export function* readPorts(
  rule: Node | undefined,
  path: Path,
  direction: Direction,
  home: string | undefined,
  reading: Reading,
): Work<readonly PortMatch[] | 'any'> {
  const before = reading.length;
  const ports = itemsAt(rule, 'ports', path, reading);
  const protocols = itemsAt(rule, 'protocols', path, reading);
  const incomplete: readonly PortMatch[] = reading.length > before ? [{ kind: 'unreadable', path: [...path, 'ports'] }] : [];
  const services = direction === 'egress' ? itemsAt(rule, 'toServices', path, []).flatMap((item) => servicePorts(item, home)) : [];
  const all = [
    ...(yield* readEach(ports, (item) => readPort(item, reading))),
    ...protocols.flatMap((item) => readProtocol(item, reading)),
    ...services,
    ...incomplete,
  ];
  return all.length === 0 ? 'any' : all;
}

function readPort({ node, path }: ListItem, reading: Reading): PortMatch {
  const before = reading.length;
  const entry = mapAt(node, path, PORT_FIELDS, reading);
  const protocol = protocolIn(given(entry, 'protocol'), [...path, 'protocol'], reading);
  const [port, end, source, sourceEnd] = ['port', 'endPort', 'sourcePort', 'sourceEndPort'].map((field) => given(entry, field));
  if (reading.length > before || !protocol) return { kind: 'unreadable', path };
  const unreadable = (why: string): PortMatch => {
    reading.push({ path, why: hasHole(node) ? TEMPLATE : why });
    return { kind: 'unreadable', path };
  };
  const name = stringOf(port);
  if (name !== undefined && end) return unreadable('has an endPort beside a port name');
  if (name !== undefined && source) return unreadable('has a port name beside a source port, which is not evaluated');
  if (name !== undefined) return { kind: 'named', protocol, name, path, at: [...path, 'port'] };
  if (!port && end) return unreadable('has an endPort without a port');
  const bounds = port ? readBounds(integerIn(port), end ? integerIn(end) : integerIn(port)) : { from: 1, to: 65_535 };
  if (!bounds) return unreadable('is not a port or range of ports from 1 to 65535, so it matches nothing');
  if (!source && !sourceEnd)
    return {
      kind: 'range',
      protocol,
      ...bounds,
      path,
      at: !port ? [] : ['port', ...(end ? ['endPort'] : [])].map((field) => [...path, field]),
    };
  const sources = source ? readBounds(integerIn(source), sourceEnd ? integerIn(sourceEnd) : integerIn(source)) : undefined;
  if (!sources) return unreadable('has no source port or range of them from 1 to 65535');
  const packets = packetsOf({ protocols: [PROTOCOL_NUMBERS[protocol]], destinationPorts: [bounds], sourcePorts: [sources] });
  const to = !port ? `every ${protocol} port` : `${protocol} port ${rangeText(bounds)}`;
  return { kind: 'packets', packets, words: `${to} from source port ${rangeText(sources)}`, path };
}

function rangeText({ from, to }: { readonly from: number; readonly to: number }): string {
  return from === to ? String(from) : `${from}–${to}`;
}

/** ICMP (of both families) or IGMP: no TCP, UDP or SCTP. */
function readProtocol({ node, path }: ListItem, reading: Reading): readonly PortMatch[] {
  const before = reading.length;
  const entry = mapAt(node, path, ['icmp', 'igmp'], reading);
  const [icmp, igmp] = ['icmp', 'igmp'].map((field) => given(entry, field));
  const message = mapAt(icmp, [...path, 'icmp'], ['icmpType', 'icmpCode'], reading);
  mapAt(igmp, [...path, 'igmp'], ['igmpType', 'groupAddress'], reading);
  if (reading.length > before || (icmp === undefined && igmp === undefined)) return [{ kind: 'unreadable', path }];
  if (icmp === undefined) return [packetMatch(packetsOf({ protocols: [PROTOCOL_NUMBERS.IGMP] }), 'IGMP', path)];
  const [type, code] = ['icmpType', 'icmpCode'].map((field) => integerIn(given(message, field)));
  const packets = packetsOf({
    protocols: [PROTOCOL_NUMBERS.ICMP, PROTOCOL_NUMBERS.ICMPv6],
    ...(type === undefined ? {} : { icmpTypes: [type] }),
    ...(code === undefined ? {} : { icmpCodes: [code] }),
  });
  const words = `ICMP${type === undefined ? '' : ` type ${type}`}${code === undefined ? '' : ` code ${code}`}`;
  return [packetMatch(packets, words, path)];
}

function packetMatch(packets: Packets, words: string, path: Path): PortMatch {
  return { kind: 'packets', packets, words, path };
}

/** The ports of a Service of `toServices`; what cannot be read of it is noted with the peer. */
function servicePorts({ node, path }: ListItem, home: string | undefined): readonly PortMatch[] {
  const name = textAt(node, 'name', path, []);
  const namespace = textAt(node, 'namespace', path, []) ?? home;
  if (name === undefined || namespace === undefined) return [];
  return [
    {
      kind: 'service',
      service: { api: 'kubernetes', kinds: ['Service'], by: { kind: 'name', name, namespace }, missing: 'unknown' },
      of: 'service',
      words: `the ports of Service ${namespace}/${name}`,
      path,
    },
  ];
}
