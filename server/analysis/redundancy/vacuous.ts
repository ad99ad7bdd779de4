import { memo } from '../../base/memo.ts';
import { isNone } from '../../eval/bits.ts';
import { sameVerdicts } from '../../eval/effect.ts';
import type { Evaluation } from '../../eval/evaluate.ts';
import { effectivePolicy } from '../../eval/effective-policy.ts';
import { peersBits, subjectBits } from '../../eval/endpoint-bits.ts';
import { isAfterIsolation } from '../../eval/stages.ts';
import { DIRECTIONS, type Policy } from '../../model/policy.ts';
import type { Cluster, Located } from '../../workspace/cluster.ts';
import { isolatingPolicies } from '../precedence/isolation.ts';
import { peersIn, rulesIn } from '../policy-parts.ts';
import { coveredRules, openedBy, redundancyOf } from './redundant.ts';
import type { WorkspaceContext } from '../context.ts';
import { missesIn } from '../selector-misses.ts';
import { shadowsOf } from './shadows.ts';

/**
 * The policies without which every verdict in the workspace would be the same, each with the evaluation without it. They are looked for
 * one after the other, the last one first, each also without those found before: any one of them can go, and all of them together with
 * what is redundant.
 */
export function vacuousPolicies(context: WorkspaceContext): ReadonlyMap<Policy, Evaluation> {
  return vacuousIn(context.cluster, context);
}

const vacuousIn = memo((_: Cluster, context: WorkspaceContext) => find(context));

/** With more the question costs too much for what it tells. */
const MAX_POLICIES = 150;
const MAX_SUBJECTS = 1500;

function find(context: WorkspaceContext): ReadonlyMap<Policy, Evaluation> {
  const { cluster } = context;
  const found = new Map<Policy, Evaluation>();
  const policies = cluster.policies.toSorted((a, b) => (a.key < b.key ? 1 : -1));
  if (policies.length > MAX_POLICIES) return found;
  const evaluation = context.evaluation();
  const distinct = DIRECTIONS.flatMap((direction) => [...new Set(evaluation.podPolicies[direction])]);
  if (distinct.reduce((sum, own) => sum + own.policies.length, 0) > MAX_SUBJECTS) return found;
  const gone = new Set<Policy>(policies.filter((placed) => redundancyOf(cluster, placed).length > 0).map(({ value }) => value));
  const deciding = decidingPolicies(cluster);
  let before = evaluation.without(gone);
  for (const placed of policies) {
    if (gone.has(placed.value) || deciding.has(placed.value) || !isJudged(context, placed, evaluation)) continue;
    const only = new Set([placed.value]);
    const [alone, after] = [evaluation.without(only), before.without(only)];
    // What a Pass is about may depend on it only as long as the others are there, so both are asked.
    if (!sameVerdicts(evaluation, alone, placed.value) || !sameVerdicts(before, after, placed.value)) continue;
    found.set(placed.value, alone);
    gone.add(placed.value);
    before = after;
  }
  return found;
}

/** The policies that make something else dead. They are not called dead in turn, lest both go. */
function decidingPolicies(cluster: Cluster): ReadonlySet<Policy> {
  const deciding = cluster.policies.flatMap((placed) =>
    DIRECTIONS.flatMap((direction): readonly Located<Policy>[] => [
      ...[...shadowsOf(cluster, placed, direction).values()].flat().map(({ policy }) => policy),
      ...coveredRules(cluster, placed, direction).flatMap(({ covers }) => covers.map(({ policy }) => policy)),
      ...(isAfterIsolation(placed.value) ? isolatingPolicies(cluster, placed.value, direction) : []),
      ...redundancyOf(cluster, placed),
    ]),
  );
  return new Set(deciding.map(({ value }) => value));
}

/** Are all pods that it names in the workspace, and does no other finding explain more? */
function isJudged(context: WorkspaceContext, placed: Located<Policy>, { space }: Evaluation): boolean {
  const { value: policy, key } = placed;
  const rules = rulesIn(policy);
  const isDefaultDeny = policy.traits.isolates && rules.length === 0 && policy.subject.pods.requirements.length === 0;
  if (isDefaultDeny || policy.unreadable.length > 0 || effectivePolicy(policy).caveats.length > 0) return false;
  if (isNone(subjectBits(space, policy))) return false;
  // A peer without pods in the workspace may match pods in the real cluster.
  const isKnown = peersIn(policy).every(({ peer }) => {
    const bits = peersBits(space, policy, [peer]);
    return peer.kind !== 'domainNames' && bits !== 'all' && !isNone(bits);
  });
  if (!isKnown || missesIn({ ...context, key, resource: { role: 'policy', value: policy } }).length > 0) return false;
  return !isExplained(context.cluster, placed);
}

/** Do other rules say of all its rules that they have no effect, whatever the workloads? */
function isExplained(cluster: Cluster, placed: Located<Policy>): boolean {
  const { value: policy } = placed;
  const acting = DIRECTIONS.filter((direction) => (policy[direction]?.rules.length ?? 0) > 0);
  return (
    acting.length > 0 &&
    acting.every((direction) => {
      if (isAfterIsolation(policy) && isolatingPolicies(cluster, policy, direction).length > 0) return true;
      if (policy.traits.isolates && openedBy(cluster, policy, direction)) return true;
      const shadows = shadowsOf(cluster, placed, direction);
      return policy[direction]?.rules.every((rule) => shadows.has(rule)) === true;
    })
  );
}
