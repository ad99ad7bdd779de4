import type { Path } from '../../syntax/path.ts';
import { isKustomization } from '../../workspace/kustomization.ts';
import { fileUris, isPatch, kustomizationsOf } from '../../workspace/snapshot.ts';
import { isInside, normalizeUri, parentOf, pathBetween } from '../../workspace/uri.ts';
import type { FeatureContext } from '../context.ts';
import type { ObjectWord } from './object-words.ts';

const MAX_WORDS = 500;

/**
 * The files and folders of the workspace that a field of a kustomization can name, nearest first; `undefined` for fields that hold no
 * path. kustomize reads single files in or below the folder only, and folders anywhere in the repository.
 */
export function pathWords(path: Path, context: FeatureContext): readonly ObjectWord[] | undefined {
  const named = path.filter((step) => typeof step === 'string').join('.');
  const targets = PATHS[named];
  if (!targets) return undefined;
  const own = normalizeUri(context.uri);
  const folder = parentOf(own);
  const found: ObjectWord[] = [];
  if (targets.includes('folder') || targets.includes('component')) {
    for (const [uri, { isComponent }] of kustomizationsOf(context.snapshot)) {
      const target = parentOf(uri);
      // A folder around this one leads back to it.
      if (isComponent !== targets.includes('component') || isInside(folder, target)) continue;
      found.push({ word: pathBetween(folder, target), detail: isComponent ? 'Component' : 'kustomization' });
    }
  }
  if (targets.includes('file') || targets.includes('patch')) {
    for (const uri of fileUris(context.snapshot)) {
      if (!isInside(uri, folder) || isKustomization(uri)) continue;
      // What another kustomization in between includes is not included a second time.
      const isOther = isPatch(context.snapshot, uri);
      if (targets.includes('file') && isOther) continue;
      found.push({ word: pathBetween(folder, uri), detail: isOther ? 'patch' : 'file' });
    }
  }
  return found.toSorted((a, b) => steps(a) - steps(b) || (a.word < b.word ? -1 : 1)).slice(0, MAX_WORDS);
}

function steps({ word }: ObjectWord): number {
  return word.split('/').length;
}

/** What the fields with paths name. */
const PATHS: Readonly<Record<string, readonly ('file' | 'folder' | 'component' | 'patch')[]>> = {
  resources: ['file', 'folder'],
  bases: ['folder'],
  components: ['component'],
  'patches.path': ['patch'],
  'patchesJson6902.path': ['patch'],
  patchesStrategicMerge: ['patch'],
  'replacements.path': ['patch'],
  configurations: ['patch'],
  crds: ['patch'],
  generators: ['file', 'folder'],
  transformers: ['file', 'folder'],
};
