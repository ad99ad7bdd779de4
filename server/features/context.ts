import type { Settings } from '../settings.ts';
import type { SourceFile } from '../syntax/source-file.ts';

/** What a feature is asked about besides an offset: one file, the settings that hold for it, and what the editor can do. */
export interface FeatureContext {
  readonly uri: string;
  readonly file: SourceFile;
  readonly settings: Settings;
  /** Can the editor insert snippets with tab stops? Otherwise their defaults are written out. */
  readonly snippets: boolean;
}
