import type { Path } from '../../syntax/path.ts';
import { fieldNamed, KUSTOMIZATION, type Field, type FieldType } from './fields.ts';

/** What may stand at a path of a kustomization. */
export interface FieldAt {
  readonly type: FieldType;
  /** What is known of the field; of the list for an item, of the object for an entry of it. */
  readonly field: Field | undefined;
}

/** What may stand at a path of a kustomization; `undefined` where kustomize knows no such field. */
export function kustomizationFieldAt(path: Path): FieldAt | undefined {
  let at: FieldAt | undefined = { type: KUSTOMIZATION, field: undefined };
  for (const step of path) at = at && below(at, step);
  return at;
}

function below({ type, field }: FieldAt, step: string | number): FieldAt | undefined {
  if (type.kind === 'list') return typeof step === 'number' ? { type: type.of, field } : undefined;
  if (type.kind === 'strings') return typeof step === 'string' ? { type: { kind: 'string' }, field } : undefined;
  if (type.kind !== 'object' || typeof step !== 'string') return undefined;
  const inner = fieldNamed(type.fields, step);
  return inner && { type: inner.type, field: inner };
}
