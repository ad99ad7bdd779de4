import type { Protocol } from '../base/ports.ts';
import type { Path } from '../syntax/path.ts';
import type { Api } from './api.ts';
import type { EndpointSet } from './endpoints.ts';
import type { Unreadable } from './policy.ts';
import type { Labels } from './selector.ts';

/** An object that policies refer to for its members: a Calico NetworkSet, a CiliumCIDRGroup, an Antrea ClusterGroup. */
export interface ReferencedSet {
  readonly api: Api;
  readonly kind: string;
  readonly name: string;
  /** Only for namespaced kinds. */
  readonly namespace?: string;
  /** Its own labels, by which some APIs refer to it. */
  readonly labels: Labels;
  /** Its members; may refer to further objects. */
  readonly members: EndpointSet;
  /** The members without those that it names by address, where these are not members everywhere (Antrea: no block selects pods as a subject). */
  readonly pods?: EndpointSet;
  /** The members in plain text: "addresses in 10.0.0.0/8", "pods with app=web in any namespace". */
  readonly words: string;
  /** What could not be read. */
  readonly unreadable: readonly Unreadable[];
}

/** An object that says where the policies of a tier stand: a Calico or an Antrea Tier. */
export interface Tier {
  readonly api: Api;
  readonly kind: string;
  readonly name: string;
  /** Calico `order`, Antrea `priority`: lower first; absent: last. */
  readonly order?: number;
  readonly orderPath: Path;
  /** What becomes of traffic that no rule matches, where a policy of the tier applied (Calico `defaultAction`). */
  readonly unmatched?: 'Deny' | 'Pass';
  /** What could not be read. */
  readonly unreadable: readonly Unreadable[];
}

/** Endpoints of a Service, as a controller or a person writes them down. */
export interface EndpointSlice {
  readonly name: string;
  readonly namespace: string;
  /** The Service, in the same namespace. */
  readonly service?: string;
  readonly addresses: readonly string[];
  readonly ports: readonly { readonly port: number; readonly protocol: Protocol }[];
  /** What could not be read, in words; an object with such a part is left out of verdicts. */
  readonly unreadable?: readonly string[];
}

/** A ServiceAccount, whose labels some APIs ask for. */
export interface ServiceAccount {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Labels;
  /** What could not be read, in words; an object with such a part is left out of verdicts. */
  readonly unreadable?: readonly string[];
}
