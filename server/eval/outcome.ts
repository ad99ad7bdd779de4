import type { Traffic } from '../base/ports.ts';
import type { Action, Rule } from '../model/policy.ts';

/** A rule list that selects the pod, with those of its rules that match the other endpoint. */
export interface Applied<T> {
  readonly item: T;
  /** Does it isolate the pod in this direction? */
  readonly isolates: boolean;
  readonly rules: readonly MatchedRule[];
  /** It is unknown whether it selects the pod at all. */
  readonly uncertain?: boolean;
}

/** A rule, with the traffic that it matches at the other endpoint. */
export interface MatchedRule {
  readonly rule: Rule;
  readonly action: Action | 'Log';
  readonly traffic: Traffic;
  /** Its place in its list; only asked where ties are settled by it. */
  readonly index?: number;
  /** It is unknown whether it matches the endpoint. */
  readonly uncertain?: boolean;
  /** What it accepts is then judged by layer 7, by this condition. */
  readonly condition?: string;
}

/** Traffic that is allowed and then judged by layer 7. */
export interface Conditional {
  readonly condition: string;
  readonly traffic: Traffic;
}

/**
 * What is decided in one direction: for each part of the traffic, the set of results that are possible. Of two results, three sets are
 * possible, so two sets of traffic say it all: what is in `sure` can only be allowed, what is in `maybe` alone may be allowed or denied,
 * what is in neither can only be denied.
 */
export interface Outcome {
  readonly sure: Traffic;
  readonly maybe: Traffic;
  /** Of the traffic in `maybe` alone, what depends on something that the manifests do not say; the rest depends on an undefined order. */
  readonly unknown?: Traffic;
  /** Of the allowed traffic, what is then judged by layer 7. */
  readonly conditional?: readonly Conditional[];
}

/** One thing that happens during evaluation, reported to whoever wants to explain it. */
export interface Decision<T> {
  readonly item: T;
  /** The rule that decides; absent where a policy only isolates, or has nothing to say. */
  readonly rule?: Rule;
  readonly action: Action | 'Allow' | 'Isolated' | 'NoMatch' | 'Log' | 'DefaultAction';
  readonly traffic: Traffic;
  /** Another policy of the same group decides otherwise, for this much traffic. */
  readonly tied?: Traffic;
  /** It is unknown whether the rule matches, or whether its policy selects the pod: what comes after it may decide. */
  readonly uncertain?: true;
}

/** Who wants to explain an evaluation. */
export type DecisionListener<T> = ((decision: Decision<T>) => void) | undefined;
