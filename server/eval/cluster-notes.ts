import { list, plain } from '../base/english.ts';
import { memo } from '../base/memo.ts';
import { hasOtherProtocols } from '../base/packets.ts';
import { DIRECTIONS, type Direction, type Peer, type Policy } from '../model/policy.ts';
import { isBelow, type Path } from '../syntax/path.ts';
import type { Cluster, Located, ManifestKey } from '../workspace/cluster.ts';
import { effectivePolicy } from './effective-policy.ts';
import { missingReferences, missingSets, missingSetText, missingTierText } from './missing.ts';
import type { Evaluation } from './evaluate.ts';
import { policyTitle, workloadName } from './names.ts';
import { planeOf } from './planes.ts';
import { notYetText, type Plane } from './stages.ts';
import { pluginLimits } from './plugin-limits.ts';
import { hasUnknownAddress, mayHoldPods } from './pod-addresses.ts';

/** Something that the answers about a cluster leave open, and the policy that raises it. */
export interface ClusterNote {
  readonly key: ManifestKey;
  readonly path: Path;
  /** What is not known, in a few words: "the addresses of nodes". */
  readonly topic: string;
  readonly message: string;
}

/**
 * What the policies of a cluster depend on and the manifests do not say, once for each policy and kind of thing: which addresses domain names
 * and nodes have, whether blocks of addresses hold pods, and which pods on the host network a policy binds.
 */
export const clusterNotes: (evaluation: Evaluation) => readonly ClusterNote[] = memo((evaluation) =>
  evaluation.cluster.policies.flatMap(({ key, value }) => {
    const { lists } = effectivePolicy(value);
    if (lists.length === 0) return [];
    const notes = [
      ...versionNotes(evaluation, value),
      ...limitNotes(evaluation, value),
      ...peerNotes(evaluation, value),
      ...hostNotes(evaluation, value),
    ];
    return [...notes, ...referenceNotes(evaluation, value)].map((note) => ({
      key,
      ...note,
    }));
  }),
);

/**
 * Rules of the policies in force about ICMP and other protocols, which no verdict is given for: verdicts are about TCP, UDP and SCTP. One
 * note for each policy; it names what its rules match.
 */
export const otherProtocolNotes: (evaluation: Evaluation) => readonly ClusterNote[] = memo(({ cluster }) =>
  cluster.policies.flatMap(({ key, value }) => {
    const note = effectivePolicy(value).lists.length === 0 ? undefined : otherProtocolNote(value);
    return note ? [{ key, ...note }] : [];
  }),
);

/** The note on the rules of one policy about other protocols; `undefined` where it has none. */
export function otherProtocolNote(policy: Policy): Note | undefined {
  const found = DIRECTIONS.flatMap((direction) =>
    (policy[direction]?.rules ?? []).flatMap(({ ports }) =>
      ports === 'any' ? [] : ports.flatMap((port) => (port.kind === 'packets' && hasOtherProtocols(port.packets) ? [port] : [])),
    ),
  );
  const [first] = found;
  if (!first) return undefined;
  const words = list([...new Set(found.map((port) => port.words))], 'and', 3);
  const message = `${policyTitle(policy)} also has rules for ${words}; verdicts cover TCP, UDP and SCTP only, and do not include them.`;
  return { path: first.path, topic: 'protocols other than TCP, UDP and SCTP', message };
}

/** What `clusterNotes` says of the policies that select a workload. */
export function notesOnWorkload(evaluation: Evaluation, classId: number): readonly ClusterNote[] {
  const selecting = new Set(
    DIRECTIONS.flatMap((direction) => (evaluation.podPolicies[direction][classId]?.policies ?? []).map(({ key }) => key)),
  );
  return selecting.size === 0 ? [] : clusterNotes(evaluation).filter(({ key }) => selecting.has(key));
}

/** What a peer, or a part of it, depends on and the manifests do not say; `undefined` where they say all. */
export function noteOnPeer(cluster: Cluster, policy: Policy, path: Path): string | undefined {
  const peer = peersIn(policy).find((one) => isBelow(path, one.path));
  return peer && peerNotesOf(cluster, planeOf(cluster), policy, [peer])[0]?.message;
}

type Note = Omit<ClusterNote, 'key'>;

/** Is it of a kind that the version of the network plugin does not know? */
function versionNotes({ space }: Evaluation, policy: Policy): readonly Note[] {
  const message = notYetText(space.objects.plane, policy);
  return message === undefined ? [] : [{ path: policy.at.body, topic: 'whether Cilium enforces ClusterNetworkPolicies', message }];
}

/** What the network plugin does otherwise with its ports; SCTP is said where it is asked about. */
function limitNotes({ cluster }: Evaluation, policy: Policy): readonly Note[] {
  return pluginLimits(cluster, policy)
    .filter(({ kind }) => kind !== 'SCTP')
    .map(({ path, message }) => ({ path, topic: 'what Cilium does with ports', message: `${policyTitle(policy)}: ${message}` }));
}

function peerNotes({ cluster, space }: Evaluation, policy: Policy): readonly Note[] {
  return peerNotesOf(cluster, space.objects.plane, policy, peersIn(policy));
}

function peersIn(policy: Policy): readonly Peer[] {
  return DIRECTIONS.flatMap((direction) => (policy[direction]?.rules ?? []).flatMap((rule) => (rule.peers === 'any' ? [] : rule.peers)));
}

function peerNotesOf(cluster: Cluster, plane: Plane, policy: Policy, peers: readonly Peer[]): readonly Note[] {
  const name = policyTitle(policy);
  const notes: Note[] = [];
  notes.push(...nameNotes(name, policy, peers));
  const nodes = peers.find((peer) => peer.kind === 'nodes');
  if (nodes && cluster.nodes.length === 0)
    notes.push({
      path: nodes.path,
      topic: 'the addresses of nodes',
      message: `${name} names nodes, and the workspace has no Node manifests: the addresses of nodes are not known, so the peer matches no address.`,
    });
  const block = peers.find((peer) => mayHoldPods([peer]));
  const unknown = cluster.workloads.find(({ value }) => hasUnknownAddress(value));
  if (block && unknown && plane.blocks === 'pods-too')
    notes.push({
      path: block.path,
      topic: 'which pods the address blocks include',
      message: `${name} names a block of addresses that may hold pods such as ${workloadName(unknown.value)}, whose addresses are not known: it is evaluated for addresses outside the cluster only.`,
    });
  return notes;
}

/** Of a rule that allows, names match no address; of one that denies or passes on, it is unknown which they match (`matchedSet`). */
function nameNotes(name: string, policy: Policy, peers: readonly Peer[]): readonly Note[] {
  const rules = DIRECTIONS.flatMap((direction) => policy[direction]?.rules ?? []);
  const isAllow = (peer: Peer): boolean =>
    rules.some(({ action, peers: own }) => own !== 'any' && own.includes(peer) && action === 'Accept');
  return [true, false].flatMap((isAllowed) => {
    const named = peers.flatMap((peer) => (peer.kind === 'domainNames' && isAllow(peer) === isAllowed ? [peer] : []));
    const [first] = named;
    if (!first) return [];
    const which = list([...new Set(named.flatMap(({ domainNames }) => domainNames))].map(plain), 'and', 3);
    const effect = isAllowed
      ? 'so the names match no address'
      : 'so it is unknown which addresses outside the cluster the rules that deny them or pass them on match';
    return [
      {
        path: first.path,
        topic: 'the addresses of domain names',
        message: `${name} names ${which}; the addresses of these names are not known, ${effect}.`,
      },
    ];
  });
}

/** What a policy refers to and that is not there: a tier, a group, a Service. */
export function referenceNotes({ cluster, space }: Evaluation, policy: Policy): readonly Note[] {
  const name = policyTitle(policy);
  const [order = policy.at.body] = policy.at.order;
  const tier = missingTierText(cluster, policy);
  return [
    ...(tier === undefined ? [] : [{ path: order, topic: 'a tier', message: `${name} ${tier}` }]),
    ...missingReferences(space.objects, policy).map((what) => ({
      path: policy.at.body,
      topic: 'objects that it refers to',
      message: `${name} refers to ${what}`,
    })),
    ...missingSets(space, policy).map((one) => ({
      path: one.path,
      topic: 'sets that it may select',
      message: missingSetText(name, one),
    })),
  ];
}

function hostNotes({ podPolicies, space }: Evaluation, policy: Policy): readonly Note[] {
  if (!policy.traits.hostNetwork) return [];
  const selects = (direction: Direction, id: number): boolean =>
    podPolicies[direction][id]?.policies.some((one: Located<Policy>) => one.value === policy) === true;
  const bound = space.classes.find(({ id, sample }) => sample.hostNetwork && DIRECTIONS.some((direction) => selects(direction, id)));
  if (!bound) return [];
  const message = `${policyTitle(policy)} selects ${workloadName(bound.sample)}, which uses the host's network: whether it applies there depends on the CNI.`;
  return [{ path: policy.subject.path, topic: 'whether policies apply to pods on the host network', message }];
}
