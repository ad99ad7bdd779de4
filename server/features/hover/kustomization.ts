import { code, paragraphs } from '../../base/markdown.ts';
import type { Place } from '../../syntax/locate.ts';
import { kustomizationFieldAt } from '../../workspace/kustomize/field-at.ts';
import { clusterName } from '../../workspace/snapshot.ts';
import { effectsOf, patchEntries } from '../built/effects.ts';
import type { FeatureContext } from '../context.ts';
import { effectsText } from '../text/change-text.ts';

/** What a field of a kustomization is, and what this entry of it changes in the objects that are built. */
export function kustomizationText({ snapshot, uri }: FeatureContext, place: Place): string | undefined {
  const { path } = place;
  const at = kustomizationFieldAt(path);
  if (!at || path.length === 0) return undefined;
  const { field } = at;
  const name = path.findLast((step) => typeof step === 'string');
  const about =
    field && `**${String(name)}**. ${field.text}${field.instead === undefined ? '' : ` Deprecated: use ${code(field.instead)}.`}`;
  const effects = DOES_NOTHING.has(String(path[0])) ? [] : effectsOf(snapshot, { uri, path });
  const isTransformer = TRANSFORMERS.has(String(path[0]));
  const effect = effects.length > 0 ? effectsText(effects) : isTransformer ? 'Changes no object of this build.' : undefined;
  const text = paragraphs(place.on === 'key' || effect === undefined ? about : undefined, effect);
  return text === '' ? undefined : text;
}

/** Fields that change no object by themselves. */
const DOES_NOTHING: ReadonlySet<string> = new Set([
  'apiVersion',
  'kind',
  'metadata',
  'openapi',
  'crds',
  'validators',
  'sortOptions',
  'helmGlobals',
]);

const TRANSFORMERS: ReadonlySet<string> = new Set(
  'patches patchesStrategicMerge patchesJson6902 labels commonLabels commonAnnotations namespace namePrefix nameSuffix images replicas replacements components transformers'.split(
    ' ',
  ),
);

/** What a patch file changes, by each kustomization that names it; `undefined` for other files. */
export function patchText({ snapshot, uri }: FeatureContext, { path }: Place): string | undefined {
  const isHead = path.length === 0 || typeof path[0] === 'number' || ['apiVersion', 'kind', 'metadata'].includes(path[0] ?? '');
  if (!isHead) return undefined;
  const entries = patchEntries(snapshot, uri);
  if (entries.length === 0) return undefined;
  const texts = entries.slice(0, MAX_LISTED_KUSTOMIZATIONS).map((entry) => {
    const effects = effectsOf(snapshot, entry);
    const where = `Patch of ${code(clusterName(snapshot, `kustomization ${entry.uri}`))}.`;
    return `${where} ${effects.length === 0 ? 'It changes no object.' : effectsText(effects)}`;
  });
  return paragraphs(...texts);
}

const MAX_LISTED_KUSTOMIZATIONS = 5;
