import { PROTOCOLS } from '../../base/ports.ts';
import { isAfterIsolation } from '../../eval/stages.ts';
import { DIRECTIONS, type Direction, type NamespaceScope, type Peer, type Policy, type PortMatch, type Rule } from '../../model/policy.ts';
import type { LabelSelector } from '../../model/selector.ts';
import { field, map, type Marked, type MarkedField, type MarkedItem } from '../../syntax/marked.ts';
import { metadataFrom } from './metadata.ts';
import { items, number, selector, text } from './parts.ts';
import type { ConversionResult, ConversionSource, Loss } from './result.ts';

const API_VERSION = 'crd.antrea.io/v1beta1';
/** The tier that stands in for the Admin tier, right after the place at which Antrea evaluates ClusterNetworkPolicies. */
const ADMIN_TIER = { name: 'admin', priority: 221 };
/** Allows of all policies come before the drops that isolate. */
const PRIORITIES = { allow: 100, isolation: 200 };

/**
 * A NetworkPolicy as two Antrea policies: one that allows, and a later one that drops the rest for the pods that it isolates, so that
 * several policies for one pod add up as before.
 */
export function networkPolicyToAntrea({ root, policy }: ConversionSource): ConversionResult {
  const sections = DIRECTIONS.flatMap((direction) => (policy[direction] ? [direction] : []));
  const lost: Loss[] = [];
  const rules = (direction: Direction): readonly MarkedItem[] =>
    (policy[direction]?.rules ?? []).map((rule) => ({ from: rule.path, value: ruleValue(rule, direction, 'Allow', policy, lost) }));
  const appliedTo = field('appliedTo', items([{ value: map(field('podSelector', selector(policy.subject.pods), policy.subject.path)) }]));
  const allowing = sections.filter((direction) => (policy[direction]?.rules.length ?? 0) > 0);
  const head = (name: string | undefined): readonly MarkedField[] => [
    ...field('apiVersion', text(API_VERSION), name === undefined ? ['apiVersion'] : undefined),
    ...field('kind', text('NetworkPolicy'), name === undefined ? ['kind'] : undefined),
    ...field('metadata', metadataFrom(root, name === undefined ? {} : { name }), name === undefined ? ['metadata'] : undefined),
  ];
  const allows = map(
    head(undefined),
    field(
      'spec',
      map(
        field('priority', number(PRIORITIES.allow)),
        appliedTo,
        allowing.flatMap((direction) => field(direction, items(named(rules(direction), direction)), policy.at[direction])),
      ),
      ['spec'],
    ),
  );
  const isolates = map(
    head(allowing.length === 0 ? undefined : `${policy.name}-isolation`),
    field(
      'spec',
      map(
        field('priority', number(PRIORITIES.isolation)),
        appliedTo,
        sections.flatMap((direction) =>
          field(direction, items([{ value: map(field('name', text(`drop-other-${direction}`)), field('action', text('Drop'))) }])),
        ),
      ),
    ),
  );
  return { documents: [...(allowing.length === 0 ? [] : [allows]), isolates], lost };
}

/** A ClusterNetworkPolicy as an Antrea one, in a tier of its own in place of the Admin tier, or in tier baseline. */
export function clusterNetworkPolicyToAntrea({ root, policy }: ConversionSource): ConversionResult {
  const isBaseline = isAfterIsolation(policy);
  const lost: Loss[] = [];
  const pass = DIRECTIONS.flatMap((direction) => policy[direction]?.rules ?? []).find(({ action }) => action === 'Pass');
  if (isBaseline && pass) return { refused: `Antrea does not accept Pass in tier baseline, which ${pass.path.join('.')} needs.` };
  const section = (direction: Direction): readonly MarkedField[] => {
    const rules = policy[direction]?.rules ?? [];
    if (rules.length === 0) return [];
    const values = rules.map((rule) => ({ from: rule.path, value: ruleValue(rule, direction, WORDS[rule.action], policy, lost) }));
    return field(direction, items(named(values, direction)), policy.at[direction]);
  };
  const tier = map(
    field('apiVersion', text(API_VERSION)),
    field('kind', text('Tier')),
    field('metadata', map(field('name', text(ADMIN_TIER.name)))),
    field('spec', map(field('priority', number(ADMIN_TIER.priority)))),
  );
  const converted = map(
    field('apiVersion', text(API_VERSION), ['apiVersion']),
    field('kind', text('ClusterNetworkPolicy'), ['kind']),
    field('metadata', metadataFrom(root, { namespace: 'none' }), ['metadata']),
    field(
      'spec',
      map(
        field('tier', text(isBaseline ? 'baseline' : ADMIN_TIER.name), ['spec', 'tier']),
        // From 0 in the source, from 1 in Antrea.
        field('priority', number((policy.priority ?? 0) + 1), ['spec', 'priority']),
        field('appliedTo', items([{ value: podsValue(policy.subject.namespaces, policy.subject.pods, undefined) }]), policy.subject.path),
        section('ingress'),
        section('egress'),
      ),
      ['spec'],
    ),
  );
  return { documents: isBaseline ? [converted] : [converted, tier], lost };
}

const WORDS: Readonly<Record<Rule['action'], string>> = { Accept: 'Allow', Deny: 'Drop', Pass: 'Pass', Log: 'Pass' };

function ruleValue(rule: Rule, direction: Direction, action: string, policy: Policy, lost: Loss[]): Marked {
  const peers = rule.peers === 'any' ? [] : rule.peers.flatMap((peer) => peerValues(peer, direction, policy, lost));
  const ports = rule.ports === 'any' ? [] : rule.ports.flatMap((port) => portValues(port, lost));
  return map(
    field('name', rule.name === undefined ? undefined : text(rule.name), [...rule.path, 'name']),
    field('action', text(action), rule.at.action),
    peers.length === 0 ? [] : field(direction === 'ingress' ? 'from' : 'to', items(peers), rule.at.peers),
    ports.length === 0 ? [] : field('ports', items(ports), rule.at.ports),
  );
}

function peerValues(peer: Peer, direction: Direction, { namespace }: Policy, lost: Loss[]): readonly MarkedItem[] {
  switch (peer.kind) {
    case 'pods':
      return [{ from: peer.path, value: podsValue(peer.namespaces, peer.pods, namespace) }];
    case 'networks':
      return peer.networks.map(({ cidr, except, path }) => ({
        from: path,
        value: map(
          field(
            'ipBlock',
            map(field('cidr', text(cidr)), except.length === 0 ? [] : field('except', items(except.map((one) => ({ value: text(one) }))))),
          ),
        ),
      }));
    case 'nodes':
      return [{ from: peer.path, value: map(field('nodeSelector', selector(peer.nodes))) }];
    case 'domainNames':
      return direction === 'egress' ? peer.domainNames.map((name) => ({ from: peer.path, value: map(field('fqdn', text(name))) })) : [];
    case 'set':
    case 'unreadable':
      lost.push({ path: peer.path, message: 'The peer has no counterpart in Antrea.' });
      return [];
  }
}

/** `own`: the namespace of the policy, where a podSelector by itself is about it. */
function podsValue(namespaces: NamespaceScope, pods: LabelSelector, own: string | undefined): Marked {
  if (namespaces.kind === 'own') return map(field('podSelector', selector(pods), pods.path));
  const isEverywhere = own === undefined && namespaces.selector.requirements.length === 0;
  return map(
    isEverywhere ? [] : field('namespaceSelector', selector(namespaces.selector), namespaces.selector.path),
    pods.requirements.length === 0 && !isEverywhere ? [] : field('podSelector', selector(pods), pods.path),
  );
}

function portValues(port: PortMatch, lost: Loss[]): readonly MarkedItem[] {
  switch (port.kind) {
    case 'range': {
      const isAll = port.from <= 1 && port.to === 65_535;
      const value = map(
        field('protocol', text(port.protocol)),
        isAll ? [] : field('port', number(port.from), port.at[0]),
        isAll || port.from === port.to ? [] : field('endPort', number(port.to), port.at[1]),
      );
      return [{ from: port.path, value }];
    }
    case 'named':
      // Without a protocol the name is meant with any; in Antrea a missing one is TCP.
      return (port.protocol === undefined ? PROTOCOLS : [port.protocol]).map((protocol, i) => ({
        ...(i === 0 ? { from: port.path } : {}),
        value: map(field('protocol', text(protocol)), field('port', text(port.name))),
      }));
    case 'packets':
    case 'service':
    case 'unreadable':
      lost.push({ path: port.path, message: 'The ports have no counterpart in Antrea.' });
      return [];
  }
}

/** Antrea asks for names that are unique over both directions. */
function named(rules: readonly MarkedItem[], direction: Direction): readonly MarkedItem[] {
  return rules.map(({ value, ...rest }, i) => {
    if (value.kind !== 'map') return { value, ...rest };
    const [first, ...others] = value.fields;
    const own = first?.key === 'name' ? first : undefined;
    const name = own?.value.kind === 'scalar' ? String(own.value.value) : undefined;
    const taken = rules
      .slice(0, i)
      .some(
        (other) =>
          other.value.kind === 'map' &&
          other.value.fields[0]?.key === 'name' &&
          other.value.fields[0].value.kind === 'scalar' &&
          other.value.fields[0].value.value === name,
      );
    const unique = name === undefined ? `${direction}-${i + 1}` : taken ? `${name}-${direction}-${i + 1}` : name;
    return { ...rest, value: map(field('name', text(unique), own?.from), own ? others : value.fields) };
  });
}
