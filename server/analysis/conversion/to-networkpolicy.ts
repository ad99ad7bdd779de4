import { DIRECTIONS, type Direction, type NamespaceScope, type Peer, type Policy, type PortMatch, type Rule } from '../../model/policy.ts';
import type { LabelSelector } from '../../model/selector.ts';
import { field, map, type Marked, type MarkedField, type MarkedItem } from '../../syntax/marked.ts';
import { formatPath } from '../../syntax/path.ts';
import { metadataFrom } from './metadata.ts';
import { items, listOf, number, portItems, selector, text } from './parts.ts';
import { nameIn, plainPolicies } from './plain-policy.ts';
import type { ConversionResult, ConversionSource } from './result.ts';

/**
 * A policy of a network plugin for one namespace as a NetworkPolicy: what it allows. A Deny of everything at the end of a direction is what
 * isolation does; any other Deny or Pass has no counterpart.
 */
export function toNetworkPolicy({ root, policy }: ConversionSource): ConversionResult {
  const plain = plainPolicies(policy);
  if ('refused' in plain) return { refused: `A NetworkPolicy cannot express it: ${plain.refused}` };
  const documents: Marked[] = [];
  for (const [i, part] of plain.parts.entries()) {
    const namespace = homeOf(part);
    if (namespace === undefined)
      return {
        refused: `It selects pods of several namespaces ('${formatPath(part.subject.path)}'), and a NetworkPolicy selects pods of its own namespace.`,
      };
    const other = DIRECTIONS.flatMap((direction) => allowsIn(part, direction)).find(({ action }) => action !== 'Accept');
    if (other)
      return {
        refused: `A NetworkPolicy only allows, and rule ${formatPath(other.path)} ${other.action === 'Deny' ? 'denies some connections' : 'passes'}.`,
      };
    documents.push(documentOf(root, part, namespace, i));
  }
  return { documents, lost: plain.lost };
}

/** The namespace whose pods it selects, where it is one. */
function homeOf({ namespace, subject: { namespaces } }: Policy): string | undefined {
  if (namespace !== undefined || namespaces.kind === 'own') return namespace;
  return nameIn(namespaces.selector.requirements);
}

function documentOf(root: ConversionSource['root'], policy: Policy, namespace: string, index: number): Marked {
  const directions = DIRECTIONS.filter((direction) => policy[direction] !== undefined);
  const types = directions.map((direction) => (direction === 'ingress' ? 'Ingress' : 'Egress'));
  const changes = {
    ...(index === 0 ? {} : { name: `${policy.name}-${index + 1}` }),
    ...(policy.namespace === undefined ? { namespace } : {}),
  };
  const from = index === 0;
  return map(
    field('apiVersion', text('networking.k8s.io/v1'), from ? ['apiVersion'] : undefined),
    field('kind', text('NetworkPolicy'), from ? ['kind'] : undefined),
    field('metadata', metadataFrom(root, changes), from ? ['metadata'] : undefined),
    field(
      'spec',
      map(
        field('podSelector', selector(policy.subject.pods), policy.subject.path),
        field('policyTypes', listOf(types.map(text))),
        directions.flatMap((direction) => section(policy, direction)),
      ),
      from ? ['spec'] : undefined,
    ),
  );
}

/** The rules of a direction without the Deny of everything at its end. */
function allowsIn(policy: Policy, direction: Direction): readonly Rule[] {
  const rules = policy[direction]?.rules ?? [];
  const last = rules.at(-1);
  return last?.action === 'Deny' && last.peers === 'any' && last.ports === 'any' ? rules.slice(0, -1) : rules;
}

function section(policy: Policy, direction: Direction): readonly MarkedField[] {
  const values = allowsIn(policy, direction).flatMap((rule): readonly MarkedItem[] => {
    const peers = rule.peers === 'any' ? [] : rule.peers.flatMap(peerValues);
    const ports = rule.ports === 'any' ? [] : rule.ports.flatMap(portValues);
    const value = map(
      peers.length === 0 ? [] : field(direction === 'ingress' ? 'from' : 'to', items(peers), rule.at.peers),
      ports.length === 0 ? [] : field('ports', items(ports), rule.at.ports),
    );
    // Without its peers it would allow all.
    return rule.peers !== 'any' && peers.length === 0 ? [] : [{ from: rule.path, value }];
  });
  return values.length === 0 ? [] : field(direction, items(values), policy.at[direction]);
}

function peerValues(peer: Peer): readonly MarkedItem[] {
  if (peer.kind === 'pods') return [{ from: peer.path, value: podsValue(peer.namespaces, peer.pods) }];
  if (peer.kind !== 'networks') return [];
  return peer.networks.map(({ cidr, except, path }) => ({
    from: path,
    value: map(field('ipBlock', map(field('cidr', text(cidr)), except.length === 0 ? [] : field('except', listOf(except.map(text)))))),
  }));
}

function podsValue(namespaces: NamespaceScope, pods: LabelSelector): Marked {
  if (namespaces.kind === 'own') return map(field('podSelector', selector(pods), pods.path));
  return map(
    field('namespaceSelector', selector(namespaces.selector), namespaces.selector.path),
    pods.requirements.length === 0 ? [] : field('podSelector', selector(pods), pods.path),
  );
}

function portValues(port: PortMatch): readonly MarkedItem[] {
  return portItems(port, (first, at) => (first === undefined ? [] : field('port', number(first), at)));
}
