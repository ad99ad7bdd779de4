import type { ChangedCluster } from '../features/reports/changes.ts';
import type { JudgedCluster } from './judged.ts';

/** How one cluster differs between the two states, and what each of them has of it. */
export interface DiffedCluster extends ChangedCluster {
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
