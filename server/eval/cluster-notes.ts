import { list, plain } from '../base/english.ts';
import { DIRECTIONS, type Direction, type Policy } from '../model/policy.ts';
import type { Located, ManifestKey } from '../workspace/cluster.ts';
import type { Path } from '../syntax/path.ts';
import { effectivePolicy } from './effective-policy.ts';
import { missingReferences, missingTierText } from './missing.ts';
import type { Evaluation } from './evaluate.ts';
import { policyName, workloadName } from './names.ts';
import { hasUnknownAddress, mayHoldPods } from './pod-addresses.ts';

/** Something that the answers about a cluster leave open, and the policy that raises it. */
export interface ClusterNote {
  readonly key: ManifestKey;
  readonly path: Path;
  readonly message: string;
}

/**
 * What the policies of a cluster depend on and the manifests do not say, once for each policy and kind of thing: which addresses domain names
 * and nodes have, whether blocks of addresses hold pods, and which pods on the host network a policy binds.
 */
export function clusterNotes(evaluation: Evaluation): readonly ClusterNote[] {
  return evaluation.cluster.policies.flatMap(({ key, value }) => {
    const { lists } = effectivePolicy(value);
    if (lists.length === 0) return [];
    return [...peerNotes(evaluation, value), ...hostNotes(evaluation, value), ...referenceNotes(evaluation, value)].map(
      ({ path, message }) => ({ key, path, message }),
    );
  });
}

type Note = Omit<ClusterNote, 'key'>;

function peerNotes({ cluster, space }: Evaluation, policy: Policy): readonly Note[] {
  const peers = DIRECTIONS.flatMap((direction) =>
    (policy[direction]?.rules ?? []).flatMap((rule) => (rule.peers === 'any' ? [] : rule.peers)),
  );
  const name = policyName(policy);
  const notes: Note[] = [];
  const names = peers.find((peer) => peer.kind === 'domainNames');
  if (names) {
    const all = peers.flatMap((peer) => (peer.kind === 'domainNames' ? peer.domainNames : []));
    const which = list([...new Set(all)].map(plain), 'and', 3);
    notes.push({
      path: names.path,
      message: `${name} names ${which}; the addresses of these names are not known, so the names match no address.`,
    });
  }
  const nodes = peers.find((peer) => peer.kind === 'nodes');
  if (nodes && cluster.nodes.length === 0)
    notes.push({
      path: nodes.path,
      message: `${name} names nodes, and the workspace has no Node manifests: the addresses of nodes are not known, so the peer matches no address.`,
    });
  const block = peers.find((peer) => mayHoldPods([peer]));
  const unknown = cluster.workloads.find(({ value }) => hasUnknownAddress(value));
  if (block && unknown && space.objects.plane.blocks === 'pods-too')
    notes.push({
      path: block.path,
      message: `${name} names a block of addresses that may hold pods such as ${workloadName(unknown.value)}, whose addresses are not known: it is evaluated for addresses outside the cluster only.`,
    });
  return notes;
}

/** What a policy refers to and that is not there: a tier, a group, a Service. */
function referenceNotes({ cluster, space }: Evaluation, policy: Policy): readonly Note[] {
  const name = policyName(policy);
  const [order = policy.at.body] = policy.at.order;
  const tier = missingTierText(cluster, policy);
  return [
    ...(tier === undefined ? [] : [{ path: order, message: `${name} ${tier}` }]),
    ...missingReferences(space.objects, policy).map((what) => ({ path: policy.at.body, message: `${name} refers to ${what}` })),
  ];
}

function hostNotes({ podPolicies, space }: Evaluation, policy: Policy): readonly Note[] {
  if (!policy.traits.hostNetwork) return [];
  const selects = (direction: Direction, id: number): boolean =>
    podPolicies[direction][id]?.policies.some((one: Located<Policy>) => one.value === policy) === true;
  const bound = space.classes.find(({ id, sample }) => sample.hostNetwork && DIRECTIONS.some((direction) => selects(direction, id)));
  if (!bound) return [];
  const message = `${policyName(policy)} selects ${workloadName(bound.sample)}, which uses the host's network: whether it applies there depends on the CNI.`;
  return [{ path: policy.subject.path, message }];
}
