import { DIRECTIONS, type Policy } from '../model/policy.ts';
import { comparedText } from './diff-unchanged.ts';
import type { Evaluation } from './evaluate.ts';
import { policyTitle } from './names.ts';

/**
 * The policies, by title, that are new, gone or say something else in the later state, and select no workload in either of them: what they
 * change in the cluster, the manifests do not show.
 */
export function changedWithoutWorkloads(before: Evaluation, after: Evaluation): readonly string[] {
  const [old, now] = [policiesOf(before), policiesOf(after)];
  const titles = [...new Set([...old.keys(), ...now.keys()])].filter((title) => !isSame(old.get(title), now.get(title)));
  if (titles.length === 0) return [];
  const selecting = new Set([...selectingIn(before), ...selectingIn(after)]);
  return titles.filter((title) => !selecting.has(title)).toSorted();
}

function policiesOf({ cluster }: Evaluation): ReadonlyMap<string, Policy> {
  return new Map(cluster.policies.map(({ value }) => [policyTitle(value), value]));
}

function isSame(one: Policy | undefined, other: Policy | undefined): boolean {
  return one === other || (one !== undefined && other !== undefined && comparedText(one) === comparedText(other));
}

/** The titles of the policies that select a workload, or may select one. */
function selectingIn({ podPolicies }: Evaluation): ReadonlySet<string> {
  const policies = DIRECTIONS.flatMap((direction) => [...new Set(podPolicies[direction])].flatMap((own) => own.policies));
  return new Set(policies.map(({ value }) => policyTitle(value)));
}
