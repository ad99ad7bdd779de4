import type { ClusterDiff } from '../eval/diff.ts';
import type { DiffProblem } from './diff-problems.ts';
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
