import type { PolicyKindEntry } from '../../model/kind.ts';
import type { Policy } from '../../model/policy.ts';
import type { Place } from '../../syntax/locate.ts';
import type { Path } from '../../syntax/path.ts';
import type { FeatureContext } from '../context.ts';

/** What is pointed at. */
export interface Pointed {
  readonly context: FeatureContext;
  readonly place: Place;
  readonly path: Path;
  readonly kind: PolicyKindEntry;
  readonly policy: Policy;
}

/** What this very policy says at a place, as Markdown: one or two sentences. `undefined` where it has nothing to say. */
export type Fact = (pointed: Pointed) => string | undefined;
