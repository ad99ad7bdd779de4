import fragments from '../../../snippets/calico.fragments.json' with { type: 'json' };
import whole from '../../../snippets/calico.json' with { type: 'json' };
import type { Definitions } from './template-words.ts';

/** The templates of Calico: the files snippets/calico*.json, whole manifests first. */
export const CALICO_TEMPLATES: readonly Definitions[] = [definitionsOf(whole), definitionsOf(fragments)];

/** JSON does not say that a word is the name of an API. */
function definitionsOf(file: Readonly<Record<string, Omit<Definitions[string], 'api'>>>): Definitions {
  return Object.fromEntries(Object.entries(file).map(([title, template]) => [title, { ...template, api: 'calico' as const }]));
}
