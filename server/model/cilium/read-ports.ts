import { list } from '../../base/english.ts';
import { packetsOf } from '../../base/packets.ts';
import { PROTOCOLS, type Protocol } from '../../base/ports.ts';
import type { Path } from '../../syntax/path.ts';
import { hasHole, type Node } from '../../syntax/tree.ts';
import type { PortMatch } from '../policy.ts';
import { readBounds } from '../port.ts';
import { given, integerIn, listAt, mapAt, sortOf, TEMPLATE, textIn, type ListItem, type Reading } from '../read.ts';
import { ICMP_TYPES } from './icmp-types.ts';
import { parsePort } from './port-text.ts';

/** An item of `toPorts`: its ports, and what layer 7 asks for. */
export interface PortItem {
  readonly ports: readonly PortMatch[] | 'any';
  /** In words: "HTTP GET /public". */
  readonly condition?: string;
  /** The names of which lookups are allowed, as patterns; where the item is about lookups. */
  readonly lookups?: readonly string[];
  readonly path: Path;
}

/** The items of `toPorts`; `undefined` where the field is missing or has none. */
export function readPortItems(entry: Node | undefined, path: Path, reading: Reading): readonly PortItem[] | undefined {
  const items = listAt(given(entry, 'toPorts'), [...path, 'toPorts'], reading);
  return items === undefined || items.length === 0 ? undefined : items.map((item) => readPortItem(item, reading));
}

const ITEM_FIELDS = ['ports', 'rules', 'serverNames', 'terminatingTLS', 'originatingTLS', 'listener'];

function readPortItem({ node, path }: ListItem, reading: Reading): PortItem {
  const before = reading.length;
  mapAt(node, path, ITEM_FIELDS, reading);
  const items = listAt(given(node, 'ports'), [...path, 'ports'], reading);
  const broken: readonly PortMatch[] = reading.length > before ? [{ kind: 'unreadable', path }] : [];
  const read = items?.flatMap((item) => readPort(item, reading)) ?? [];
  const condition = conditionOf(node);
  const lookups = given(given(node, 'rules'), 'dns') ? namesIn(given(node, 'rules')) : undefined;
  return {
    ports: read.length + broken.length === 0 ? 'any' : [...read, ...broken],
    ...(condition === undefined ? {} : { condition }),
    ...(lookups ? { lookups } : {}),
    path,
  };
}

/** A port with a protocol of its own, or with every one that has ports. */
function readPort({ node, path }: ListItem, reading: Reading): readonly PortMatch[] {
  const before = reading.length;
  const entry = mapAt(node, path, ['port', 'endPort', 'protocol'], reading);
  const unreadable = (why: string): readonly PortMatch[] => {
    if (reading.length === before) reading.push({ path, why: hasHole(node) ? TEMPLATE : why });
    return [{ kind: 'unreadable', path }];
  };
  const protocol = textIn(given(entry, 'protocol')) ?? 'ANY';
  const text = textIn(given(entry, 'port'));
  if (reading.length > before || hasHole(node)) return unreadable('cannot be read');
  const other = OTHER_PROTOCOLS.get(protocol);
  if (other !== undefined) return [{ kind: 'packets', packets: packetsOf({ protocols: [other] }), words: protocol, path }];
  const protocols = PROTOCOLS.filter((one) => protocol === 'ANY' || one === protocol);
  if (protocols.length === 0) return unreadable(`has a protocol ${sortOf(given(entry, 'protocol'))}`);
  const port = parsePort(text ?? '0');
  if (port.kind === 'name') {
    const named = { kind: 'named' as const, name: port.name, path, at: [...path, 'port'] };
    return protocol === 'ANY' ? [named] : protocols.map((one) => ({ ...named, protocol: one }));
  }
  if (port.kind === 'none') return unreadable(`is not a port or range of ports from 1 to 65535`);
  return rangeOf(port.number, integerIn(given(entry, 'endPort')), protocols, path);
}

/** An end that is not higher than the port counts for nothing, and port 0 is every port. */
function rangeOf(number: number, end: number | undefined, protocols: readonly Protocol[], path: Path): readonly PortMatch[] {
  const at = [[...path, 'port'], ...(end !== undefined && end > number ? [[...path, 'endPort']] : [])];
  const bounds = number === 0 ? { from: 1, to: 65_535 } : readBounds(number, Math.max(number, end ?? number));
  if (!bounds) return [{ kind: 'unreadable', path }];
  return protocols.map((protocol) => ({ kind: 'range', protocol, ...bounds, path, at: number === 0 ? [] : at }));
}

const OTHER_PROTOCOLS: ReadonlyMap<string, number> = new Map([
  ['VRRP', 112],
  ['IGMP', 2],
  // From 1.20 on.
  ['GRE', 47],
  ['IPIP', 4],
  ['IPV6', 41],
  ['ESP', 50],
  ['AH', 51],
]);

/** The messages of `icmps`; `undefined` where the field is missing or has none. */
export function readIcmps(entry: Node | undefined, path: Path, reading: Reading): readonly PortMatch[] | undefined {
  const items = listAt(given(entry, 'icmps'), [...path, 'icmps'], reading);
  if (items === undefined || items.length === 0) return undefined;
  return items.flatMap(({ node, path: at }) =>
    (listAt(given(node, 'fields'), [...at, 'fields'], reading) ?? []).map((item) => readIcmp(item, reading)),
  );
}

function readIcmp({ node, path }: ListItem, reading: Reading): PortMatch {
  const family = textIn(given(node, 'family')) === 'IPv6' ? 'IPv6' : 'IPv4';
  const type = given(node, 'type');
  const word = textIn(type) ?? '';
  const number = ICMP_TYPES[family].get(word) ?? (/^\d{1,3}$/.test(word) ? Number(word) : integerIn(type));
  if (number === undefined || hasHole(node)) {
    reading.push({ path, why: hasHole(node) ? TEMPLATE : `has no type of ICMP messages` });
    return { kind: 'unreadable', path };
  }
  const words = `ICMP${family === 'IPv6' ? 'v6' : ''} type ${ICMP_TYPES[family].has(word) ? word : number}`;
  return { kind: 'packets', packets: packetsOf({ protocols: [family === 'IPv6' ? 58 : 1], icmpTypes: [number] }), words, path };
}

const MAX_LISTED_ITEMS = 4;

/** What is asked of requests on these ports, in words; `undefined` where nothing is. */
function conditionOf(item: Node): string | undefined {
  const rules = given(item, 'rules');
  const names = textsOf(given(item, 'serverNames'));
  const parts = [
    ...requests(rules, 'http', 'HTTP', httpWords),
    ...requests(rules, 'kafka', 'Kafka', (rule) =>
      ['role', 'apiKey', 'topic', 'clientID'].flatMap((field) => textIn(given(rule, field)) ?? []).join(' '),
    ),
    ...lookups(rules),
    ...(given(rules, 'l7proto') ? [`what the parser ${textIn(given(rules, 'l7proto')) ?? ''} allows`] : []),
    ...(names.length > 0 ? [`TLS to ${list(names, 'or', MAX_LISTED_ITEMS)}`] : []),
    ...(given(item, 'listener') ? ['what an Envoy listener allows'] : []),
  ];
  return parts.length === 0 ? undefined : parts.join(', ');
}

function requests(rules: Node | undefined, field: string, title: string, words: (rule: Node) => string): readonly string[] {
  const items = listAt(given(rules, field), [], []);
  if (items === undefined) return [];
  const phrases = items.map(({ node }) => words(node));
  // An item without conditions allows every request.
  if (items.length === 0 || phrases.includes('')) return [];
  return [`${title} ${list(phrases, 'or', MAX_LISTED_ITEMS)}`];
}

function httpWords(rule: Node): string {
  const [method, path, host] = ['method', 'path', 'host'].map((field) => textIn(given(rule, field)));
  const headers = [
    ...textsOf(given(rule, 'headers')),
    ...(listAt(given(rule, 'headerMatches'), [], []) ?? []).flatMap(({ node }) => textIn(given(node, 'name')) ?? []),
  ];
  const parts = [
    method,
    path,
    host === undefined ? undefined : `to ${host}`,
    headers.length === 0 ? undefined : `with ${list(headers, 'and', MAX_LISTED_ITEMS)}`,
  ];
  return parts.filter((part) => part !== undefined).join(' ');
}

/** `*` allows every name. */
function lookups(rules: Node | undefined): readonly string[] {
  if (!given(rules, 'dns')) return [];
  const names = namesIn(rules);
  if (names.includes('*') || names.includes('**')) return [];
  return [names.length === 0 ? 'no DNS lookup' : `DNS lookups of ${list(names, 'or', MAX_LISTED_ITEMS)}`];
}

function namesIn(rules: Node | undefined): readonly string[] {
  const items = listAt(given(rules, 'dns'), [], []) ?? [];
  return items.flatMap(({ node }) => textIn(given(node, 'matchName')) ?? textIn(given(node, 'matchPattern')) ?? []);
}

function textsOf(node: Node | undefined): readonly string[] {
  return (listAt(node, [], []) ?? []).flatMap(({ node: item }) => textIn(item) ?? []);
}
