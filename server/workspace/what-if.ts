import { memo } from '../base/memo.ts';
import { buildFiles, type WorldFiles } from './build-files.ts';
import { KUSTOMIZATION_NAMES } from './kustomization.ts';
import { build } from './kustomize/build.ts';
import type { BuildResult } from './kustomize/finish.ts';
import type { BuildFiles } from './kustomize/files.ts';
import type { BuildCache, Outermost } from './kustomize/state.ts';

/**
 * What the kustomization of a folder would come to if that of `change.folder` were another one. What does not depend on the change is taken
 * from the builds that `cache` holds; nothing is added to it.
 */
export function buildAfter(files: WorldFiles, cache: BuildCache, folder: string, change: Outermost): BuildResult {
  const names = KUSTOMIZATION_NAMES.map((name) => `${change.folder}/${name}`);
  const kept = new Map([...cache].filter(([, { reads }]) => !names.some((name) => reads.has(name))));
  return build(folder, filesFor(files), kept, change);
}

const filesFor = memo((files: WorldFiles): BuildFiles => buildFiles(files, new Set(), new Set()));
