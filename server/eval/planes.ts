import { memoBy } from '../base/memo.ts';
import { missingTier } from '../model/tiers.ts';
import type { CiliumSetup, Cluster } from '../workspace/cluster.ts';
import { antreaPlane, calicoPlane, ciliumPlane, UPSTREAM, type Plane, type TierObject } from './stages.ts';

/** What enforces the policies of a cluster. The same object as long as its tiers are the same. */
export function planeOf(cluster: Pick<Cluster, 'plane' | 'tiers' | 'policies' | 'cilium'>): Plane {
  const { plane, cilium } = cluster;
  if (plane === 'kubernetes') return UPSTREAM;
  if (plane === 'cilium') return ciliumPlaneOf(ciliumPlane, JSON.stringify(cilium ?? {}), cilium);
  const tiers = tiersOf(cluster);
  return tieredPlane(plane === 'calico' ? calicoPlane : antreaPlane, JSON.stringify(tiers), tiers);
}

const ciliumPlaneOf = memoBy((make: typeof ciliumPlane, _: string, setup: CiliumSetup | undefined) =>
  make(setup?.version ?? LATEST_CILIUM, setup?.cidrMatchMode === 'nodes'),
);

/** Where the settings are not given. */
const LATEST_CILIUM = '1.20';

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
