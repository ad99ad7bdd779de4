import type { JudgedKindEntry } from '../kind.ts';

/** The kinds of Calico that are judged. */
export const CALICO_KINDS: readonly JudgedKindEntry[] = [];
