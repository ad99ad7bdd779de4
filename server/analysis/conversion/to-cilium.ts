import type { Direction, NamespaceScope, Peer, PortMatch, Rule } from '../../model/policy.ts';
import type { LabelSelector } from '../../model/selector.ts';
import { field, map, type Marked, type MarkedField, type MarkedItem } from '../../syntax/marked.ts';
import { metadataFrom } from './metadata.ts';
import { items, listOf, portItems, selector, text } from './parts.ts';
import type { ConversionResult, ConversionSource } from './result.ts';

/** Most entries of `ports` in a Cilium rule. */
const MAX_PORTS = 40;
const NAMESPACE = 'k8s:io.kubernetes.pod.namespace';
const NAMESPACE_LABELS = 'k8s:io.cilium.k8s.namespace.labels.';

/** A NetworkPolicy as a CiliumNetworkPolicy: both are evaluated side by side, and both isolate. */
export function networkPolicyToCilium({ root, policy }: ConversionSource): ConversionResult {
  const section = (direction: Direction): readonly MarkedField[] => {
    const rules = policy[direction]?.rules;
    if (!rules) return [];
    const entries = rules.flatMap((rule) => entriesFor(rule, direction));
    // An empty entry allows nothing, and isolates.
    return field(direction, items(entries.length === 0 ? [{ value: map() }] : entries), policy.at[direction]);
  };
  const document = map(
    field('apiVersion', text('cilium.io/v2'), ['apiVersion']),
    field('kind', text('CiliumNetworkPolicy'), ['kind']),
    field('metadata', metadataFrom(root), ['metadata']),
    field(
      'spec',
      map(field('endpointSelector', selector(policy.subject.pods), policy.subject.path), section('ingress'), section('egress')),
      ['spec'],
    ),
  );
  return { documents: [document], lost: [] };
}

/** One entry for the pods of a rule, one for its blocks; peers of two sorts cannot stand in one. */
function entriesFor(rule: Rule, direction: Direction): readonly MarkedItem[] {
  const prefix = direction === 'ingress' ? 'from' : 'to';
  const ports = rule.ports === 'any' ? [undefined] : chunks(rule.ports.flatMap(portValues));
  const peers = rule.peers === 'any' ? [] : rule.peers;
  const pods = peers.flatMap((peer) => (peer.kind === 'pods' ? [{ from: peer.path, value: podsValue(peer.namespaces, peer.pods) }] : []));
  const blocks = peers.flatMap((peer) =>
    peer.kind === 'networks' ? peer.networks.map((one) => ({ from: one.path, value: blockValue(one) })) : [],
  );
  const sorts: readonly (readonly MarkedField[])[] =
    rule.peers === 'any'
      ? // Without peers and ports an entry allows nothing.
        [rule.ports === 'any' ? field(`${prefix}Entities`, listOf([text('all')])) : []]
      : [
          ...(pods.length === 0 ? [] : [field(`${prefix}Endpoints`, items(pods), rule.at.peers)]),
          ...(blocks.length === 0 ? [] : [field(`${prefix}CIDRSet`, items(blocks), rule.at.peers)]),
        ];
  return sorts
    .flatMap((sort) =>
      ports.map((some) => map(sort, some === undefined ? [] : field('toPorts', listOf([map(field('ports', items(some)))]), rule.at.ports))),
    )
    .map((value, i) => ({ value, ...(i === 0 ? { from: rule.path } : {}) }));
}

function chunks(all: readonly MarkedItem[]): readonly (readonly MarkedItem[])[] {
  return Array.from({ length: Math.max(1, Math.ceil(all.length / MAX_PORTS)) }, (_, i) => all.slice(i * MAX_PORTS, (i + 1) * MAX_PORTS));
}

/** Labels of the namespace are labels of its pods to Cilium. */
function podsValue(namespaces: NamespaceScope, pods: LabelSelector): Marked {
  if (namespaces.kind === 'own') return selector(pods);
  const inEvery = namespaces.selector.requirements.length === 0;
  const scope: LabelSelector = inEvery
    ? { ...namespaces.selector, requirements: [{ key: NAMESPACE, operator: 'Exists', values: [], path: [] }] }
    : {
        ...namespaces.selector,
        requirements: namespaces.selector.requirements.map((one) => ({ ...one, key: `${NAMESPACE_LABELS}${one.key}` })),
      };
  // Every pod has a namespace, whatever labels it has: without this, the policy's own one would be meant.
  const requirements = [...scope.requirements, ...pods.requirements];
  return selector({ requirements, path: pods.path });
}

function blockValue({ cidr, except }: Extract<Peer, { kind: 'networks' }>['networks'][number]): Marked {
  return map(field('cidr', text(cidr)), except.length === 0 ? [] : field('except', listOf(except.map(text))));
}

/** Ports are texts in Cilium, and 0 is every port. */
function portValues(port: PortMatch): readonly MarkedItem[] {
  return portItems(port, (first, at) => field('port', text(first === undefined ? '0' : String(first)), at));
}
