import type { Span } from '../base/span.ts';
import type { Path } from '../syntax/path.ts';
import type { ManifestKey } from '../workspace/cluster.ts';

/** A second place that matters, with a short note. */
export interface Related {
  /** Another manifest; absent for the manifest of the finding. */
  readonly key?: ManifestKey;
  /** Where in that manifest: resolved to a span when the answer is written. */
  readonly path: Path;
  /** Only within the manifest of the finding, where a path does not say enough (the first of two duplicate keys). */
  readonly span?: Span;
  readonly message: string;
}
