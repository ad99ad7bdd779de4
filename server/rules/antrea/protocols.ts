import { quote } from '../../base/english.ts';
import { parseIp } from '../../base/ip.ts';
import type { JsonMap } from '../schema/server-view.ts';
import { mapOrNothing, isMulticast } from './peers.ts';
import { isSet, listIn, mapIn, mapsIn, peersField, type Objection, type RuleView, type WebhookView } from './view.ts';

const MULTICAST_ACTIONS = ['Pass', 'Reject'];

/** Multicast groups in egress rules, and IGMP (`validateEgressMulticastAddress`, `validateMulticastIGMP` in antrea `validate.go`). */
export function* multicastObjections(view: WebhookView): Iterable<Objection> {
  for (const rule of view.rules) if (rule.direction === 'egress') yield* multicastInRule(rule);
  yield* groupBlocks(view);
  yield* igmpObjections(view);
}

function* multicastInRule({ path, rule, direction }: RuleView): Iterable<Objection> {
  const blocks = mapsIn(rule, peersField(direction), path).flatMap(({ map, path: at }) => {
    const cidr = mapOrNothing(map)?.['cidr'];
    return typeof cidr === 'string' ? [{ map, path: at, multicast: isMulticast(cidr) }] : [];
  });
  const first = blocks.find(({ multicast }) => multicast);
  if (!first) return;
  const action = rule['action'];
  if (typeof action === 'string' && MULTICAST_ACTIONS.includes(action))
    yield {
      path: [...path, 'action'],
      message: `The action ${quote(action)} does not work for multicast addresses, so Antrea's webhook rejects the policy. Write Allow or Drop.`,
      related: [{ path: first.path, message: 'The multicast address.' }],
    };
  const unicast = blocks.find(({ multicast }) => !multicast);
  if (unicast)
    yield {
      path: unicast.path,
      message:
        "A rule with a multicast address cannot have other addresses, so Antrea's webhook rejects the policy. Write a rule for each.",
      related: [{ path: first.path, message: 'The multicast address.' }],
    };
  const selecting = blocks.find(({ map }) => SELECTORS.some((field) => isSet(map, field)));
  if (selecting)
    yield {
      path: selecting.path,
      message:
        "A rule with a multicast address cannot have selectors beside it, so Antrea's webhook rejects the policy. Remove the selector.",
    };
}

const SELECTORS = ['podSelector', 'namespaceSelector', 'namespaces', 'externalEntitySelector', 'serviceAccount', 'nodeSelector'];

/** A group holds either multicast addresses or others. */
function* groupBlocks({ spec }: WebhookView): Iterable<Objection> {
  const blocks = mapsIn(spec, 'ipBlocks', ['spec']).flatMap(({ map, path }) => {
    const cidr = map['cidr'];
    return typeof cidr === 'string' ? [{ path, multicast: isMulticast(cidr) }] : [];
  });
  const [first] = blocks;
  const other = blocks.find(({ multicast }) => multicast !== first?.multicast);
  if (first && other)
    yield {
      path: other.path,
      message: "A group cannot hold multicast addresses together with others, so Antrea's webhook rejects it. Write a group for each.",
      related: [{ path: first.path, message: first.multicast ? 'A multicast address.' : 'An address that is not multicast.' }],
    };
}

/** Once a rule has IGMP, the webhook asks of every later one, too, that it has no peers and ports: it never resets what it has seen. */
function* igmpObjections({ rules }: WebhookView): Iterable<Objection> {
  let [igmp, icmp] = [false, false];
  for (const { path, rule, direction } of rules) {
    for (const { map, path: at } of mapsIn(rule, 'protocols', path)) {
      if (isSet(map, 'icmp')) icmp = true;
      if (!isSet(map, 'igmp')) continue;
      igmp = true;
      const address = mapIn(map, 'igmp')?.['groupAddress'];
      if (
        typeof address === 'string' &&
        address !== '' &&
        parseIp(address).ok &&
        !isMulticast(`${address}/${address.includes(':') ? 128 : 32}`)
      )
        yield {
          path: [...at, 'igmp', 'groupAddress'],
          message: `${quote(address)} is not a multicast address, so Antrea's webhook rejects the policy. Write one of 224.0.0.0/4.`,
        };
      const action = rule['action'];
      if (typeof action === 'string' && MULTICAST_ACTIONS.includes(action))
        yield {
          path: [...path, 'action'],
          message: `The action ${quote(action)} does not work with IGMP, so Antrea's webhook rejects the policy. Write Allow or Drop.`,
        };
    }
    if (!igmp) continue;
    const beside = ['ports', 'toServices', peersField(direction)].filter((field) => (listIn(rule, field)?.length ?? 0) > 0);
    if (beside.length === 0 && !icmp) continue;
    yield {
      path: beside[0] === undefined ? [...path, 'protocols'] : [...path, beside[0]],
      onKey: true,
      message:
        "A policy with an IGMP rule cannot have ICMP, peers, ports or Services in that rule or those after it, so Antrea's webhook rejects the policy. Write a policy of its own for IGMP.",
    };
    return;
  }
}

/** Application protocols: Allow only, no Services, and HTTP over TCP only (`validateL7Protocols`). */
export function* l7Objections({ rules }: WebhookView): Iterable<Objection> {
  for (const { path, rule } of rules) {
    const protocols = mapsIn(rule, 'l7Protocols', path);
    if (protocols.length === 0) continue;
    const action = rule['action'];
    if (typeof action === 'string' && action !== 'Allow')
      yield {
        path: [...path, 'action'],
        message: `The action ${quote(action)} cannot be set together with 'l7Protocols', so Antrea's webhook rejects the policy. Only Allow looks at requests; what matches none of them is denied.`,
        related: [{ path: [...path, 'l7Protocols'], message: 'The application protocols.' }],
      };
    if ((listIn(rule, 'toServices')?.length ?? 0) > 0)
      yield {
        path: [...path, 'toServices'],
        onKey: true,
        message: "'toServices' is set together with 'l7Protocols', so Antrea's webhook rejects the policy. Write the peers in 'to'.",
      };
    if (protocols.some(({ map }) => isSet(map, 'http'))) yield* httpObjections(rule, path);
  }
}

function* httpObjections(rule: JsonMap, path: RuleView['path']): Iterable<Objection> {
  for (const { map, path: at } of mapsIn(rule, 'ports', path)) {
    const protocol = map['protocol'];
    if (typeof protocol === 'string' && protocol !== 'TCP')
      yield {
        path: [...at, 'protocol'],
        message: `HTTP needs TCP, not ${protocol}, so Antrea's webhook rejects the policy. Write TCP, or remove the protocol.`,
      };
  }
  for (const { map, path: at } of mapsIn(rule, 'protocols', path)) {
    if (isSet(map, 'icmp') || isSet(map, 'igmp'))
      yield {
        path: at,
        message: "HTTP cannot be set together with ICMP or IGMP, so Antrea's webhook rejects the policy. Write a rule for each.",
      };
  }
}

/** Ranges of ports that have no numeric start, or end before it (`validatePort`). */
export function* portRangeObjections({ rules }: WebhookView): Iterable<Objection> {
  for (const { path, rule } of rules)
    for (const { map, path: at } of mapsIn(rule, 'ports', path)) {
      yield* rangeObjections(map, at, 'port', 'endPort');
      yield* rangeObjections(map, at, 'sourcePort', 'sourceEndPort');
    }
}

function* rangeObjections(map: JsonMap, path: RuleView['path'], first: string, last: string): Iterable<Objection> {
  const [start, end] = [map[first], map[last]];
  if (typeof end !== 'number') return;
  const at = [...path, last];
  if (!Object.hasOwn(map, first))
    yield {
      path: at,
      onKey: true,
      absence: true,
      message: `Antrea's webhook rejects ${quote(last)} without ${quote(first)}. Add the first port of the range.`,
    };
  if (typeof start === 'string')
    yield {
      path: at,
      onKey: true,
      message: `Antrea's webhook rejects ${quote(last)} together with a named port. Write the port number, or remove ${quote(last)}.`,
    };
  if (typeof start === 'number' && end < start)
    yield {
      path: at,
      message: `${quote(last)} ${end} is lower than ${quote(first)} ${start}, so Antrea's webhook rejects the policy. Swap them.`,
    };
}
