import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ALL_PORTS,
  ALL_TRAFFIC,
  countPorts,
  coversPorts,
  coversTraffic,
  firstPort,
  firstTraffic,
  formatPorts,
  formatTraffic,
  hasPort,
  hasTraffic,
  intersectPorts,
  intersectTraffic,
  isAllTraffic,
  isEveryPort,
  isNoPort,
  isNoTraffic,
  meetTraffic,
  NO_PORTS,
  NO_TRAFFIC,
  portSet,
  portsIn,
  PROTOCOLS,
  samePorts,
  sameTraffic,
  subtractPorts,
  subtractTraffic,
  trafficOf,
  unitePorts,
  uniteTraffic,
  type PortSet,
  type Traffic,
} from '../../server/base/ports.ts';

/** Two small windows, at both ends of the ports: there brute force is cheap and the borders are near. */
const WINDOWS: readonly number[] = [...Array.from({ length: 24 }, (_, at) => at + 1), ...Array.from({ length: 24 }, (_, at) => 65535 - at)];

const anyPort: fc.Arbitrary<number> = fc.oneof(fc.integer({ min: -2, max: 26 }), fc.integer({ min: 65510, max: 65540 }));
const anySet: fc.Arbitrary<PortSet> = fc
  .array(fc.record({ from: anyPort, to: anyPort }), { maxLength: 6 })
  .map((ranges) => portsIn(ranges.map(({ from, to }) => ({ from: Math.min(from, to), to: Math.max(from, to) }))));
const anyTraffic: fc.Arbitrary<Traffic> = fc.record({ TCP: anySet, UDP: anySet, SCTP: anySet });

/** The ports of a set that lie in the windows, by asking for each. */
function members(set: PortSet): number[] {
  return WINDOWS.filter((port) => set.some(({ from, to }) => from <= port && port <= to));
}

function isNormal(set: PortSet): boolean {
  return set.every(({ from, to }, at) => from >= 1 && from <= to && to <= 65535 && (set[at - 1]?.to ?? -1) + 1 < from);
}

describe('sets of ports agree with brute force', () => {
  test('operations', () => {
    fc.assert(
      fc.property(anySet, anySet, (one, other) => {
        const [ones, others] = [new Set(members(one)), new Set(members(other))];
        const results = [unitePorts(one, other), intersectPorts(one, other), subtractPorts(one, other)];
        expect(results.every(isNormal)).toBe(true);
        expect(members(unitePorts(one, other))).toEqual(WINDOWS.filter((port) => ones.has(port) || others.has(port)));
        expect(members(intersectPorts(one, other))).toEqual(WINDOWS.filter((port) => ones.has(port) && others.has(port)));
        expect(members(subtractPorts(one, other))).toEqual(WINDOWS.filter((port) => ones.has(port) && !others.has(port)));
        expect(WINDOWS.filter((port) => hasPort(one, port))).toEqual([...ones]);
      }),
    );
  });

  test('questions', () => {
    fc.assert(
      fc.property(anySet, anySet, (one, other) => {
        expect(coversPorts(one, other)).toBe(isNoPort(subtractPorts(other, one)));
        expect(samePorts(one, other)).toBe(coversPorts(one, other) && coversPorts(other, one));
        expect(isEveryPort(one)).toBe(isNoPort(subtractPorts(ALL_PORTS, one)));
        expect(countPorts(unitePorts(one, other))).toBe(countPorts(one) + countPorts(other) - countPorts(intersectPorts(one, other)));
        expect(firstPort(one)).toBe(isNoPort(one) ? undefined : one[0]?.from);
        expect(samePorts(subtractPorts(ALL_PORTS, subtractPorts(ALL_PORTS, one)), one)).toBe(true);
      }),
    );
  });

  test('traffic is three sets side by side', () => {
    fc.assert(
      fc.property(anyTraffic, anyTraffic, (one, other) => {
        const common = intersectTraffic(one, other);
        for (const protocol of PROTOCOLS) {
          expect(uniteTraffic(one, other)[protocol]).toEqual(unitePorts(one[protocol], other[protocol]));
          expect(common[protocol]).toEqual(intersectPorts(one[protocol], other[protocol]));
          expect(subtractTraffic(one, other)[protocol]).toEqual(subtractPorts(one[protocol], other[protocol]));
        }
        expect(meetTraffic(one, other)).toBe(!isNoTraffic(common));
        expect(coversTraffic(one, other)).toBe(isNoTraffic(subtractTraffic(other, one)));
        expect(sameTraffic(one, other)).toBe(coversTraffic(one, other) && coversTraffic(other, one));
        const witness = firstTraffic(one);
        expect(witness ? hasTraffic(one, witness.protocol, witness.port) : isNoTraffic(one)).toBe(true);
      }),
    );
  });
});

test('what is no port does not count', () => {
  expect([portSet(0), portSet(65536), portSet(NaN), portSet(90, 80), portSet(1.2, 1.8)]).toEqual([[], [], [], [], []]);
  expect([portSet(0, 70000), portSet(-5, 1), portSet(1.5, 3.5)]).toEqual([ALL_PORTS, portSet(1), portSet(2, 3)]);
});

describe('ports in words', () => {
  const table: readonly (readonly [set: PortSet, words: string])[] = [
    [NO_PORTS, 'no port'],
    [ALL_PORTS, 'all ports'],
    [portSet(80), '80'],
    [unitePorts(portSet(8000, 8080), portSet(443), portSet(80)), '80, 443, 8000-8080'],
    [unitePorts(portSet(80), portSet(81)), '80-81'],
    [subtractPorts(ALL_PORTS, portSet(22)), 'all ports except 22'],
    [portSet(1024, 65535), '1024-65535'],
  ];
  for (const [set, words] of table) test(words, () => expect(formatPorts(set)).toBe(words));
});

describe('traffic in words', () => {
  const web = unitePorts(portSet(80), portSet(443));
  const table: readonly (readonly [set: Traffic, words: string])[] = [
    [NO_TRAFFIC, 'no traffic'],
    [ALL_TRAFFIC, 'all traffic'],
    [trafficOf('TCP'), 'all TCP ports'],
    [trafficOf('UDP', portSet(53)), 'UDP 53'],
    [uniteTraffic(trafficOf('TCP', portSet(80)), trafficOf('UDP', portSet(53))), 'TCP 80 and UDP 53'],
    [uniteTraffic(trafficOf('TCP', web), trafficOf('UDP', portSet(53))), 'TCP 80, 443; UDP 53'],
    [subtractTraffic(ALL_TRAFFIC, trafficOf('TCP', portSet(22))), 'all TCP ports except 22, all UDP ports and all SCTP ports'],
  ];
  for (const [set, words] of table) test(words, () => expect(formatTraffic(set)).toBe(words));
  test('all is all', () => expect([isAllTraffic(ALL_TRAFFIC), isAllTraffic(trafficOf('TCP'))]).toEqual([true, false]));
});
