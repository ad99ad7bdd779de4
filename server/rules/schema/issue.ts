import type { Span } from '../../base/span.ts';
import type { Path } from '../../syntax/path.ts';
import type { Node } from '../../syntax/tree.ts';
import type { SchemaPlace } from './schemas.ts';

/** One thing that a schema objects to, before a rule puts it into words. */
export interface Issue {
  readonly keyword: IssueKeyword;
  /** The field as the API server names it. */
  readonly path: Path;
  /** The field as written; differs from `path` where the server leaves out a key or an index. */
  readonly at: Path;
  /** What to underline: the key for an unknown field, the value for a bad value, the item for a bad item. */
  readonly span: Span;
  /** The value in question; for a missing field, the map that lacks it. */
  readonly node: Node | undefined;
  /** The schema of the value in question. */
  readonly place: SchemaPlace;
  readonly params: IssueParams;
  /** False where the server does not look (`x-validated: false`): a warning at most. */
  readonly enforced: boolean;
  /** About something that is not there: no fault in a patch or another partial document. */
  readonly absence: boolean;
}

/** ajv's keywords, and ours as schemas/README.md names them, without the `x-`. */
export type IssueKeyword =
  | 'type'
  | 'enum'
  | 'required'
  | 'additionalProperties'
  | 'minimum'
  | 'maximum'
  | 'minItems'
  | 'maxItems'
  | 'minLength'
  | 'maxLength'
  | 'format'
  | 'map-keys'
  | 'max-bytes'
  | 'exactly-one'
  | 'at-least-one'
  | 'excludes'
  | 'list-type'
  | 'subset-of'
  | 'range'
  | 'selector-requirement'
  | 'named-port-conflict'
  | 'at-most-one-true'
  | 'name';

export interface IssueParams {
  /** The value as the server sees it, where it is a text or a number. */
  readonly value?: string | number;
  /** The missing, unknown, or offending key. */
  readonly key?: string;
  /** The keys that may or may not stand together. */
  readonly keys?: readonly string[];
  /** The other place that matters: the earlier of two equal items, the start of a range, the CIDR around an except. */
  readonly other?: Path;
  readonly format?: string;
  readonly limit?: number;
}
