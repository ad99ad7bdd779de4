import type { Work } from '../../base/work.ts';
import { ciliumHints } from './cilium-hints.ts';
import type { AddHint, HintWords, PolicyHint } from './policy-hint.ts';
import { list } from '../../base/english.ts';
import { DIRECTIONS, type Direction, type Peer, type Policy, type Rule, type Section } from '../../model/policy.ts';
import { nodeAt } from '../../syntax/locate-path.ts';
import type { Manifest } from '../../syntax/manifest.ts';
import { type Path, samePath } from '../../syntax/path.ts';
import { asMap, asScalar, asSeq, get, isNull, itemsOf, pairOf, type Node } from '../../syntax/tree.ts';

/**
 * What a policy says without writing it. Nothing about what a template makes, and nothing about what is missing in a `partial` manifest
 * (a patch), since it may be in another document. Yields between rules and peers.
 */
export function* hintsFor({ root, piece }: Manifest, policy: Policy, partial: boolean): Work<readonly PolicyHint[]> {
  const hints: PolicyHint[] = [];
  const add: AddHint = (path, words) => {
    const at = anchorOf(root, path, piece.text);
    if (at) hints.push({ ...words, ...at });
  };
  if (policy.api === 'cilium') {
    yield* ciliumHints(root, policy, add);
    return hints;
  }
  if (policy.traits.isolates) directionHints(root, policy, partial, add);
  else scopeHints(root, policy.subject.path, add);
  for (const direction of DIRECTIONS) {
    for (const rule of policy[direction]?.rules ?? []) yield* ruleHints(root, policy, direction, rule, add);
  }
  return hints;
}

/** In which directions a NetworkPolicy acts, where that is a default, and where it denies all traffic. */
function directionHints(root: Node | undefined, policy: Policy, partial: boolean, add: AddHint): void {
  const spec = get(root, 'spec');
  if (spec && asMap(spec)?.hole !== false) return;
  const written = get(spec, 'policyTypes');
  const acts = DIRECTIONS.flatMap((direction) => (policy[direction] ? [direction] : []));
  if (itemsOf(written).length === 0 && written?.hole !== true && !partial && spec) {
    const types = `[${acts.map((direction) => WORD[direction]).join(', ')}]`;
    const tooltip = `policyTypes ${written ? (isNull(written) ? 'has no value' : 'is empty') : 'is not set'}, so the policy applies to ${list(acts)}.`;
    if (written) add(['spec', 'policyTypes'], { kind: 'defaults', label: `means ${types}`, tooltip });
    else add(['spec'], { kind: 'defaults', label: `policyTypes: ${types}`, tooltip });
  }
  const denying = acts.filter((direction) => policy[direction] && deniesAll(spec, policy[direction], direction, partial));
  const isWritten = (direction: Direction): boolean => pairOf(spec, direction) !== undefined;
  for (const direction of denying.filter(isWritten)) {
    add(policy.at[direction], { kind: 'denyAll', label: 'deny all', tooltip: denied(direction) });
  }
  const silent = denying.filter((direction) => !isWritten(direction));
  const place = silent.length > 0 ? ['spec', ...(written && !written.hole ? ['policyTypes'] : [])] : [];
  if (place.length === 0) return;
  const types = asSeq(written);
  const lines =
    types && !types.flow && types.items.length > 0
      ? silent.map((direction) => ({ path: [...place, itemOf(types, WORD[direction])], silent: [direction] }))
      : [{ path: place, silent }];
  for (const line of lines) {
    add(line.path, { kind: 'denyAll', label: `deny all ${list(line.silent)}`, tooltip: line.silent.map(denied).join(' ') });
  }
}
const WORD: Readonly<Record<Direction, string>> = { ingress: 'Ingress', egress: 'Egress' };

function deniesAll(spec: Node | undefined, section: Section, direction: Direction, partial: boolean): boolean {
  if (section.rules.length > 0) return false;
  const node = get(spec, direction);
  return node === undefined ? !partial : !node.hole && (isNull(node) || asSeq(node)?.hole === false);
}

function itemOf(types: { readonly items: readonly { readonly value: Node }[] }, word: string): number {
  return Math.max(
    0,
    types.items.findIndex(({ value }) => value.kind === 'scalar' && value.text === word),
  );
}

function denied(direction: Direction): string {
  const dns = direction === 'egress' ? ', DNS included' : '';
  return `There is no ${direction} rule, so all ${direction} of the selected pods is denied${dns}, except what other NetworkPolicies allow.`;
}

function* ruleHints(root: Node | undefined, { traits }: Policy, direction: Direction, rule: Rule, add: AddHint): Work<void> {
  yield;
  const node = nodeAt(root, rule.path);
  // A lone dash is a rule that is being typed; if it stays, a finding says what it means.
  if (node?.hole === true || isNull(node)) return;
  const peerField = direction === 'ingress' ? 'from' : 'to';
  const where = direction === 'ingress' ? 'from anywhere' : 'to anywhere';
  if (traits.isolates) {
    if (rule.peers === 'any' && rule.ports === 'any') {
      add(rule.path, {
        kind: 'denyAll',
        label: 'allow all',
        tooltip: `This rule names no peers and no ports, so it allows all ${direction}, inside the cluster and outside.`,
      });
    } else {
      const isEmpty = (field: string): boolean => pairOf(node, field) !== undefined;
      if (rule.peers === 'any' && isEmpty(peerField))
        add(rule.at.peers, {
          kind: 'denyAll',
          label: where,
          tooltip:
            direction === 'ingress' ? 'An empty list of peers matches all sources.' : 'An empty list of peers matches all destinations.',
        });
      if (rule.ports === 'any' && isEmpty('ports'))
        add(rule.at.ports, {
          kind: 'denyAll',
          label: 'every port',
          tooltip: 'An empty list of ports matches every port.',
        });
    }
  }
  const peers = rule.peers === 'any' ? [] : rule.peers.filter(({ path }) => !samePath(path, rule.at.peers));
  for (const [i, peer] of peers.entries()) {
    if (peer.kind === 'unreadable') continue;
    if (i > 0) add(peer.path, { kind: 'andOr', label: 'or', tooltip: 'One peer of the list is enough.' });
    peerHints(root, traits, peer, add);
    yield;
  }
  for (const port of rule.ports === 'any' ? [] : rule.ports) {
    if (port.kind !== 'unreadable') protocolHints(root, port.path, add);
    yield;
  }
}

function peerHints(root: Node | undefined, traits: Policy['traits'], peer: Peer, add: AddHint): void {
  if (peer.kind !== 'pods') return;
  if (!traits.namespaced) return scopeHints(root, peer.path, add);
  const item = nodeAt(root, peer.path);
  const [pods, namespaces] = [pairOf(item, 'podSelector'), pairOf(item, 'namespaceSelector')];
  if (peer.namespaces.kind === 'own') return add([...peer.path, 'podSelector'], OWN);
  if (pods && namespaces && !isNull(pods.value)) {
    const second = pods.span.start > namespaces.span.start ? 'podSelector' : 'namespaceSelector';
    add([...peer.path, second], AND);
  }
  if (isAll(namespaces?.value)) add([...peer.path, 'namespaceSelector'], ALL);
}

/** A subject or peer of a policy in a tier: all namespaces unless a selector says otherwise (v1alpha2 types, `NamespacedPod`). */
function scopeHints(root: Node | undefined, path: Path, add: AddHint): void {
  const node = nodeAt(root, path);
  if (isAll(get(node, 'namespaces'))) return add([...path, 'namespaces'], ALL);
  const pods = get(node, 'pods');
  if (!asMap(pods) || asMap(pods)?.hole === true) return;
  const [namespaces, selector] = [pairOf(pods, 'namespaceSelector'), pairOf(pods, 'podSelector')];
  if (!namespaces || isNull(namespaces.value)) return add([...path, 'pods'], ALL);
  if (selector && !isNull(selector.value))
    add([...path, 'pods', selector.span.start > namespaces.span.start ? 'podSelector' : 'namespaceSelector'], AND);
  if (isAll(namespaces.value)) add([...path, 'pods', 'namespaceSelector'], ALL);
}

const AND: HintWords = {
  kind: 'andOr',
  label: 'AND',
  tooltip: 'Both selectors of this peer must match: pods with these labels, in these namespaces.',
};
const OWN: HintWords = {
  kind: 'namespaces',
  label: 'own namespace',
  tooltip: "Without a namespaceSelector, only pods of the policy's own namespace.",
};
const ALL: HintWords = { kind: 'namespaces', label: 'all namespaces', tooltip: 'Pods of every namespace.' };

/** A selector that is there and asks for nothing. */
function isAll(node: Node | undefined): boolean {
  const map = asMap(node);
  return map !== undefined && !map.hole && map.pairs.length === 0;
}

/** TCP is the default of NetworkPolicy and of v1alpha1 alike; v1alpha2 has no place for a default. */
function protocolHints(root: Node | undefined, path: Path, add: AddHint): void {
  const item = asMap(nodeAt(root, path));
  const tcp: HintWords = { kind: 'defaults', label: 'TCP', tooltip: 'No protocol is set, so it defaults to TCP.' };
  const inner = ['portNumber', 'portRange'].find((field) => asMap(get(item, field)));
  const holder = inner === undefined ? item : asMap(get(item, inner));
  if (!holder || holder.hole) return;
  const protocol = asScalar(get(holder, 'protocol'));
  if (inner === undefined && protocol && holder.pairs.length === 1 && ['TCP', 'UDP', 'SCTP'].includes(protocol.text))
    return add([...path, 'protocol'], {
      kind: 'defaults',
      label: `every ${protocol.text} port`,
      tooltip: `This item has no port, so it matches every ${protocol.text} port.`,
    });
  if (!isNull(get(holder, 'protocol'))) return;
  const field = ['port', 'start'].find((name) => pairOf(holder, name));
  // While the port is being typed, nothing is to stand where it comes.
  if (field !== undefined && isNull(get(holder, field))) return;
  const base = inner === undefined ? path : [...path, inner];
  if (inner !== undefined || field === 'port') add(field === undefined || holder.flow ? base : [...base, field], tcp);
}

/** Where to show a hint about a field or item: behind it on its line, or in front of it in flow style. */
function anchorOf(root: Node | undefined, path: Path, text: string): Pick<PolicyHint, 'offset' | 'before'> | undefined {
  const last = path.at(-1);
  const parent = nodeAt(root, path.slice(0, -1));
  if (typeof last === 'number') {
    const seq = asSeq(parent);
    const item = seq?.items[last];
    if (!seq || !item) return undefined;
    if (seq.flow) return { offset: item.span.start, before: true };
    const { value } = item;
    const [first] = value.kind === 'map' && !value.flow ? value.pairs : [];
    if (first) return { offset: endOfLine(text, first.key.span.end, first.value), before: false };
    return {
      offset: isOneLine(text, item.span.start, value.span.end) ? Math.max(value.span.end, item.span.start + 1) : item.span.start + 1,
      before: false,
    };
  }
  const pair = last === undefined ? undefined : pairOf(parent, last);
  if (!pair) return undefined;
  return asMap(parent)?.flow === true
    ? { offset: pair.span.start, before: true }
    : { offset: endOfLine(text, pair.key.span.end, pair.value), before: false };
}

/** The end of a field on the line of its key, before any comment. */
function endOfLine(text: string, keyEnd: number, value: Node): number {
  if (value.span.end > keyEnd && isOneLine(text, keyEnd, value.span.end)) return value.span.end;
  const colon = text.indexOf(':', keyEnd);
  return colon === -1 ? keyEnd : colon + 1;
}

function isOneLine(text: string, start: number, end: number): boolean {
  return !/[\r\n]/.test(text.slice(start, end));
}
