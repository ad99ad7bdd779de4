import type { Path } from '../syntax/path.ts';
import type { Api } from './api.ts';
import type { LabelSelector } from './selector.ts';

/** A CIDR block without some blocks inside it. Only readable CIDRs get here. */
export interface Network {
  readonly cidr: string;
  readonly except: readonly string[];
  readonly path: Path;
}

/** A set of endpoints of connections, as any policy API describes them: pods by what they are like, nodes, and addresses outside. */
export type EndpointSet =
  | { readonly kind: 'any' }
  /** Its members are unknown. */
  | { readonly kind: 'unknown'; readonly why: string }
  /** Pods by their own labels, those of their namespace or of their service account, or nodes by theirs. */
  | { readonly kind: 'labels'; readonly of: LabelHolder; readonly selector: LabelSelector }
  /** The pods of the namespace of this name. */
  | { readonly kind: 'namespace'; readonly name: string }
  /** Addresses outside, and pods and nodes with a known address among them. */
  | { readonly kind: 'addresses'; readonly networks: readonly Network[] }
  /** Addresses outside that have one of these names in DNS. */
  | { readonly kind: 'names'; readonly names: readonly string[] }
  | { readonly kind: 'entity'; readonly entity: Entity }
  /** Pods of a namespace that run as one of these service accounts. */
  | { readonly kind: 'accounts'; readonly names: readonly string[] }
  /** The members of other objects of the cluster; evaluation looks them up. */
  | { readonly kind: 'reference'; readonly to: Reference }
  /**
   * Pods of the namespace that the pod of the subject is in; with `labels` those of all namespaces that have the same values of all these
   * labels. A namespace that lacks one of them is like none, not even like itself.
   */
  | { readonly kind: 'like-own-namespace'; readonly labels?: readonly string[] }
  | { readonly kind: 'and' | 'or'; readonly of: readonly EndpointSet[] }
  | { readonly kind: 'not'; readonly of: EndpointSet };

export type LabelHolder = 'pod' | 'namespace' | 'node' | 'serviceAccount';

/**
 * `pod`: any pod; `host-network`: pods on the host network; `node`: the nodes of the cluster, as far as they are known; `outside`: whatever
 * is not a pod and no known node of the cluster.
 */
export type Entity = 'pod' | 'host-network' | 'node' | 'outside' | 'outside-ipv4' | 'outside-ipv6';

/** Objects of the cluster that a policy refers to: a group, a network set, a CIDR group or a Service. */
export interface Reference {
  readonly api: Api;
  /** Which kinds: `ClusterGroup`, `Service`. */
  readonly kinds: readonly string[];
  readonly by: ReferenceBy;
  /** `members` where absent. */
  readonly part?: ReferencePart;
  /** What becomes of a reference by name to an object that is not in the workspace: its members are unknown, or it counts as empty. */
  readonly missing: 'unknown' | 'empty';
}

/** `members`: what the object selects or holds; `pods`: without addresses. `service-addresses`: the cluster IPs of a Service, which no pod has. */
export type ReferencePart = 'members' | 'pods' | 'service-addresses';

export type ReferenceBy =
  | { readonly kind: 'name'; readonly name: string; readonly namespace?: string }
  /** Objects that are in a set by their labels and those of their namespace, asked as if they were pods. */
  | { readonly kind: 'labels'; readonly where: EndpointSet };
