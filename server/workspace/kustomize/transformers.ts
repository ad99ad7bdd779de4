import { asMap, asSeq, content, get, itemsOf, pairsOf, type Node, type Origin } from '../../syntax/tree.ts';
import { changedAt, entrySetter, type FieldSpec } from './field-specs.ts';
import { isClusterScoped, isKind, keyOfId, titleOfId } from './ids.ts';
import { allIds, BuildError, firstId, remembered, withRoot, type BuildObject } from './objects.ts';
import { regularExpression } from './selectors.ts';
import { listNode, plainNode, stringNode, textOfScalar, withField } from './values.ts';

/** Text that a kustomization adds, and where it says so. */
export interface Added {
  readonly text: string;
  readonly place: Origin;
}

/** Sets entries (labels or annotations) in every object at the paths. */
export function withEntries(
  objects: readonly BuildObject[],
  entries: ReadonlyMap<string, Added>,
  specs: readonly FieldSpec[],
): readonly BuildObject[] {
  if (entries.size === 0) return objects;
  const setters = [...entries].map(([name, { text, place }]) => entrySetter(name, stringNode(text, place)));
  return objects.map((object) => changed(object, specs, 'map', (node) => setters.reduce((at, set) => set(at), node)));
}

function changed(object: BuildObject, specs: readonly FieldSpec[], leaf: 'map' | 'scalar', change: (node: Node) => Node): BuildObject {
  const root = asMap(changedAt(object.root, object.id, specs, leaf, change));
  return root ? withRoot(object, root) : object;
}

/** Kinds whose names get neither prefix nor suffix (kustomize `PrefixTransformer`). */
const UNPREFIXED = [{ kind: 'CustomResourceDefinition' }, { group: 'apiregistration.k8s.io', kind: 'APIService' }, { kind: 'Namespace' }];

/** Puts a prefix in front of, or a suffix behind, the names. */
export function withAffix(
  objects: readonly BuildObject[],
  side: 'prefix' | 'suffix',
  { text }: Added,
  specs: readonly FieldSpec[],
): readonly BuildObject[] {
  return objects.map((object) => {
    const first = firstId(object);
    if (UNPREFIXED.some((kind) => isKind(first, kind))) return object;
    let result = object;
    for (const spec of specs) {
      if (!isKind(first, spec)) continue;
      if (spec.path === 'metadata/name') {
        const noted = side === 'prefix' ? { prefixes: [...result.prefixes, text] } : { suffixes: [...result.suffixes, text] };
        result = remembered({ ...result, ...noted });
      }
      result = changed(result, [spec], 'scalar', (node) => {
        const current = textOfScalar(node) ?? '';
        return stringNode(side === 'prefix' ? text + current : current + text, node.origin);
      });
    }
    return result;
  });
}

/** The configuration of the namespace transformer. */
export interface NamespaceChange extends Added {
  readonly unsetOnly?: boolean;
  readonly subjects?: string;
}

/** Sets the namespace, as kustomize's NamespaceTransformer does. Throws a BuildError where two objects become one. */
export function withNamespace(
  objects: readonly BuildObject[],
  change: NamespaceChange,
  specs: readonly FieldSpec[],
): readonly BuildObject[] {
  const result = [...objects];
  const counts = new Map<string, number>();
  const count = (object: BuildObject, by: number): number => {
    const key = keyOfId(object.id);
    counts.set(key, (counts.get(key) ?? 0) + by);
    return counts.get(key) ?? 0;
  };
  for (const object of objects) count(object, 1);
  for (const [i, object] of objects.entries()) {
    count(object, -1);
    const after = inNamespace(remembered(object), change, specs);
    result[i] = after;
    if (count(after, 1) > 1)
      throw new BuildError(
        `The namespace '${change.text}' makes two objects ${titleOfId(after.id)}. Rename one of them.`,
        change.place,
        'kustomization-duplicate',
      );
  }
  return result;
}

function inNamespace(object: BuildObject, change: NamespaceChange, specs: readonly FieldSpec[]): BuildObject {
  const set = (node: Node): Node =>
    (change.unsetOnly === true && (textOfScalar(node) ?? '') !== '') || textOfScalar(node) === change.text
      ? node
      : stringNode(change.text, change.place);
  const isCore = object.id.group === '' && object.id.version === 'v1';
  const paths = specs.filter(({ path }) => path !== 'metadata/namespace' && (isCore || path !== 'metadata/name'));
  let result = object;
  if (!isClusterScoped(object.id)) result = changed(result, [{ path: 'metadata/namespace', create: true }], 'scalar', set);
  const isBinding = ['RoleBinding', 'ClusterRoleBinding'].includes(object.id.kind);
  if (isBinding) result = withSubjects(result, change, set);
  return changed(result, isBinding ? paths.filter(({ path }) => path !== 'subjects/namespace') : paths, 'scalar', set);
}

/** The subjects of a binding that belong to the namespace. */
function withSubjects(object: BuildObject, { subjects = 'defaultOnly' }: NamespaceChange, set: (node: Node) => Node): BuildObject {
  const list = asSeq(get(object.root, 'subjects'));
  if (!list || subjects === 'none') return object;
  const items = list.items.map(({ value }) => {
    const map = asMap(value);
    const isMeant =
      subjects === 'allServiceAccounts'
        ? textOfScalar(get(map, 'kind')) === 'ServiceAccount'
        : textOfScalar(get(map, 'name')) === 'default';
    return map && isMeant ? withField(map, 'namespace', set(get(map, 'namespace') ?? plainNode(''))) : value;
  });
  return items.every((item, i) => item === list.items[i]?.value)
    ? object
    : withRoot(object, withField(object.root, 'subjects', listNode(items, list)));
}

/** Sets the number of replicas. Throws a BuildError where no object has the name. */
export function withReplicas(
  objects: readonly BuildObject[],
  name: string,
  count: Added,
  specs: readonly FieldSpec[],
  place: Origin,
): readonly BuildObject[] {
  let found = false;
  const after = objects.map((object) => {
    const own = specs.filter((spec) => allIds(object).some((id) => id.name === name && isKind(id, spec)));
    if (own.length > 0) found = true;
    return own.length === 0 ? object : changed(object, own, 'scalar', () => plainNode(count.text, count.place));
  });
  if (!found)
    throw new BuildError(
      `No Deployment, StatefulSet, ReplicaSet or ReplicationController is called '${name}'.`,
      place,
      'kustomization-target',
    );
  return after;
}

/** What `images` says about one image. */
export interface ImageChange {
  readonly name: string;
  readonly newName: string;
  readonly newTag: string;
  readonly tagSuffix: string;
  readonly digest: string;
}

/** Changes images in every list of containers. */
export function withImage(objects: readonly BuildObject[], image: ImageChange, specs: readonly FieldSpec[]): readonly BuildObject[] {
  const matches = imageMatcher(image.name);
  const set = (node: Node): Node => {
    const text = textOfScalar(node);
    if (text === undefined || !matches(text)) return node;
    return stringNode(imageText(text, image), node.origin);
  };
  // Nothing is created on the way to an image.
  const paths = specs.map((spec) => ({ ...spec, create: false }));
  return objects.map((object) => {
    if (object.id.kind === 'CustomResourceDefinition') return object;
    const legacy = asMap(inContainers(object.root, set)) ?? object.root;
    return changed(withRoot(object, legacy), paths, 'scalar', set);
  });
}

function imageMatcher(name: string): (text: string) => boolean {
  try {
    const compiled = regularExpression(`^${name}(:[a-zA-Z0-9_.{}-]*)?(@[a-zA-Z0-9]+([.+_-][a-zA-Z0-9]+)*:[a-zA-Z0-9_.{}-]*)?$`, name);
    return (text) => compiled.matcher(text).find();
  } catch {
    return () => false;
  }
}

function imageText(text: string, { newName, newTag, tagSuffix, digest: newDigest }: ImageChange): string {
  const slash = Math.max(text.indexOf('/'), 0);
  const at = text.indexOf('@', slash);
  const colon = text.indexOf(':', slash);
  const nameEnd = Math.min(...[at, colon, text.length].filter((index) => index >= 0));
  let tag = colon >= 0 && (at < 0 || colon < at) ? text.slice(colon + 1, at < 0 ? undefined : at) : '';
  let digest = at >= 0 ? text.slice(at + 1) : '';
  if (newTag !== '' || newDigest !== '') [tag, digest] = [newTag, newDigest];
  else if (tagSuffix !== '') [tag, digest] = [tag + tagSuffix, ''];
  return (newName === '' ? text.slice(0, nameEnd) : newName) + (tag === '' ? '' : `:${tag}`) + (digest === '' ? '' : `@${digest}`);
}

/** Every `image` in a list called `containers` or `initContainers`, wherever it stands. */
function inContainers(node: Node, set: (node: Node) => Node): Node {
  const at = content(node);
  if (at?.kind === 'seq') {
    const items = at.items.map(({ value }) => inContainers(value, set));
    return items.every((item, i) => item === at.items[i]?.value) ? node : listNode(items, at);
  }
  if (at?.kind !== 'map') return node;
  let result = at;
  for (const { name, value } of pairsOf(at)) {
    if (name === undefined) continue;
    const inner = inContainers(value, set);
    const list = name === 'containers' || name === 'initContainers' ? asSeq(inner) : undefined;
    result = withField(
      result,
      name,
      list
        ? listNode(
            itemsOf(list).map((item) => withImageOf(item, set)),
            list,
          )
        : inner,
    );
  }
  return pairsOf(result).every((pair, i) => pair.value === pairsOf(at)[i]?.value) ? node : result;
}

function withImageOf(item: Node, set: (node: Node) => Node): Node {
  const map = asMap(item);
  const image = get(map, 'image');
  return map && image ? withField(map, 'image', set(image)) : item;
}
