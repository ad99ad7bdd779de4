import { isNoTraffic, NO_TRAFFIC, sameTraffic, subtractTraffic, uniteTraffic, type Traffic } from '../../base/ports.ts';
import { evaluationOf, verdict, type Endpoint, type Evaluation } from '../../eval/evaluate.ts';
import type { Verdict } from '../../eval/verdict.ts';
import type { Policy } from '../../model/policy.ts';
import type { Cluster, Located } from '../../workspace/cluster.ts';
import type { Work } from '../../base/work.ts';
import { workloadGenerator } from './generated-clusters.ts';

/** What a comparison of a policy with its conversion shows. */
export interface Proof {
  readonly verdict: 'equal' | 'denies more' | 'differs';
  /** Connections on which the two differ, the first ones of the first cluster that has any. */
  readonly differences: readonly Difference[];
  /** The policies of both sides that select a pod of such a connection. */
  readonly involved: ReadonlySet<Policy>;
}

/** A connection that is allowed before and denied after, or the other way round. */
export interface Difference {
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly allowed: Traffic;
  readonly denied: Traffic;
}

/** So many clusters are made up, beside the one of the workspace. */
export const GENERATED_CLUSTERS = 200;
const MAX_DIFFERENCES = 20;

/** What takes the place of some policies. */
export interface ReplacedPolicies {
  readonly policies: readonly Located<Policy>[];
  readonly tiers: Cluster['tiers'];
}

/**
 * Evaluates a cluster with some policies and with others in their place: as it is, and with made-up pods that have what the policies ask for. Both
 * must give the same verdicts on every pair of pods and addresses. Pods on the host network are left out where policies of one of the two
 * APIs never apply to them. Yields after each cluster.
 */
export function* proofWork(cluster: Cluster, before: readonly Policy[], after: ReplacedPolicies): Work<Proof> {
  const gone = new Set(before);
  const tiers = [...cluster.tiers, ...after.tiers.filter(({ value }) => !cluster.tiers.some((one) => one.value.name === value.name))];
  const result: Cluster = { ...cluster, tiers, policies: [...cluster.policies.filter(({ value }) => !gone.has(value)), ...after.policies] };
  const both = [...before, ...after.policies.map(({ value }) => value)];
  const withHost = new Set(both.map(({ traits }) => traits.hostNetwork)).size === 1;
  const policies = [...cluster.policies, ...after.policies].map(({ value }) => value);
  let worst: Proof = compared(cluster, result, withHost);
  const generate = workloadGenerator(cluster, policies, both);
  for (let seed = 1; seed <= GENERATED_CLUSTERS && worst.verdict !== 'differs'; seed++) {
    yield;
    const pods = generate(seed);
    const next = compared({ ...cluster, ...pods }, { ...result, ...pods }, withHost);
    if (next.verdict !== 'equal' && (worst.verdict === 'equal' || next.verdict === 'differs')) worst = next;
  }
  return worst;
}

/** Compares two clusters with the same workloads. */
function compared(one: Cluster, other: Cluster, withHost: boolean): Proof {
  const [before, after] = [evaluationOf(one), evaluationOf(other)];
  const ends = endpointsToCompare(before, after).filter((end) => withHost || end.kind === 'address' || !end.workload.hostNetwork);
  const differences: Difference[] = [];
  let [denies, allows] = [false, false];
  for (const from of ends) {
    for (const to of ends) {
      if (from.kind === 'address' && to.kind === 'address') continue;
      const [was, is] = [verdict(before, from, to), verdict(after, from, to)];
      if (isSame(was, is)) continue;
      const allowed = newlyAllowed(was, is);
      const denied = subtractTraffic(was.allowed, is.allowed);
      allows ||= !isNoTraffic(allowed);
      denies = true;
      if (differences.length < MAX_DIFFERENCES) differences.push({ from, to, allowed, denied });
    }
  }
  return {
    verdict: allows ? 'differs' : denies ? 'denies more' : 'equal',
    differences,
    involved: new Set(differences.flatMap((difference) => [...involvedIn(before, difference), ...involvedIn(after, difference)])),
  };
}

/** The policies that select the source or the destination. */
function involvedIn(evaluation: Evaluation, { from, to }: Difference): readonly Policy[] {
  return [[from, 'egress' as const] as const, [to, 'ingress' as const] as const].flatMap(([end, direction]) =>
    end.kind === 'address'
      ? []
      : (evaluation.podPolicies[direction][evaluation.space.classOf.get(end.workload) ?? -1]?.policies ?? []).map(({ value }) => value),
  );
}

function isSame(was: Verdict, is: Verdict): boolean {
  if (was === is) return true;
  if (!sameTraffic(was.allowed, is.allowed) || !sameTraffic(was.ambiguous, is.ambiguous)) return false;
  if (!sameTraffic(was.unknown ?? NO_TRAFFIC, is.unknown ?? NO_TRAFFIC)) return false;
  if (was.families === undefined && is.families === undefined) return true;
  const both = { 4: was.families?.[4] ?? was, 6: was.families?.[6] ?? was };
  return isSame(both[4], is.families?.[4] ?? is) && isSame(both[6], is.families?.[6] ?? is);
}

/** What may be allowed now and was not: also what was allowed in one order of policies only and is now for sure. */
function newlyAllowed(was: Verdict, is: Verdict): Traffic {
  const certain = subtractTraffic(is.allowed, was.allowed);
  const possible = subtractTraffic(is.ambiguous, uniteTraffic(was.allowed, was.ambiguous));
  const all = uniteTraffic(certain, possible);
  if (was.families === undefined && is.families === undefined) return all;
  const byFamily = ([4, 6] as const).map((family) =>
    newlyAllowed(withoutFamilies(was.families?.[family] ?? was), withoutFamilies(is.families?.[family] ?? is)),
  );
  return uniteTraffic(all, ...byFamily);
}

function withoutFamilies({ allowed, ambiguous }: Verdict): Verdict {
  return { allowed, ambiguous };
}

/** One endpoint of each sort that either evaluation can tell from the others. */
function endpointsToCompare(before: Evaluation, after: Evaluation): readonly Endpoint[] {
  const seen = new Set<string>();
  const ends: Endpoint[] = [];
  for (const { value: workload } of before.cluster.workloads) {
    const classes = [before, after].map(({ space }) => space.classOf.get(workload));
    const sort = classes.join();
    if (classes.includes(undefined) || seen.has(sort)) continue;
    seen.add(sort);
    ends.push({ kind: 'workload', workload });
  }
  for (const { family, from } of [...before.space.atoms, ...after.space.atoms]) {
    const sort = `${family}/${from}`;
    if (seen.has(sort)) continue;
    seen.add(sort);
    ends.push({ kind: 'address', ip: { family, value: from } });
  }
  return ends;
}
