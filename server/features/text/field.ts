import type { JudgedKindEntry } from '../../model/kind.ts';
import { fieldOf, itemOf, schemaOf, type Schema, type SchemaPlace } from '../../rules/schema/schemas.ts';
import type { Path } from '../../syntax/path.ts';

/** What the schema says about a field of a policy. */
export interface SchemaField {
  readonly place: SchemaPlace;
  readonly schema: Schema;
  /** The key; for an item that of its list; for a whole manifest its kind. */
  readonly name: string;
  readonly isItem: boolean;
  readonly required: boolean;
  /** The field, or something around it, is in the experimental channel only. */
  readonly experimental: boolean;
}

/** The field at a path of a policy; `undefined` where the kind has no such field. */
export function fieldAt(kind: JudgedKindEntry, path: Path): SchemaField | undefined {
  const root = schemaOf(kind);
  let field: SchemaField | undefined = root && {
    place: root,
    schema: root.schema,
    name: kind.kind,
    isItem: false,
    required: true,
    experimental: false,
  };
  for (const step of path) field = field && stepInto(field, step);
  return field;
}

function stepInto(field: SchemaField, step: string | number): SchemaField | undefined {
  const place = typeof step === 'number' ? itemOf(field.place) : fieldOf(field.place, step);
  if (!place) return undefined;
  return {
    place,
    schema: place.schema,
    name: typeof step === 'number' ? field.name : step,
    isItem: typeof step === 'number',
    required: typeof step === 'string' && field.schema.required?.includes(step) === true,
    experimental: field.experimental || place.schema['x-channel'] === 'experimental',
  };
}

/** Is the field a label selector? */
export function isSelector(field: SchemaField): boolean {
  return field.schema.properties?.['matchLabels'] !== undefined;
}

/** A plain value: text, a number, true or false. */
export function isScalarField({ schema }: SchemaField): boolean {
  return schema['x-int-or-string'] === true || (schema.type !== undefined && schema.type !== 'object' && schema.type !== 'array');
}
