import { addressesOf, cidrsOf } from '../../base/addresses.ts';
import { parseCidr } from '../../base/cidr.ts';
import { stageGroups } from '../../eval/stage-order.ts';
import { stageOf, type Stage } from '../../eval/stages.ts';
import { NAME_LABEL } from '../../model/namespace.ts';
import {
  DIRECTIONS,
  type Direction,
  type NamespaceScope,
  type Network,
  type Peer,
  type Policy,
  type PortMatch,
  type Rule,
} from '../../model/policy.ts';
import type { LabelSelector } from '../../model/selector.ts';
import { field, map, type Marked, type MarkedField, type MarkedItem } from '../../syntax/marked.ts';
import { metadataFrom } from './metadata.ts';
import { items, listOf, number, selector, text } from './parts.ts';
import { neededWhole, plainPolicies, type NotPlain } from './plain-policy.ts';
import { ALL_NETWORKS } from './plain-sets.ts';
import type { ConversionOptions, ConversionResult, ConversionSource, Loss } from './result.ts';

/** Most entries of a list of a ClusterNetworkPolicy (network-policy-api, CRD of v1alpha2). */
const MAX_ITEMS = 25;
const MAX_PRIORITY = 1000;
const MAX_NAME_CHARACTERS = 100;

/**
 * A policy of a tier of Calico or Antrea as ClusterNetworkPolicies of the Admin tier, where it is evaluated before the NetworkPolicies, or of the
 * Baseline tier, where it comes after them. Their order there is that of the tiers and of the policies in them.
 */
export function tierToCluster({ root, policy }: ConversionSource, options: ConversionOptions): ConversionResult {
  const stage = stageOf(policy, options.plane);
  if (stage.isolation === 'isolates')
    return { refused: `The ${stage.name} holds the NetworkPolicies, and a ClusterNetworkPolicy is evaluated before all of them or after.` };
  const pieces = piecesOf(policy, stage);
  if ('refused' in pieces) return { refused: `A ClusterNetworkPolicy cannot express it: ${pieces.refused}` };
  const { parts, lost } = pieces;
  if (parts.length === 0) return { refused: 'A ClusterNetworkPolicy can express none of its rules.' };
  const first = prioritiesOf(policy, stage, parts.length, options);
  if ('refused' in first) return first;
  const documents = parts.map((part, i) =>
    map(
      field('apiVersion', text('policy.networking.k8s.io/v1alpha2'), i === 0 ? ['apiVersion'] : undefined),
      field('kind', text('ClusterNetworkPolicy'), i === 0 ? ['kind'] : undefined),
      field('metadata', metadataFrom(root, { namespace: '', name: nameFor(policy, i) }), i === 0 ? ['metadata'] : undefined),
      field(
        'spec',
        map(
          field('tier', text(stage.isolation === 'before' ? 'Admin' : 'Baseline'), i === 0 ? policy.at.order[0] : undefined),
          field('priority', number(part.isEnd ? first.end : first.start + i), i === 0 ? policy.at.order[1] : undefined),
          field('subject', podsValue(part.policy.subject.namespaces, part.policy.subject.pods), part.policy.subject.path),
          DIRECTIONS.flatMap((direction) => section(part, direction)),
        ),
        i === 0 ? ['spec'] : undefined,
      ),
    ),
  );
  return { documents, lost: [...lost, ...detailsOf(policy)] };
}

/** A namespaced policy and one of the cluster may have one name. */
function nameFor({ name, namespace }: Policy, index: number): string {
  const own = namespace === undefined ? name : `${namespace}-${name}`;
  return index === 0 ? own : `${own}-${index + 1}`;
}

/** A ClusterNetworkPolicy to be: at most so many rules. */
interface Part {
  readonly policy: Policy;
  readonly sections: Readonly<Partial<Record<Direction, readonly WrittenRule[]>>>;
  /** It denies what no policy of the tier decides. */
  readonly isEnd: boolean;
}

interface WrittenRule {
  readonly rule: Rule;
  readonly peers: readonly MarkedItem[];
  readonly ports: readonly MarkedItem[];
}

interface Parts {
  readonly parts: readonly Part[];
  readonly lost: readonly Loss[];
}

function piecesOf(policy: Policy, stage: Stage): Parts | NotPlain {
  const plain = plainPolicies(policy, ['pods', 'networks', 'nodes', 'domainNames']);
  if ('refused' in plain) return plain;
  const lost: Loss[] = [...plain.lost];
  const parts: Part[] = [];
  for (const part of plain.parts) {
    const sections: Partial<Record<Direction, readonly WrittenRule[]>> = {};
    for (const direction of DIRECTIONS) {
      const written = writtenRules(part, direction, lost);
      if ('refused' in written) return written;
      sections[direction] = written.rules;
    }
    const count = Math.max(...DIRECTIONS.map((direction) => Math.ceil((sections[direction]?.length ?? 0) / MAX_ITEMS)));
    for (let i = 0; i < count; i++)
      parts.push({
        policy: part,
        isEnd: false,
        sections: Object.fromEntries(
          DIRECTIONS.map((direction) => [direction, sections[direction]?.slice(i * MAX_ITEMS, (i + 1) * MAX_ITEMS) ?? []]),
        ),
      });
  }
  if (stage.unmatched !== 'deny-if-applied') return { parts, lost };
  const end = endOf(plain.parts, stage);
  return 'refused' in end ? end : { parts: [...parts, ...end.parts], lost };
}

/** What the end of a tier does: it denies the rest for the pods that a policy of the tier applies to. */
function endOf(policies: readonly Policy[], stage: Stage): { readonly parts: readonly Part[] } | NotPlain {
  const parts: Part[] = [];
  for (const policy of policies) {
    const sections: Partial<Record<Direction, readonly WrittenRule[]>> = {};
    for (const direction of DIRECTIONS) {
      if (!policy[direction]) continue;
      const rule: Rule = { action: 'Deny', peers: 'any', ports: 'any', path: policy.at.body, index: 0, at: { peers: [], ports: [] } };
      const written = writtenRules({ ...policy, [direction]: { isolates: false, rules: [rule], path: [] } }, direction, []);
      if ('refused' in written)
        return {
          refused: `The end of the ${stage.name} denies ingress from everywhere, and a ClusterNetworkPolicy cannot deny ingress from outside the cluster.`,
        };
      sections[direction] = written.rules;
    }
    parts.push({ policy, sections, isEnd: true });
  }
  return { parts };
}

function writtenRules(policy: Policy, direction: Direction, lost: Loss[]): { readonly rules: readonly WrittenRule[] } | NotPlain {
  const rules: WrittenRule[] = [];
  for (const rule of policy[direction]?.rules ?? []) {
    const own: Loss[] = [];
    const peers = peersFor(rule, direction, policy, own);
    const [first] = own;
    if (first && rule.action !== 'Accept') return neededWhole(rule, first);
    lost.push(...own);
    const ports = rule.ports === 'any' ? [] : rule.ports.flatMap(portValues);
    const some = chunks(peers).flatMap((list) => chunks(ports).map((somePorts): WrittenRule => ({ rule, peers: list, ports: somePorts })));
    if (peers.length > 0) rules.push(...some);
  }
  return { rules };
}

function section({ sections, policy }: Part, direction: Direction): readonly MarkedField[] {
  const rules = sections[direction] ?? [];
  if (rules.length === 0) return [];
  const values = rules.map(({ rule, peers, ports }, i): MarkedItem => {
    const isFirst = rules[i - 1]?.rule !== rule;
    return {
      ...(isFirst ? { from: rule.path } : {}),
      value: map(
        field(
          'name',
          rule.name === undefined ? undefined : text(rule.name.slice(0, MAX_NAME_CHARACTERS)),
          isFirst ? [...rule.path, 'name'] : undefined,
        ),
        field('action', text(rule.action), isFirst ? rule.at.action : undefined),
        field(direction === 'ingress' ? 'from' : 'to', items(peers), isFirst ? rule.at.peers : undefined),
        ports.length === 0 ? [] : field('protocols', items(ports), isFirst ? rule.at.ports : undefined),
      ),
    };
  });
  return field(direction, items(values), policy.at[direction]);
}

const OUTSIDE = 'A ClusterNetworkPolicy has no ingress peers outside the cluster.';

function peersFor(rule: Rule, direction: Direction, policy: Policy, lost: Loss[]): readonly MarkedItem[] {
  if (rule.peers !== 'any') return rule.peers.flatMap((peer) => peerValues(peer, direction, policy, lost));
  const pods: MarkedItem = { value: map(field('namespaces', map())) };
  if (direction === 'egress') return [pods, { value: map(field('networks', listOf(ALL_NETWORKS.map(({ cidr }) => text(cidr))))) }];
  lost.push({ path: rule.path, message: OUTSIDE });
  return [pods];
}

function peerValues(peer: Peer, direction: Direction, { namespace }: Policy, lost: Loss[]): readonly MarkedItem[] {
  const lose = (message: string): readonly MarkedItem[] => {
    lost.push({ path: peer.path, message });
    return [];
  };
  switch (peer.kind) {
    case 'pods':
      return [{ from: peer.path, value: podsValue(scopeFor(peer.namespaces, namespace), peer.pods) }];
    case 'networks': {
      if (direction === 'ingress') return lose(OUTSIDE);
      const blocks = peer.networks.flatMap(blocksOf);
      return chunks(blocks).map((some, i) => ({
        ...(i === 0 ? { from: peer.path } : {}),
        value: map(field('networks', listOf(some.map(text)))),
      }));
    }
    case 'nodes':
      if (direction === 'ingress') return lose('A ClusterNetworkPolicy has no ingress peers that are nodes.');
      return [{ from: peer.path, value: map(field('nodes', selector(peer.nodes))) }];
    case 'domainNames':
      if (direction === 'ingress') return lose('Domain names are peers of egress only.');
      return [{ from: peer.path, value: map(field('domainNames', listOf(peer.domainNames.map(text)))) }];
    case 'set':
    case 'unreadable':
      return lose('The peer has no counterpart.');
  }
}

function scopeFor(scope: NamespaceScope, namespace: string | undefined): NamespaceScope {
  return scope.kind === 'own' && namespace !== undefined ? { ...scope, namespace } : scope;
}

/** A block; the blocks that are left where some are taken away, as this API has no exceptions. */
function blocksOf({ cidr, except }: Network): readonly string[] {
  const block = parseCidr(cidr);
  const holes = except.map((one) => parseCidr(one)).flatMap((hole) => (hole.ok ? [hole] : []));
  if (!block.ok) return [];
  return except.length === 0 ? [block.canonical] : cidrsOf(addressesOf(block, holes));
}

/** Pods in namespaces: `namespaces` where every pod is meant. */
function podsValue(scope: NamespaceScope, pods: LabelSelector): Marked {
  const namespaces: LabelSelector =
    scope.kind === 'selected'
      ? scope.selector
      : { requirements: [{ key: NAME_LABEL, operator: 'In', values: [scope.namespace], path: ['matchLabels', NAME_LABEL] }], path: [] };
  if (pods.requirements.length === 0) return map(field('namespaces', selector(namespaces), namespaces.path));
  return map(
    field('pods', map(field('namespaceSelector', selector(namespaces), namespaces.path), field('podSelector', selector(pods), pods.path))),
  );
}

function portValues(port: PortMatch): readonly MarkedItem[] {
  if (port.kind === 'named') return [{ from: port.path, value: map(field('destinationNamedPort', text(port.name), port.at)) }];
  if (port.kind !== 'range') return [];
  const from = Math.max(1, port.from);
  const destination =
    from === port.to
      ? field('number', number(from), port.at[0])
      : field('range', map(field('start', number(from)), field('end', number(port.to))));
  return [{ from: port.path, value: map(field(port.protocol.toLowerCase(), map(field('destinationPort', map(destination))))) }];
}

/** Fields that no verdict depends on and that the target lacks. */
function detailsOf(policy: Policy): readonly Loss[] {
  return DIRECTIONS.flatMap((direction) =>
    (policy[direction]?.rules ?? []).flatMap(({ written, path }): readonly Loss[] =>
      written === 'Reject' ? [{ path: [...path, 'action'], message: 'Reject becomes Deny: clients get no answer.', isDetail: true }] : [],
    ),
  );
}

interface Priorities {
  /** Of the first part; the others follow. */
  readonly start: number;
  /** Of the part that denies the rest. */
  readonly end: number;
}

/**
 * The priority that a policy has, where all of its tier have one that a ClusterNetworkPolicy may have; else its place among those that are
 * evaluated on the same side of the NetworkPolicies, each with room for its parts.
 */
function prioritiesOf(policy: Policy, stage: Stage, count: number, { others, plane }: ConversionOptions): Priorities | NotPlain {
  const siblings = [policy, ...others].filter(
    (one) => one.api === policy.api && one.traits.ordered && stageOf(one, plane).isolation === stage.isolation,
  );
  const tier = stage.isolation === 'before' ? 'admin' : 'baseline';
  const there = others.flatMap((one) =>
    one.api === 'kubernetes' && one.stage === tier && one.priority !== undefined ? [one.priority] : [],
  );
  const home = plane.stages.find(({ id }) => id === (plane.homes.get(tier)?.stage ?? tier));
  const numbers = siblings.map(({ priority }) => priority);
  const isOneTier = siblings.every((one) => stageOf(one, plane) === stage);
  const isUsable = numbers.every((one) => one !== undefined && Number.isInteger(one) && one >= 0 && one <= MAX_PRIORITY);
  const isDistinct = new Set([...numbers, ...there]).size === numbers.length + there.length;
  const isAtHome = there.length === 0 || home?.id === stage.id;
  if (count === 1 && isOneTier && isUsable && isDistinct && isAtHome && policy.priority !== undefined)
    return { start: policy.priority, end: policy.priority };
  const groups = stageGroups(siblings, (one) => one, plane);
  const sorted = groups.flatMap((group) => group.groups.flat().map((one) => ({ one, own: group.stage })));
  const places = placesFor(sorted);
  const total = Math.max(...[...places.values()].map(({ end }) => end)) + 1;
  const isBefore = home === undefined || stage.order < home.order;
  const base = there.length === 0 ? 1 : isBefore ? Math.min(...there) - total : Math.max(...there) + 1;
  const place = places.get(policy);
  if (!place || base < 0 || base + total - 1 > MAX_PRIORITY)
    return {
      refused: `It needs ${total} priorities ${isBefore ? 'before' : 'after'} those of the ClusterNetworkPolicies that are there, and there is no room for them.`,
    };
  return { start: base + place.start, end: base + place.end };
}

/** Where the parts of each policy stand in the order of all, from 0; ends of tiers after all policies of the tier. */
function placesFor(sorted: readonly { readonly one: Policy; readonly own: Stage }[]): ReadonlyMap<Policy, Priorities> {
  const places = new Map<Policy, Priorities>();
  let next = 0;
  for (const [i, { one, own }] of sorted.entries()) {
    const pieces = piecesOf(one, own);
    const count = 'refused' in pieces ? 1 : pieces.parts.filter(({ isEnd }) => !isEnd).length;
    places.set(one, { start: next, end: next });
    next += Math.max(1, count);
    if (sorted[i + 1]?.own === own) continue;
    for (const { one: other } of sorted.filter((each) => each.own === own))
      places.set(other, { start: places.get(other)?.start ?? next, end: next });
    if (own.unmatched === 'deny-if-applied') next += 1;
  }
  return places;
}

/** A list in parts of the greatest length; one empty part for an empty list. */
function chunks<T>(all: readonly T[]): readonly (readonly T[])[] {
  const count = Math.max(1, Math.ceil(all.length / MAX_ITEMS));
  return Array.from({ length: count }, (_, i) => all.slice(i * MAX_ITEMS, (i + 1) * MAX_ITEMS));
}
