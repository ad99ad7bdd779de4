import { DIRECTIONS, type Direction, type NamespaceScope, type Peer, type Policy, type PortMatch, type Rule } from '../../model/policy.ts';
import type { LabelSelector } from '../../model/selector.ts';
import { field, map, type Marked, type MarkedField, type MarkedItem } from '../../syntax/marked.ts';
import { metadataFrom } from './metadata.ts';
import { items, listOf, number, portItems, ruleLosses, selector, text } from './parts.ts';
import type { ConversionResult, ConversionSource } from './result.ts';

/**
 * A policy of a network plugin for one namespace as a NetworkPolicy: what it allows. A Deny of everything at the end of a direction is what
 * isolation does; any other Deny or Pass has no counterpart.
 */
export function toNetworkPolicy({ root, policy }: ConversionSource): ConversionResult {
  const obstacle = obstacleIn(policy);
  if (obstacle !== undefined) return { refused: `A NetworkPolicy cannot express it: ${obstacle}` };
  const directions = DIRECTIONS.filter((direction) => policy[direction] !== undefined);
  const types = directions.map((direction) => (direction === 'ingress' ? 'Ingress' : 'Egress'));
  const document = map(
    field('apiVersion', text('networking.k8s.io/v1'), ['apiVersion']),
    field('kind', text('NetworkPolicy'), ['kind']),
    field('metadata', metadataFrom(root), ['metadata']),
    field(
      'spec',
      map(
        field('podSelector', selector(policy.subject.pods), policy.subject.path),
        field('policyTypes', listOf(types.map(text))),
        directions.flatMap((direction) => section(policy, direction)),
      ),
      ['spec'],
    ),
  );
  return { documents: [document], lost: [] };
}

function obstacleIn(policy: Policy): string | undefined {
  if (!policy.traits.namespaced || policy.subject.set !== undefined || policy.subject.namespaces.kind !== 'own')
    return 'it selects pods by more than their labels in its namespace.';
  if (policy.parts && policy.parts.length > 1) return 'it holds several policies.';
  for (const direction of DIRECTIONS) {
    const rules = allowsIn(policy, direction);
    const other = rules.find(({ action }) => action !== 'Accept');
    if (other) return `rule ${other.path.join('.')} does more than allow.`;
    const [lost] = rules.flatMap(ruleLosses);
    if (lost) return lost.message;
    if (rules.some(({ ports }) => ports !== 'any' && ports.some((port) => port.kind === 'named' && port.protocol === undefined)))
      return 'a port name needs a protocol.';
  }
  return undefined;
}

/** The rules of a direction without the Deny of everything at its end. */
function allowsIn(policy: Policy, direction: Direction): readonly Rule[] {
  const rules = (policy[direction]?.rules ?? []).map((rule) => (rule.subject === policy.subject ? { ...rule, subject: undefined } : rule));
  const plain: readonly Rule[] = rules.map(({ subject, ...rule }) => (subject === undefined ? rule : { ...rule, subject }));
  const last = plain.at(-1);
  return last?.action === 'Deny' && last.peers === 'any' && last.ports === 'any' ? plain.slice(0, -1) : plain;
}

function section(policy: Policy, direction: Direction): readonly MarkedField[] {
  const rules = allowsIn(policy, direction);
  if (rules.length === 0) return [];
  const values = rules.map((rule): MarkedItem => {
    const peers = rule.peers === 'any' ? [] : rule.peers.flatMap(peerValues);
    const ports = rule.ports === 'any' ? [] : rule.ports.flatMap(portValues);
    return {
      from: rule.path,
      value: map(
        peers.length === 0 ? [] : field(direction === 'ingress' ? 'from' : 'to', items(peers), rule.at.peers),
        ports.length === 0 ? [] : field('ports', items(ports), rule.at.ports),
      ),
    };
  });
  return field(direction, items(values), policy.at[direction]);
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
