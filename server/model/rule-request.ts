import type { Protocol } from '../base/ports.ts';
import type { Action, Direction } from './policy.ts';
import type { Labels } from './selector.ts';

/** A value of a manifest as plain data, to be written as YAML or JSON. */
export type ManifestValue = string | number | boolean | readonly ManifestValue[] | { readonly [field: string]: ManifestValue };

/** What a rule is to say, whatever the API. */
export interface RuleRequest {
  readonly direction: Direction;
  readonly action: Action;
  /** Only where the rules of the API have names. */
  readonly name?: string;
  /** Any one of them is enough; none: every source or destination. */
  readonly peers: readonly PeerRequest[];
  readonly ports: readonly { readonly protocol: Protocol; readonly port: number }[];
}

export type PeerRequest =
  /** Pods with labels; of all namespaces where none is named. */
  { readonly kind: 'pods'; readonly namespace?: string; readonly labels: Labels } | { readonly kind: 'address'; readonly cidr: string };

/** Writes what the reader of the same API reads. What the API cannot say gives `undefined`. */
export interface RuleWriter {
  /** A rule for the list of rules of a direction. `namespace`: that of the policy, where it has one. */
  readonly rule: (request: RuleRequest, namespace: string | undefined) => ManifestValue | undefined;
  /** A whole policy that isolates pods except for what its rules allow; only where the API isolates. Without a namespace it has none written. */
  readonly isolation?: (
    name: string,
    namespace: string | undefined,
    labels: Labels,
    direction: Direction,
    rules?: readonly ManifestValue[],
  ) => ManifestValue;
}
