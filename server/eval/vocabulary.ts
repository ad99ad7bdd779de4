import { memo } from '../base/memo.ts';
import type { AddressRange } from '../base/addresses.ts';
import { lastOf, parseCidr } from '../base/cidr.ts';
import type { NamespaceScope, Policy, Rule } from '../model/policy.ts';
import type { LabelSelector, Labels } from '../model/selector.ts';

/**
 * Labels, blocks and ports that the policies of a cluster name. Two workloads that differ only in what no policy names get the same verdicts, so
 * this is what classes are made of.
 */
export interface Vocabulary {
  /** Label keys of pods, each with the values that a selector names. */
  readonly pods: ReadonlyMap<string, ReadonlySet<string>>;
  readonly namespaces: ReadonlyMap<string, ReadonlySet<string>>;
  /** Namespaces that some policy means by being in it. */
  readonly own: ReadonlySet<string>;
  readonly portNames: ReadonlySet<string>;
  /** Blocks of addresses, `except` included. */
  readonly blocks: readonly AddressRange[];
  readonly asksNodes: boolean;
}

/** Gathers what the policies name. */
export function vocabularyOf(policies: readonly Policy[]): Vocabulary {
  const pods = new Map<string, Set<string>>();
  const namespaces = new Map<string, Set<string>>();
  const blocks = new Map<string, AddressRange>();
  const words = policies.map(wordsOf);
  for (const one of words) {
    for (const selector of one.pods) addSelector(pods, selector);
    for (const selector of one.namespaces) addSelector(namespaces, selector);
    for (const block of one.blocks) blocks.set(`${block.from}-${block.to}/${block.family}`, block);
  }
  return {
    pods,
    namespaces,
    own: new Set(words.flatMap((one) => one.own)),
    portNames: new Set(words.flatMap((one) => one.portNames)),
    blocks: [...blocks.values()],
    asksNodes: words.some((one) => one.asksNodes),
  };
}

/** Do two sets of policies have the same vocabulary? The order in which they name blocks does not count. */
export function sameVocabulary(a: Vocabulary, b: Vocabulary): boolean {
  const blocks = ({ blocks }: Vocabulary): ReadonlySet<string> => new Set(blocks.map(({ family, from, to }) => `${family}/${from}-${to}`));
  return (
    a.asksNodes === b.asksNodes &&
    sameSet(a.own, b.own) &&
    sameSet(a.portNames, b.portNames) &&
    sameSet(blocks(a), blocks(b)) &&
    sameWords(a.pods, b.pods) &&
    sameWords(a.namespaces, b.namespaces)
  );
}

/**
 * The labels as the policies can tell them apart: only keys in the vocabulary, and one common placeholder for every value that no policy names.
 * As a text, to compare and to group by.
 */
export function signature(labels: Labels, vocabulary: ReadonlyMap<string, ReadonlySet<string>>): string {
  const parts: string[] = [];
  for (const [key, value] of Object.entries(labels)) {
    const named = vocabulary.get(key);
    if (named) parts.push(JSON.stringify(named.has(value) ? [key, value] : [key]));
  }
  return parts.sort().join();
}

/** The block of a CIDR text; `undefined` where it is none. */
export function blockOf(text: string): AddressRange | undefined {
  const cidr = parseCidr(text);
  return cidr.ok ? { family: cidr.family, from: cidr.base, to: lastOf(cidr) } : undefined;
}

/** What one policy names. */
export interface Words {
  readonly pods: readonly LabelSelector[];
  readonly namespaces: readonly LabelSelector[];
  readonly own: readonly string[];
  readonly portNames: readonly string[];
  readonly blocks: readonly AddressRange[];
  readonly asksNodes: boolean;
}

/** What one policy names. Looked up once. */
export const wordsOf: (policy: Policy) => Words = memo((policy) => {
  const rules = [...(policy.ingress?.rules ?? []), ...(policy.egress?.rules ?? [])];
  const peers = rules.flatMap((rule) => (rule.peers === 'any' ? [] : rule.peers));
  const pairs = [policy.subject, ...peers.filter((peer) => peer.kind === 'pods')];
  const networks = peers.flatMap((peer) => (peer.kind === 'networks' ? peer.networks : []));
  return {
    pods: pairs.map((pair) => pair.pods),
    namespaces: pairs.flatMap((pair) => (pair.namespaces.kind === 'selected' ? [pair.namespaces.selector] : [])),
    own: pairs.flatMap((pair) => ownNamespace(pair.namespaces)),
    portNames: rules.flatMap(namesIn),
    blocks: networks.flatMap((network) => [network.cidr, ...network.except]).flatMap((cidr) => blockOf(cidr) ?? []),
    asksNodes: peers.some((peer) => peer.kind === 'nodes'),
  };
});

function ownNamespace(scope: NamespaceScope): string[] {
  return scope.kind === 'own' ? [scope.namespace] : [];
}

function namesIn(rule: Rule): string[] {
  if (rule.ports === 'any') return [];
  return rule.ports.flatMap((port) => (port.kind === 'named' ? [port.name] : []));
}

function addSelector(into: Map<string, Set<string>>, selector: LabelSelector): void {
  for (const { key, operator, values } of selector.requirements) {
    let named = into.get(key);
    if (!named) into.set(key, (named = new Set()));
    if (operator === 'In' || operator === 'NotIn') for (const value of values) named.add(value);
  }
}

function sameWords(a: Vocabulary['pods'], b: Vocabulary['pods']): boolean {
  return a.size === b.size && [...a].every(([key, values]) => sameSet(values, b.get(key) ?? new Set()));
}

function sameSet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((value) => b.has(value));
}
