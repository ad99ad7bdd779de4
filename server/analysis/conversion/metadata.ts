import { copied, field, map, type Marked } from '../../syntax/marked.ts';
import { get, pairsOf, asMap, type Node } from '../../syntax/tree.ts';

/** What the API server fills in, which a new object must not have. */
const SET_BY_SERVER = ['uid', 'resourceVersion', 'generation', 'creationTimestamp', 'deletionTimestamp', 'managedFields', 'selfLink'];
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * The metadata of a result: that of the source without what the API server fills in; with another name and namespace where these are
 * given, and without a namespace (`''`) for a kind that has none.
 */
export function metadataFrom(root: Node, changes: { readonly name?: string; readonly namespace?: string } = {}): Marked {
  const metadata = asMap(get(root, 'metadata'));
  const fields = metadata ? pairsOf(metadata) : [];
  const kept = fields.flatMap(({ name, value }) => {
    if (name === undefined || SET_BY_SERVER.includes(name)) return [];
    if (name === 'namespace' && changes.namespace !== undefined) return [];
    const path = ['metadata', name];
    if (name === 'name' && changes.name !== undefined) return field(name, { kind: 'scalar', value: changes.name }, path);
    const value_ = copied(value, path);
    return field(name, name === 'annotations' && value_ ? withoutLastApplied(value_) : value_, path);
  });
  const { namespace = '' } = changes;
  return map(kept, namespace === '' ? [] : field('namespace', { kind: 'scalar', value: namespace }));
}

function withoutLastApplied(annotations: Marked): Marked | undefined {
  if (annotations.kind !== 'map') return annotations;
  const fields = annotations.fields.filter(({ key }) => key !== LAST_APPLIED);
  return fields.length === 0 && annotations.fields.length > 0 ? undefined : { kind: 'map', fields };
}
