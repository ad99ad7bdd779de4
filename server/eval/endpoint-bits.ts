import type { Certainty } from '../base/certainty.ts';
import { memo, memo2 } from '../base/memo.ts';
import { impliedObjectLabels } from '../model/implied-labels.ts';
import { matchesLabels, peersSet, subjectSet, type EndpointSet, type Entity } from '../model/endpoint-set.ts';
import type { Network, Peer, Policy } from '../model/policy.ts';
import type { CompiledRule } from '../model/rule-list.ts';
import type { LabelSelector } from '../model/selector.ts';
import { atomAt } from './atoms.ts';
import { bitsOf, both, unionOf, has, none, span, without, type Bits } from './bits.ts';
import { matching } from './label-index.ts';
import { referenced } from './cluster-objects.ts';
import { accountOf, type EquivalenceClasses, type WorkloadClass } from './equivalence-classes.ts';
import { listsOf } from './lists.ts';
import { blockOf } from './vocabulary.ts';

/** The endpoints that are in a set for sure, and those that may be; one object where nothing is in doubt. */
export interface EndpointBits {
  readonly sure: Bits;
  readonly maybe: Bits;
}

/** The endpoints of a cluster that are in a set. Worked out once for each set. */
export function endpointBits(space: EquivalenceClasses, set: EndpointSet): EndpointBits | 'all' {
  if (set.kind === 'any') return 'all';
  return bitsIn(space, set);
}

const bitsIn = memo2((space: EquivalenceClasses, set: EndpointSet) => within(space, set, certain(space.all)));

/** Groups of groups may go round in a circle. */
const MAX_DEPTH = 24;

const NOTHING: EndpointBits = { sure: none, maybe: none };

/** The classes of pods that a policy selects for sure. */
export function subjectBits(space: EquivalenceClasses, policy: Policy): Bits {
  const [list, ...more] = listsOf(space.objects, policy);
  if (more.length === 0) return sureBits(space, list?.subject ?? rememberedSubject(policy));
  return unionOf(...[list, ...more].flatMap((one) => (one ? [sureBits(space, one.subject)] : [])));
}

/** The endpoints that peers of a policy name for sure. */
export function peersBits(space: EquivalenceClasses, policy: Policy, peers: readonly Peer[] | 'any'): Bits | 'all' {
  if (peers === 'any') return 'all';
  return sureBits(space, setOfPeers(peers, policy));
}

/** The endpoints that a rule names for sure. */
export function ruleBits(space: EquivalenceClasses, { match }: CompiledRule): Bits | 'all' {
  return match.peer.kind === 'any' ? 'all' : sureBits(space, match.peer);
}

/** The endpoints that are in a set for sure: classes of pods, and ranges of addresses. */
function sureBits(space: EquivalenceClasses, set: EndpointSet): Bits {
  const bits = endpointBits(space, set);
  const plain = span(0, space.classes.length + space.atoms.length);
  if (bits === 'all') return plain;
  return space.dual.length === 0 ? bits.sure : both(bits.sure, plain);
}

const setOfPeers = memo((peers: readonly Peer[], { traits }: Policy) => peersSet(peers, traits.hostNetwork));

const rememberedSubject = memo(subjectSet);

function certain(bits: Bits): EndpointBits {
  return { sure: bits, maybe: bits };
}

function each(bits: EndpointBits, change: (bits: Bits) => Bits): EndpointBits {
  const sure = change(bits.sure);
  return bits.sure === bits.maybe ? certain(sure) : { sure, maybe: change(bits.maybe) };
}

/** The endpoints of a set among some. */
function within(space: EquivalenceClasses, set: EndpointSet, among: EndpointBits, depth: number = 0): EndpointBits {
  switch (set.kind) {
    case 'any':
      return among;
    case 'unknown':
      return { sure: none, maybe: among.maybe };
    case 'labels':
      return labelBits(space, set, among);
    case 'namespace': {
      const classes = spread(space, space.groupOf.get(set.name)?.classes ?? none);
      return among.sure === space.all ? certain(classes) : each(among, (bits) => both(bits, classes));
    }
    case 'addresses': {
      const found = unionOf(...set.networks.map((network) => networkBits(space, network)));
      return among.sure === space.all ? certain(found) : each(among, (bits) => both(bits, found));
    }
    case 'names':
      // Which addresses have these names is for DNS to say; verdicts take them for none, and say so.
      return certain(none);
    case 'entity':
      return each(among, (bits) => both(bits, entityBits(space, set.entity)));
    case 'accounts': {
      const named = new Set(set.names);
      const found = spread(
        space,
        classesWhere(space, ({ sample }) => named.has(sample.runsAs ?? 'default')),
      );
      return each(among, (bits) => both(bits, found));
    }
    case 'reference':
      return depth > MAX_DEPTH ? NOTHING : within(space, referenced(space.objects, set.to), among, depth + 1);
    case 'like-own-namespace':
      // What it means for which pods, the rule lists of the cluster say (`listsOf`).
      return { sure: none, maybe: both(among.maybe, space.pods) };
    case 'and':
      return set.of.reduce((left, part) => within(space, part, left, depth + 1), among);
    case 'or': {
      const [only] = set.of;
      if (only && set.of.length === 1) return within(space, only, among, depth + 1);
      const parts = set.of.map((part) => within(space, part, among, depth + 1));
      const sure = unionOf(...parts.map((part) => part.sure));
      return parts.every((part) => part.sure === part.maybe) ? certain(sure) : { sure, maybe: unionOf(...parts.map((part) => part.maybe)) };
    }
    case 'not': {
      const out = within(space, set.of, among, depth + 1);
      if (among.sure === among.maybe && out.sure === out.maybe) return certain(without(among.sure, out.sure));
      return { sure: without(among.sure, out.maybe), maybe: without(among.maybe, out.sure) };
    }
  }
}

function labelBits(
  space: EquivalenceClasses,
  { of, selector }: Extract<EndpointSet, { kind: 'labels' }>,
  among: EndpointBits,
): EndpointBits {
  const found = holders(space, of, selector, among);
  return selector.unreadable === undefined ? found : { sure: none, maybe: found.maybe };
}

function holders(
  space: EquivalenceClasses,
  of: Extract<EndpointSet, { kind: 'labels' }>['of'],
  selector: LabelSelector,
  among: EndpointBits,
): EndpointBits {
  switch (of) {
    case 'pod': {
      const sure = matching(space.labels, selector, among.sure, 'sure');
      const isCertain = among.sure === among.maybe && !selector.requirements.some(({ key }) => space.labels.get(key)?.unknown);
      const maybe = isCertain ? sure : matching(space.labels, selector, among.maybe, 'maybe');
      const found = isCertain ? certain(sure) : { sure, maybe };
      // Addresses have no labels, and a selector that asks for none does not take them out.
      const asks = selector.requirements.some(({ operator }) => operator === 'In' || operator === 'Exists');
      return asks ? found : each(found, (bits) => both(bits, space.pods));
    }
    case 'namespace': {
      const classes = namespacedBits(space, selector);
      return among.sure === space.all ? certain(classes) : each(among, (bits) => both(bits, classes));
    }
    case 'node':
      return each(among, (bits) => both(bits, nodeBits(space, selector)));
    case 'serviceAccount':
      return accountBits(space, selector, among);
  }
}

/** Of an account that no manifest defines, only the labels that the network plugin gives it are known. */
function accountBits(space: EquivalenceClasses, selector: LabelSelector, among: EndpointBits): EndpointBits {
  const { accounts, plane } = space.objects;
  const labelsOf = new Map(accounts.map(({ name, namespace, labels }) => [`${namespace}/${name}`, labels]));
  const answers = new Map<string, Certainty>();
  const answerFor = ({ sample }: WorkloadClass): Certainty => {
    const account = accountOf(sample);
    const labels = labelsOf.get(account);
    const all = { ...labels, ...impliedObjectLabels(plane.api, sample.runsAs ?? 'default') };
    const answer = answers.get(account) ?? matchesLabels(selector, { labels: all, open: labels === undefined });
    answers.set(account, answer);
    return answer;
  };
  const [sure, maybe] = [
    spread(
      space,
      classesWhere(space, (one) => answerFor(one) === 'yes'),
    ),
    spread(
      space,
      classesWhere(space, (one) => answerFor(one) !== 'no'),
    ),
  ];
  return { sure: both(among.sure, sure), maybe: both(among.maybe, maybe) };
}

function classesWhere({ classes }: EquivalenceClasses, isIn: (one: WorkloadClass) => boolean): Bits {
  return bitsOf(classes.flatMap((one) => (isIn(one) ? [one.id] : [])));
}

function namespacedBits(space: EquivalenceClasses, selector: LabelSelector): Bits {
  if (selector.requirements.length === 0) return space.pods;
  const spans: Bits[] = [];
  const groups = matching(space.groupLabels, selector, span(0, space.groups.length), 'sure');
  space.groups.forEach((group, at) => {
    if (has(groups, at)) spans.push(group.classes);
  });
  return spread(space, unionOf(...spans));
}

/** Classes, with those elements that stand for one of them and one address family. */
function spread({ dual }: EquivalenceClasses, classes: Bits): Bits {
  if (dual.length === 0) return classes;
  return unionOf(classes, bitsOf(dual.flatMap(({ id, elements }) => (has(classes, id) ? [...elements.values()] : []))));
}

/** Addresses in the block, and workloads with a known address in it (network-policy-api: `networks` also match pods). */
function networkBits(space: EquivalenceClasses, network: Network): Bits {
  const cidr = blockOf(network.cidr);
  if (!cidr) return none;
  const base = space.classes.length;
  const from = base + atomAt(space.atoms, cidr.family, cidr.from);
  const to = base + atomAt(space.atoms, cidr.family, cidr.to) + 1;
  const excepts = network.except.flatMap((text) => blockOf(text) ?? []).filter((block) => block.family === cidr.family);
  const holes = excepts.map((block) =>
    span(base + atomAt(space.atoms, block.family, block.from), base + atomAt(space.atoms, block.family, block.to) + 1),
  );
  const atoms = without(span(from, to), unionOf(...holes));
  switch (space.objects.plane.blocks) {
    case 'outside':
      return without(atoms, knownNodes(space));
    case 'outside-and-nodes':
      return unionOf(atoms, both(classesAt(space, atoms), space.onHost));
    case 'pods-too':
      return unionOf(atoms, classesAt(space, atoms));
  }
}

/** The addresses of the nodes that manifests define. */
function knownNodes({ nodes }: EquivalenceClasses): Bits {
  return bitsOf(nodes.flatMap(({ atoms }) => atoms));
}

function nodeBits(space: EquivalenceClasses, selector: LabelSelector): Bits {
  const matching = space.nodes.filter(({ node }) => matchesLabels(selector, { labels: node.labels }) === 'yes');
  const atoms = bitsOf(matching.flatMap((one) => one.atoms));
  const names = new Set(matching.map(({ node }) => node.name));
  const running = space.classes.filter(({ sample }) => sample.hostNetwork && sample.nodeName !== undefined && names.has(sample.nodeName));
  return unionOf(atoms, spread(space, bitsOf(running.map((one) => one.id))), both(classesAt(space, atoms), space.onHost));
}

/** Classes with a known address in one of the ranges; of those with both families, also the element of the family. */
function classesAt(space: EquivalenceClasses, atoms: Bits): Bits {
  const isIn = (atom: number): boolean => has(atoms, atom);
  const classes = space.addressed.filter((one) => one.atoms.some(isIn)).map((one) => one.id);
  const elements = space.dual.flatMap(({ id, elements: byFamily }) =>
    [...byFamily].flatMap(([family, element]) => {
      const own = space.classes[id]?.atoms.filter((atom) => space.atoms[atom - space.classes.length]?.family === family) ?? [];
      return own.some(isIn) ? [element] : [];
    }),
  );
  return bitsOf([...classes, ...elements]);
}

function entityBits(space: EquivalenceClasses, entity: Entity): Bits {
  switch (entity) {
    case 'pod':
      return space.pods;
    case 'host-network':
      return space.onHost;
    case 'node':
      return knownNodes(space);
    case 'outside':
      return without(span(space.classes.length, space.classes.length + space.atoms.length), knownNodes(space));
    case 'outside-ipv4':
    case 'outside-ipv6': {
      const own = space.atoms.flatMap(({ family }, at) => (entity === `outside-ipv${family}` ? [space.classes.length + at] : []));
      return without(bitsOf(own), knownNodes(space));
    }
  }
}
