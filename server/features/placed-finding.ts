import type { Finding } from '../rules/finding.ts';
import type { PlacedManifest } from '../syntax/source-file.ts';

/** A finding and the manifest it is about, placed in its file. */
export interface PlacedFinding {
  readonly place: PlacedManifest;
  readonly finding: Finding;
}
