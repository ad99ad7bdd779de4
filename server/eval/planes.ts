import { memoBy } from '../base/memo.ts';
import { missingTier } from '../model/tiers.ts';
import type { Cluster } from '../workspace/cluster.ts';
import { antreaPlane, calicoPlane, CILIUM, UPSTREAM, type Plane, type TierObject } from './stages.ts';

/** What enforces the policies of a cluster. The same object as long as its tiers are the same. */
export function planeOf(cluster: Pick<Cluster, 'plane' | 'tiers' | 'policies'>): Plane {
  const { plane } = cluster;
  if (plane === 'kubernetes') return UPSTREAM;
  if (plane === 'cilium') return CILIUM;
  const tiers = tiersOf(cluster);
  return tieredPlane(plane === 'calico' ? calicoPlane : antreaPlane, JSON.stringify(tiers), tiers);
}

const tieredPlane = memoBy((make: (tiers: readonly TierObject[]) => Plane, _: string, tiers: readonly TierObject[]) => make(tiers));

/** The tiers that the objects of a cluster define, and those that its policies only name. */
function tiersOf({ tiers, policies, plane }: Pick<Cluster, 'plane' | 'tiers' | 'policies'>): readonly TierObject[] {
  const objects = tiers.map(({ value: { name, order, unmatched } }): TierObject => ({
    name,
    ...(order === undefined ? {} : { order }),
    ...(unmatched === undefined ? {} : { unmatched }),
  }));
  const objectTiers = tiers.map(({ value }) => value);
  const missing = new Set(policies.flatMap(({ value }) => (value.api === plane ? (missingTier(value, objectTiers) ?? []) : [])));
  return [...objects, ...[...missing].sort().map((name) => ({ name, isMissing: true }))];
}
