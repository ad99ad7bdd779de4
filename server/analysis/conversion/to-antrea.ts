import { PROTOCOLS } from '../../base/ports.ts';
import { isAfterIsolation } from '../../eval/stages.ts';
import {
  DIRECTIONS,
  stageOfTier,
  type Direction,
  type NamespaceScope,
  type Peer,
  type Policy,
  type PortMatch,
  type Rule,
} from '../../model/policy.ts';
import type { LabelSelector } from '../../model/selector.ts';
import { field, map, type Marked, type MarkedField, type MarkedItem } from '../../syntax/marked.ts';
import { formatPath } from '../../syntax/path.ts';
import { metadataFrom } from './metadata.ts';
import { items, number, selector, text } from './parts.ts';
import type { ConversionOptions, ConversionResult, ConversionSource } from './result.ts';

const API_VERSION = 'crd.antrea.io/v1beta1';
const BASELINE = 'baseline';
/** Where Antrea evaluates ClusterNetworkPolicies of the Admin tier. */
const ADMIN = 220;
/** Names of the tier that stands in for the Admin tier: the first that is free, or that an earlier conversion has made. */
const TIER_NAMES = ['admin', 'admin-tier', 'admin-policies'];
/** Priorities that no Tier can have (antrea `pkg/controller/networkpolicy/validate.go`). */
const RESERVED_PRIORITIES = [50, 100, 150, 200, 220, 250, 251, 252, 253, 254, 255];
const MAX_PRIORITY = 10_000;
/** A BaselineAdminNetworkPolicy comes after all ClusterNetworkPolicies, whose last priority is 1000. */
const PRIORITY_AFTER_ALL = 1001;

/**
 * A NetworkPolicy as two Antrea policies of tier baseline, which comes right after the NetworkPolicies: one that allows, and a later one that drops
 * the rest for the pods that it isolates, so that several policies for one pod add up as before. A Pass of an earlier tier leads there, too.
 */
export function networkPolicyToAntrea({ root, policy }: ConversionSource, { others }: ConversionOptions): ConversionResult {
  const priorities = firstPriorities(others);
  const directions = DIRECTIONS.filter((direction) => policy[direction] !== undefined);
  const allowing = directions.filter((direction) => (policy[direction]?.rules.length ?? 0) > 0);
  const rules = named(allowing, (direction) =>
    (policy[direction]?.rules ?? []).map((rule) => ({ from: rule.path, value: ruleValue(rule, direction, 'Allow', policy) })),
  );
  const appliedTo = field('appliedTo', items([{ value: map(field('podSelector', selector(policy.subject.pods), policy.subject.path)) }]));
  const document = (priority: number, sections: readonly MarkedField[], name: string | undefined): Marked =>
    map(
      field('apiVersion', text(API_VERSION), name === undefined ? ['apiVersion'] : undefined),
      field('kind', text('NetworkPolicy'), name === undefined ? ['kind'] : undefined),
      field('metadata', metadataFrom(root, name === undefined ? {} : { name }), name === undefined ? ['metadata'] : undefined),
      field(
        'spec',
        map(field('tier', text(BASELINE)), field('priority', number(priority)), appliedTo, sections),
        name === undefined ? ['spec'] : undefined,
      ),
    );
  const allows = allowing.flatMap((direction) => field(direction, items(rules.get(direction) ?? []), policy.at[direction]));
  const drops = directions.flatMap((direction) =>
    field(direction, items([{ value: map(field('name', text(`drop-other-${direction}`)), field('action', text('Drop'))) }])),
  );
  const isolates = document(priorities.isolation, drops, allowing.length === 0 ? undefined : `${policy.name}-isolation`);
  return { documents: [...(allowing.length === 0 ? [] : [document(priorities.allow, allows, undefined)]), isolates], lost: [] };
}

/** Before every other policy of the tier: allows of all policies first, then the drops that isolate. */
function firstPriorities(others: readonly Policy[]): { readonly allow: number; readonly isolation: number } {
  const next = Math.min(3, ...baselinePriorities(others));
  return { allow: 1, isolation: next > 2 ? 2 : (1 + next) / 2 };
}

function baselinePriorities(others: readonly Policy[]): readonly number[] {
  const stage = stageOfTier(BASELINE);
  return others.flatMap((one) => (one.api === 'antrea' && one.stage === stage && one.priority !== undefined ? [one.priority] : []));
}

/** A ClusterNetworkPolicy as an Antrea one, in a tier of its own in place of the Admin tier, or at the end of tier baseline. */
export function clusterNetworkPolicyToAntrea({ root, policy }: ConversionSource, options: ConversionOptions): ConversionResult {
  const isBaseline = isAfterIsolation(policy);
  const pass = DIRECTIONS.flatMap((direction) => policy[direction]?.rules ?? []).find(({ action }) => action === 'Pass');
  if (isBaseline && pass) return { refused: `Antrea does not accept Pass in tier baseline, and rule ${formatPath(pass.path)} passes.` };
  const tier = isBaseline ? undefined : tierBesideAdmin(options);
  if (!isBaseline && !tier)
    return { refused: 'Antrea needs a tier right before or after the priority 220, and the priorities 219 and 221 are both taken.' };
  const rules = named(DIRECTIONS, (direction) =>
    (policy[direction]?.rules ?? []).map((rule) => ({ from: rule.path, value: ruleValue(rule, direction, WORDS[rule.action], policy) })),
  );
  // From 0 in the source, from 1 in Antrea; in tier baseline after what is there.
  const before = isBaseline ? Math.max(2, ...baselinePriorities(options.others)) : 0;
  const priority = (policy.priority ?? PRIORITY_AFTER_ALL) + Math.floor(before) + 1;
  if (priority > MAX_PRIORITY) return { refused: `The priority would be ${priority}, and ${MAX_PRIORITY} is the highest one.` };
  const converted = map(
    field('apiVersion', text(API_VERSION), ['apiVersion']),
    field('kind', text('ClusterNetworkPolicy'), ['kind']),
    field('metadata', metadataFrom(root, { namespace: '' }), ['metadata']),
    field(
      'spec',
      map(
        field('tier', text(tier?.name ?? BASELINE), ['spec', 'tier']),
        field('priority', number(priority), ['spec', 'priority']),
        field('appliedTo', items([{ value: podsValue(policy.subject.namespaces, policy.subject.pods, undefined) }]), policy.subject.path),
        DIRECTIONS.flatMap((direction) => {
          const own = rules.get(direction) ?? [];
          return own.length === 0 ? [] : field(direction, items(own), policy.at[direction]);
        }),
      ),
      ['spec'],
    ),
  );
  return { documents: tier && !tier.exists ? [converted, tierObject(tier)] : [converted], lost: [] };
}

interface OwnTier {
  readonly name: string;
  readonly priority: number;
  readonly exists: boolean;
}

/** The tier `admin` next to the place at which Antrea evaluates ClusterNetworkPolicies. */
function tierBesideAdmin({ tiers }: ConversionOptions): OwnTier | undefined {
  const taken = new Set([...RESERVED_PRIORITIES, ...tiers.map(({ order }) => order)]);
  const there = tiers.find(({ name, order }) => TIER_NAMES.includes(name) && (order === ADMIN + 1 || order === ADMIN - 1));
  if (there?.order !== undefined) return { name: there.name, priority: there.order, exists: true };
  const priority = [ADMIN + 1, ADMIN - 1].find((one) => !taken.has(one));
  const name = TIER_NAMES.find((one) => !tiers.some((tier) => tier.name === one));
  return priority === undefined || name === undefined ? undefined : { name, priority, exists: false };
}

function tierObject({ name, priority }: OwnTier): Marked {
  return map(
    field('apiVersion', text(API_VERSION)),
    field('kind', text('Tier')),
    field('metadata', map(field('name', text(name)))),
    field('spec', map(field('priority', number(priority)))),
  );
}

const WORDS: Readonly<Record<Rule['action'], string>> = { Accept: 'Allow', Deny: 'Drop', Pass: 'Pass', Log: 'Pass' };

function ruleValue(rule: Rule, direction: Direction, action: string, policy: Policy): Marked {
  const peers = rule.peers === 'any' ? [] : rule.peers.flatMap((peer) => peerValues(peer, direction, policy));
  const ports = rule.ports === 'any' ? [] : rule.ports.flatMap(portValues);
  return map(
    field('name', rule.name === undefined ? undefined : text(rule.name), [...rule.path, 'name']),
    field('action', text(action), rule.at.action),
    peers.length === 0 ? [] : field(direction === 'ingress' ? 'from' : 'to', items(peers), rule.at.peers),
    ports.length === 0 ? [] : field('ports', items(ports), rule.at.ports),
  );
}

function peerValues(peer: Peer, direction: Direction, { namespace }: Policy): readonly MarkedItem[] {
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
    // No API of Kubernetes has such peers, and what cannot be read is not converted.
    case 'set':
    case 'unreadable':
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

function portValues(port: PortMatch): readonly MarkedItem[] {
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
      return [];
  }
}

/** The rules of each direction, with names: Antrea asks for names that are unique over both. */
function named(
  directions: readonly Direction[],
  rulesOf: (direction: Direction) => readonly MarkedItem[],
): ReadonlyMap<Direction, readonly MarkedItem[]> {
  const taken = new Set<string>();
  const unique = (proposed: string): string => {
    let name = proposed;
    for (let i = 2; taken.has(name); i++) name = `${proposed}-${i}`;
    taken.add(name);
    return name;
  };
  return new Map(directions.map((direction) => [direction, rulesOf(direction).map((rule, i) => withName(rule, direction, i, unique))]));
}

function withName({ value, ...rest }: MarkedItem, direction: Direction, index: number, unique: (proposed: string) => string): MarkedItem {
  if (value.kind !== 'map') return { value, ...rest };
  const [first, ...others] = value.fields;
  const own = first?.key === 'name' ? first : undefined;
  const proposed = own?.value.kind === 'scalar' ? String(own.value.value) : `${direction}-${index + 1}`;
  return { ...rest, value: map(field('name', text(unique(proposed)), own?.from), own ? others : value.fields) };
}
