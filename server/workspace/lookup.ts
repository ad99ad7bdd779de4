import type { Work } from '../base/work.ts';
import { kindWord } from '../model/api.ts';
import { setLeaves, type EndpointSet } from '../model/endpoint-set.ts';
import type { NamespaceScope, Peer, Policy } from '../model/policy.ts';
import type { Labels, LabelSelector } from '../model/selector.ts';
import type { ManifestKey } from './cluster.ts';
import type { Resource } from '../model/kind.ts';
import { mapEntries, lookUp, updated, type PersistentMap } from './persistent-map.ts';

/** Where words are used: each term leads to the manifests that have it, in the order of their keys. Updated by differences only. */
export type Index = PersistentMap<readonly ManifestKey[]>;

/** `pod` and `namespace`: labels of these; `podSelector` and `namespaceSelector`: what selectors ask of these. */
export type LabelUse = 'pod' | 'namespace' | 'podSelector' | 'namespaceSelector';

/** A manifest that comes (`after`), goes (`before`) or changes (both). */
export interface ManifestDifference {
  readonly key: ManifestKey;
  readonly before: Resource | undefined;
  readonly after: Resource | undefined;
}

/** The index after some manifests have changed. Yields between words. */
export function* reindexed(
  index: Index,
  differences: readonly ManifestDifference[],
  termsOf: (resource: Resource) => Iterable<string> = wordsOf,
): Work<Index> {
  const changes = new Map<string, { readonly add: Set<ManifestKey>; readonly remove: Set<ManifestKey> }>();
  const at = (term: string): { readonly add: Set<ManifestKey>; readonly remove: Set<ManifestKey> } => {
    const change = changes.get(term) ?? { add: new Set(), remove: new Set() };
    changes.set(term, change);
    return change;
  };
  for (const { key, before, after } of differences) {
    const old = yield* wordSet(before ? termsOf(before) : []);
    const fresh = yield* wordSet(after ? termsOf(after) : []);
    for (const term of old) if (!fresh.has(term)) at(term).remove.add(key);
    yield;
    for (const term of fresh) if (!old.has(term)) at(term).add.add(key);
    yield;
  }
  const postings: (readonly [string, readonly ManifestKey[] | undefined])[] = [];
  for (const posting of mergedPostings(index, changes)) {
    postings.push(posting);
    if (postings.length % WORDS_PER_STEP === 0) yield;
  }
  return updated(index, postings);
}

/** How many words are looked at before others may be served. */
const WORDS_PER_STEP = 128;

function* wordSet(words: Iterable<string>): Work<ReadonlySet<string>> {
  const set = new Set<string>();
  let seen = 0;
  for (const word of words) {
    set.add(word);
    if (++seen % WORDS_PER_STEP === 0) yield;
  }
  return set;
}

function* mergedPostings(
  index: Index,
  changes: ReadonlyMap<string, { readonly add: ReadonlySet<ManifestKey>; readonly remove: ReadonlySet<ManifestKey> }>,
): Generator<readonly [string, readonly ManifestKey[] | undefined]> {
  for (const [term, { add, remove }] of changes) {
    const kept = (lookUp(index, term) ?? []).filter((key) => !remove.has(key) && !add.has(key));
    const merged = merge(kept, [...add].toSorted());
    yield [term, merged.length > 0 ? merged : undefined];
  }
}

function merge(one: readonly string[], other: readonly string[]): readonly string[] {
  const merged: string[] = [];
  let at = 0;
  for (const key of one) {
    for (let next = other[at]; next !== undefined && next < key; next = other[at]) {
      merged.push(next);
      at += 1;
    }
    merged.push(key);
  }
  return [...merged, ...other.slice(at)];
}

/** The manifests of an object: kind, namespace (`''` for what has none) and name. More than one where it is defined twice. */
export function keysOf(index: Index, kind: string, namespace: string, name: string): readonly ManifestKey[] {
  return lookUp(index, objectTerm(kind, namespace, name)) ?? [];
}

/** The manifests that use a label, with this value where one is given. */
export function keysWithLabel(index: Index, use: LabelUse, label: string, value?: string): readonly ManifestKey[] {
  return lookUp(index, labelTerm(use, label, value)) ?? [];
}

/** A name and the number of manifests that use it. */
export interface Usage {
  readonly word: string;
  readonly count: number;
}

/** The label keys in use, most used first. */
export function labelKeys(index: Index, use: LabelUse): readonly Usage[] {
  return usages(index, `${use}\n`, (rest) => !rest.includes('\n'));
}

/** The values of a label, most used first. */
export function labelValues(index: Index, use: LabelUse, label: string): readonly Usage[] {
  return usages(index, `${use}\n${label}\n`, () => true);
}

function usages(index: Index, prefix: string, isWord: (rest: string) => boolean): readonly Usage[] {
  const found: Usage[] = [];
  for (const [term, keys] of mapEntries(index)) {
    if (term.startsWith(prefix) && isWord(term.slice(prefix.length))) found.push({ word: term.slice(prefix.length), count: keys.length });
  }
  return found.sort((a, b) => b.count - a.count || (a.word < b.word ? -1 : 1));
}

function objectTerm(kind: string, namespace: string, name: string): string {
  return `object\n${kind}/${namespace}/${name}`;
}

function labelTerm(use: LabelUse, label: string, value?: string): string {
  return value === undefined ? `${use}\n${label}` : `${use}\n${label}\n${value}`;
}

/** The namespace that an object lives in, as the only term of an index of who lives where. What no verdict depends on makes none known. */
export function* homeOf({ role, value }: Resource): Generator<string> {
  if (
    role !== 'caller' &&
    role !== 'unevaluated' &&
    role !== 'account' &&
    role !== 'slice' &&
    'namespace' in value &&
    value.namespace !== undefined
  )
    yield value.namespace;
}

function* wordsOf(resource: Resource): Generator<string> {
  const { value } = resource;
  switch (resource.role) {
    case 'policy':
      yield objectTerm(kindWord(resource.value), resource.value.namespace ?? '', value.name);
      yield* policyTerms(resource.value);
      return;
    case 'workload':
      yield objectTerm(resource.value.kind, resource.value.namespace, value.name);
      yield* labelTerms('pod', resource.value.labels);
      return;
    case 'namespace':
      yield objectTerm('Namespace', '', value.name);
      yield* labelTerms('namespace', resource.value.labels);
      return;
    case 'service':
      yield objectTerm('Service', resource.value.namespace, value.name);
      yield* selectorTerms('podSelector', resource.value.selector);
      return;
    case 'node':
      yield objectTerm('Node', '', value.name);
      return;
    case 'account':
      yield objectTerm('ServiceAccount', resource.value.namespace, value.name);
      return;
    case 'slice':
      yield objectTerm('EndpointSlice', resource.value.namespace, value.name);
      return;
    case 'set':
      yield objectTerm(kindWord(resource.value), resource.value.namespace ?? '', value.name);
      yield* labelTerms('pod', resource.value.labels);
      yield* memberTerms(resource.value.members);
      return;
    case 'tier':
      yield objectTerm(kindWord(resource.value), '', value.name);
      return;
    // These are never looked up by name, and two of one name are not a conflict.
    case 'caller':
    case 'unevaluated':
      return;
  }
}

function* policyTerms(policy: Policy): Generator<string> {
  if (policy.labelTerms) {
    for (const { of, requirement } of policy.labelTerms)
      yield* selectorTerms(of === 'pod' ? 'podSelector' : 'namespaceSelector', { requirements: [requirement], path: [] });
    return;
  }
  for (const { subject } of policy.parts ?? [policy]) {
    yield* scopeTerms(subject.namespaces);
    yield* selectorTerms('podSelector', subject.pods);
  }
  for (const rule of [...(policy.ingress?.rules ?? []), ...(policy.egress?.rules ?? [])]) {
    for (const peer of rule.peers === 'any' ? [] : rule.peers) yield* peerTerms(peer);
  }
}

function* peerTerms(peer: Peer): Generator<string> {
  if (peer.kind !== 'pods') return;
  yield* scopeTerms(peer.namespaces);
  yield* selectorTerms('podSelector', peer.pods);
}

/** What the selectors of a group ask for. */
function* memberTerms(members: EndpointSet): Generator<string> {
  for (const leaf of setLeaves(members)) {
    if (leaf.kind !== 'labels' || leaf.of === 'node' || leaf.of === 'serviceAccount') continue;
    yield* selectorTerms(leaf.of === 'pod' ? 'podSelector' : 'namespaceSelector', leaf.selector);
  }
}

function* scopeTerms(scope: NamespaceScope): Generator<string> {
  if (scope.kind === 'selected') yield* selectorTerms('namespaceSelector', scope.selector);
}

function* selectorTerms(use: LabelUse, selector: LabelSelector | undefined): Generator<string> {
  for (const { key, values } of selector?.requirements ?? []) {
    yield labelTerm(use, key);
    for (const value of values) yield labelTerm(use, key, value);
  }
}

function* labelTerms(use: LabelUse, labels: Labels): Generator<string> {
  for (const [key, value] of Object.entries(labels)) {
    yield labelTerm(use, key);
    yield labelTerm(use, key, value);
  }
}
