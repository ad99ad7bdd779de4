import type { Fix } from '../finding.ts';

/** What a field that does not exist here is taken for, in words, and how to put it right. */
export interface WayOut {
  readonly text: string;
  readonly fixes: readonly Fix[];
}
