import type { Caller } from '../model/caller.ts';
import type { Api } from '../model/api.ts';
import type { Policy } from '../model/policy.ts';
import type { EndpointSlice, ReferencedSet, ServiceAccount, Tier } from '../model/referenced.ts';
import type { UnevaluatedPolicy } from '../model/unevaluated/policy.ts';
import type { ClusterNode, Namespace, Service, Workload } from '../model/workload.ts';
import type { Path } from '../syntax/path.ts';

/** Names one manifest of the workspace; opaque outside of the workspace. */
export type ManifestKey = string;

/** A typed object and the manifest it stands in. Spans are looked up from (key, path) when an answer is written. */
export interface Located<T> {
  readonly key: ManifestKey;
  readonly value: T;
}

/**
 * Everything that forms one cluster: what an evaluation looks at. Immutable; namespaces that are only named are there too, with
 * just their implied label, and a Pod with a controller is folded into its owner.
 */
export interface Cluster {
  /** What enforces its policies: those of no other network plugin are evaluated. */
  readonly plane: Api;
  /** How Cilium is set up, where it is the plane; its defaults where absent. */
  readonly cilium?: CiliumSetup;
  readonly policies: readonly Located<Policy>[];
  readonly workloads: readonly Located<Workload>[];
  readonly namespaces: readonly Located<Namespace>[];
  readonly services: readonly Located<Service>[];
  readonly nodes: readonly Located<ClusterNode>[];
  /** The endpoints of Services, as far as manifests give them. */
  readonly slices: readonly Located<EndpointSlice>[];
  /** Service accounts, sets that policies refer to, and tiers. Only those of the API that the cluster's network plugin enforces count. */
  readonly accounts: readonly Located<ServiceAccount>[];
  readonly sets: readonly Located<ReferencedSet>[];
  readonly tiers: readonly Located<Tier>[];
  /** Policies of other APIs, which verdicts leave out. */
  readonly unevaluated: readonly Located<UnevaluatedPolicy>[];
  /** Policies of other network plugins than the one that the settings name: nothing enforces them. */
  readonly unenforced: readonly Located<UnevaluatedPolicy>[];
  /** What says who connects to what. No verdict depends on it. */
  readonly callers: readonly Located<Caller>[];
  /** What was left out and why: duplicates, unreadable objects. */
  readonly problems: readonly ClusterProblem[];
}

/** What the settings say about the Cilium of a cluster: `netpol.cilium.*`. */
export interface CiliumSetup {
  /** `1.19`. */
  readonly version: string;
  /** Do address blocks match nodes, too? */
  readonly cidrMatchMode: 'none' | 'nodes';
}

export interface ClusterProblem {
  readonly key: ManifestKey;
  readonly path: Path;
  readonly message: string;
}

/** Do two lists hold the very same values in the same order, whatever their keys? */
export function sameValues<T>(one: readonly Located<T>[], other: readonly Located<T>[]): boolean {
  return one === other || (one.length === other.length && one.every(({ value }, i) => value === other[i]?.value));
}
