import type { Direction } from '../direction.ts';
import type { Requirement } from '../selector.ts';

/**
 * A policy of an API that this program does not evaluate. Verdicts are worked out without it; what it may change is said wherever an
 * answer could depend on it. An API that is evaluated one day leaves `kinds.ts` here, and is a policy kind instead.
 */
export interface UnevaluatedPolicy {
  /** `CiliumNetworkPolicy`. */
  readonly kind: string;
  /** The API as people call it: `Cilium`. */
  readonly api: string;
  readonly group: string;
  readonly name: string;
  /** `undefined` for what lives in no namespace. */
  readonly namespace?: string;
  /** Where it may decide something. */
  readonly directions: readonly Direction[];
  readonly standing: Standing;
  /** Decides about addresses outside the cluster only. */
  readonly outsideOnly: boolean;
  /** The pods that it may select: those of any of these. None: it selects no pod. */
  readonly subjects: readonly PossibleSubject[];
  /** The tier that it names and that the workspace lacks: its API is evaluated, but nothing says where this policy stands. */
  readonly missingTier?: string;
}

/**
 * What it can do to the answer of the policies that are evaluated.
 * `before-admin`: it may come before every one of them. `beside-network-policy`: the Admin tier comes before it. `after-network-policy`: so
 * do NetworkPolicies. `restricts`: whatever is denied stays denied. `note`: it is about requests more than about connections, so an
 * answer stands, with a note.
 */
export type Standing = 'before-admin' | 'beside-network-policy' | 'after-network-policy' | 'restricts' | 'note';

/**
 * Pods that a policy may select: more than it does where its selector says what is not read here, never fewer. All conditions must hold.
 */
export interface PossibleSubject {
  /** The namespace of the policy, every namespace, or those with these names. */
  readonly namespaces: 'own' | 'all' | readonly string[];
  /** About the labels of the namespace. */
  readonly namespaceLabels: readonly Requirement[];
  readonly podLabels: readonly Requirement[];
}

/** Every pod of the namespace of a policy, or of the cluster for a policy without one. */
export function everyPod(namespace: string | undefined): PossibleSubject {
  return { namespaces: namespace === undefined ? 'all' : 'own', namespaceLabels: [], podLabels: [] };
}
