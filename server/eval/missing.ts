import { memo2 } from '../base/memo.ts';
import { quote } from '../base/english.ts';
import { referencesOf, type Reference } from '../model/endpoint-set.ts';
import type { Policy } from '../model/policy.ts';
import { missingTier } from '../model/tiers.ts';
import { formatPath, type Path } from '../syntax/path.ts';
import type { Cluster } from '../workspace/cluster.ts';
import { isNone } from './bits.ts';
import { isFound, type ClusterObjects } from './cluster-objects.ts';
import { endpointBits } from './endpoint-bits.ts';
import type { EquivalenceClasses } from './equivalence-classes.ts';
import { listsOf } from './lists.ts';

/** What a policy refers to by name and that is not in the workspace, as the end of a sentence about it. */
export function missingReferences(objects: ClusterObjects, policy: Policy): readonly string[] {
  return policy.api === 'kubernetes' ? [] : missingIn(objects, policy);
}

const missingIn = memo2((objects: ClusterObjects, policy: Policy): readonly string[] => {
  const sets = listsOf(objects, policy).flatMap(({ subject, rules }) => [
    subject,
    ...rules.flatMap(({ match }) => [match.peer, ...(match.own ? [match.own] : [])]),
  ]);
  const missing = sets.flatMap(referencesOf).filter((one) => one.by.kind === 'name' && !isFound(objects, one));
  return [...new Set(missing.map(text))];
});

/** The ends of rules of a policy that may mean sets by their labels, and select nothing that is in the workspace: neither pods nor sets. */
export function unmatchedPeers(space: EquivalenceClasses, policy: Policy): readonly Path[] {
  if (policy.api === 'kubernetes') return [];
  const paths = listsOf(space.objects, policy).flatMap(({ rules }) =>
    rules.flatMap(({ match, rule }) => {
      if (!referencesOf(match.peer).some(({ by }) => by.kind === 'labels')) return [];
      const bits = endpointBits(space, match.peer);
      return bits !== 'all' && isNone(bits.maybe) ? [rule.at.peers] : [];
    }),
  );
  return [...new Map(paths.map((path) => [formatPath(path), path])).values()];
}

/** The sentence about such an end. */
export function unmatchedText(policy: string, path: Path): string {
  return `${formatPath(path)} of ${policy} selects no pod and no set of the workspace, so the rule matches nothing; if the cluster has a set with these labels, the answer may differ.`;
}

function text({ kinds, by, missing }: Reference): string {
  const name = by.kind !== 'name' ? '' : by.namespace === undefined ? by.name : `${by.namespace}/${by.name}`;
  const effect = missing === 'empty' ? 'it counts as empty' : 'its members are unknown';
  return `${kinds.join(' or ')} ${quote(name)}, which is not in the workspace: ${effect}.`;
}

/** The end of a sentence about a policy whose tier has no object in the workspace. */
export function missingTierText({ tiers }: Pick<Cluster, 'tiers'>, policy: Policy): string | undefined {
  const name = missingTier(
    policy,
    tiers.map(({ value }) => value),
  );
  return name === undefined
    ? undefined
    : `is in tier ${quote(name)}, of which the workspace has no Tier object: it is evaluated after all tiers that are there.`;
}
