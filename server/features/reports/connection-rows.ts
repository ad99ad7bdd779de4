import { groupBy } from '../../base/lists.ts';
import {
  ALL_TRAFFIC,
  formatTraffic,
  isNoTraffic,
  NO_TRAFFIC,
  subtractTraffic,
  trafficOf,
  uniteTraffic,
  type Traffic,
} from '../../base/ports.ts';
import type { Work } from '../../base/work.ts';
import { readyFilter, type ConnectionFilter } from '../../eval/connection-filter.ts';
import { connections, outsideOf, trafficEntries, type ConnectionEntry, type OutsideRange } from '../../eval/connections.ts';
import { namedEndpoints, type NamedEndpoint } from '../../eval/endpoint-names.ts';
import { verdictAt, type Evaluation } from '../../eval/evaluate.ts';
import { workloadName } from '../../eval/names.ts';
import { unknownConnections } from '../../eval/unknown-connections.ts';
import type { Workload } from '../../model/workload.ts';
import type { Located } from '../../workspace/cluster.ts';
import { addressWords } from './outside.ts';
import type { ConnectionRow, FieldPlace, RowPeer } from './report.ts';

/** Rows, and whether there are more than were asked for, with what is denied or with the others. */
export interface Rows {
  readonly rows: readonly ConnectionRow[];
  readonly more: boolean;
  readonly moreDenied: boolean;
}

/** What to list. */
export interface RowOptions {
  /** At most so many rows with what is allowed, and with what is unknown. */
  readonly maxPairs: number;
  /** At most so many with what is denied. */
  readonly maxDeniedPairs: number;
  /** Only rows with such an endpoint; all without it. `isOwn` is asked with the name of a workload. */
  readonly isOwn?: (name: string) => boolean;
  /** Only what it asks for. */
  readonly filter?: ConnectionFilter;
}

/**
 * What is allowed, unknown and denied, a row for each pair: from outside the cluster first, then by source. Denied are the ports that a
 * destination declares, or everything where it declares none and nothing is allowed. Yields often.
 */
export function* connectionRows(
  evaluation: Evaluation,
  { maxPairs, maxDeniedPairs, isOwn = () => true, filter = {} }: RowOptions,
): Work<Rows> {
  const peerOf = peersIn(evaluation);
  const { rangeName, meetsEndpoints, meetsPort } = readyFilter(evaluation, filter, readableRange);
  const isMeantPair = (one: Pick<Pair, 'src' | 'dst'>): boolean => (isOwn(one.src) || isOwn(one.dst)) && meetsEndpoints(one);
  const isMeant = (one: ConnectionEntry): boolean => isMeantPair(one) && meetsPort(one);
  const allowed = yield* paired(connections(evaluation, rangeName), isMeant, maxPairs, trafficWords);
  const unknown = yield* paired(
    unknownConnections(evaluation, rangeName),
    isMeant,
    maxPairs,
    (one) => `${trafficWords(one)}: depends on ${one.policies.join(' and ')}`,
  );
  const isDeniedPort = (dst: string, traffic: Traffic): boolean =>
    filter.port === undefined || trafficEntries(traffic).some((entry) => meetsPort({ dst, ...entry }));
  const denied = yield* deniedIn(evaluation, isMeantPair, isDeniedPort, maxDeniedPairs);
  const row = ({ src, dst, traffic }: Pair, verdict: ConnectionRow['verdict']): ConnectionRow => ({
    from: peerOf(src),
    to: peerOf(dst),
    traffic,
    verdict,
  });
  const rows = [
    ...allowed.pairs.map((one) => row(one, 'allow')),
    ...unknown.pairs.map((one) => row(one, 'unknown')),
    ...denied.pairs.map((one) => row(one, 'deny')),
  ];
  const joined = withJoinedAddresses(rows);
  const outsideFirst = [...joined.filter(({ from }) => from.namespace === ''), ...joined.filter(({ from }) => from.namespace !== '')];
  return { rows: outsideFirst, more: allowed.more || unknown.more, moreDenied: denied.more };
}

/** Addresses that differ in nothing else are one row: "10.0.0.0/16, 10.2.0.0–10.255.255.255". */
function withJoinedAddresses(rows: readonly ConnectionRow[]): readonly ConnectionRow[] {
  const groups = groupBy(rows, ({ from, to, traffic, verdict }) => {
    if (from.namespace === '') return `from ${to.text} ${verdict} ${traffic}`;
    return to.namespace === '' ? `to ${from.text} ${verdict} ${traffic}` : `${from.text} ${to.text} ${verdict} ${traffic}`;
  });
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first || group.length === 1) return group;
    const side = first.from.namespace === '' ? 'from' : 'to';
    const names = joinedFamilies(group.map((row) => row[side].text));
    const rest = names.length > MAX_JOINED_RANGES ? ` and ${names.length - MAX_JOINED_RANGES} more ranges` : '';
    return [{ ...first, [side]: { ...first[side], text: `${names.slice(0, MAX_JOINED_RANGES).join(', ')}${rest}` } }];
  });
}

function joinedFamilies(names: readonly string[]): readonly string[] {
  const whole = ['any IPv4 address', 'any IPv6 address'];
  return whole.every((one) => names.includes(one)) ? [ANY_ADDRESS, ...names.filter((one) => !whole.includes(one))] : names;
}

const MAX_JOINED_RANGES = 12;

interface Pair {
  readonly src: string;
  readonly dst: string;
  readonly traffic: string;
}

interface Pairs {
  readonly pairs: readonly Pair[];
  readonly more: boolean;
}

/** Entries of one pair as one. */
function* paired<T extends ConnectionEntry>(
  all: Iterable<T>,
  isMeant: (one: T) => boolean,
  maxPairs: number,
  words: (one: T) => string,
): Work<Pairs> {
  const found = new Map<string, Pair>();
  for (const one of all) {
    yield;
    if (!isMeant(one)) continue;
    const { src, dst } = one;
    const key = `${src}\n${dst}`;
    const before = found.get(key);
    if (!before && found.size === maxPairs) return { pairs: [...found.values()], more: true };
    found.set(key, { src, dst, traffic: before ? `${before.traffic}, ${words(one)}` : words(one) });
  }
  return { pairs: [...found.values()], more: false };
}

function* deniedIn(
  evaluation: Evaluation,
  isMeant: (pair: Pick<Pair, 'src' | 'dst'>) => boolean,
  isMeantTraffic: (dst: string, traffic: Traffic) => boolean,
  maxPairs: number,
): Work<Pairs> {
  const pairs: Pair[] = [];
  const ends = namedEndpoints(evaluation);
  for (const to of ends) {
    for (const from of ends) {
      yield;
      if (from.name === to.name || !isMeant({ src: from.name, dst: to.name })) continue;
      const { allowed, ambiguous } = verdictAt(evaluation, from.element, to.element);
      const traffic = deniedTraffic(to.workload, uniteTraffic(allowed, ambiguous));
      if (!traffic || !isMeantTraffic(to.name, traffic)) continue;
      if (pairs.length === maxPairs) return { pairs, more: true };
      pairs.push({ src: from.name, dst: to.name, traffic: deniedWords(traffic) });
    }
  }
  for (const one of ends) {
    yield;
    const outside = deniedOutside(evaluation, one).filter((pair) => isMeant(pair) && isMeantTraffic(pair.dst, pair.denied));
    pairs.push(...outside.map(({ src, dst, denied }) => ({ src, dst, traffic: deniedWords(denied) })));
  }
  return { pairs: pairs.slice(0, maxPairs), more: pairs.length > maxPairs };
}

/** What no address outside may reach, and whether a workload can reach none. */
function deniedOutside(
  evaluation: Evaluation,
  { workload, name }: NamedEndpoint,
): readonly (Pick<Pair, 'src' | 'dst'> & { readonly denied: Traffic })[] {
  const open = (way: 'in' | 'out'): Traffic =>
    outsideOf(evaluation, workload, way).reduce(
      (sum, { verdict: { allowed, ambiguous } }) => uniteTraffic(sum, uniteTraffic(allowed, ambiguous)),
      NO_TRAFFIC,
    );
  const denied = deniedTraffic(workload, open('in'));
  return [
    ...(denied ? [{ src: ANY_ADDRESS, dst: name, denied }] : []),
    ...(isNoTraffic(open('out')) ? [{ src: name, dst: ANY_ADDRESS, denied: ALL_TRAFFIC }] : []),
  ];
}

const ANY_ADDRESS = 'any address';

/** What of the ports that a workload declares is denied; of one that declares none, all traffic if nothing is allowed. */
function deniedTraffic({ ports }: Workload, open: Traffic): Traffic | undefined {
  if (ports.length === 0) return isNoTraffic(open) ? ALL_TRAFFIC : undefined;
  const declared = ports.reduce<Traffic>(
    (sum, { protocol, port }) => uniteTraffic(sum, trafficOf(protocol, [{ from: port, to: port }])),
    NO_TRAFFIC,
  );
  const denied = subtractTraffic(declared, open);
  return isNoTraffic(denied) ? undefined : denied;
}

function deniedWords(traffic: Traffic): string {
  return traffic === ALL_TRAFFIC ? 'all traffic' : formatTraffic(traffic);
}

/** Addresses for people; the formats for programs keep the ranges. */
export function readableRange(range: OutsideRange): string {
  return range.bothFamilies ? ANY_ADDRESS : addressWords([range]);
}

/** The traffic of a connection: "TCP 80 443 over IPv4 (if HTTP GET /)". */
export function trafficWords(connection: ConnectionEntry): string {
  const { families, condition } = connection;
  const over = families ? ` over ${families.join(' and ')}` : '';
  return `${portsAndProtocol(connection)}${over}${condition === undefined ? '' : ` (if ${condition})`}`;
}

function portsAndProtocol({ protocol, ports }: ConnectionEntry): string {
  const isAll = ports.length === 1 && ports[0]?.[0] === 1 && ports[0][1] === 65_535;
  if (protocol === 'ALL' && isAll) return 'all traffic';
  return `${protocol === 'ALL' ? 'TCP, UDP and SCTP' : protocol} ${isAll ? 'all ports' : portsWords(ports)}`;
}

/** Port ranges: "80 443 8000-8080". */
export function portsWords(ports: ConnectionEntry['ports']): string {
  return ports.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(' ');
}

/** The namespace of an end of a connection; `''` for addresses outside the cluster. */
export function namespaceIn(name: string): string {
  return /^([^/]+)\/.+\[\w+\]$/s.exec(name)?.[1] ?? '';
}

/** Ends by their names in reports, with the place where a workload stands. */
function peersIn({ cluster: { workloads } }: Evaluation): (name: string) => RowPeer {
  const places = new Map<string, FieldPlace>(workloads.flatMap(placesOf));
  return (text) => {
    const link = places.get(text);
    return { text, namespace: namespaceIn(text), ...(link ? { link } : {}) };
  };
}

function placesOf({ key, value }: Located<Workload>): (readonly [string, FieldPlace])[] {
  const place = { key, path: value.labelsPath };
  return [
    [workloadName(value), place],
    [`${value.namespace}/${value.name}[${value.kind}]`, place],
  ];
}
