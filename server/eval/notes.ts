import { memo } from '../base/memo.ts';
import { list, plain } from '../base/english.ts';
import { groupBy } from '../base/lists.ts';
import { hasTraffic, type Protocol } from '../base/ports.ts';
import { entryOf } from '../model/kinds.ts';
import { PATH_ORDER, type Direction, type Policy } from '../model/policy.ts';
import { TEMPLATE } from '../model/read.ts';
import { describeUnevaluated } from '../model/unevaluated/describe.ts';
import { formatPath } from '../syntax/path.ts';
import type { Cluster, Located } from '../workspace/cluster.ts';
import { endpointIndex, type Endpoint, type Evaluation } from './evaluate.ts';
import { otherProtocolNote, referenceNotes } from './cluster-notes.ts';
import { effectivePolicy } from './effective-policy.ts';
import type { Connection } from './connection.ts';
import { policyTitle, workloadName } from './names.ts';
import { hasUnknownAddress, mayHoldPods } from './pod-addresses.ts';
import { unenforcedNote } from './unenforced.ts';
import { pluginLimits } from './plugin-limits.ts';
import { notYetText, stageOf } from './stages.ts';

/** What to know beside the verdict on a connection: the CNI decides, something was left out. Sentences. */
export function notesOn(evaluation: Evaluation, connection: Connection, isDenied: boolean): readonly string[] {
  const { from, to, protocol, port } = connection;
  return [
    ...generalNotes(evaluation, from, to),
    ...requestNotes(evaluation, to, isDenied),
    ...addressNotes(evaluation, connection),
    ...limitNotes(evaluation, connection),
    ...(isDenied ? probeNotes(to, protocol, port) : []),
  ];
}

/** What the network plugin does otherwise with ports of the policies that select one of the two, in the direction in which they do. */
function limitNotes(evaluation: Evaluation, { from, to, protocol }: Connection): string[] {
  return PATH_ORDER.flatMap((direction) => {
    const pod = endpointIndex(evaluation, direction === 'egress' ? from : to);
    return (evaluation.podPolicies[direction][pod]?.policies ?? []).flatMap(({ value }) =>
      pluginLimits(evaluation.cluster, value)
        .filter((limit) => limit.direction === direction && (limit.kind !== 'SCTP' || protocol === 'SCTP'))
        .map(({ message }) => `${policyTitle(value)}: ${message}`),
    );
  });
}

function generalNotes(evaluation: Evaluation, from: Endpoint, to: Endpoint): string[] {
  const elements = [endpointIndex(evaluation, from), endpointIndex(evaluation, to)];
  const notes: string[] = [];
  for (const end of [from, to]) {
    if (end.kind !== 'workload' || !end.workload.hostNetwork) continue;
    notes.push(
      `${workloadName(end.workload)} uses the host's network, so whether NetworkPolicies apply to it depends on the CNI; ClusterNetworkPolicies never do.`,
    );
  }
  if (from.kind === 'workload' && to.kind === 'workload' && from.workload === to.workload) {
    notes.push('A pod can always connect to itself; this answer is for two pods of the same workload.');
  }
  const policiesOf = (direction: Direction, element = -1): readonly Located<Policy>[] =>
    evaluation.podPolicies[direction][element]?.policies ?? [];
  const [bound, boundAtEnd] = [policiesOf('egress', elements[0]), policiesOf('ingress', elements[1])];
  const either = new Set([...bound, ...boundAtEnd]);
  for (const policies of [bound, boundAtEnd]) notes.push(...versionNotes(policies));
  notes.push(...uncertaintyNotes(evaluation, 'egress', elements[0]), ...uncertaintyNotes(evaluation, 'ingress', elements[1]));
  for (const { value } of bound) {
    const names = domainNamesIn(value);
    if (names.length > 0)
      notes.push(`${policyTitle(value)} also matches ${list(names.map(plain), 'and', 3)}; the addresses of these names are unknown.`);
  }
  for (const { value } of either) {
    const { caveats } = effectivePolicy(value);
    if (caveats.length === 0) continue;
    notes.push(`${policyTitle(value)} cannot be read in full, so this answer may be wrong.`);
    // A part of a string has no field path of its own: the reason says at which column it is.
    notes.push(...caveats.filter(({ path }) => value.labelTerms && path.at(-1) === 'selector').map(({ message }) => message));
  }
  for (const { value } of either) {
    const other = otherProtocolNote(value);
    if (other) notes.push(other.message);
  }
  for (const policy of unreadableAmong(evaluation.cluster.policies)) {
    if (couldBind(policy, [from, to])) notes.push(...effectivePolicy(policy).caveats.map(({ message }) => message));
  }
  for (const { value } of either) {
    const notYet = notYetText(evaluation.space.objects.plane, value);
    notes.push(...referenceNotes(evaluation, value).map(({ message }) => message), ...(notYet === undefined ? [] : [notYet]));
  }
  const unenforced = unenforcedNote(
    evaluation.cluster,
    [from, to].flatMap((end) => (end.kind === 'workload' ? [end.workload] : [])),
  );
  return unenforced === undefined ? notes : [...notes, unenforced];
}

/** What is not denied here, a proxy in front of the destination may still refuse. */
function requestNotes(evaluation: Evaluation, to: Endpoint, isDenied: boolean): string[] {
  const policies = isDenied ? [] : (evaluation.space.classes[endpointIndex(evaluation, to)]?.unevaluated ?? []);
  return policies
    .filter(({ value }) => value.standing === 'note' && value.directions.length > 0)
    .map(
      ({ value }) =>
        `${describeUnevaluated(value)} may select ${endText(to)}: requests that network policies allow may still be denied by ${value.api}.`,
    );
}

function endText(end: Endpoint): string {
  return end.kind === 'workload' ? workloadName(end.workload) : 'the destination';
}

/** Upstream withdrew v1alpha1 when v1alpha2 came, and says of neither how it is ordered beside the other. */
function versionNotes(policies: readonly Located<Policy>[]): string[] {
  const ordered = policies.map(({ value }) => value).filter(({ api, traits }) => api === 'kubernetes' && traits.ordered);
  return [...groupBy(ordered, (policy) => stageOf(policy))].flatMap(([stage, group]) => {
    const [first] = group;
    const other = group.find(({ apiVersion }) => apiVersion !== first?.apiVersion);
    if (!first || !other) return [];
    const [one, two] = [first, other].map(policyTitle);
    return [
      `Nothing defines the order of ${one} and ${two}, which are of two versions of the API: here they share the priorities of the ${stage.name}, and what has no priority comes last. Convert the older one to ${entryOf(first).successor ?? entryOf(other).successor ?? first.kind}.`,
    ];
  });
}

/** Policies for which it is unknown whether they select the pod. */
function uncertaintyNotes(evaluation: Evaluation, direction: Direction, element = -1): string[] {
  const uncertainLists = (evaluation.podPolicies[direction][element]?.lists ?? []).filter(({ uncertain }) => uncertain);
  return uncertainLists.map(
    ({ placed: { value } }) =>
      `Whether ${policyTitle(value)} selects the pod depends on a ${hasHole(value) ? 'value of its selector that is filled in later' : 'label whose value only the cluster knows'}, so the policy may or may not apply.`,
  );
}

function hasHole({ subject: { namespaces, pods } }: Policy): boolean {
  return [pods, ...(namespaces.kind === 'selected' ? [namespaces.selector] : [])].some(({ unreadable }) => unreadable === TEMPLATE);
}

/**
 * A rule about an address block in which a pod of unknown address may lie: verdicts take it for one that does not match,
 * and a note is given where it could change the verdict of its direction. For ClusterNetworkPolicies "cluster-internal traffic will be checked against
 * the rule as well" (network-policy-api, field `networks`); for an ipBlock it depends on the CNI (kubernetes/website `network-policies.md`).
 */
function addressNotes(evaluation: Evaluation, { from, to, protocol, port }: Connection): string[] {
  return PATH_ORDER.flatMap((direction) => {
    const [own, other] = direction === 'egress' ? [from, to] : [to, from];
    if (own.kind !== 'workload' || other.kind !== 'workload' || !hasUnknownAddress(other.workload)) return [];
    if (evaluation.space.objects.plane.blocks !== 'pods-too') return [];
    const pod = endpointIndex(evaluation, own);
    const isOpen = hasTraffic(evaluation.outcome(direction, pod, endpointIndex(evaluation, other)).sure, protocol, port);
    const turning = (evaluation.podPolicies[direction][pod]?.policies ?? []).flatMap(({ value }) =>
      (effectivePolicy(value)[direction]?.rules ?? [])
        .filter(
          ({ action, match, rule }) =>
            (action === 'Deny') === isOpen && hasTraffic(match.traffic, protocol, port) && mayHoldPods(rule.peers),
        )
        .map(({ rule }) => `${formatPath(rule.path)} of ${policyTitle(value)}`),
    );
    if (turning.length === 0) return [];
    const verb = turning.length === 1 ? 'names a block' : 'name blocks';
    return [
      `${turning.length === 1 ? 'Rule' : 'Rules'} ${list(turning, 'and', 3)} ${verb} of addresses that may hold ${workloadName(other.workload)}. Its address is unknown, so the block is not evaluated for it; if the network plugin matches pods by address, the verdict may differ.`,
    ];
  });
}

/**
 * Whoever sees a port closed asks about the probes. "Traffic to and from the node where a Pod is running is always allowed"
 * (kubernetes/website `network-policies.md`), and ClusterNetworkPolicies deny ingress from pods only, which the kubelet is not.
 */
function probeNotes(to: Endpoint, protocol: Protocol, port: number): string[] {
  if (to.kind !== 'workload' || protocol !== 'TCP' || to.workload.probed?.includes(port) !== true) return [];
  const name = workloadName(to.workload);
  return [
    `The probes of ${name} on TCP ${port} are always allowed: the kubelet connects from the pod's own node, which policies cannot deny.`,
  ];
}

/** The policies that take no part in verdicts, as they cannot be read. */
const unreadableAmong = memo((policies: Cluster['policies']) =>
  policies.flatMap(({ value }) => {
    const { ingress, egress, caveats } = effectivePolicy(value);
    return !ingress && !egress && caveats.length > 0 ? [value] : [];
  }),
);

/** Could a policy whose subject is not known be about one of the endpoints? */
function couldBind({ namespace }: Policy, endpoints: readonly Endpoint[]): boolean {
  return namespace === undefined || endpoints.some((end) => end.kind === 'workload' && end.workload.namespace === namespace);
}

function domainNamesIn({ egress }: Policy): readonly string[] {
  const peers = egress?.rules.flatMap((rule) => (rule.peers === 'any' ? [] : rule.peers)) ?? [];
  return peers.flatMap((peer) => (peer.kind === 'domainNames' ? peer.domainNames : []));
}
