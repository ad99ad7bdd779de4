import { itemsOf, type Node, type Origin } from '../../syntax/tree.ts';
import { resolveFrom } from '../uri.ts';
import { fieldIn, writtenName } from './fields.ts';
import { BuildError, type BuildObject, placeKey } from './objects.ts';
import { fileIn, jsonPatchedOnes, mergedByName, type Patches, patchesOf, type PatchOptions, replaced, selected } from './patches.ts';
import { attempt, stateFileAt, paths, type State, step } from './state.ts';
import { textOfScalar } from './values.ts';

const NO_OPTIONS: PatchOptions = { allowNameChange: false, allowKindChange: false };

/** Applies `patchesStrategicMerge`. */
export function strategicPatches(state: State): void {
  for (const [path, place, node] of paths(state, 'patchesStrategicMerge')) {
    attempt(state, place, () => {
      const isText = path.includes('\n') || /^\s*\{/.test(path);
      const patches = isText ? patchesOf(fileIn(node), place.written.uri, place) : patchesIn(state, path, place);
      if (patches.json || patches.merge.length === 0)
        throw new BuildError('A strategic merge patch is an object with apiVersion, kind and metadata.name.', place, 'kustomization-patch');
      for (const one of patches.merge) step(state, one.place, (objects) => mergedByName(objects, one, NO_OPTIONS, state.schemas, true));
    });
  }
}

/** Applies one entry of `patches`. */
export function patch(state: State, item: Node, place: Origin): void {
  const patches = patchesOfItem(state, item, place, 'patch');
  const target = fieldIn(item, 'target');
  const targetPlace: Origin = { ...place, path: [...place.path, 'target'] };
  const chosen = target ? selectedHere(state, target, targetPlace) : undefined;
  if (patches.json) {
    if (!chosen) throw new BuildError(`A JSON patch needs a 'target'.`, place, 'kustomization-patch');
    state.objects = jsonPatchedOnes(state.objects, chosen, patches.json, true);
    return;
  }
  const options = fieldIn(item, 'options');
  const allowed = (name: string): boolean => textOfScalar(fieldIn(options, name)) === 'true';
  const given: PatchOptions = { allowNameChange: allowed('allowNameChange'), allowKindChange: allowed('allowKindChange') };
  const [first, second] = patches.merge;
  if (!chosen) {
    for (const one of patches.merge) step(state, one.place, (objects) => mergedByName(objects, one, given, state.schemas, false));
    return;
  }
  if (second)
    throw new BuildError(
      `Several patches in one file cannot have a 'target'. Write an entry for each.`,
      targetPlace,
      'kustomization-patch',
    );
  if (first) state.objects = replaced(state.objects, chosen, first, given, state.schemas, true);
}

/** Applies one entry of `patchesJson6902`; `field` holds the text of the patch. */
export function patch6902(state: State, item: Node, place: Origin, field: string = 'patch'): void {
  const target = fieldIn(item, 'target');
  const targetPlace: Origin = { ...place, path: [...place.path, 'target'] };
  if (!target || (textOfScalar(fieldIn(target, 'name')) ?? '') === '')
    throw new BuildError(`This JSON patch needs the name of its target.`, place, 'kustomization-patch');
  const { json } = patchesOfItem(state, item, place, field);
  if (!json || itemsOf(json.node).length === 0) throw new BuildError('A JSON patch is a list of operations.', place, 'kustomization-patch');
  state.objects = jsonPatchedOnes(state.objects, selectedHere(state, target, targetPlace), json, false);
}

/** Applies patches that name their objects. */
export function mergeAll(state: State, { merge }: Patches): void {
  for (const one of merge) state.objects = mergedByName(state.objects, one, NO_OPTIONS, state.schemas, true);
}

/** The patches in a file. */
export function patchesIn(state: State, path: string, place: Origin): Patches {
  const file = stateFileAt(state, path, place);
  return patchesOf(file, resolveFrom(state.folder, path) ?? '', undefined);
}

/** The patch of an item: the text of a field, or a file. */
function patchesOfItem(state: State, item: Node, place: Origin, field: string): Patches {
  const [text, path] = [fieldIn(item, field), fieldIn(item, 'path')];
  const [patchText, pathText] = [(textOfScalar(text) ?? '').trim(), textOfScalar(path) ?? ''];
  if (patchText === '' && pathText === '') throw new BuildError(`A patch needs 'path' or '${field}'.`, place, 'kustomization-patch');
  if (patchText !== '' && pathText !== '') throw new BuildError(`'path' and '${field}' exclude each other.`, place, 'kustomization-patch');
  const within = (name: string): Origin => ({ written: place.written, path: [...place.path, writtenName(item, name)] });
  return pathText === '' && text ? patchesOf(fileIn(text), place.written.uri, within(field)) : patchesIn(state, pathText, within('path'));
}

/** The objects that a target means. None is not an error, but most often a mistake. */
function selectedHere(state: State, target: Node, place: Origin): ReadonlySet<BuildObject> {
  const found = selected(state.objects, target, fieldIn);
  if (found.length === 0) {
    state.problems.push({
      code: 'kustomization-target',
      severity: 'warning',
      place,
      message:
        'This target matches no object of this kustomization, so the patch changes nothing. Correct kind, name or namespace of the target.',
    });
  } else if (textOfScalar(fieldIn(state.root, 'kind')) === 'Component') state.matched.add(placeKey(place));
  return new Set(found);
}
