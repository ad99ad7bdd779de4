import { memo } from '../../base/memo.ts';
import { formatPath } from '../../syntax/path.ts';
import { manifestsOf, sourceFile, type SourceFile } from '../../syntax/source-file.ts';
import { asMap, asSeq, content, get, pairsOf, type MapNode, type Node, type Origin } from '../../syntax/tree.ts';
import { effectiveNamespace, idOf, isClusterScoped, keyOfId, titleOfId, type Id } from './ids.ts';
import { demandJsonPatch, jsonPatched, type JsonPatch } from './json-patch.ts';
import { shapeOf, type Shape } from './merge-keys.ts';
import { BuildError, firstId, remembered, withId, withMetadata, withRoot, type BuildObject } from './objects.ts';
import { selectorOf, type Selector } from './selectors.ts';
import { strategicMerge } from './strategic-merge.ts';
import { isNothing, jsonOf, mapNode, stringNode, stringsIn, textOfScalar, withField, type Json } from './values.ts';
import { writtenTree } from './written.ts';
import type { FieldReader } from './replacements.ts';

/** A strategic merge patch and where it was written. */
export interface MergePatch {
  readonly root: MapNode;
  readonly place: Origin;
}

/** What a text of patches holds: one of the two. */
export interface Patches {
  readonly merge: readonly MergePatch[];
  readonly json?: JsonPatch;
}

/** How a patch may change an object besides its content. */
export interface PatchOptions {
  readonly allowNameChange: boolean;
  readonly allowKindChange: boolean;
}

/** The text of a field as a file of its own. */
export const fileIn: (node: Node) => SourceFile = memo((node) => sourceFile(textOfScalar(node) ?? ''));

/** Reads patches. Throws a BuildError for a text that is neither kind of patch. */
export function patchesOf(file: SourceFile, uri: string, field: Origin | undefined): Patches {
  const merge: MergePatch[] = [];
  let json: JsonPatch | undefined;
  const indexes = new Map<unknown, number>();
  for (const { manifest } of manifestsOf(file)) {
    const index = indexes.get(manifest.piece) ?? 0;
    indexes.set(manifest.piece, index + 1);
    const place: Origin = { written: { uri, piece: manifest.piece, index, ...(field ? { field } : {}) }, path: [] };
    const [problem] = manifest.problems;
    if (problem) throw new BuildError(`The patch is not valid YAML: ${problem.message}`, place, 'kustomization-patch');
    const root = writtenTree(manifest);
    if (isNothing(root) || !root) continue;
    if (asSeq(root)) {
      // Only the first list of operations counts.
      json ??= { node: root, place };
      demandJsonPatch(json);
      continue;
    }
    merge.push({ root: demandObject(root, place), place });
  }
  if (json && merge.length > 0)
    throw new BuildError('A patch holds either objects or JSON patch operations, not both.', json.place, 'kustomization-patch');
  return { merge, ...(json ? { json } : {}) };
}

function demandObject(root: Node, place: Origin): MapNode {
  const map = asMap(root);
  if (!map)
    throw new BuildError(
      'A patch is an object with apiVersion, kind and metadata.name, or a list of JSON patch operations.',
      place,
      'kustomization-patch',
    );
  const { kind, name } = idOf(map);
  if (kind === '') throw new BuildError(`The patch has no 'kind'.`, place, 'kustomization-patch');
  if (name === '' && !kind.endsWith('List')) throw new BuildError(`The patch has no 'metadata.name'.`, place, 'kustomization-patch');
  return map;
}

/** Those that a target means (kustomize `resmap.Select`): by their first or present name and namespace. */
export function selected(objects: readonly BuildObject[], target: Node, field: FieldReader): readonly BuildObject[] {
  return chosenBy(objects, selectorOf(target, field));
}

function chosenBy(objects: readonly BuildObject[], selector: Selector): readonly BuildObject[] {
  return objects.filter((object) => {
    if (!selector.kindOf(object.id)) return false;
    const ids: readonly Id[] = object.previous.length === 0 ? [object.id] : [firstId(object), object.id];
    if (!ids.some((id) => selector.name(id.name))) return false;
    if (!ids.some((id) => selector.namespace(namespaceText(id)))) return false;
    const metadata = get(object.root, 'metadata');
    return selector.labels(stringsIn(get(metadata, 'labels'))) && selector.annotations(stringsIn(get(metadata, 'annotations')));
  });
}

function namespaceText(id: Id): string {
  return isClusterScoped(id) ? '_non_namespaceable_' : effectiveNamespace(id);
}

/** The objects after a strategic merge patch that names its object itself. Throws a BuildError where that is not exactly one. */
export function mergedByName(
  objects: readonly BuildObject[],
  patch: MergePatch,
  options: PatchOptions,
  schemas: ReadonlyMap<string, Shape>,
  prepared: boolean,
): readonly BuildObject[] {
  const id = idOf(patch.root);
  const found = withId(objects, id);
  const [target, second] = found;
  if (second)
    throw new BuildError(
      `The patch may mean ${found.map((one) => titleOfId(one.id)).join(' or ')}. Give it a target, or patch where there is one of them.`,
      { ...patch.place, path: ['metadata', 'name'] },
      'kustomization-patch',
    );
  if (!target)
    throw new BuildError(
      `The patch names ${titleOfId(id)}, which this kustomization does not have.${hint(objects, id)}`,
      { ...patch.place, path: ['metadata', 'name'] },
      'kustomization-patch',
    );
  return replaced(objects, new Set([target]), patch, options, schemas, prepared);
}

/** What may be meant instead. */
function hint(objects: readonly BuildObject[], id: Id): string {
  const near = objects.find((one) => one.id.kind === id.kind && [one.id.name, firstId(one).name].includes(id.name));
  if (!near) return '';
  const first = firstId(near);
  if (first.group !== id.group || first.version !== id.version)
    return ` Its apiVersion is ${first.group === '' ? '' : `${first.group}/`}${first.version}.`;
  return near.id.namespace === '' ? ' In this kustomization it has no namespace.' : ` Its namespace is '${near.id.namespace}'.`;
}

/** The objects after a strategic merge patch for some of them. Throws a BuildError where two objects get one id. */
export function replaced(
  objects: readonly BuildObject[],
  targets: ReadonlySet<BuildObject>,
  patch: MergePatch,
  options: PatchOptions,
  schemas: ReadonlyMap<string, Shape>,
  prepared: boolean,
): readonly BuildObject[] {
  const after = objects.flatMap((object) =>
    targets.has(object) ? (mergedInto(object, patch, options, schemas, prepared) ?? []) : [object],
  );
  const seen = new Set<string>();
  for (const { id } of after) {
    if (seen.has(keyOfId(id)))
      throw new BuildError(`After the patch two objects are ${titleOfId(id)}.`, patch.place, 'kustomization-duplicate');
    seen.add(keyOfId(id));
  }
  return after;
}

function mergedInto(
  object: BuildObject,
  patch: MergePatch,
  { allowNameChange, allowKindChange }: PatchOptions,
  schemas: ReadonlyMap<string, Shape>,
  prepared: boolean,
): BuildObject | undefined {
  const { id } = object;
  const before = allowNameChange || allowKindChange ? remembered(object) : object;
  const changes = prepared ? withoutEmptyMaps(patch.root, object) : patch.root;
  const apiVersion = textOfScalar(get(object.root, 'apiVersion')) ?? '';
  // The schema is that of the object, or else the one that the patch says it is for.
  const shape =
    shapeOf(apiVersion, id.kind, schemas) ?? shapeOf(textOfScalar(get(changes, 'apiVersion')) ?? '', idOf(patch.root).kind, schemas);
  const merged = merge(object, { ...patch, root: changes }, shape);
  const map = merged && asMap(merged);
  if (!map) return undefined;
  let root = map;
  if (!allowKindChange) root = withField(root, 'kind', get(object.root, 'kind'));
  if (!allowNameChange) root = restored(root, object, 'name');
  root = restored(root, object, 'namespace');
  return withRoot(before, root);
}

function merge(object: BuildObject, patch: MergePatch, shape: Shape | undefined): Node | undefined {
  try {
    return strategicMerge(
      { node: object.root, place: object.root.origin ?? object.place },
      { node: patch.root, place: patch.place },
      shape,
    );
  } catch (fault) {
    if (!(fault instanceof BuildError)) throw fault;
    const path = fault.place ? formatPath(fault.place.path) : '';
    throw new BuildError(
      `The patch does not fit ${titleOfId(object.id)}${path === '' ? '' : ` at '${path}'`}: ${fault.message}`,
      fault.place ?? patch.place,
      'kustomization-patch',
    );
  }
}

/** With a target, kustomize writes labels and annotations of the patch anew first: empty ones are gone, and the apiVersion is the object's. */
function withoutEmptyMaps(patch: MapNode, object: BuildObject): MapNode {
  const metadata = asMap(get(patch, 'metadata'));
  let own = metadata;
  for (const name of ['labels', 'annotations']) {
    const map = content(get(metadata, name) ?? patch);
    if (own && get(own, name) && (isNothing(get(own, name)) || (map?.kind === 'map' && map.pairs.length === 0)))
      own = withField(own, name, undefined);
  }
  const based = withField(patch, 'apiVersion', get(object.root, 'apiVersion'));
  return own && own !== metadata ? withField(based, 'metadata', own) : based;
}

/** The name or namespace of before. */
function restored(root: MapNode, { root: before, id }: BuildObject, name: 'name' | 'namespace'): MapNode {
  const original = get(get(before, 'metadata'), name);
  const metadata = asMap(get(root, 'metadata'));
  if (!metadata) return withMetadata(root, name, id[name]);
  return withField(root, 'metadata', withField(metadata, name, original && textOfScalar(original) !== undefined ? original : undefined));
}

/** The objects after a JSON patch for some of them. */
export function jsonPatchedOnes(
  objects: readonly BuildObject[],
  targets: ReadonlySet<BuildObject>,
  patch: JsonPatch,
  remembers: boolean,
): readonly BuildObject[] {
  return objects.map((object) => {
    if (!targets.has(object)) return object;
    const before = remembers ? remembered(object) : object;
    // kustomize notes ids in annotations before it patches, so that there always are some.
    const root = remembers ? withAnnotations(object.root) : object.root;
    const rooted = root.origin ? root : { ...root, origin: object.place };
    try {
      return withRoot(before, withAnnotationTexts(jsonPatched(rooted, patch)));
    } catch (fault) {
      if (fault instanceof BuildError)
        throw new BuildError(`${fault.message.replace(/\.$/, '')} (${titleOfId(object.id)}).`, fault.place, 'kustomization-patch');
      throw fault;
    }
  });
}

function withAnnotations(root: MapNode): MapNode {
  const metadata = asMap(get(root, 'metadata'));
  if (!metadata || !isNothing(get(metadata, 'annotations'))) return root;
  return withField(root, 'metadata', withField(metadata, 'annotations', mapNode([])));
}

/** kustomize writes the annotations anew behind a JSON patch: all of them end as strings. */
function withAnnotationTexts(root: MapNode): MapNode {
  const metadata = asMap(get(root, 'metadata'));
  const annotations = asMap(get(metadata, 'annotations'));
  if (!metadata || !annotations) return root;
  if (pairsOf(annotations).length === 0) return withField(root, 'metadata', withField(metadata, 'annotations', undefined));
  const texts = pairsOf(annotations).reduce((map, { name, value }) => {
    const at = content(value);
    if (name === undefined || at?.kind !== 'scalar' || at.value.type === 'string' || at.value.type === 'null') return map;
    return withField(map, name, stringNode(textOfJson(jsonOf(at)), at.origin));
  }, annotations);
  return withField(root, 'metadata', withField(metadata, 'annotations', texts));
}

function textOfJson(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
