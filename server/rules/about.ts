import type { Api } from '../model/api.ts';
import type { JudgedKindEntry } from '../model/kind.ts';
import type { Traits } from '../model/traits.ts';

/** Which kinds a rule looks at: asked of what a kind is like, never of its name. */
export type About = (kind: JudgedKindEntry) => boolean;

/** Every kind that is judged: for rules about what all manifests share. */
export const everyKind: About = () => true;

/** The policies of Kubernetes itself: what a rule looks at that does not say otherwise. */
export const upstreamPolicies: About = ({ role, api }) => role === 'policy' && api === 'kubernetes';

/** The policies of every API: for what follows from their sets of endpoints alone. */
export const policiesOfAnyApi: About = ({ role }) => role === 'policy';

/** The APIs whose policies may be asked what NetworkPolicies are asked about pods, peers and ports. An API adds itself once its words fit. */
const ALIKE: readonly Api[] = ['kubernetes', 'cilium'];

/** Policies that name pods, peers and ports as NetworkPolicies do, of whichever API. */
export const podPolicies: About = ({ role, api }) => role === 'policy' && ALIKE.includes(api);

/** The kinds of one API; only its policies where `role` says so. */
export function ofApi(api: Api, role?: JudgedKindEntry['role']): About {
  return (kind) => kind.api === api && (role === undefined || kind.role === role);
}

/** Kinds that any of these is about. */
export function either(...abouts: readonly About[]): About {
  return (kind) => abouts.some((about) => about(kind));
}

/** Policies of Kubernetes with all of these traits. */
export function withTraits(required: Partial<Traits>): About {
  return (kind) => kind.role === 'policy' && upstreamPolicies(kind) && hasTraits(kind.traits, required);
}

/** Policies of any API with all of these traits. */
export function anyWithTraits(required: Partial<Traits>): About {
  return (kind) => kind.role === 'policy' && hasTraits(kind.traits, required);
}

/** Policies of Kubernetes that have all of these fields; see `PolicyKindEntry.fields`. */
export function withFields(...names: readonly string[]): About {
  return (kind) => kind.role === 'policy' && upstreamPolicies(kind) && names.every((field) => kind.fields.includes(field));
}

function hasTraits(traits: Traits, required: Partial<Traits>): boolean {
  return TRAITS.every((trait) => required[trait] === undefined || required[trait] === traits[trait]);
}

const TRAITS: readonly (keyof Traits)[] = ['ordered', 'isolates', 'denies', 'namespaced', 'hostNetwork', 'builtIn'];
