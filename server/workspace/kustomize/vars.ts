import { asMap, content, get, itemsOf, pairsOf, type Node, type Origin } from '../../syntax/tree.ts';
import { changedAt, type FieldSpec } from './field-specs.ts';
import { pathTo } from './field-paths.ts';
import { groupVersion, isClusterScoped, keyOfId, type Id } from './ids.ts';
import { allIds, BuildError, withRoot, type BuildObject } from './objects.ts';
import { jsonOf, listNode, plainNode, stringNode, textOfScalar, withField, type Json } from './values.ts';
import type { FieldReader } from './replacements.ts';

/** A var of a kustomization: a name for a field of an object. */
export interface Var {
  readonly name: string;
  readonly target: Id;
  readonly fieldPath: string;
  readonly place: Origin;
}

/** Reads `vars`. */
export function varsIn(node: Node | undefined, place: Origin, field: FieldReader): readonly Var[] {
  return itemsOf(node).map((item, i) => {
    const object = field(item, 'objref');
    const text = (name: string): string => textOfScalar(field(object, name)) ?? '';
    const { group, version } = groupVersion(text('apiVersion'));
    return {
      name: textOfScalar(field(item, 'name')) ?? '',
      target: {
        group: text('group') || group,
        version: text('version') || version,
        kind: text('kind'),
        name: text('name'),
        namespace: text('namespace'),
      },
      fieldPath: textOfScalar(field(field(item, 'fieldref'), 'fieldPath')) || 'metadata.name',
      place: { written: place.written, path: [...place.path, i] },
    };
  });
}

/** Notes at the objects which vars take their value from them. Throws a BuildError if a var matches several objects, or is defined twice. */
export function withVars(
  objects: readonly BuildObject[],
  existing: readonly Var[],
  incoming: readonly Var[],
): { readonly objects: readonly BuildObject[]; readonly vars: readonly Var[] } {
  let all = objects;
  const vars = [...existing];
  for (const one of incoming) {
    if (vars.some(({ name }) => name === one.name)) throw new BuildError(`The var '${one.name}' is defined twice.`, one.place);
    const byNamespace = one.target.namespace !== '' || isClusterScoped(one.target);
    const key = keyWithout(one.target, byNamespace);
    const found = all.filter((object) => allIds(object).some((id) => keyWithout(id, byNamespace) === key));
    if (found.length > 1) throw new BuildError(`The var '${one.name}' may mean ${found.length} objects. Add its namespace.`, one.place);
    all = all.map((object) => (object === found[0] ? { ...object, vars: [...(object.vars ?? []), one.name] } : object));
    vars.push(one);
  }
  return { objects: all, vars };
}

function keyWithout(id: Id, byNamespace: boolean): string {
  return byNamespace ? keyOfId(id) : `${id.group}/${id.version}/${id.kind}/${id.name}`;
}

/** Puts the values of vars in the place of `$(NAME)`. */
export function withVarValues(objects: readonly BuildObject[], vars: readonly Var[], specs: readonly FieldSpec[]): readonly BuildObject[] {
  if (vars.length === 0) return objects;
  const values = new Map(vars.map((one) => [one.name, valueOf(one, objects)]));
  const change = (node: Node): Node => {
    const at = content(node);
    if (at?.kind === 'scalar') return replaced(node, values);
    if (at?.kind === 'seq') {
      const items = itemsOf(at).map((item) => replaced(item, values));
      return items.every((item, i) => item === at.items[i]?.value) ? node : listNode(items, at);
    }
    if (at?.kind !== 'map') return node;
    return pairsOf(at).reduce((map, { name, value }) => (name === undefined ? map : withField(map, name, replaced(value, values))), at);
  };
  return objects.map((object) => {
    const root = asMap(changedAt(object.root, object.id, specs, 'scalar', change));
    return root ? withRoot(object, root) : object;
  });
}

function valueOf(one: Var, objects: readonly BuildObject[]): Json {
  const object = objects.find(({ vars }) => vars?.includes(one.name) === true);
  if (!object) throw new BuildError(`The var '${one.name}' names an object that is not in this build.`, one.place, 'kustomization-target');
  const steps = one.fieldPath.replace(/\[(\d+)\]/g, '.$1').split('.');
  const path = pathTo(object.root, steps);
  let at: Node | undefined = object.root;
  for (const step of path ?? []) at = typeof step === 'number' ? itemsOf(at)[step] : get(at, step);
  if (!path || !at)
    throw new BuildError(
      `The var '${one.name}' names the field '${one.fieldPath}', which the object does not have.`,
      one.place,
      'kustomization-target',
    );
  return jsonOf(at);
}

/** The text with `$(NAME)` replaced; alone it takes the type of the value, `$$` is a dollar sign. */
function replaced(node: Node, values: ReadonlyMap<string, Json>): Node {
  const at = content(node);
  if (at?.kind !== 'scalar' || at.value.type !== 'string' || !at.text.includes('$')) return node;
  const whole = /^\$\(([^)]*)\)$/.exec(at.text);
  const only = whole ? values.get(whole[1] ?? '') : undefined;
  if (only !== undefined && typeof only !== 'object')
    return typeof only === 'string' ? stringNode(only, node.origin) : plainNode(String(only), node.origin);
  const text = at.text.replace(/\$\$|\$\(([^)]*)\)/g, (found: string, name: string | undefined) => {
    if (name === undefined) return '$';
    const value = values.get(name);
    return value === undefined || typeof value === 'object' ? found : String(value);
  });
  return text === at.text ? node : stringNode(text, node.origin);
}
