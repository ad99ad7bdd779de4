import type { Work } from '../../base/work.ts';
import { isEmptyEntry } from '../../analysis/cilium-parts.ts';
import { DIRECTIONS, type Direction, type Peer, type Policy, type Rule } from '../../model/policy.ts';
import { nodeAt } from '../../syntax/locate-path.ts';
import { formatPath, samePath } from '../../syntax/path.ts';
import { asMap, asSeq, get, isNull, type Node } from '../../syntax/tree.ts';
import type { AddHint, HintWords } from './policy-hint.ts';

/** What a policy of Cilium says without writing it. Yields between rules. */
export function* ciliumHints(root: Node | undefined, policy: Policy, add: AddHint): Work<void> {
  for (const part of policy.parts ?? [policy]) {
    for (const direction of DIRECTIONS) {
      const rules = part[direction]?.rules ?? [];
      isolationHint(root, part, direction, add);
      const entries = new Map(rules.map((rule) => [formatPath(rule.at.peers), rule]));
      for (const rule of entries.values()) {
        entryHints(part, rule, add);
        yield;
      }
      for (const rule of rules) {
        portHints(root, rule, add);
        yield;
      }
    }
  }
}

/** A direction with nothing but empty entries: the default deny. */
function isolationHint(root: Node | undefined, part: Policy, direction: Direction, add: AddHint): void {
  const section = part[direction];
  if (!section?.isolates || section.rules.length === 0 || !section.rules.every(isEmptyEntry)) return;
  if (!section.rules.every(({ path }) => isEmptyMap(nodeAt(root, path)))) return;
  add(section.path, {
    kind: 'denyAll',
    label: `deny all ${direction}`,
    tooltip: `An empty entry matches nothing and isolates the selected pods, so all ${direction} is denied, except what other policies allow.`,
  });
}

function entryHints({ traits }: Policy, rule: Rule, add: AddHint): void {
  if (rule.peers === 'any') return;
  const peers = rule.peers.filter(({ kind, path }) => kind !== 'unreadable' && !samePath(path, rule.at.peers));
  for (const [i, peer] of peers.entries()) {
    if (i > 0) add(peer.path, OR);
    const scope = scopeOf(peer);
    if (scope === 'own') add(peer.path, OWN);
    else if (scope === 'all' && !traits.namespaced) add(peer.path, ALL);
  }
}

/** The namespaces of a peer that names none. */
function scopeOf(peer: Peer): 'own' | 'all' | undefined {
  if (peer.kind !== 'pods') return undefined;
  if (peer.namespaces.kind === 'own') return 'own';
  return peer.namespaces.selector.requirements.length === 0 && peer.namespaces.selector.unreadable === undefined ? 'all' : undefined;
}

const OR: HintWords = { kind: 'andOr', label: 'or', tooltip: 'One peer of the list is enough.' };
const OWN: HintWords = {
  kind: 'namespaces',
  label: 'own namespace',
  tooltip: "Without the label k8s:io.kubernetes.pod.namespace, only pods of the policy's own namespace.",
};
const ALL: HintWords = { kind: 'namespaces', label: 'all namespaces', tooltip: 'Pods of every namespace.' };

/** The ports of an entry that name no protocol. */
function portHints(root: Node | undefined, { ports }: Rule, add: AddHint): void {
  const paths = new Map((ports === 'any' ? [] : ports).map(({ path }) => [formatPath(path), path]));
  for (const path of paths.values()) {
    const item = asMap(nodeAt(root, path));
    const port = get(item, 'port');
    if (!item || item.hole || !port || isNull(port) || !isNull(get(item, 'protocol'))) continue;
    add(item.flow ? path : [...path, 'port'], EVERY_PROTOCOL);
  }
}

const EVERY_PROTOCOL: HintWords = {
  kind: 'defaults',
  label: 'TCP, UDP and SCTP',
  tooltip: 'No protocol is set, which means ANY: TCP, UDP and SCTP.',
};

function isEmptyMap(node: Node | undefined): boolean {
  const map = asMap(node);
  return asSeq(node) === undefined && map !== undefined && !map.hole && map.pairs.length === 0;
}
