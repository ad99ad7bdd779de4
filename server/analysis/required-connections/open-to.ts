import { memoBy } from '../../base/memo.ts';
import { hasTraffic, meetTraffic, portSet, trafficOf, type Traffic, type Protocol } from '../../base/ports.ts';
import { verdictAt, type Evaluation } from '../../eval/evaluate.ts';
import { effectivePolicy } from '../../eval/effective-policy.ts';
import type { InternedOutcome } from '../../eval/outcome-patterns.ts';
import { outcomeAt } from '../../eval/rows.ts';
import { isNone, type Bits } from '../../eval/bits.ts';
import { peersBits } from '../../eval/endpoint-bits.ts';
import { hasUnknownAddress, mayHoldPods } from '../../eval/pod-addresses.ts';
import type { Direction, Policy, Rule } from '../../model/policy.ts';
import type { Workload } from '../../model/workload.ts';
import type { Located } from '../../workspace/cluster.ts';
import { denies, decisionsOn } from '../precedence/decisions.ts';
import { matchOf, type Witness } from '../precedence/rule-match.ts';
import { trafficIn } from '../networks.ts';

/** A port of a protocol. */
export interface OnPort {
  readonly protocol: Protocol;
  readonly port: number;
}

/** May a class exchange traffic on a port with some address outside the cluster? */
export function isOpenToOutside(evaluation: Evaluation, direction: Direction, id: number, { protocol, port }: OnPort): boolean {
  return [...outcomesOutside(evaluation, direction, id)].some(({ maybe }) => hasTraffic(maybe, protocol, port));
}

function outcomesOutside(evaluation: Evaluation, direction: Direction, id: number): ReadonlySet<InternedOutcome> {
  return outcomesBy(evaluation, `${direction} ${evaluation.podPolicies[direction][id]?.id ?? -1}`, direction, id);
}

/** The same for all classes that have the same policies. */
const outcomesBy = memoBy((evaluation: Evaluation, _: string, direction: Direction, id: number): ReadonlySet<InternedOutcome> => {
  const { classes, atoms } = evaluation.space;
  const row = evaluation.row(direction, id);
  return new Set(atoms.map((_atom, at) => outcomeAt(row, classes.length + at)));
});

/** Does a rule about the class accept an end that is not in the workspace, or may it? */
export function mayAccept(evaluation: Evaluation, direction: Direction, id: number, witness: Witness): boolean {
  return policiesOn(evaluation, direction, id).some(({ value }) =>
    value[direction]?.rules.some((rule) => rule.action === 'Accept' && matchOf(rule, witness) !== 'no'),
  );
}

/** Does a rule allow pods that the workspace does not have? They may exist anyway. */
export function allowsUnknownPods(evaluation: Evaluation, id: number, at: OnPort): boolean {
  return acceptingRules(evaluation, 'ingress', id, trafficOf(at.protocol, portSet(at.port))).some(
    ({ policy, peers }) => peers !== 'any' && peers.some((peer) => selectsNothing(peersBits(evaluation.space, policy, [peer]))),
  );
}

function selectsNothing(bits: Bits | 'all'): boolean {
  return bits !== 'all' && isNone(bits);
}

/**
 * Might a rule allow some of the traffic through an address block that holds the peer, though its address is unknown?
 * Verdicts take such a pod for one that no block selects; in a cluster whose CNI lets blocks select pods it may be reachable, so
 * a finding that it is blocked is not sure.
 */
export function mayLieInOpenBlock(evaluation: Evaluation, direction: Direction, id: number, other: Workload, traffic: Traffic): boolean {
  return hasUnknownAddress(other) && acceptingRules(evaluation, direction, id, traffic).some(({ peers }) => mayHoldPods(peers));
}

/** The rules that may accept some of the traffic of a class. */
function acceptingRules(
  evaluation: Evaluation,
  direction: Direction,
  id: number,
  traffic: Traffic,
): readonly { readonly policy: Policy; readonly peers: Rule['peers'] }[] {
  const isOnPort = (rule: Rule): boolean =>
    meetTraffic(trafficIn(rule), traffic) || (rule.ports !== 'any' && rule.ports.some(({ kind }) => kind !== 'range'));
  return policiesOn(evaluation, direction, id).flatMap(({ value: policy }) =>
    (policy[direction]?.rules ?? []).flatMap((rule) => (rule.action === 'Accept' && isOnPort(rule) ? [{ policy, peers: rule.peers }] : [])),
  );
}

/** May traffic on the port pass from one end to the other, in some order of tied policies? */
export function mayPass(evaluation: Evaluation, source: number, destination: number, { protocol, port }: OnPort): boolean {
  const { allowed, ambiguous: maybe } = verdictAt(evaluation, source, destination);
  return hasTraffic(allowed, protocol, port) || hasTraffic(maybe, protocol, port);
}

/** The policies that bind a class in a direction. */
function policiesOn(evaluation: Evaluation, direction: Direction, id: number): readonly Located<Policy>[] {
  return evaluation.podPolicies[direction][id]?.policies ?? [];
}

/** Can everything that binds the class be read? */
export function isFullyReadable(evaluation: Evaluation, direction: Direction, id: number): boolean {
  if ((evaluation.podPolicies[direction][id]?.unevaluated.length ?? 0) > 0) return false;
  return policiesOn(evaluation, direction, id).every(
    ({ value }) => value.unreadable.length === 0 && effectivePolicy(value).caveats.length === 0,
  );
}

/** A policy that denies a connection, and the place where it does. */
export interface DenyingPolicy {
  readonly policy: Located<Policy>;
  readonly path: Policy['subject']['path'];
}

/**
 * The policies that deny a connection at its source or destination, none where that allows it. First the one that a rule is missing in: of
 * NetworkPolicies that isolate the same pod, one that allows something, and that selects few pods.
 */
export function denyingPolicies(
  evaluation: Evaluation,
  direction: Direction,
  [own, other]: readonly [number, number],
  { protocol, port }: OnPort,
): readonly DenyingPolicy[] {
  if (hasTraffic(evaluation.outcome(direction, own, other).maybe, protocol, port)) return [];
  return decisionsOn(evaluation, { direction, pod: own, other, protocol, port })
    .filter(denies)
    .toSorted((a, b) => weight(b.item.value, direction) - weight(a.item.value, direction))
    .map(({ item, rule }) => ({ policy: item, path: rule?.path ?? item.value[direction]?.path ?? item.value.subject.path }));
}

function weight(policy: Policy, direction: Direction): number {
  return policy.subject.pods.requirements.length + ((policy[direction]?.rules.length ?? 0) > 0 ? 100 : 0);
}
