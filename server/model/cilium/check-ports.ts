import { quote } from '../../base/english.ts';
import type { Path } from '../../syntax/path.ts';
import { asMap, asScalar, stringOf, type Node } from '../../syntax/tree.ts';
import { given, integerIn, textIn } from '../read.ts';
import { ICMP_TYPES } from './icmp-types.ts';
import { checkKafka, checkRegularExpressions } from './check-l7.ts';
import { parsePort } from './port-text.ts';
import { entriesIn, hasItems, isOpen, type Rejections } from './rejection.ts';

/** Where an item of `toPorts` stands. */
export interface PortPlace {
  readonly direction: 'ingress' | 'egress';
  readonly deny: boolean;
  /** In a rule for nodes. */
  readonly host: boolean;
}

const MAX_PORTS = 40;

/** What Cilium objects to in `toPorts`. */
export function checkPorts(entry: Node | undefined, path: Path, place: PortPlace, into: Rejections): void {
  for (const item of entriesIn(entry, path, 'toPorts')) {
    const rules = place.deny ? undefined : given(item.node, 'rules');
    const isL7 = rules !== undefined && L7_FIELDS.some((field) => given(rules, field) !== undefined);
    const hasNames = isL7 && hasItems(rules, 'dns');
    const ports = entriesIn(item.node, item.path, 'ports');
    if (place.deny && ports.length > MAX_PORTS) {
      const why = `'ports' has ${ports.length} items, and Cilium takes at most ${MAX_PORTS}`;
      into.push({ code: 'invalid-port', path: [...item.path, 'ports'], onKey: true, why, way: 'Split the entry, or write ranges.' });
    }
    for (const port of ports) checkPort(port.node, port.path, hasNames, into);
    if (!isL7) continue;
    checkL7Place(item.node, item.path, rules, place, into);
    for (const port of ports) checkL7Port(port.node, port.path, hasNames, into);
    checkRegularExpressions(rules, [...item.path, 'rules'], into);
    checkKafka(rules, [...item.path, 'rules'], into);
  }
  if (place.deny) return;
  for (const item of entriesIn(entry, path, 'toPorts')) checkListener(item.node, item.path, place, into);
}

const L7_FIELDS = ['http', 'kafka', 'dns', 'l7proto'];

function checkPort(node: Node, path: Path, hasNames: boolean, into: Rejections): void {
  if (isOpen(node) || !asMap(node)) return;
  const port = given(node, 'port');
  if (!port) {
    const way = `Write port: "0" for every port, or remove the item.`;
    into.push({
      code: 'invalid-port',
      path,
      onKey: false,
      why: "an item of 'ports' has no 'port'",
      way,
      mistake: 'missing',
      absence: true,
    });
    return;
  }
  const text = stringOf(port);
  if (text === undefined || text === '') return;
  const protocol = textIn(given(node, 'protocol'));
  const read = parsePort(text);
  if (read.kind !== 'name' && text !== '0' && (protocol === 'VRRP' || protocol === 'IGMP')) {
    const why = `${protocol} has no ports, so 'port' must be "0"`;
    into.push({ code: 'invalid-port', path: [...path, 'port'], onKey: false, why, way: 'Write "0".', mistake: 'zero' });
  } else if (read.kind === 'none') {
    into.push({ code: 'invalid-port', path: [...path, 'port'], onKey: false, ...portFault(text) });
  }
  const end = integerIn(given(node, 'endPort'));
  if (hasNames && read.kind === 'number' && end !== undefined && end > read.number) {
    const way = "Remove 'endPort'; DNS servers listen on port 53.";
    into.push({
      code: 'l7-rule',
      path: [...path, 'endPort'],
      onKey: true,
      why: 'DNS rules do not work on a range of ports',
      way,
      mistake: 'range',
    });
  }
}

function portFault(text: string): { readonly why: string; readonly way: string; readonly mistake?: string } {
  const shown = quote(text);
  const [, from, to] = /^\s*(\d{1,5})\s*(?:-|:|\.\.)\s*(\d{1,5})\s*$/.exec(text) ?? [];
  if (from !== undefined && to !== undefined)
    return { why: `${shown} is not a port`, way: `Write the range as 'port: "${from}"' and 'endPort: ${to}'.`, mistake: 'range' };
  const [, number, protocol] = /^(\d{1,5})[/:](tcp|udp|sctp)$/i.exec(text) ?? [];
  if (number !== undefined && protocol !== undefined)
    return { why: `${shown} is not a port`, way: `Write 'port: "${number}"' and 'protocol: ${protocol.toUpperCase()}'.` };
  if (/^\d+(?:\s*[,;]\s*\d+)+$/.test(text)) return { why: `${shown} is not a port`, way: 'Write an item for each port.' };
  if (/^0\d+$/.test(text))
    return {
      why: `${shown} starts with a zero, so Cilium reads it as octal, in which it is not a number`,
      way: `Write "${text.replace(/^0+(?=.)/, '')}".`,
      mistake: 'zeros',
    };
  if (/^\d+$/.test(text)) return { why: `port ${text} does not exist`, way: 'Ports range from 1 to 65535.' };
  if (text.length > 15 && /^[A-Za-z0-9-]+$/.test(text))
    return {
      why: `${shown} has more than the 15 characters of a port name`,
      way: 'Write the number, or give the container port a shorter name.',
    };
  return { why: `${shown} is neither a number nor a port name`, way: 'A port name has letters, digits and single dashes.' };
}

function checkL7Place(item: Node, path: Path, rules: Node, { direction, host }: PortPlace, into: Rejections): void {
  const at = [...path, 'rules'];
  const dns = given(rules, 'dns');
  const isDns = hasItems(rules, 'dns');
  if (direction === 'ingress' && host) {
    into.push({ code: 'l7-rule', path: at, onKey: true, why: 'rules for nodes cannot have L7 rules', way: "Remove 'rules'." });
  } else if (direction === 'ingress' && isDns) {
    into.push({
      code: 'l7-rule',
      path: [...at, 'dns'],
      onKey: true,
      why: 'DNS rules exist for egress only',
      way: 'Move them to an egress entry of the pods that ask.',
    });
  } else if (host && (hasItems(rules, 'http') || hasItems(rules, 'kafka'))) {
    into.push({ code: 'l7-rule', path: at, onKey: true, why: 'rules for nodes can have DNS rules only', way: "Remove 'rules'." });
  }
  if (dns && !given(item, 'ports')?.hole && !hasItems(item, 'ports')) {
    const way = `Add 'ports' with port "53" and protocol ANY.`;
    into.push({
      code: 'l7-rule',
      path: [...at, 'dns'],
      onKey: true,
      why: 'DNS rules need the port of the DNS servers',
      way,
      mistake: 'dns-port',
      absence: true,
    });
  }
  if (hasItems(item, 'serverNames') && given(item, 'terminatingTLS') === undefined) {
    const way = "Add 'terminatingTLS', or write two entries.";
    into.push({
      code: 'l7-rule',
      path: [...path, 'serverNames'],
      onKey: true,
      why: "'serverNames' together with 'rules' needs 'terminatingTLS'",
      way,
    });
  }
}

function checkL7Port(node: Node, path: Path, isDns: boolean, into: Rejections): void {
  if (isOpen(node) || !asMap(node)) return;
  const protocol = textIn(given(node, 'protocol'));
  if (!isDns && protocol !== 'TCP') {
    const why =
      protocol === undefined
        ? "HTTP and Kafka rules need 'protocol: TCP', and an item without a protocol means every protocol"
        : `HTTP and Kafka rules need 'protocol: TCP', not ${protocol}`;
    into.push({
      code: 'l7-rule',
      path: protocol === undefined ? path : [...path, 'protocol'],
      onKey: false,
      why,
      way: "Write 'protocol: TCP'.",
      mistake: 'tcp',
      absence: protocol === undefined,
    });
  }
  const port = stringOf(given(node, 'port'));
  const read = port === undefined ? undefined : parsePort(port);
  if (read?.kind === 'number' && read.number === 0) {
    into.push({
      code: 'l7-rule',
      path: [...path, 'port'],
      onKey: false,
      why: 'L7 rules need a port, and "0" means every port',
      way: 'Write the port.',
    });
  }
}

function checkListener(item: Node, path: Path, { direction }: PortPlace, into: Rejections): void {
  if (given(item, 'listener') === undefined) return;
  const at = [...path, 'listener'];
  if (direction === 'ingress')
    into.push({ code: 'l7-rule', path: at, onKey: true, why: 'listeners exist for egress only', way: 'Remove it.' });
  const rules = given(item, 'rules');
  if (rules && L7_FIELDS.some((field) => given(rules, field) !== undefined))
    into.push({
      code: 'l7-rule',
      path: at,
      onKey: true,
      why: "'listener' and 'rules' cannot be set in one item",
      way: 'Keep one of them.',
    });
}

/** What Cilium objects to in `icmps`. */
export function checkIcmp(entry: Node | undefined, path: Path, into: Rejections): void {
  if (hasItems(entry, 'icmps') && hasItems(entry, 'toPorts')) {
    const way = 'Write two entries with the same peers.';
    into.push({
      code: 'icmp',
      path: [...path, 'icmps'],
      onKey: true,
      why: "'icmps' and 'toPorts' cannot be set in one entry",
      way,
      mistake: 'toPorts',
    });
  }
  for (const item of entriesIn(entry, path, 'icmps')) {
    for (const { node, path: at } of entriesIn(item.node, item.path, 'fields')) checkIcmpType(node, at, into);
  }
}

function checkIcmpType(node: Node, path: Path, into: Rejections): void {
  const type = given(node, 'type');
  const name = asScalar(type)?.value.type === 'string' ? stringOf(type) : undefined;
  if (name === undefined || /^\d+$/.test(name) || isOpen(node)) return;
  const family = textIn(given(node, 'family')) === 'IPv6' ? 'IPv6' : 'IPv4';
  if (ICMP_TYPES[family].has(name)) return;
  const other = family === 'IPv4' ? 'IPv6' : 'IPv4';
  const isKnown = ICMP_TYPES[other].has(name);
  const isSlip = name === 'ExtendedEcho Reply';
  if (!isKnown && !isSlip) return;
  const way = isSlip
    ? `Write ${family === 'IPv4' ? 43 : 161}, the number of ExtendedEchoReply.`
    : `Write 'family: ${other}', or the number.`;
  into.push({ code: 'icmp', path: [...path, 'type'], onKey: false, why: `${quote(name)} is not a message of ICMP over ${family}`, way });
}
