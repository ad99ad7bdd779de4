import type { Definitions } from './template-words.ts';

/** The templates of Antrea: the files snippets/antrea*.json, whole manifests first. */
export const ANTREA_TEMPLATES: readonly Definitions[] = [];
