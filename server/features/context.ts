import type { Settings } from '../settings.ts';
import type { SourceFile } from '../syntax/source-file.ts';
import type { Snapshot } from '../workspace/snapshot.ts';

/** What a feature is asked about besides an offset: one file, the settings that hold for it, and what the editor can do. */
export interface FeatureContext {
  readonly uri: string;
  readonly file: SourceFile;
  readonly settings: Settings;
  /** Every manifest of the workspace, this file as it is in the editor included. */
  readonly snapshot: Snapshot;
  /** Can the editor insert snippets with tab stops? Otherwise their defaults are written out. */
  readonly snippets: boolean;
}
