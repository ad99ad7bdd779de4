import type { PolicyKindEntry } from '../model/kind.ts';
import type { Traits } from '../model/traits.ts';

/** Which kinds a rule looks at: asked of what a kind is like, never of its name. */
export type About = (kind: PolicyKindEntry) => boolean;

/** Kinds with all of these traits. */
export function withTraits(required: Partial<Traits>): About {
  return ({ traits }) => TRAITS.every((trait) => required[trait] === undefined || required[trait] === traits[trait]);
}

/** Kinds that have all of these fields; see `PolicyKindEntry.fields`. */
export function withFields(...names: readonly string[]): About {
  return ({ fields }) => names.every((field) => fields.includes(field));
}

const TRAITS: readonly (keyof Traits)[] = ['ordered', 'isolates', 'denies', 'namespaced', 'hostNetwork', 'builtIn'];
