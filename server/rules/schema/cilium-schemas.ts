import type { Schema } from './schema-words.ts';

/** The schemas of the kinds of Cilium, by their `$id`. The files stand in schemas/cilium/; the ids of all schemas are one list, so they have no folder. */
export const CILIUM_SCHEMAS: Readonly<Record<string, Schema>> = {};
