import type { Span } from '../base/span.ts';
import type { FeatureContext } from './context.ts';
import { relatedTo } from './navigation/related.ts';

/** A place of the file that belongs to the word at the cursor, in offsets of the file. */
export interface Highlight extends Span {
  /** Does it define what the others ask for? */
  readonly defines: boolean;
}

/** Everything in the file that belongs to the word at an offset of it. */
export function highlight(context: FeatureContext, offset: number): readonly Highlight[] {
  return relatedTo(context, offset, { declarations: true, onlyIn: context.uri }).map(({ spot, defines }) => ({ ...spot.span, defines }));
}
