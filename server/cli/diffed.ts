import type { ClusterDiff } from '../eval/diff.ts';
import type { JudgedCluster } from './judged.ts';

/** How one cluster differs between the two states. */
export interface DiffedCluster {
  readonly name: string;
  readonly status: 'both' | 'new' | 'removed';
  readonly diff: ClusterDiff;
  /** All workloads of the new state, by name. */
  readonly names: readonly string[];
  readonly before?: JudgedCluster;
  readonly after?: JudgedCluster;
}

/** Everything that a report on a difference may say. */
export interface DiffReport {
  readonly old: string;
  readonly now: string;
  readonly clusters: readonly DiffedCluster[];
  readonly problems: readonly DiffProblem[];
}

/** What one of the states leaves out, and why. */
export interface DiffProblem {
  readonly state: 'old' | 'new';
  readonly file: string;
  readonly path: string;
  readonly message: string;
}
