import { asMap, content, get, itemsOf, type Node, type ScalarNode } from '../../syntax/tree.ts';
import type { NameReference } from './default-specs.ts';
import { changedAt } from './field-specs.ts';
import { effectiveNamespace, isClusterScoped, isKind, titleOfId } from './ids.ts';
import { BuildError, firstId, withRoot, type BuildObject } from './objects.ts';
import { isNothing, listNode, stringNode, textOfScalar, withField } from './values.ts';

/** Follows the names that the build has changed (kustomize `nameReferenceTransformer`). Throws a BuildError where a name may mean several. */
export function withReferences(objects: readonly BuildObject[], references: readonly NameReference[]): readonly BuildObject[] {
  const renamed = objects.filter(({ previous }) => previous.length > 0);
  if (renamed.length === 0) return objects;
  const byName = new Map<string, BuildObject[]>();
  for (const object of renamed) {
    for (const name of new Set(object.previous.map((id) => id.name))) byName.set(name, [...(byName.get(name) ?? []), object]);
  }
  const kinds = new Map<string, BuildObject['id']>();
  for (const object of renamed) {
    for (const { kind } of object.previous) {
      const { group, version } = object.id;
      kinds.set(`${group}/${version}/${kind}`, { ...object.id, kind });
    }
  }
  const targets = references.filter((target) => [...kinds.values()].some((id) => isKind(id, target)));
  return objects.map((object) => targets.reduce((at, target) => followed(at, target, byName), object));
}

function withGroup(id: BuildObject['id'], { id: { group, version } }: BuildObject): BuildObject['id'] {
  return { ...id, group, version };
}

function followed(referrer: BuildObject, target: NameReference, byName: ReadonlyMap<string, readonly BuildObject[]>): BuildObject {
  const first = firstId(referrer);
  let result = referrer;
  for (const spec of target.fieldSpecs) {
    if (!isKind(first, spec)) continue;
    const choose = (name: string, namespace: string | undefined, sameNamespace: boolean): BuildObject | undefined =>
      chosen(result, target, spec.path, byName.get(name) ?? [], { name, namespace, sameNamespace });
    const change = (node: Node): Node => {
      const at = content(node);
      if (!at || isNothing(node)) return node;
      if (at.kind === 'scalar') return scalar(at, choose);
      if (at.kind === 'map') return mapping(node, choose);
      const items = itemsOf(at).map(change);
      return items.every((item, i) => item === at.items[i]?.value) ? node : listNode(items, at);
    };
    const root = asMap(changedAt(result.root, result.id, [{ ...spec, group: '', version: '', kind: '' }], 'scalar', change));
    if (root) result = withRoot(result, root);
  }
  return result;
}

type Choose = (name: string, namespace: string | undefined, sameNamespace: boolean) => BuildObject | undefined;

function scalar(node: ScalarNode, choose: Choose): Node {
  const target = choose(node.text, undefined, false);
  return !target || target.id.name === node.text ? node : stringNode(target.id.name, node.origin);
}

/** A map with a name, such as a subject: its namespace is followed, too. */
function mapping(node: Node, choose: Choose): Node {
  const map = asMap(node);
  const name = get(map, 'name');
  const text = textOfScalar(name);
  if (!map || text === undefined) throw new BuildError(`A reference has no 'name'.`, node.origin);
  const namespace = get(map, 'namespace');
  const target = choose(text, namespace && textOfScalar(namespace), true);
  if (!target) return node;
  const named = target.id.name === text ? map : withField(map, 'name', stringNode(target.id.name, name?.origin));
  if (target.id.namespace === '' || textOfScalar(namespace) === target.id.namespace) return named;
  return withField(named, 'namespace', stringNode(target.id.namespace, namespace?.origin));
}

interface ReferenceTarget {
  readonly name: string;
  readonly namespace: string | undefined;
  /** Do candidates have to agree on the namespace, too? */
  readonly sameNamespace: boolean;
}

function chosen(
  referrer: BuildObject,
  target: NameReference,
  path: string,
  all: readonly BuildObject[],
  reference: ReferenceTarget,
): BuildObject | undefined {
  let candidates = all.filter((one) => mayRefer(referrer, one) && one.previous.some((id) => isKind(withGroup(id, one), target)));
  if (reference.namespace !== undefined) {
    const { namespace } = reference;
    const original = candidates.filter((one) => effectiveNamespace(firstId(one)) === namespace);
    candidates = original.length > 0 ? original : candidates.filter((one) => effectiveNamespace(one.id) === namespace);
  }
  if (path.endsWith('roleRef/name')) {
    const role = get(referrer.root, 'roleRef');
    const [group, kind] = [textOfScalar(get(role, 'apiGroup')), textOfScalar(get(role, 'kind'))];
    if (group !== undefined && kind !== undefined)
      candidates = candidates.filter((one) => one.previous.some((id) => isKind(withGroup(id, one), { group, kind })));
  }
  candidates = candidates.filter((one) => isNear(referrer, one));
  if (candidates.length > 1) candidates = candidates.filter((one) => sameAffixes(referrer, one, true));
  if (candidates.length > 1) candidates = candidates.filter((one) => sameAffixes(referrer, one, false));
  const [first, ...others] = candidates;
  const same = (one: BuildObject): boolean =>
    one.id.name === first?.id.name && (!reference.sameNamespace || one.id.namespace === first.id.namespace);
  if (others.every(same)) return first;
  throw new BuildError(
    `'${reference.name}' in ${titleOfId(referrer.id)} may mean ${candidates.map(({ id }) => titleOfId(id)).join(' or ')}, so kustomize does not know which name to write.`,
    referrer.place,
  );
}

/** May the object refer to the other one at all (kustomize `SubsetThatCouldBeReferencedByResource`)? */
function mayRefer(referrer: BuildObject, target: BuildObject): boolean {
  if (isClusterScoped(referrer.id) || isClusterScoped(target.id)) return true;
  if (effectiveNamespace(referrer.id) === effectiveNamespace(target.id)) return true;
  if (referrer.id.kind !== 'RoleBinding') return false;
  return itemsOf(get(referrer.root, 'subjects')).some(
    (subject) => textOfScalar(get(subject, 'kind')) === 'ServiceAccount' && textOfScalar(get(subject, 'namespace')) === target.id.namespace,
  );
}

function isNear(referrer: BuildObject, target: BuildObject): boolean {
  if (isClusterScoped(referrer.id) || isClusterScoped(target.id) || target.id.kind === 'ServiceAccount') return true;
  return effectiveNamespace(referrer.id) === effectiveNamespace(target.id);
}

function sameAffixes(a: BuildObject, b: BuildObject, allowEmpty: boolean): boolean {
  const same = (one: readonly string[], other: readonly string[]): boolean =>
    (allowEmpty && (one.length === 0 || other.length === 0)) || sameEnd(one, other);
  return same(a.prefixes, b.prefixes) && same(a.suffixes, b.suffixes);
}

/** Is the shorter list the end of the longer one? */
function sameEnd(one: readonly string[], other: readonly string[]): boolean {
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  if (short.length === 0) return long.length === 0;
  return short.every((text, i) => text === long[long.length - short.length + i]);
}
