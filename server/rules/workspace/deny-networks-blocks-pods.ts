import { hasTraffic } from '../../base/ports.ts';
import { has, bitMembers, none, type Bits } from '../../eval/bits.ts';
import type { Evaluation } from '../../eval/evaluate.ts';
import { workloadName } from '../../eval/names.ts';
import { peersBits, subjectBits } from '../../eval/endpoint-bits.ts';
import { isBeforeIsolation } from '../../eval/stages.ts';
import type { Peer, Policy, Rule } from '../../model/policy.ts';
import type { Workload } from '../../model/workload.ts';
import type { Cluster } from '../../workspace/cluster.ts';
import { decisionsOn, isAllowed, distinctPods, type DecisionQuestion } from '../../analysis/precedence/decisions.ts';
import { onValue } from '../draft.ts';
import { examplePort } from '../../analysis/witness/pairs.ts';
import type { Related } from '../../analysis/related.ts';
import { matchLabels } from '../../analysis/precedence/rule-match.ts';
import { isWithin, policiesAfter, groupsBefore, tiedWith } from '../../analysis/precedence/tier-order.ts';
import { networksIn, trafficIn } from '../../analysis/networks.ts';
import { isReadable } from '../../analysis/policy-parts.ts';
import type { WorkspaceRule } from '../rule.ts';
import type { WorkspaceContext } from '../../analysis/context.ts';
import { policyIn } from '../../analysis/selection.ts';

const rule: WorkspaceRule = {
  name: 'deny-networks-blocks-pods',
  scope: 'workspace',
  severity: 'information',
  confidence: 'medium',
  summary: 'A Deny for all addresses also blocks connections between pods of the cluster.',
  why: 'networks also match pods, by their addresses. To deny only addresses outside the cluster, add a Pass or Accept rule for the pods before this rule.',
  companions: ['admin-deny-blocks-system'],
  *check(context) {
    const policy = policyIn(context)?.value;
    if (!policy || !policy.traits.denies || !isReadable(policy, policy.at.egress)) return;
    const reported = new Set<Rule>();
    for (const { cidr, path, rule } of networksIn(policy)) {
      if (cidr.prefix > 0 || rule.action !== 'Deny' || reported.has(rule)) continue;
      reported.add(rule);
      // A rule about pods in the same list shows that they were thought of.
      if (aboutAllPods(rule)) continue;
      const blocked = blockedBy(context, policy, rule);
      if (!blocked) continue;
      const message = `This also denies connections to the pods of the cluster, by their addresses${blocked.example}. To deny only addresses outside the cluster, add a Pass rule for 'namespaces: {}' before this rule.`;
      yield onValue(context, path, message, { related: blocked.related });
    }
  },
};

export default rule;

interface BlockedPods {
  /** One connection, in words to add to a sentence; empty where no pods are known. */
  readonly example: string;
  readonly related: readonly Related[];
}

/** Pairs of classes that are asked about, at most. */
const MAX_CLASS_PAIRS = 100;

/** What a Deny of every address takes from pods, if they lose anything by it. */
function blockedBy(context: WorkspaceContext, policy: Policy, rule: Rule): BlockedPods | undefined {
  const evaluation = context.evaluation();
  const { space } = evaluation;
  const sources = bitMembers(subjectBits(space, policy));
  const destinations = space.classes.filter(({ sample }) => !sample.hostNetwork);
  if (sources.length === 0 || destinations.length === 0)
    return isDeniedInText(context.cluster, policy, rule) ? { example: '', related: [] } : undefined;
  const named = rule.peers === 'any' ? none : podsNamed(context, policy, rule.peers);
  const isEarlier = earlierThan(context.cluster, policy, rule);
  let left = MAX_CLASS_PAIRS;
  for (const source of distinctPods(evaluation, sources, 'egress')) {
    for (const { id, members } of destinations) {
      if (left-- === 0) return undefined;
      const from = space.classes[source]?.sample;
      const to = members.find((member) => member !== from && member.ports.length > 0) ?? members.find((member) => member !== from);
      const port = to && portOf(rule, to);
      if (!from || !port || has(named, id)) continue;
      if (!isBlocked(evaluation, rule, { direction: 'egress', pod: source, other: id, ...port }, isEarlier)) continue;
      return {
        example: `, such as ${workloadName(from)} -> ${workloadName(to)} ${port.protocol} ${port.port}`,
        related: [{ path: rule.path, message: `Denies ${port.protocol} ${port.port} to the address of ${workloadName(to)}.` }],
      };
    }
  }
  return undefined;
}

/** The classes that a list of peers names as pods. */
function podsNamed(context: WorkspaceContext, policy: Policy, peers: readonly Peer[]): Bits {
  const bits = peersBits(
    context.evaluation().space,
    policy,
    peers.filter(({ kind }) => kind === 'pods'),
  );
  return bits === 'all' ? none : bits;
}

/** A port of the pod that the rule matches: one it declares; any of a pod that declares none. */
function portOf(rule: Rule, { ports }: Workload): ReturnType<typeof examplePort> {
  const traffic = trafficIn(rule);
  const isSpokenOf = ports.length === 0 || ports.some(({ protocol, port }) => hasTraffic(traffic, protocol, port));
  return isSpokenOf ? examplePort(traffic, ports) : undefined;
}

type Settled = ReturnType<typeof decisionsOn>[number];

/** Does something settle a connection before a rule of the tiers is asked, or may do so? */
function earlierThan(cluster: Cluster, policy: Policy, rule: Rule): (one: Settled) => boolean {
  const own = policy.egress?.rules ?? [];
  const tied = tiedWith(cluster, policy);
  const after = new Set(policiesAfter(cluster, policy).flatMap((one) => (tied.includes(one) ? [] : [one.value])));
  return ({ item: { value: other }, rule: by, tied: tie }) => {
    if (tie !== undefined) return true;
    return other === policy ? by !== undefined && own.indexOf(by) < own.indexOf(rule) : !after.has(other) && !comesBelow(policy, other);
  };
}

/**
 * Is a connection denied by this rule, and by nothing else? A pod whose address is not known is in every block of all addresses too, which
 * verdicts leave out: for those it counts whether the rule would be reached, and whether the connection is allowed without it.
 */
function isBlocked(evaluation: Evaluation, rule: Rule, question: DecisionQuestion, isEarlier: (one: Settled) => boolean): boolean {
  const settled = decisionsOn(evaluation, question).filter(({ action }) => action !== 'NoMatch');
  if (settled.some((one) => one.rule === rule && one.tied === undefined)) return true;
  return !settled.some(isEarlier) && isAllowed(evaluation, question);
}

/** Is another policy asked only when the tier of this one is done? */
function comesBelow(policy: Policy, other: Policy): boolean {
  return isBeforeIsolation(policy) && !isBeforeIsolation(other);
}

/** Without pods: does no earlier rule match all of them? */
function isDeniedInText(cluster: Cluster, policy: Policy, rule: Rule): boolean {
  const own = policy.egress?.rules ?? [];
  if (own.slice(0, own.indexOf(rule)).some(aboutAllPods)) return false;
  const before = groupsBefore(cluster, policy).flat();
  return !before.some(({ value }) => value.egress?.rules.some(aboutAllPods) === true && isWithin(policy, [value]));
}

function aboutAllPods({ peers }: Rule): boolean {
  return peers === 'any' || peers.some(isEveryPod);
}

function isEveryPod(peer: Peer): boolean {
  if (peer.kind === 'unreadable') return true;
  return (
    peer.kind === 'pods' &&
    peer.namespaces.kind === 'selected' &&
    matchLabels(peer.namespaces.selector, {}) === 'yes' &&
    peer.pods.requirements.length === 0
  );
}
