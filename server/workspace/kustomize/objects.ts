import { get, type MapNode, type Node, type Origin } from '../../syntax/tree.ts';
import { effectiveNamespace, idOf, keyOfId, type Id } from './ids.ts';
import { stringNode, textOfScalar, withField } from './values.ts';

/** A transformer that an object has passed, whether or not it has changed it. */
export interface Transformation {
  /** The file that configures it. */
  readonly uri: string;
  /** The configuration; `builtin` and the kind alone for a field of a kustomization. */
  readonly by: { readonly apiVersion: string; readonly kind: string; readonly name: string; readonly namespace: string };
}

/** An object on its way through a build. Never changed, only replaced. */
export interface BuildObject {
  readonly root: MapNode;
  /** The tree of the manifest that it was read from; absent for generated ones. */
  readonly original?: MapNode;
  /** Where the object was written first. */
  readonly place: Origin;
  readonly id: Id;
  /** The ids it had before, the first one first. */
  readonly previous: readonly Id[];
  readonly prefixes: readonly string[];
  readonly suffixes: readonly string[];
  /** The generator that made it. */
  readonly madeBy?: { readonly kind: string; readonly name?: string };
  /** For generated ones. */
  readonly behavior?: 'create' | 'merge' | 'replace';
  /** Its name gets a hash of its content, which is not written here. */
  readonly hashed?: boolean;
  /** Vars that take their value from it. */
  readonly vars?: readonly string[];
  /** The transformers that it has passed, where the build is asked to note them. */
  readonly passed?: readonly Transformation[];
}

/** Something that keeps kustomize from building, or (`unknown`) that only this program cannot build. */
export class BuildError extends Error {
  readonly place: Origin | undefined;
  readonly code: BuildCode | undefined;

  constructor(message: string, place?: Origin, code?: BuildCode) {
    super(message);
    this.place = place;
    this.code = code;
  }
}

/** The kinds of what a build reports. */
export type BuildCode =
  | 'kustomization-field'
  | 'kustomization-path'
  | 'kustomization-cycle'
  | 'kustomization-duplicate'
  | 'kustomization-patch'
  | 'kustomization-target'
  | 'kustomization-build'
  | 'kustomization-resource'
  | 'kustomization-unknown';

/** What a build has to say about a place. */
export interface BuildProblem {
  readonly code: BuildCode;
  /** `error`: kustomize refuses to build. `unknown`: what is behind it cannot be seen here. `warning`: it builds, and does nothing. */
  readonly severity: 'error' | 'unknown' | 'warning';
  readonly place: Origin;
  readonly message: string;
  readonly related?: Origin;
}

/** What tells the place of a value from all others. */
export function placeKey({ written, path }: Origin): string {
  const around = written.field ? placeKey(written.field) : '';
  return `${around}${written.uri}\n${written.index}\n${path.join('/')}`;
}

/** A new object. The ids that it had before may be noted in it: kustomize reads them from the same annotations. */
export function buildObject(root: MapNode, place: Origin): BuildObject {
  const id = idOf(root);
  return { root, original: root, place, id, previous: notedIds(root, id), prefixes: [], suffixes: [] };
}

const NO_IDS: readonly Id[] = [];

function notedIds(root: MapNode, id: Id): readonly Id[] {
  const annotations = get(get(root, 'metadata'), 'annotations');
  const noted = (field: string): readonly string[] =>
    (textOfScalar(get(annotations, `internal.config.kubernetes.io/previous${field}`)) ?? '').split(',');
  const names = noted('Names');
  if (names[0] === '') return NO_IDS;
  const [namespaces, kinds] = [noted('Namespaces'), noted('Kinds')];
  return names.map((name, i) => ({ ...id, name, namespace: namespaces[i] ?? '', kind: kinds[i] ?? id.kind }));
}

/** The object with another content. */
export function withRoot(object: BuildObject, root: MapNode): BuildObject {
  return root === object.root ? object : { ...object, root, id: idOf(root) };
}

/** The object with its id of now noted as one it had. */
export function remembered(object: BuildObject): BuildObject {
  return { ...object, previous: [...object.previous, { ...object.id, namespace: effectiveNamespace(object.id) }] };
}

/** Every id that the object has or had; group and version are those of now. */
export function allIds({ id, previous }: BuildObject): readonly Id[] {
  return previous.length === 0 ? [id] : [...previous.map((one) => ({ ...one, group: id.group, version: id.version })), id];
}

/** The first id. */
export function firstId({ id, previous }: BuildObject): Id {
  const [first] = previous;
  return first ? { ...first, group: id.group, version: id.version } : id;
}

/** Those that have or had this id. */
export function withId(objects: readonly BuildObject[], id: Id): readonly BuildObject[] {
  const key = keyOfId(id);
  return objects.filter((object) => {
    if (object.id.name !== id.name && !object.previous.some(({ name }) => name === id.name)) return false;
    return allIds(object).some((one) => keyOfId(one) === key);
  });
}

/** The object with a string set in its metadata; without the field where the text is empty. */
export function withMetadata(root: MapNode, field: 'name' | 'namespace', text: string, origin?: Origin): MapNode {
  const metadata = get(root, 'metadata');
  if (metadata?.kind !== 'map') return root;
  return withField(root, 'metadata', withField(metadata, field, text === '' ? undefined : keep(get(metadata, field), text, origin)));
}

function keep(existing: Node | undefined, text: string, origin: Origin | undefined): Node {
  if (existing?.kind === 'scalar' && existing.text === text) return existing;
  return stringNode(text, origin ?? existing?.origin);
}
