import type { Schema } from './schema-words.ts';

/** The schemas of the kinds of Cilium, by their `$id`. */
export const CILIUM_SCHEMAS: Readonly<Record<string, Schema>> = {};
