/** What a schema says about one value; schemas/README.md explains every keyword. */
export interface Schema {
  readonly $id?: string;
  readonly $ref?: string;
  readonly title?: string;
  readonly description?: string;
  readonly type?: string;
  readonly enum?: readonly (string | number)[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema | undefined>>;
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly definitions?: Readonly<Record<string, Schema | undefined>>;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly 'x-kind'?: { readonly group: string; readonly version: string; readonly kind: string; readonly scope: string };
  readonly 'x-null'?: NullRule;
  readonly 'x-missing-at'?: Readonly<Record<string, string | undefined>>;
  readonly 'x-name'?: string;
  readonly 'x-exactly-one'?: readonly string[];
  readonly 'x-at-least-one'?: readonly string[];
  readonly 'x-excludes'?: Readonly<Record<string, readonly string[] | undefined>>;
  readonly 'x-int-or-string'?: boolean;
  readonly 'x-empty-string'?: string;
  readonly 'x-format'?: string;
  readonly 'x-map-keys'?: string;
  readonly 'x-max-bytes'?: number;
  readonly 'x-list-type'?: string;
  readonly 'x-list-map-keys'?: readonly string[];
  readonly 'x-subset-of'?: string;
  readonly 'x-range'?: { readonly start: string; readonly end: string; readonly equal: string; readonly enforced: boolean };
  readonly 'x-selector-requirement'?: { readonly operator: string; readonly values: string };
  readonly 'x-named-port-conflict'?: {
    readonly ports: string;
    readonly name: string;
    readonly to: readonly string[];
    readonly channel: string;
  };
  readonly 'x-at-most-one-true'?: string;
  readonly 'x-validated'?: boolean;
  readonly 'x-dropped-on-create'?: boolean;
  readonly 'x-added'?: { readonly in: string; readonly values: readonly string[] };
  readonly 'x-channel'?: string;
  readonly 'x-free-form'?: boolean;
  readonly 'x-default'?: string;
  readonly 'x-emptyMeans'?: string;
  readonly 'x-nullMeans'?: string;
  readonly 'x-missingMeans'?: string;
  readonly 'x-enumDescriptions'?: Readonly<Record<string, string | undefined>>;
  readonly 'x-suggest'?: readonly (string | number)[];
  readonly 'x-order'?: readonly string[];
  readonly 'x-set-by'?: string;
}

/** What the server makes of null: as the value of a known key, in a list, in a map of labels. */
export interface NullRule {
  readonly field: string;
  readonly item: string;
  readonly mapValue: string;
}
