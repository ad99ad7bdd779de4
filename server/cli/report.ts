import type { PlacedFinding } from '../features/placed-finding.ts';
import type { SourceFile } from '../syntax/source-file.ts';
import type { Snapshot } from '../workspace/snapshot.ts';

/** A file and everything found in it. */
export interface CheckedFile {
  readonly name: string;
  readonly uri: string;
  readonly file: SourceFile;
  readonly findings: readonly PlacedFinding[];
}

/** Everything a report may want to say. */
export interface CheckReport {
  readonly version: string;
  readonly files: readonly CheckedFile[];
  readonly manifests: number;
  readonly snapshot: Snapshot;
}
