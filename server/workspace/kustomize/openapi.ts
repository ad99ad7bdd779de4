import { asMap, get, itemsOf, pairsOf, type Node } from '../../syntax/tree.ts';
import type { Shape } from './merge-keys.ts';
import { textOfScalar } from './values.ts';

/** So deep definitions refer to one another; custom resources that contain themselves end there. */
const MAX_SCHEMA_DEPTH = 12;

/** The merge keys of the kinds that an OpenAPI document defines (`openapi.path`), by apiVersion and kind. */
export function readOpenApi(root: Node | undefined): ReadonlyMap<string, Shape> {
  const definitions = asMap(get(root, 'definitions'));
  const found = new Map<string, Shape>();
  if (!definitions) return found;
  const named = new Map(pairsOf(definitions).map(({ name, value }) => [`#/definitions/${name ?? ''}`, value]));
  for (const { value } of pairsOf(definitions)) {
    for (const gvk of itemsOf(get(value, 'x-kubernetes-group-version-kind'))) {
      const text = (name: string): string => textOfScalar(get(gvk, name)) ?? '';
      const apiVersion = text('group') === '' ? text('version') : `${text('group')}/${text('version')}`;
      found.set(`${apiVersion} ${text('kind')}`, shapeIn(value, named, 0));
    }
  }
  return found;
}

function shapeIn(schema: Node | undefined, named: ReadonlyMap<string, Node>, depth: number): Shape {
  const reference = textOfScalar(get(schema, '$ref'));
  const at = reference === undefined ? schema : named.get(reference);
  if (depth > MAX_SCHEMA_DEPTH) return {};
  const properties = asMap(get(at, 'properties'));
  const strategy = textOfScalar(get(at, 'x-kubernetes-patch-strategy')) ?? '';
  const mapKeys = itemsOf(get(at, 'x-kubernetes-list-map-keys')).flatMap((key) => textOfScalar(key) ?? []);
  const key = textOfScalar(get(at, 'x-kubernetes-patch-merge-key'));
  const fields = (properties ? pairsOf(properties) : []).map(({ name, value }) => [name ?? '', shapeIn(value, named, depth + 1)] as const);
  const items = get(at, 'items');
  return {
    ...(fields.length > 0 ? { fields: Object.fromEntries(fields) } : {}),
    ...(strategy.split(',').includes('merge') ? { keys: mapKeys.length > 0 ? mapKeys : key === undefined ? [] : [key] } : {}),
    ...(items ? { items: shapeIn(items, named, depth + 1) } : {}),
  };
}
