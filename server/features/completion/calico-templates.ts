import type { Definitions } from './template-words.ts';

/** The templates of Calico: the files snippets/calico*.json, whole manifests first. */
export const CALICO_TEMPLATES: readonly Definitions[] = [];
