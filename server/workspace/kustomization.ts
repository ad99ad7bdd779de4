import { given, readLabels, textIn } from '../model/read.ts';
import type { Labels } from '../model/selector.ts';
import { manifestsOf, sourceFile, type SourceFile } from '../syntax/source-file.ts';
import { asMap, asScalar, get, itemsOf, type Node } from '../syntax/tree.ts';
import { fileNameOf, parentOf, resolveFrom } from './uri.ts';

/** What a kustomization says about the manifests it gathers, as far as that is plain without running anything. */
export interface Kustomization {
  /** Files and folders, as addresses. Remote ones are left out. */
  readonly resources: readonly string[];
  /** Files that hold patches: parts of manifests, not manifests. */
  readonly patches: readonly string[];
  /** Those of them that say themselves what they patch; of the others and of inline patches `step` says it. */
  readonly selfNamed: readonly string[];
  readonly step: KustomizeStep;
}

/** What one kustomization does to each manifest. */
export interface KustomizeStep {
  readonly namespace?: string;
  readonly namePrefix: string;
  readonly nameSuffix: string;
  readonly labels: readonly AddedLabels[];
  /** What its patches change. They are not applied here: what they change is known in part. */
  readonly patched: readonly Patched[];
}

/** The objects that a patch is for: patterns for the whole kind and name, where they are said (kustomize `types.Selector`). */
export interface Patched {
  readonly kind?: string;
  readonly name?: string;
}

export interface AddedLabels {
  readonly pairs: Labels;
  /** Also into selectors, and so into pod templates. */
  readonly selectors: boolean;
  readonly templates: boolean;
}

/** The names under which kustomize looks for its file (kustomize `konfig.RecognizedKustomizationFileNames`). */
export const KUSTOMIZATION_NAMES: readonly string[] = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

/** Is this the file that kustomize reads in its folder? */
export function isKustomization(uri: string): boolean {
  return KUSTOMIZATION_NAMES.includes(fileNameOf(uri));
}

/** Reads a kustomization file. Only its first document counts, as for kustomize. */
export function readKustomization(uri: string, file: SourceFile): Kustomization {
  const root = manifestsOf(file)[0]?.manifest.root;
  const folder = parentOf(uri);
  const at = (paths: readonly string[]): string[] => paths.flatMap((path) => resolveFrom(folder, path) ?? []);
  const namespace = textIn(given(root, 'namespace'));
  return {
    resources: at(['resources', 'bases', 'components'].flatMap((field) => textsIn(get(root, field)))),
    patches: at([
      ...['patches', 'patchesJson6902'].flatMap((field) =>
        itemsOf(get(root, field)).flatMap((patch) => textIn(given(patch, 'path')) ?? []),
      ),
      // An item of this list is the name of a file or, with line breaks, the patch itself.
      ...textsIn(get(root, 'patchesStrategicMerge')).filter((text) => !text.includes('\n')),
    ]),
    selfNamed: at([
      ...itemsOf(get(root, 'patches')).flatMap((patch) => (given(patch, 'target') ? [] : (textIn(given(patch, 'path')) ?? []))),
      ...textsIn(get(root, 'patchesStrategicMerge')).filter((text) => !text.includes('\n')),
    ]),
    step: {
      ...(namespace === undefined || namespace === '' ? {} : { namespace }),
      namePrefix: textIn(given(root, 'namePrefix')) ?? '',
      nameSuffix: textIn(given(root, 'nameSuffix')) ?? '',
      labels: readAddedLabels(root),
      patched: readPatched(root),
    },
  };
}

function readPatched(root: Node | undefined): readonly Patched[] {
  const items = ['patches', 'patchesJson6902'].flatMap((field) => itemsOf(get(root, field)));
  const inline = textsIn(get(root, 'patchesStrategicMerge')).filter((text) => text.includes('\n'));
  return [
    ...items.flatMap((patch) => {
      const target = given(patch, 'target');
      if (target) return [patchedBy(textIn(given(target, 'kind')), textIn(given(target, 'name')))];
      return objectsOf(textIn(given(patch, 'patch')) ?? '');
    }),
    ...inline.flatMap(objectsOf),
  ];
}

/** The objects that a patch in the text of a kustomization names. */
function objectsOf(text: string): readonly Patched[] {
  return manifestsOf(sourceFile(text)).flatMap(({ manifest: { root } }) => {
    const kind = textIn(given(root, 'kind'));
    return kind === undefined ? [] : [patchedBy(kind, textIn(given(given(root, 'metadata'), 'name')))];
  });
}

function patchedBy(kind: string | undefined, name: string | undefined): Patched {
  return { ...(kind === undefined ? {} : { kind }), ...(name === undefined ? {} : { name }) };
}

function textsIn(node: Node | undefined): string[] {
  return itemsOf(node).flatMap((item) => textIn(item) ?? []);
}

function readAddedLabels(root: Node | undefined): readonly AddedLabels[] {
  const common = given(root, 'commonLabels');
  const all: AddedLabels[] = asMap(common) ? [{ pairs: readLabels(common, [], []), selectors: true, templates: true }] : [];
  for (const item of itemsOf(get(root, 'labels'))) {
    const selectors = isTrue(given(item, 'includeSelectors'));
    all.push({
      pairs: readLabels(given(item, 'pairs'), [], []),
      selectors,
      templates: selectors || isTrue(given(item, 'includeTemplates')),
    });
  }
  return all;
}

function isTrue(node: Node | undefined): boolean {
  const value = asScalar(node)?.value;
  return value?.type === 'bool' && value.value;
}
