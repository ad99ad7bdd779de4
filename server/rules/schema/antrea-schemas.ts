import type { Schema } from './schema-words.ts';

/** The schemas of the kinds of Antrea, by their `$id`. The files stand in schemas/antrea/; the ids of all schemas are one list, so they have no folder. */
export const ANTREA_SCHEMAS: Readonly<Record<string, Schema>> = {};
