import type { FeatureContext } from './context.ts';
import { relatedTo } from './navigation/related.ts';
import type { OccurrenceSpot } from './navigation/place.ts';

/** Everything that refers to what the word at an offset of the file stands for; with `declarations`, where that is defined as well. */
export function references(context: FeatureContext, offset: number, declarations: boolean): readonly OccurrenceSpot[] {
  return relatedTo(context, offset, { declarations }).map(({ spot }) => spot);
}
