import type { JudgedKindEntry } from '../kind.ts';

/** The kinds of Antrea that are judged. */
export const ANTREA_KINDS: readonly JudgedKindEntry[] = [];
