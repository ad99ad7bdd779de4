import type { NamespaceScope, Network, Peer, Policy } from '../model/policy.ts';
import { selects, type LabelSelector } from '../model/selector.ts';
import { atomAt } from './atoms.ts';
import { bitsOf, both, either, has, none, span, without, type Bits } from './bits.ts';
import { matching } from './label-index.ts';
import type { EquivalenceClasses } from './equivalence-classes.ts';
import { blockOf } from './vocabulary.ts';

/** The classes a policy is about. Only a NetworkPolicy can be about pods in the host's network. */
export function subjectBits(space: EquivalenceClasses, policy: Policy): Bits {
  const known = SUBJECTS.get(space) ?? new WeakMap<Policy, Bits>();
  SUBJECTS.set(space, known);
  const bits = known.get(policy) ?? podBits(space, policy, policy.subject);
  known.set(policy, bits);
  return bits;
}

const SUBJECTS = new WeakMap<EquivalenceClasses, WeakMap<Policy, Bits>>();

/** The ends of connections that the peers of a rule name: classes and ranges of addresses. */
export function peersBits(space: EquivalenceClasses, policy: Policy, peers: readonly Peer[] | 'any'): Bits | 'all' {
  if (peers === 'any') return 'all';
  const known = MEMO.get(space) ?? new WeakMap<readonly Peer[], Bits>();
  MEMO.set(space, known);
  const bits = known.get(peers) ?? either(...peers.map((peer) => peerBits(space, policy, peer)));
  known.set(peers, bits);
  return bits;
}

const MEMO = new WeakMap<EquivalenceClasses, WeakMap<readonly Peer[], Bits>>();

/** The ends of connections that one peer names. Domain names and what could not be read name none. */
function peerBits(space: EquivalenceClasses, policy: Policy, peer: Peer): Bits {
  switch (peer.kind) {
    case 'pods':
      return podBits(space, policy, peer);
    case 'networks':
      return either(...peer.networks.map((network) => networkBits(space, network)));
    case 'nodes':
      return nodeBits(space, peer.nodes);
    case 'domainNames':
    case 'unreadable':
      return none;
  }
}

function podBits(
  space: EquivalenceClasses,
  policy: Policy,
  pair: { readonly namespaces: NamespaceScope; readonly pods: LabelSelector },
): Bits {
  if (pair.pods.unreadable !== undefined) return none;
  const pods = matching(space.labels, pair.pods, scopeBits(space, pair.namespaces));
  // ClusterNetworkPolicy: "host-networked pods are not included in subject", nor in pod and namespace peers.
  return policy.traits.hostNetwork ? pods : without(pods, space.onHost);
}

function scopeBits(space: EquivalenceClasses, scope: NamespaceScope): Bits {
  if (scope.kind === 'own') return space.groupOf.get(scope.namespace)?.classes ?? none;
  if (scope.selector.unreadable !== undefined) return none;
  if (scope.selector.requirements.length === 0) return span(0, space.classes.length);
  const spans: Bits[] = [];
  const groups = matching(space.groupLabels, scope.selector, span(0, space.groups.length));
  space.groups.forEach((group, at) => {
    if (has(groups, at)) spans.push(group.classes);
  });
  return either(...spans);
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
  const atoms = without(span(from, to), either(...holes));
  return either(atoms, classesAt(space, atoms));
}

function nodeBits(space: EquivalenceClasses, selector: LabelSelector): Bits {
  if (selector.unreadable !== undefined) return none;
  const known = space.nodes.filter(({ node }) => selects(selector, node.labels));
  const atoms = bitsOf(known.flatMap((one) => one.atoms));
  const names = new Set(known.map(({ node }) => node.name));
  const running = space.classes.filter(({ sample }) => sample.hostNetwork && sample.nodeName !== undefined && names.has(sample.nodeName));
  return either(atoms, bitsOf(running.map((one) => one.id)), both(classesAt(space, atoms), space.onHost));
}

/** Classes with a known address in one of the ranges. */
function classesAt(space: EquivalenceClasses, atoms: Bits): Bits {
  return bitsOf(space.addressed.filter(({ atoms: own }) => own.some((atom) => has(atoms, atom))).map((one) => one.id));
}
