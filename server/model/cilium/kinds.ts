import type { JudgedKindEntry } from '../kind.ts';

/** The kinds of Cilium that are judged. */
export const CILIUM_KINDS: readonly JudgedKindEntry[] = [];
