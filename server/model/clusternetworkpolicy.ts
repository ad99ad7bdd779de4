import { hasHole, stringOf, type Node } from '../syntax/tree.ts';
import type { PolicyKindEntry } from './kind.ts';
import type { PortMatch, Tier } from './policy.ts';
import { PROTOCOLS, readBounds } from './port.ts';
import { given, integerIn, mapAt, sortOf, TEMPLATE, type ListItem, type Reading } from './read.ts';
import { readTiered } from './tiered.ts';

/** policy.networking.k8s.io/v1alpha2 ClusterNetworkPolicy: both tiers in one kind. */
export const clusterNetworkPolicy: PolicyKindEntry = {
  role: 'policy',
  group: 'policy.networking.k8s.io',
  version: 'v1alpha2',
  kind: 'ClusterNetworkPolicy',
  plural: 'clusternetworkpolicies',
  scope: 'Cluster',
  summary:
    'Accepts, denies or passes connections for the whole cluster, before NetworkPolicies (Admin tier) or after them (Baseline tier).',
  docs: 'https://network-policy-api.sigs.k8s.io/api-overview/',
  formerly: [],
  channels: true,
  read: (root) =>
    readTiered(root, {
      kind: 'ClusterNetworkPolicy',
      apiVersion: 'policy.networking.k8s.io/v1alpha2',
      specFields: ['tier', 'priority', 'subject', 'ingress', 'egress'],
      actions: new Map([
        ['Accept', 'Accept'],
        ['Deny', 'Deny'],
        ['Pass', 'Pass'],
      ]),
      portsField: 'protocols',
      readPort,
      podsNeedNamespaces: false,
      readTier,
      hasPriority: true,
    }),
};

function readTier(spec: Node | undefined, reading: Reading): Tier {
  const node = given(spec, 'tier');
  const tier = stringOf(node);
  if (tier === 'Admin' || tier === 'Baseline') return tier;
  const why = node === undefined ? 'is missing' : hasHole(node) ? TEMPLATE : `should be Admin or Baseline, not ${sortOf(node)}`;
  reading.push({ path: ['spec', 'tier'], why });
  return 'Admin';
}

/** One item of `protocols`: a named port, or `tcp`, `udp` or `sctp` with a destination port. */
function readPort({ node, path }: ListItem, reading: Reading): PortMatch {
  const before = reading.length;
  const entry = mapAt(node, path, ['tcp', 'udp', 'sctp', 'destinationNamedPort'], reading);
  const written = ['tcp', 'udp', 'sctp', 'destinationNamedPort'].filter((field) => given(entry, field));
  if (reading.length === before && written.length !== 1)
    reading.push({ path, why: 'must name exactly one of tcp, udp, sctp, destinationNamedPort' });
  if (reading.length > before) return { kind: 'unreadable', path };
  const named = stringOf(given(entry, 'destinationNamedPort'));
  if (named !== undefined) return { kind: 'named', name: named, path };
  for (const protocol of PROTOCOLS) {
    const field = protocol.toLowerCase();
    const match = given(entry, field);
    const bounds = match && readDestination(match, [...path, field], reading);
    if (bounds) return { kind: 'range', protocol, ...bounds, path };
  }
  if (reading.length === before) reading.push({ path, why: hasHole(node) ? TEMPLATE : 'names no port from 1 to 65535' });
  return { kind: 'unreadable', path };
}

function readDestination(node: Node, path: ListItem['path'], reading: Reading): { readonly from: number; readonly to: number } | undefined {
  const before = reading.length;
  const at = [...path, 'destinationPort'];
  const destination = mapAt(given(mapAt(node, path, ['destinationPort'], reading), 'destinationPort'), at, ['number', 'range'], reading);
  const number = given(destination, 'number');
  const range = mapAt(given(destination, 'range'), [...at, 'range'], ['start', 'end'], reading);
  if (reading.length > before || (number && range)) return undefined;
  return number
    ? readBounds(integerIn(number), integerIn(number))
    : readBounds(integerIn(given(range, 'start')), integerIn(given(range, 'end')));
}
