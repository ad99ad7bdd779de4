import { manifestsOf, type SourceFile } from '../syntax/source-file.ts';
import { itemsOf, type Node } from '../syntax/tree.ts';
import { fieldIn } from './kustomize/fields.ts';
import { textOfScalar } from './kustomize/values.ts';
import { fileNameOf, parentOf, resolveFrom } from './uri.ts';

/** The names under which kustomize looks for its file (kustomize `konfig.RecognizedKustomizationFileNames`). */
export const KUSTOMIZATION_NAMES: readonly string[] = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

/** What a kustomization refers to: enough to know which ones are built by themselves. */
export interface Kustomization {
  /** Files and folders whose objects it includes, as addresses. Remote ones are left out. */
  readonly resources: readonly string[];
  /** Folders with Components. */
  readonly components: readonly string[];
  /** Files that hold patches: parts of manifests, not manifests. */
  readonly patches: readonly string[];
  /** A Component is never built by itself. */
  readonly isComponent: boolean;
}

/** Is this the file that kustomize reads in its folder? */
export function isKustomization(uri: string): boolean {
  return KUSTOMIZATION_NAMES.includes(fileNameOf(uri));
}

/** Reads a kustomization file. Only its first document counts, as for kustomize. */
export function readKustomization(uri: string, file: SourceFile): Kustomization {
  const root = manifestsOf(file)[0]?.manifest.root;
  const folder = parentOf(uri);
  const at = (paths: readonly string[]): string[] => paths.flatMap((path) => resolveFrom(folder, path) ?? []);
  const named = (field: string): readonly string[] =>
    itemsOf(fieldIn(root, field)).flatMap((patch) => textOfScalar(fieldIn(patch, 'path')) ?? []);
  return {
    resources: at(['resources', 'bases', 'generators', 'transformers', 'validators'].flatMap((field) => textsIn(fieldIn(root, field)))),
    components: at(textsIn(fieldIn(root, 'components'))),
    patches: at([...named('patches'), ...named('patchesJson6902'), ...textsIn(fieldIn(root, 'patchesStrategicMerge'))]),
    isComponent: textOfScalar(fieldIn(root, 'kind')) === 'Component',
  };
}

/** The items that are single words; a text with line breaks is not a path. */
function textsIn(node: Node | undefined): string[] {
  return itemsOf(node).flatMap((item) => {
    const text = textOfScalar(item);
    return text === undefined || text.includes('\n') ? [] : [text];
  });
}
