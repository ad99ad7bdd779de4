import { hasHole, stringOf, type Node } from '../syntax/tree.ts';
import type { PolicyKindEntry } from './kind.ts';
import type { PortMatch, PortRange, StageId } from './policy.ts';
import { readBounds } from './port.ts';
import { PROTOCOLS } from '../base/ports.ts';
import { given, integerIn, mapAt, sortOf, TEMPLATE, type ListItem, type Reading } from './read.ts';
import { tieredKind } from './tiered.ts';

/** policy.networking.k8s.io ClusterNetworkPolicy: both tiers in one kind. A version that reads alike is one word in `alike`. */
export const clusterNetworkPolicy: PolicyKindEntry = tieredKind({
  kind: 'ClusterNetworkPolicy',
  version: 'v1alpha2',
  alike: [],
  plural: 'clusternetworkpolicies',
  summary:
    'Accepts, denies or passes connections for the whole cluster, before NetworkPolicies (Admin tier) or after them (Baseline tier).',
  specFields: ['tier', 'priority', 'subject', 'ingress', 'egress'],
  fields: ['tier', 'priority', 'domainNames', 'destinationNamedPort'],
  actions: new Map([
    ['Accept', 'Accept'],
    ['Deny', 'Deny'],
    ['Pass', 'Pass'],
  ]),
  portsField: 'protocols',
  readPort,
  writePort: ({ protocol, port }) => ({ [protocol.toLowerCase()]: { destinationPort: { number: port } } }),
  podsNeedNamespaces: false,
  readStage,
  hasPriority: true,
});

function readStage(spec: Node | undefined, reading: Reading): StageId {
  const node = given(spec, 'tier');
  const tier = stringOf(node);
  const stage = TIERS.get(tier ?? '');
  if (stage !== undefined) return stage;
  const why = node === undefined ? 'is missing' : hasHole(node) ? TEMPLATE : `should be Admin or Baseline, not ${sortOf(node)}`;
  reading.push({ path: ['spec', 'tier'], why });
  return 'admin';
}

const TIERS: ReadonlyMap<string, StageId> = new Map([
  ['Admin', 'admin'],
  ['Baseline', 'baseline'],
]);

/** One item of `protocols`: a named port, or `tcp`, `udp` or `sctp` with a destination port. */
function readPort({ node, path }: ListItem, reading: Reading): PortMatch {
  const before = reading.length;
  const entry = mapAt(node, path, ['tcp', 'udp', 'sctp', 'destinationNamedPort'], reading);
  const written = ['tcp', 'udp', 'sctp', 'destinationNamedPort'].filter((field) => given(entry, field));
  if (reading.length === before && written.length !== 1)
    reading.push({ path, why: 'must name exactly one of tcp, udp, sctp, destinationNamedPort' });
  if (reading.length > before) return { kind: 'unreadable', path };
  const named = stringOf(given(entry, 'destinationNamedPort'));
  if (named !== undefined) return { kind: 'named', name: named, path, at: [...path, 'destinationNamedPort'] };
  for (const protocol of PROTOCOLS) {
    const field = protocol.toLowerCase();
    const match = given(entry, field);
    const bounds = match && readDestination(match, [...path, field], reading);
    if (bounds) return { kind: 'range', protocol, ...bounds, path };
  }
  if (reading.length === before) reading.push({ path, why: hasHole(node) ? TEMPLATE : 'names no port from 1 to 65535' });
  return { kind: 'unreadable', path };
}

function readDestination(node: Node, path: ListItem['path'], reading: Reading): Pick<PortRange, 'from' | 'to' | 'at'> | undefined {
  const before = reading.length;
  const at = [...path, 'destinationPort'];
  const destination = mapAt(given(mapAt(node, path, ['destinationPort'], reading), 'destinationPort'), at, ['number', 'range'], reading);
  const number = given(destination, 'number');
  const range = mapAt(given(destination, 'range'), [...at, 'range'], ['start', 'end'], reading);
  if (reading.length > before || (number && range)) return undefined;
  const bounds = number
    ? readBounds(integerIn(number), integerIn(number))
    : readBounds(integerIn(given(range, 'start')), integerIn(given(range, 'end')));
  if (!bounds) return undefined;
  return { ...bounds, at: number ? [[...at, 'number']] : ['start', 'end'].map((field) => [...at, 'range', field]) };
}
