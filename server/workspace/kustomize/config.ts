import { asSeq, get, itemsOf, pairsOf, asMap, type Node } from '../../syntax/tree.ts';
import { SPEC_LISTS, type NameReference, type TransformerConfig } from './default-specs.ts';
import type { FieldSpec } from './field-specs.ts';
import { textOfScalar } from './values.ts';

/** The configuration with the lists of another one added. */
export function mergedConfig(one: TransformerConfig, other: Partial<TransformerConfig>): TransformerConfig {
  const lists = SPEC_LISTS.flatMap((name) =>
    other[name] && other[name].length > 0 ? [[name, mergedSpecs(one[name], other[name])] as const] : [],
  );
  const references = other.nameReference ?? [];
  return {
    ...one,
    ...Object.fromEntries(lists),
    ...(references.length > 0 ? { nameReference: [...one.nameReference, ...references] } : {}),
  };
}

/** The list with the paths of another one added; one that is there already may now be created. */
export function mergedSpecs(one: readonly FieldSpec[], other: readonly FieldSpec[]): readonly FieldSpec[] {
  const result = [...one];
  for (const spec of other) {
    const at = result.findIndex((existing) => isSame(existing, spec));
    const existing = result[at];
    if (!existing) result.push(spec);
    else if (spec.create === true) result[at] = { ...existing, create: true };
  }
  return result;
}

function isSame(a: FieldSpec, b: FieldSpec): boolean {
  const part = (spec: FieldSpec): string => [spec.group ?? '', spec.version ?? '', spec.kind ?? '', spec.path].join(' ');
  return part(a) === part(b);
}

/** Reads a file of `configurations`. */
export function readTransformerConfig(root: Node | undefined): Partial<TransformerConfig> {
  const lists = SPEC_LISTS.map((name) => [name, fieldSpecsIn(get(root, name))] as const);
  const nameReference = itemsOf(get(root, 'nameReference')).map((item): NameReference => ({
    ...gvkIn(item),
    fieldSpecs: fieldSpecsIn(get(item, 'fieldSpecs')),
  }));
  return { ...Object.fromEntries(lists), nameReference };
}

/** Reads a list of paths. */
export function fieldSpecsIn(node: Node | undefined): readonly FieldSpec[] {
  return (asSeq(node) ? itemsOf(node) : []).map((item) => ({
    ...gvkIn(item),
    path: textOfScalar(get(item, 'path')) ?? '',
    create: textOfScalar(get(item, 'create')) === 'true',
  }));
}

function gvkIn(node: Node): Partial<FieldSpec> {
  const parts = ['group', 'version', 'kind'].flatMap((name) => {
    const text = textOfScalar(get(node, name));
    return text === undefined || text === '' ? [] : [[name, text] as const];
  });
  return Object.fromEntries(parts);
}

/** Reads a file of `crds`: an OpenAPI document whose extensions say where names, labels and annotations are (kustomize `loadconfigfromcrds`). */
export function readCrds(root: Node | undefined): Partial<TransformerConfig> {
  const map = asMap(root);
  const types = new Map((map ? pairsOf(map) : []).map(({ name, value }) => [name ?? '', schemaOf(value)]));
  const found: Record<'commonAnnotations' | 'commonLabels' | 'namePrefix', FieldSpec[]> = {
    commonAnnotations: [],
    commonLabels: [],
    namePrefix: [],
  };
  const nameReference: NameReference[] = [];
  const visit = (type: string, kind: string, path: readonly string[]): void => {
    const properties = asMap(get(types.get(type), 'properties'));
    if (path.length > 20) return;
    for (const { name = '', value } of properties ? pairsOf(properties) : []) {
      const spec: FieldSpec = { kind, path: [...path, name].join('/') };
      if (get(value, 'x-kubernetes-annotation')) found.commonAnnotations.push(spec);
      if (get(value, 'x-kubernetes-label-selector')) found.commonLabels.push(spec);
      if (get(value, 'x-kubernetes-identity')) found.namePrefix.push(spec);
      const target = textOfScalar(get(value, 'x-kubernetes-object-ref-kind'));
      const version = textOfScalar(get(value, 'x-kubernetes-object-ref-api-version'));
      const key = textOfScalar(get(value, 'x-kubernetes-object-ref-name-key')) ?? 'name';
      if (target !== undefined && version !== undefined)
        nameReference.push({ kind: target, version, fieldSpecs: [{ kind, path: `${spec.path}/${key}` }] });
      const reference = textOfScalar(get(value, '$ref'));
      if (reference !== undefined) visit(reference, kind, [...path, name]);
    }
  };
  for (const [type, schema] of types) {
    const properties = get(schema, 'properties');
    if (['kind', 'apiVersion', 'metadata'].every((name) => get(properties, name))) visit(type, type.split('.').at(-1) ?? '', []);
  }
  return { ...found, nameReference };
}

function schemaOf(node: Node): Node | undefined {
  return get(node, 'Schema') ?? get(node, 'schema');
}
