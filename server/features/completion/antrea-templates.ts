import fragments from '../../../snippets/antrea.fragments.json' with { type: 'json' };
import whole from '../../../snippets/antrea.json' with { type: 'json' };
import type { Definitions } from './template-words.ts';

/** The templates of Antrea: the files snippets/antrea*.json, whole manifests first. */
export const ANTREA_TEMPLATES: readonly Definitions[] = [definitionsOf(whole), definitionsOf(fragments)];

/** JSON does not say that a word is the name of an API. */
function definitionsOf(file: Readonly<Record<string, Omit<Definitions[string], 'api'>>>): Definitions {
  return Object.fromEntries(Object.entries(file).map(([title, template]) => [title, { ...template, api: 'antrea' as const }]));
}
