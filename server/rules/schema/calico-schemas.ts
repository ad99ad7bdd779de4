import type { Schema } from './schema-words.ts';

/** The schemas of the kinds of Calico, by their `$id`. The files stand in schemas/calico/; the ids of all schemas are one list, so they have no folder. */
export const CALICO_SCHEMAS: Readonly<Record<string, Schema>> = {};
