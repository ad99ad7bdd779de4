import type { Settings } from '../settings.ts';
import { rejectedPolicies, withoutRejected, type RejectedPolicy } from '../rules/rejected.ts';
import type { LoadedCluster } from './cluster.ts';

/** A cluster, and which of its policies the API server rejects. */
export interface JudgedCluster extends LoadedCluster {
  readonly rejected: readonly RejectedPolicy[];
}

/** Judges the policies of a cluster; with `onlyValid` those that the API server rejects are left out. */
export function judged<T extends LoadedCluster>(loaded: T, settings: Settings, onlyValid: boolean): T & JudgedCluster {
  const rejected = rejectedPolicies(loaded.snapshot, loaded.cluster, settings);
  return onlyValid ? { ...loaded, cluster: withoutRejected(loaded.cluster, rejected), rejected } : { ...loaded, rejected };
}
