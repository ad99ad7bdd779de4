import { memo, store } from '../base/memo.ts';
import { finished, type Work } from '../base/work.ts';
import type { AddressRange } from '../base/addresses.ts';
import { lastOf, parseCidr } from '../base/cidr.ts';
import { NO_ENDPOINT, peerSet, subjectSet, type EndpointSet } from '../model/endpoint-set.ts';
import type { Policy, Rule } from '../model/policy.ts';
import { comparesParts, type LabelSelector, type Labels } from '../model/selector.ts';
import { referenced, type ClusterObjects } from './cluster-objects.ts';
import { listsOf } from './lists.ts';

/**
 * Labels, blocks and ports that the policies of a cluster name. Two workloads that differ only in what no policy names get the same verdicts, so
 * this is what classes are made of.
 */
export interface Vocabulary {
  /** Label keys of pods, each with the values that a selector names. */
  readonly pods: NamedValues;
  readonly namespaces: NamedValues;
  /** Namespaces that some policy means by being in it. */
  readonly own: ReadonlySet<string>;
  readonly portNames: ReadonlySet<string>;
  /** Blocks of addresses, `except` included. */
  readonly blocks: readonly AddressRange[];
  readonly asksNodes: boolean;
  /** Does some policy ask for service accounts? */
  readonly asksAccounts: boolean;
}

/** Values of labels by key. */
export type NamedValues = ReadonlyMap<string, Values>;

type Values = ReadonlySet<string> | typeof EVERY_VALUE;

/** A selector compares parts of the value, so any two values may differ for it. */
const EVERY_VALUE = { has: () => true };

/** Gathers what the policies name. */
export function vocabularyOf(policies: readonly Policy[], objects: ClusterObjects): Vocabulary {
  const pods = new Map<string, Set<string> | typeof EVERY_VALUE>();
  const namespaces = new Map<string, Set<string> | typeof EVERY_VALUE>();
  const blocks = new Map<string, AddressRange>();
  const words = policies.map((policy) => wordsOf(policy, objects));
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
    // Where blocks select only what is outside the cluster, its nodes are to be told apart.
    asksNodes: words.some((one) => one.asksNodes) || (objects.plane.blocks !== 'pods-too' && blocks.size > 0),
    asksAccounts: words.some((one) => one.asksAccounts),
  };
}

/** Do two sets of policies have the same vocabulary? The order in which they name blocks does not count. */
export function sameVocabulary(a: Vocabulary, b: Vocabulary): boolean {
  const blocks = ({ blocks }: Vocabulary): ReadonlySet<string> => new Set(blocks.map(({ family, from, to }) => `${family}/${from}-${to}`));
  return (
    a.asksNodes === b.asksNodes &&
    a.asksAccounts === b.asksAccounts &&
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
export function signature(labels: Labels, vocabulary: NamedValues): string {
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
interface Words {
  readonly pods: readonly LabelSelector[];
  readonly namespaces: readonly LabelSelector[];
  readonly own: readonly string[];
  readonly portNames: readonly string[];
  readonly blocks: readonly AddressRange[];
  readonly asksNodes: boolean;
  readonly asksAccounts: boolean;
}

/** What one policy names, itself and by what it refers to. Looked up once. */
function wordsOf(policy: Policy, objects: ClusterObjects): Words {
  return finished(wordsWork(policy, objects));
}

/** Looks up what one policy names in steps, so that no answer waits for it later. */
export function* wordsWork(policy: Policy, objects: ClusterObjects): Work<Words> {
  const isOwn = policy.api === 'kubernetes';
  const remembered = isOwn ? OWN_WORDS : wordsIn(objects);
  const before = remembered.get(policy);
  if (before) return before;
  const words = yield* isOwn ? gatherWords(setsIn(policy), rulesIn(policy).flatMap(namesIn)) : findWords(objects, policy);
  return remembered.get(policy) ?? remembered.set(policy, words);
}

/** Policies of Kubernetes refer to nothing. */
const OWN_WORDS = store<Policy, Words>();

const wordsIn = memo((_objects: ClusterObjects) => store<Policy, Words>());

function* findWords(objects: ClusterObjects, policy: Policy): Work<Words> {
  const lists = listsOf(objects, policy);
  const rules = lists.flatMap((list) => list.rules);
  yield;
  const compiled = [
    ...lists.map(({ subject }) => subject),
    ...rules.flatMap(({ match }) => [match.peer, ...(match.own ? [match.own] : [])]),
  ];
  const named = rules.flatMap(({ match }) => [...match.named, ...(match.except?.named ?? [])].map(({ name }) => name));
  const names = [...rulesIn(policy).flatMap(namesIn), ...named];
  const sets = [...setsIn(policy), ...compiled];
  yield;
  return yield* gatherWords(
    sets.map((set) => withReferenced(objects, set)),
    names,
  );
}

/** A set with the members of what it refers to; what goes too deep is left out, as evaluation does. */
function withReferenced(objects: ClusterObjects, set: EndpointSet, depth: number = 0): EndpointSet {
  if (depth > MAX_DEPTH) return NO_ENDPOINT;
  switch (set.kind) {
    case 'reference':
      return withReferenced(objects, referenced(objects, set.to), depth + 1);
    case 'and':
    case 'or':
      return { kind: set.kind, of: set.of.map((part) => withReferenced(objects, part, depth + 1)) };
    case 'not':
      return { kind: 'not', of: withReferenced(objects, set.of, depth + 1) };
    default:
      return set;
  }
}

/** Groups of groups may go round in a circle. */
const MAX_DEPTH = 24;

/** Everything that a policy describes, as it is written. */
function setsIn(policy: Policy): readonly EndpointSet[] {
  const { traits, parts = [] } = policy;
  const rules = rulesIn(policy);
  return [
    subjectSet(policy),
    ...parts.map((part) => subjectSet(part)),
    ...rules.flatMap(({ subject, own }) => [...(subject ? [subjectSet(policy, subject)] : []), ...(own ? [own] : [])]),
    ...rules.flatMap(({ peers }) => (peers === 'any' ? [] : peers.map((peer) => peerSet(peer, traits.hostNetwork)))),
  ];
}

function rulesIn({ ingress, egress }: Policy): readonly Rule[] {
  return [...(ingress?.rules ?? []), ...(egress?.rules ?? [])];
}

interface DraftWords {
  readonly pods: LabelSelector[];
  readonly namespaces: LabelSelector[];
  readonly own: string[];
  readonly blocks: AddressRange[];
}

/** How many sets are looked at before others may be served. */
const SETS_PER_STEP = 64;

/** What sets of endpoints ask for. */
function* gatherWords(sets: readonly EndpointSet[], portNames: readonly string[]): Work<Words> {
  const words: DraftWords = { pods: [], namespaces: [], own: [], blocks: [] };
  let [asksNodes, asksAccounts] = [false, false];
  const visit = (set: EndpointSet): void => {
    switch (set.kind) {
      case 'labels':
        if (set.of === 'pod') words.pods.push(set.selector);
        else if (set.of === 'namespace') words.namespaces.push(set.selector);
        else if (set.of === 'node') asksNodes = true;
        else asksAccounts = true;
        return;
      case 'namespace':
        words.own.push(set.name);
        return;
      case 'addresses':
        for (const { cidr, except } of set.networks) words.blocks.push(...[cidr, ...except].flatMap((text) => blockOf(text) ?? []));
        return;
      case 'entity':
        asksNodes ||= set.entity === 'node' || set.entity.startsWith('outside');
        return;
      case 'accounts':
        asksAccounts = true;
        return;
      case 'and':
      case 'or':
        set.of.forEach(visit);
        return;
      case 'not':
        visit(set.of);
        return;
      case 'any':
      case 'unknown':
      case 'names':
      case 'reference':
      case 'like-own-namespace':
        return;
    }
  };
  for (const [i, set] of sets.entries()) {
    visit(set);
    if (i % SETS_PER_STEP === SETS_PER_STEP - 1) yield;
  }
  return { ...words, portNames, asksNodes, asksAccounts };
}

function namesIn({ ports, notPorts = [] }: Rule): string[] {
  return [...(ports === 'any' ? [] : ports), ...notPorts].flatMap((port) => (port.kind === 'named' ? [port.name] : []));
}

function addSelector(into: Map<string, Set<string> | typeof EVERY_VALUE>, selector: LabelSelector): void {
  for (const { key, operator, values } of selector.requirements) {
    const named = into.get(key);
    if (named === EVERY_VALUE) continue;
    if (comparesParts(operator)) {
      into.set(key, EVERY_VALUE);
      continue;
    }
    const own = named instanceof Set ? named : new Set<string>();
    into.set(key, own);
    if (operator === 'In' || operator === 'NotIn') for (const value of values) own.add(value);
  }
}

function sameWords(a: NamedValues, b: NamedValues): boolean {
  return (
    a.size === b.size &&
    [...a].every(([key, values]) => {
      const others = b.get(key);
      return values instanceof Set && others instanceof Set ? sameSet(values, others) : values === others;
    })
  );
}

function sameSet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((value) => b.has(value));
}
