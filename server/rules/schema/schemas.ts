import { memo } from '../../base/memo.ts';
import adminNetworkPolicy from '../../../schemas/adminnetworkpolicy.json' with { type: 'json' };
import baselineAdminNetworkPolicy from '../../../schemas/baselineadminnetworkpolicy.json' with { type: 'json' };
import clusterNetworkPolicy from '../../../schemas/clusternetworkpolicy.json' with { type: 'json' };
import condition from '../../../schemas/condition.json' with { type: 'json' };
import labelSelector from '../../../schemas/labelselector.json' with { type: 'json' };
import networkPolicy from '../../../schemas/networkpolicy.json' with { type: 'json' };
import objectMeta from '../../../schemas/objectmeta.json' with { type: 'json' };
import v1alpha1 from '../../../schemas/v1alpha1.json' with { type: 'json' };
import { ANTREA_SCHEMAS } from './antrea-schemas.ts';
import { CALICO_SCHEMAS } from './calico-schemas.ts';
import { CILIUM_SCHEMAS } from './cilium-schemas.ts';
import type { Schema } from './schema-words.ts';

export type { NullRule, Schema } from './schema-words.ts';

/** By `$id`. */
const FILES: Readonly<Record<string, Schema | undefined>> = {
  'adminnetworkpolicy.json': adminNetworkPolicy,
  'baselineadminnetworkpolicy.json': baselineAdminNetworkPolicy,
  'clusternetworkpolicy.json': clusterNetworkPolicy,
  'condition.json': condition,
  'labelselector.json': labelSelector,
  'networkpolicy.json': networkPolicy,
  'objectmeta.json': objectMeta,
  'v1alpha1.json': v1alpha1,
  ...CILIUM_SCHEMAS,
  ...CALICO_SCHEMAS,
  ...ANTREA_SCHEMAS,
};

/** A schema without `$ref`, and the file its own references are about. */
export interface SchemaPlace {
  readonly schema: Schema;
  readonly file: Schema;
}

/** The schema of a kind; `undefined` for kinds that are not judged. */
export function schemaOf(of: { readonly group: string; readonly version: string; readonly kind: string }): SchemaPlace | undefined {
  for (const file of Object.values(FILES)) {
    const kind = file?.['x-kind'];
    if (file && kind?.group === of.group && kind.version === of.version && kind.kind === of.kind) return { schema: file, file };
  }
  return undefined;
}

/** The schema of a field of a map: the known field, or what every entry of a free map is; `undefined` for a field that does not exist. */
export function fieldOf(place: SchemaPlace, name: string): SchemaPlace | undefined {
  const { properties, additionalProperties } = place.schema;
  const own = properties && Object.hasOwn(properties, name) ? properties[name] : undefined;
  if (own) return resolved(own, place.file);
  return typeof additionalProperties === 'object' ? resolved(additionalProperties, place.file) : undefined;
}

/** The schema of the items of a list. */
export function itemOf(place: SchemaPlace): SchemaPlace | undefined {
  return place.schema.items && resolved(place.schema.items, place.file);
}

/** The fields that may stand in a map, in the order people write them. */
export function fieldsOf(place: SchemaPlace): readonly string[] {
  return place.schema['x-order'] ?? Object.keys(place.schema.properties ?? {});
}

/** Follows `$ref`; the annotations beside it win over those of the target. */
function resolved(schema: Schema, file: Schema): SchemaPlace {
  return schema.$ref === undefined ? { schema, file } : targetOf(schema, schema.$ref, file);
}

const targetOf = memo((schema: Schema, reference: string, file: Schema): SchemaPlace => {
  const [name = '', pointer = ''] = reference.split('#');
  const home = name === '' ? file : (FILES[name] ?? file);
  const part = pointer === '' ? home : home.definitions?.[pointer.replace('/definitions/', '')];
  const target = resolved(part ?? {}, home);
  const { $ref: _, ...annotations } = schema;
  return { schema: { ...target.schema, ...annotations }, file: target.file };
});
