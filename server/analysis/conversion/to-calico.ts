import { isAfterIsolation } from '../../eval/stages.ts';
import { DIRECTIONS, type Direction, type NamespaceScope, type Peer, type Policy, type PortMatch, type Rule } from '../../model/policy.ts';
import type { LabelSelector, Requirement } from '../../model/selector.ts';
import { PROTOCOLS } from '../../base/ports.ts';
import { field, map, type Marked, type MarkedField, type MarkedItem } from '../../syntax/marked.ts';
import { metadataFrom } from './metadata.ts';
import { canonicalBlock, items, listOf, number, text } from './parts.ts';
import { plainPolicies } from './plain-policy.ts';
import type { ConversionResult, ConversionSource, Loss } from './result.ts';

const API_VERSION = 'projectcalico.org/v3';
/** NetworkPolicies count as Calico policies of this order in tier `default` (libcalico-go `conversion.go`). */
const NETWORK_POLICY_ORDER = 1000;

/** A NetworkPolicy as a Calico one at the same place in the order. */
export function networkPolicyToCalico({ root, policy }: ConversionSource): ConversionResult {
  const types = DIRECTIONS.flatMap((direction) => (policy[direction] ? [direction === 'ingress' ? 'Ingress' : 'Egress'] : []));
  return converted(root, policy, 'NetworkPolicy', [
    ...field('order', number(NETWORK_POLICY_ORDER)),
    ...field('selector', text(expression(policy.subject.pods)), policy.subject.path),
    ...field('types', listOf(types.map(text)), ['spec', 'policyTypes']),
  ]);
}

/** A ClusterNetworkPolicy as a GlobalNetworkPolicy of the tier in which Calico evaluates it, with its priority as order. */
export function clusterNetworkPolicyToCalico({ root, policy }: ConversionSource): ConversionResult {
  const { namespaces, pods } = policy.subject;
  const types = DIRECTIONS.flatMap((direction) =>
    (policy[direction]?.rules.length ?? 0) > 0 ? [direction === 'ingress' ? 'Ingress' : 'Egress'] : [],
  );
  return converted(root, policy, 'GlobalNetworkPolicy', [
    ...field('tier', text(isAfterIsolation(policy) ? 'kube-baseline' : 'kube-admin'), ['spec', 'tier']),
    // Without an order it comes last, as a BaselineAdminNetworkPolicy does.
    ...field('order', policy.priority === undefined ? undefined : number(policy.priority), ['spec', 'priority']),
    // Without a namespaceSelector, host endpoints would be selected, too.
    ...field('namespaceSelector', text(namespaces.kind === 'selected' ? expression(namespaces.selector) : 'all()'), policy.subject.path),
    ...field('selector', text(expression(pods))),
    ...(types.length === 0 ? [] : field('types', listOf(types.map(text)))),
  ]);
}

function converted(root: ConversionSource['root'], policy: Policy, kind: string, head: readonly MarkedField[]): ConversionResult {
  const plain = plainPolicies(policy);
  if ('refused' in plain) return { refused: `Calico cannot express it: ${plain.refused}` };
  const [part = policy] = plain.parts;
  const sections = DIRECTIONS.flatMap((direction) => {
    const rules = (part[direction]?.rules ?? []).flatMap((rule) => rulesFor(rule, direction, policy.traits.namespaced));
    return rules.length === 0 ? [] : field(direction, items(rules), policy.at[direction]);
  });
  const document = map(
    field('apiVersion', text(API_VERSION), ['apiVersion']),
    field('kind', text(kind), ['kind']),
    field('metadata', metadataFrom(root, policy.traits.namespaced ? {} : { namespace: '' }), ['metadata']),
    field('spec', map(head, sections), ['spec']),
  );
  const named = DIRECTIONS.flatMap((direction) => (policy[direction]?.rules ?? []).filter(({ name }) => name !== undefined));
  const details = named.map(({ path }): Loss => ({ path: [...path, 'name'], message: 'Calico rules have no name.', isDetail: true }));
  return { documents: [document], lost: [...plain.lost, ...details] };
}

const WORDS: Readonly<Record<Rule['action'], string>> = { Accept: 'Allow', Deny: 'Deny', Pass: 'Pass', Log: 'Log' };

/** A Calico rule has one peer and one protocol, so each pair of them is a rule. */
function rulesFor(rule: Rule, direction: Direction, isNamespaced: boolean): readonly MarkedItem[] {
  const peers: readonly (Peer | undefined)[] = rule.peers === 'any' ? [undefined] : rule.peers;
  const ports = rule.ports === 'any' ? [undefined] : portGroups(rule.ports);
  const peerKey = direction === 'ingress' ? 'source' : 'destination';
  const all = peers.flatMap((peer) => entitiesFor(peer, isNamespaced).flatMap((entity) => ports.map((port) => ({ peer, entity, port }))));
  return all.map(({ peer, entity, port }, i) => {
    const portFields = port?.ports === undefined ? [] : field('ports', port.ports);
    const own = peerKey === 'destination' ? [...entity, ...portFields] : entity;
    return {
      ...(i === 0 ? { from: rule.path } : {}),
      value: map(
        field('action', text(WORDS[rule.action]), i === 0 ? rule.at.action : undefined),
        port === undefined ? [] : field('protocol', text(port.protocol)),
        own.length === 0 ? [] : field(peerKey, map(own), peer?.path),
        peerKey === 'source' && portFields.length > 0 ? field('destination', map(portFields)) : [],
      ),
    };
  });
}

interface PortGroup {
  readonly protocol: string;
  /** Absent: every port. */
  readonly ports?: Marked;
}

function portGroups(ports: readonly PortMatch[]): readonly PortGroup[] {
  return PROTOCOLS.flatMap((protocol): readonly PortGroup[] => {
    const own = ports.filter(
      (port) => (port.kind === 'range' || port.kind === 'named') && (port.protocol === undefined || port.protocol === protocol),
    );
    if (own.length === 0) return [];
    if (own.some((port) => port.kind === 'range' && port.from <= 1 && port.to === 65_535)) return [{ protocol }];
    const values = own.flatMap((port): readonly Marked[] => {
      if (port.kind === 'named') return [text(port.name)];
      return port.kind === 'range' ? [port.from === port.to ? number(port.from) : text(`${port.from}:${port.to}`)] : [];
    });
    return [{ protocol, ports: listOf(values) }];
  });
}

/** The entity of a peer; one for each IP family of its blocks, since a rule has one family. */
function entitiesFor(peer: Peer | undefined, isNamespaced: boolean): readonly (readonly MarkedField[])[] {
  if (peer === undefined) return [[]];
  if (peer.kind === 'pods') return [podEntity(peer.namespaces, peer.pods, isNamespaced)];
  if (peer.kind !== 'networks') return [];
  return peer.networks.map(({ cidr, except }) => [
    ...field('nets', listOf([text(canonicalBlock(cidr))])),
    ...(except.length === 0 ? [] : field('notNets', listOf(except.map((one) => text(canonicalBlock(one)))))),
  ]);
}

function podEntity(namespaces: NamespaceScope, pods: LabelSelector, isNamespaced: boolean): readonly MarkedField[] {
  const own = namespaces.kind === 'own' && isNamespaced;
  const scope = namespaces.kind === 'selected' ? expression(namespaces.selector) : 'all()';
  return [
    ...(own ? [] : field('namespaceSelector', text(scope))),
    ...(own || pods.requirements.length > 0 ? field('selector', text(expression(pods)), pods.path) : []),
  ];
}

/** A label selector in Calico's language; `all()` for an empty one. */
function expression({ requirements }: LabelSelector): string {
  return requirements.length === 0 ? 'all()' : requirements.map(term).join(' && ');
}

function term({ key, operator, values }: Requirement): string {
  const list = `{${values.map(quoted).join(', ')}}`;
  switch (operator) {
    case 'In':
      return values.length === 1 ? `${key} == ${quoted(values[0] ?? '')}` : `${key} in ${list}`;
    case 'NotIn':
      return values.length === 1 ? `${key} != ${quoted(values[0] ?? '')}` : `${key} not in ${list}`;
    case 'Exists':
      return `has(${key})`;
    case 'DoesNotExist':
      return `!has(${key})`;
    case 'StartsWith':
    case 'EndsWith':
    case 'Contains':
      return `${key} ${PARTS[operator]} ${quoted(values[0] ?? '')}`;
  }
}

const PARTS = { StartsWith: 'starts with', EndsWith: 'ends with', Contains: 'contains' } as const;

function quoted(value: string): string {
  return `'${value}'`;
}
