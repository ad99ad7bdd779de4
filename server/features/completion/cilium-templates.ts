import fragments from '../../../snippets/cilium.fragments.json' with { type: 'json' };
import whole from '../../../snippets/cilium.json' with { type: 'json' };
import type { Definitions } from './template-words.ts';

/** The templates of Cilium: the files snippets/cilium*.json, whole manifests first. */
export const CILIUM_TEMPLATES: readonly Definitions[] = [whole, fragments].map(ofCilium);

function ofCilium(file: Definitions): Definitions {
  return Object.fromEntries(Object.entries(file).map(([title, template]) => [title, { ...template, api: 'cilium' as const }]));
}
