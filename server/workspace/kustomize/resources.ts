import { count } from '../../base/english.ts';
import { store } from '../../base/memo.ts';
import { manifestsOf } from '../../syntax/source-file.ts';
import type { Origin } from '../../syntax/tree.ts';
import { isInside, resolveFrom } from '../uri.ts';
import { mergedConfig } from './config.ts';
import { DEFAULT_CONFIG, type TransformerConfig } from './default-specs.ts';
import { documentsIn } from './documents.ts';
import { fieldIn } from './fields.ts';
import { keyOfId, titleOfId } from './ids.ts';
import { BuildError, type BuildObject } from './objects.ts';
import { adopt, attempt, demandInside, demandNotFilled, paths, type State, unknownPart, isPartial } from './state.ts';
import { KUSTOMIZATION_NAMES } from '../kustomization.ts';
import { textOfScalar } from './values.ts';

/** Adds what `resources` or `bases` names. */
export function resources(state: State, field: 'resources' | 'bases'): void {
  for (const [path, place] of paths(state, field))
    attempt(state, place, () => resource(state, path, place, (objects) => append(state, objects, place)));
}

/** Lets the Components that `components` names work on what has been gathered so far. */
export function components(state: State): void {
  for (const [path, place] of paths(state, 'components')) attempt(state, place, () => component(state, path, place));
}

/** What a path of `resources` leads to, be it a file or a folder with a kustomization. */
export function resource(state: State, path: string, place: Origin, take: (objects: readonly BuildObject[]) => void): void {
  const { files } = state.context;
  const uri = resolveFrom(state.folder, path);
  if (uri === undefined || (isRemote(path) && files.what(uri) === 'missing') || isTemplate(path)) {
    if (isTemplate(path)) return unknownPart(state, place, `A template fills in '${path}', so the objects in it are unknown.`);
    if (path === '') throw new BuildError('The path is empty.', place, 'kustomization-path');
    return unknownPart(
      state,
      place,
      `'${path}' is not in this workspace, so the objects in it are unknown. Findings and verdicts take into account that they may exist.`,
    );
  }
  state.reads.add(uri);
  const what = files.what(uri);
  if (what === 'file') return take(objectsOf(state, uri, path, place));
  const names = KUSTOMIZATION_NAMES.map((name) => `${uri}/${name}`);
  for (const name of names) state.reads.add(name);
  if (names.some((name) => files.what(name) === 'file')) return base(state, uri, path, place, take);
  if (what === 'unknown' || isRemote(path) || names.some((name) => files.what(name) === 'unknown'))
    return unknownPart(state, place, `'${path}' cannot be read, so the objects in it are not known.`);
  demandNotFilled(state, uri, path, place);
  if (what === 'folder') demandFileNotFilled(state, uri, path, place);
  throw new BuildError(
    what === 'folder' ? `The folder '${path}' has no kustomization file.` : `'${path}' does not exist.`,
    place,
    'kustomization-path',
  );
}

/** Throws an UnknownPart for a folder whose kustomization file another step writes. */
function demandFileNotFilled(state: State, uri: string, path: string, place: Origin): void {
  for (const name of KUSTOMIZATION_NAMES) demandNotFilled(state, `${uri}/${name}`, `${path.replace(/\/+$/, '')}/${name}`, place);
}

function component(state: State, path: string, place: Origin): void {
  const { files } = state.context;
  const uri = resolveFrom(state.folder, path);
  const names = uri === undefined ? [] : KUSTOMIZATION_NAMES.map((name) => `${uri}/${name}`);
  for (const name of names) state.reads.add(name);
  if (uri === undefined || !names.some((name) => files.what(name) === 'file')) {
    if (uri === undefined || isRemote(path) || isTemplate(path) || names.some((name) => files.what(name) === 'unknown'))
      return unknownPart(state, place, `'${path}' is not in this workspace, so its changes are unknown.`);
    demandNotFilled(state, uri, path, place);
    if (files.what(uri) === 'folder') demandFileNotFilled(state, uri, path, place);
    throw new BuildError(`'${path}' is not a folder with a kustomization file.`, place, 'kustomization-path');
  }
  demandNoCircle(state, uri, path, place);
  const kind = kindAt(uri, state);
  if (kind !== 'Component')
    throw new BuildError(
      `'${path}' is not a Component: its kind is '${kind}'. List it under 'resources', or set 'kind: Component'.`,
      place,
      'kustomization-path',
    );
  const result = state.context.enter(
    uri,
    { ...state.context, chain: [...state.context.chain, state.folder], isPartial: isPartial(state) },
    state,
  );
  adopt(state, result);
  [state.objects, state.config, state.vars] = [result.objects, result.config, result.vars];
}

/** Is it an address on another machine (a Git repository, a file on the web)? */
function isRemote(path: string): boolean {
  if (/^(?:[A-Za-z][A-Za-z0-9+.-]*:\/\/|git@|git::|[\w.-]+@[\w.-]+:)/.test(path)) return true;
  if (path.startsWith('.') || path.startsWith('/')) return false;
  return (
    /^(?:www\.)?(?:github\.com|gitlab\.com|bitbucket\.org|gist\.github\.com)[/:]/.test(path) ||
    /\.git(?:$|[/?])|[?&](?:ref|version)=/.test(path) ||
    /^[\w-]+(?:\.[\w-]+)+\/.*\/\//.test(path)
  );
}

/** Does a template fill in a part of the path? */
function isTemplate(path: string): boolean {
  return /\$\{|\{\{/.test(path);
}

/** Throws a BuildError for a folder that is around this one, or this one itself: kustomize would never end. */
function demandNoCircle(state: State, uri: string, path: string, place: Origin): void {
  const around = [...state.context.chain, state.folder].find((folder) => isInside(folder, uri));
  if (around !== undefined)
    throw new BuildError(`'${path}' leads back to this kustomization, so kustomize refuses to build it.`, place, 'kustomization-cycle');
}

function base(state: State, uri: string, path: string, place: Origin, take: (objects: readonly BuildObject[]) => void): void {
  demandNoCircle(state, uri, path, place);
  const result = state.context.accumulate(uri, { ...state.context, chain: [...state.context.chain, state.folder], isPartial: false });
  adopt(state, result);
  if (kindAt(uri, state) === 'Component')
    throw new BuildError(`'${path}' is a Component. List it under 'components'.`, place, 'kustomization-path');
  take(result.objects);
  state.config = joined(state.config, result.config);
  for (const one of result.vars) {
    if (state.vars.some(({ name }) => name === one.name)) throw new BuildError(`The var '${one.name}' is defined twice.`, one.place);
    state.vars = [...state.vars, one];
  }
}

/** Both configurations are the default one with additions, most often with none. */
function joined(one: TransformerConfig, other: TransformerConfig): TransformerConfig {
  return other === DEFAULT_CONFIG || other === one
    ? one
    : mergedConfig(one, { ...other, nameReference: other.nameReference.slice(DEFAULT_CONFIG.nameReference.length) });
}

/** The kind of the kustomization in a folder; a Kustomization where it does not say. */
function kindAt(folder: string, { context: { files } }: State): string {
  const uri = KUSTOMIZATION_NAMES.map((name) => `${folder}/${name}`).find((one) => files.what(one) === 'file');
  const file = uri === undefined ? undefined : files.file(uri);
  const kind = textOfScalar(fieldIn(file && manifestsOf(file)[0]?.manifest.root, 'kind'));
  return kind === undefined || kind === '' ? 'Kustomization' : kind;
}

/**
 * Adds objects. One that is there already is a problem, and is left out. Where there would be too many, none of them is added and the build
 * is known in part: kustomizations that list two others at each level double their objects at each level.
 */
function append(state: State, fresh: readonly BuildObject[], place: Origin): void {
  if (state.objects.length + fresh.length > MAX_BUILT_OBJECTS)
    return unknownPart(
      state,
      place,
      `This build has more than ${count(MAX_BUILT_OBJECTS, 'object')}. These are not read, so they are unknown.`,
    );
  const existing = byKey.get(state.objects) ?? new Map(state.objects.map((object) => [keyOfId(object.id), object]));
  // The list grows by the next objects, and the map with it.
  byKey.drop(state.objects);
  const kept: BuildObject[] = [];
  let twice: { readonly old: BuildObject; readonly object: BuildObject } | undefined;
  for (const object of fresh) {
    const key = keyOfId(object.id);
    const old = existing.get(key);
    if (old) twice ??= { old, object };
    else {
      kept.push(object);
      existing.set(key, object);
    }
  }
  if (kept.length > 0) state.objects = [...state.objects, ...kept];
  byKey.set(state.objects, existing);
  if (twice) {
    state.problems.push({
      code: 'kustomization-duplicate',
      severity: 'error',
      place,
      message: `${titleOfId(twice.object.id)} is in this build already, so kustomize refuses it. Remove one of the two, or give them different names.`,
      related: twice.old.place,
    });
  }
}

/** A count of objects; the largest repositories have a few thousand in one build. */
const MAX_BUILT_OBJECTS = 10_000;

/** The objects of a list by their key, while it is put together. */
const byKey = store<readonly BuildObject[], Map<string, BuildObject>>();

/** The objects in a file. Throws a BuildError for a file that kustomize does not read. */
function objectsOf(state: State, uri: string, path: string, place: Origin): readonly BuildObject[] {
  const file = state.context.files.file(uri);
  if (!file) {
    unknownPart(state, place, `'${path}' cannot be read, so the objects in it are not known.`);
    return [];
  }
  demandInside(state, uri, path, place);
  return documentsIn(state, file, uri);
}
