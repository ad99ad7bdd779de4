import type { Schema } from './schema-words.ts';

/** The schemas of the kinds of Calico, by their `$id`. */
export const CALICO_SCHEMAS: Readonly<Record<string, Schema>> = {};
