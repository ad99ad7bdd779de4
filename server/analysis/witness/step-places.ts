import type { Step } from '../../eval/explain.ts';
import type { Related } from '../related.ts';

/** Where steps were decided, each with its reason. What no policy decides stands nowhere. */
export function stepPlaces(steps: readonly Step[]): readonly Related[] {
  return steps.flatMap(({ at, why }) => (at ? [{ key: at.key, path: at.path, message: why }] : []));
}
