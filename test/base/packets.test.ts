import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  ALL_PACKETS,
  complementPackets,
  hasPacket,
  intersectPackets,
  packetsOf,
  packetsOfTraffic,
  PROTOCOL_NUMBERS,
  subtractPackets,
  trafficOfPackets,
  unitePackets,
  type PacketQuery,
  type Packets,
} from '../../server/base/packets.ts';
import { formatTraffic, portSet, trafficOf, uniteTraffic } from '../../server/base/ports.ts';

// Few numbers, so that sets meet.
const number = fc.constantFrom(0, 1, 6, 8, 17, 58, 80, 443);
const range = fc.tuple(number, number).map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }));
const list = fc.option(fc.array(number, { minLength: 1, maxLength: 3 }), { nil: undefined });
const ranges = fc.option(fc.array(range, { minLength: 1, maxLength: 2 }), { nil: undefined });
const packets: fc.Arbitrary<Packets> = fc
  .array(fc.record({ protocols: list, destinationPorts: ranges, sourcePorts: ranges }), { maxLength: 3 })
  .map((queries) => queries.map((query) => packetsOf(defined(query))).reduce(unitePackets, []));
const packet = fc.record({ protocol: fc.constantFrom(0, 1, 6, 8, 17, 58, 80), first: number, second: number });

function defined(query: { readonly [field in keyof PacketQuery]?: PacketQuery[field] | undefined }): PacketQuery {
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined));
}

test('sets of packets hold what their operations say', () =>
  fc.assert(
    fc.property(packets, packets, packet, (a, b, one) => {
      const [inA, inB] = [hasPacket(a, one), hasPacket(b, one)];
      expect(hasPacket(unitePackets(a, b), one)).toBe(inA || inB);
      expect(hasPacket(intersectPackets(a, b), one)).toBe(inA && inB);
      expect(hasPacket(subtractPackets(a, b), one)).toBe(inA && !inB);
      expect(hasPacket(complementPackets(a), one)).toBe(!inA);
    }),
  ));

test('no packet is in two blocks', () =>
  fc.assert(
    fc.property(packets, packets, packet, (a, b, one) => {
      const holding = unitePackets(a, b).filter((block) => hasPacket([block], one));
      expect(holding.length).toBeLessThanOrEqual(1);
    }),
  ));

test('ICMP by type and code, source ports, and everything but them', () => {
  const ping = packetsOf({ protocols: [PROTOCOL_NUMBERS.ICMP], icmpTypes: [8], icmpCodes: [0] });
  expect(hasPacket(ping, { protocol: 1, first: 8, second: 0 })).toBe(true);
  expect(hasPacket(ping, { protocol: 1, first: 0, second: 0 })).toBe(false);
  expect(hasPacket(complementPackets(ping), { protocol: 1, first: 0, second: 0 })).toBe(true);
  const fromDns = packetsOf({ protocols: [17], sourcePorts: [{ from: 53, to: 53 }] });
  expect(hasPacket(fromDns, { protocol: 17, first: 40_000, second: 53 })).toBe(true);
  expect(hasPacket(fromDns, { protocol: 17, first: 53, second: 40_000 })).toBe(false);
});

test('traffic is the packets of three protocols from any source port', () => {
  const traffic = uniteTraffic(trafficOf('TCP', portSet(80, 443)), trafficOf('UDP', portSet(53)));
  expect(formatTraffic(trafficOfPackets(packetsOfTraffic(traffic)))).toBe(formatTraffic(traffic));
  expect(formatTraffic(trafficOfPackets(ALL_PACKETS))).toBe('all traffic');
  expect(formatTraffic(trafficOfPackets(packetsOf({ protocols: [6], sourcePorts: [{ from: 53, to: 53 }] })))).toBe('no traffic');
});
