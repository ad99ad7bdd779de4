/** One error of ajv: where, which keyword, and its details. */
export interface ValidatorError {
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** A compiled schema: true where the value fits, else the errors are in `errors` until the next call. */
export interface Validator {
  (value: unknown): boolean;
  errors?: readonly ValidatorError[] | null;
}

/** By `group/version Kind`. Made by test/tools/generate.mjs from schemas/. */
export const validators: Readonly<Record<string, Validator>>;
