import type { Related } from '../analysis/related.ts';
import type { Span } from '../base/span.ts';
import type { Path } from '../syntax/path.ts';

/** What severity means: see server/README.md, "Severity has a meaning". Only what the API server rejects is an error. */
export type Severity = 'error' | 'warning' | 'information' | 'hint';

/** How sure a rule is; only sure findings may be errors. */
export type Confidence = 'high' | 'medium' | 'low';

/** Something to tell the author about one place of one manifest. */
export interface Finding {
  readonly code: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  /** What is wrong, what happens in the cluster, what to do. */
  readonly message: string;
  /** Relative to the manifest's piece of text. */
  readonly span: Span;
  /** Field path inside the manifest; empty for the manifest as a whole. */
  readonly path: Path;
  readonly related: readonly Related[];
  readonly fixes: readonly Fix[];
  /** Ids of the clusters that have it, where others of the file have not. */
  readonly clusters?: readonly string[];
  /** Shown faded: code that cannot have an effect. */
  readonly unnecessary?: boolean;
}

/** A repair: replacements in the manifest's piece of text, which do not overlap. */
export interface Fix {
  readonly title: string;
  readonly edits: readonly Replacement[];
  /** Keeps the meaning that was clearly meant, so "fix all" and fix on save may apply it. */
  readonly safe: boolean;
}

export interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}
