/**
 * How the policies of an API behave, as far as rules and features may ask. Precedence itself is data of `eval/stages.ts`; the fields of an
 * API are in its entry (`PolicyKindEntry`).
 */
export interface Traits {
  /** Its policies and rules are evaluated in an order, and the first rule that matches decides. */
  readonly ordered: boolean;
  /** A pod that a policy selects is isolated: what no rule allows is denied. */
  readonly isolates: boolean;
  /** It has rules that deny, or that pass to what is evaluated next. */
  readonly denies: boolean;
  /** A policy selects pods of its own namespace only. */
  readonly namespaced: boolean;
  /** Its selectors may include pods on the host network (which pods these bind is then for the CNI to say). */
  readonly hostNetwork: boolean;
  /** Its type is compiled into the API server: null values are stored as empty ones, and more is validated than a CRD can express. */
  readonly builtIn: boolean;
}
