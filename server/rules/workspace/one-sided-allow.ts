import { intersectTraffic, isNoTraffic, type Protocol } from '../../base/ports.ts';
import { isSameSinglePod } from '../../eval/effect.ts';
import { isNone, bitMembers } from '../../eval/bits.ts';
import type { Endpoint, Evaluation } from '../../eval/evaluate.ts';
import { stepsIn } from '../../eval/explain.ts';
import { effectivePolicy } from '../../eval/effective-policy.ts';
import { workloadName } from '../../eval/names.ts';
import { peersBits, ruleBits, subjectBits } from '../../eval/endpoint-bits.ts';
import { PATH_ORDER, type Direction, type Peer, type Policy } from '../../model/policy.ts';
import type { Workload } from '../../model/workload.ts';
import type { Path } from '../../syntax/path.ts';
import { onKey } from '../draft.ts';
import { examplePort, stepPlaces, trafficAt } from '../../analysis/witness/pairs.ts';
import { denies } from '../../analysis/precedence/decisions.ts';
import type { Draft, WorkspaceRule } from '../rule.ts';
import type { WorkspaceContext } from '../../analysis/context.ts';
import { isFullyReadable, mayLieInOpenBlock } from '../../analysis/required-connections/open-to.ts';
import { factsIn, isAboutUnknown, policyIn } from '../../analysis/selection.ts';
import { peerSet } from '../../model/endpoint-set.ts';
import type { CompiledRule } from '../../model/rule-list.ts';

const rule: WorkspaceRule = {
  name: 'one-sided-allow',
  scope: 'workspace',
  severity: 'information',
  confidence: 'high',
  summary: 'A rule or a peer that allows one side of connections whose other side is denied.',
  why: 'A connection needs both egress at its source and ingress at its destination. Where policies deny the other side, the connection is denied.',
  companions: ['dns-blocked'],
  *check(context) {
    const policy = policyIn(context)?.value;
    if (!policy || policy.unreadable.length > 0) return;
    for (const direction of PATH_ORDER) {
      for (const meant of effectivePolicy(policy)[direction]?.rules ?? []) {
        if (meant.action !== 'Accept' || meant.rule.peers === 'any') continue;
        yield* oneSided(context, policy, meant, meant.rule.peers, direction);
      }
    }
  },
};

/** The rule as a whole, else those of its peers that it allows without effect. */
function* oneSided(
  context: WorkspaceContext,
  policy: Policy,
  meant: CompiledRule,
  peers: readonly Peer[],
  direction: Direction,
): Generator<Draft | undefined> {
  const evaluation = context.evaluation();
  const reachable: Peer[] = [];
  for (const peer of peers) {
    if (!isUnknown(context, peer) && !selectsNothing(evaluation, policy, peer)) reachable.push(peer);
    yield;
  }
  const closed = reachable.length === peers.length ? closedPair(evaluation, policy, meant, direction) : undefined;
  if (closed) yield finding(context, closed, { path: meant.rule.path, what: 'This' }, direction);
  if (closed || peers.length < 2) return;
  for (const peer of reachable.slice(0, MAX_PEERS)) {
    const pair = closedPair(
      evaluation,
      policy,
      { ...meant, match: { ...meant.match, peer: peerSet(peer, policy.traits.hostNetwork) } },
      direction,
    );
    yield pair && finding(context, pair, { path: peer.path, what: 'For this peer the rule' }, direction);
  }
}

/** If unknown pods may be meant, a denial at the known ones proves nothing. */
function isUnknown(context: WorkspaceContext, peer: Peer): boolean {
  return peer.kind === 'pods' && isAboutUnknown(factsIn(context), peer.namespaces, peer.pods);
}

function selectsNothing({ space }: Evaluation, policy: Policy, peer: Peer): boolean {
  const on = peersBits(space, policy, [peer]);
  return on !== 'all' && isNone(on);
}

/** Two endpoints whose connection the rule allows on its side without effect. */
interface Pair {
  readonly source: Workload;
  readonly destination: Workload;
  readonly protocol: Protocol;
  readonly port: number;
}

/** Pairs of classes that are asked about, at most; with more the rule is not judged. */
const MAX_CLASS_PAIRS = 100;

/** Peers of one rule that are asked about one by one, at most. */
const MAX_PEERS = 25;

/** The first pair of a rule, if no pair that its peers name gets anything through because of what the other side says. */
function closedPair(evaluation: Evaluation, policy: Policy, meant: CompiledRule, direction: Direction): Pair | undefined {
  const { space } = evaluation;
  const own = bitMembers(subjectBits(space, policy));
  const on = ruleBits(space, meant);
  const others = on === 'all' ? [] : bitMembers(on);
  // Addresses outside have no other side.
  if (others.some((id) => id >= space.classes.length) || own.length * others.length > MAX_CLASS_PAIRS) return undefined;
  let closed: Pair | undefined;
  for (const one of own) {
    for (const other of others) {
      const [source, destination] = direction === 'egress' ? [one, other] : [other, one];
      const [from, to] = [space.classes[source], space.classes[destination]];
      // A pod alone in its class would only be asked about itself.
      if (!from || !to || isSameSinglePod(evaluation, source, destination)) continue;
      const here = evaluation.outcome(direction, one, other).sure;
      const back = direction === 'egress' ? 'ingress' : 'egress';
      const there = evaluation.outcome(back, other, one).maybe;
      const opened = intersectTraffic(here, trafficAt(meant, to.sample));
      const found = examplePort(opened, to.sample.ports);
      if (!found) continue;
      if (!isNoTraffic(intersectTraffic(opened, there))) return undefined;
      // What cannot be read at the other side may open it.
      if (!isFullyReadable(evaluation, back, other)) return undefined;
      if (mayLieInOpenBlock(evaluation, back, other, direction === 'egress' ? from.sample : to.sample, opened)) return undefined;
      // Whether a workload alone in its class has a second pod is unknown.
      if (source !== destination || from.members.length > 1) closed ??= { source: from.sample, destination: to.sample, ...found };
    }
  }
  return closed;
}

function finding(
  context: WorkspaceContext,
  { source, destination, protocol, port }: Pair,
  { path, what }: { readonly path: Path; readonly what: string },
  direction: Direction,
): Draft {
  const other = direction === 'egress' ? 'ingress' : 'egress';
  const [from, to]: [Endpoint, Endpoint] = [
    { kind: 'workload', workload: source },
    { kind: 'workload', workload: destination },
  ];
  const steps = stepsIn(context.evaluation(), { from, to, protocol, port }, other);
  const closing = steps.filter(denies);
  const name = workloadName(direction === 'egress' ? destination : source);
  const message = `${what} allows only one side: ${other} of ${name} is isolated, so ${workloadName(source)} -> ${workloadName(destination)} ${protocol} ${port} is denied anyway. Allow it there too.`;
  return onKey(context, path, message, { related: stepPlaces(closing.slice(0, 5)) });
}

export default rule;
