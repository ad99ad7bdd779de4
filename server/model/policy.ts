import type { Packets } from '../base/packets.ts';
import type { Span } from '../base/span.ts';
import type { Protocol } from '../base/ports.ts';
import type { Path } from '../syntax/path.ts';
import type { Api } from './api.ts';
import type { EndpointSet, Network, Reference } from './endpoints.ts';
import type { LabelSelector, Requirement } from './selector.ts';
import type { Traits } from './traits.ts';
import type { UnevaluatedPolicy } from './unevaluated/policy.ts';

export { DIRECTIONS, PATH_ORDER, type Direction } from './direction.ts';
export type { Network } from './endpoints.ts';

/**
 * What every policy API is read into: one shape, so that evaluation, hover and rules need not know the API.
 * Holds no nodes and no offsets: places are field paths, resolved to spans when an answer is written.
 */
export interface Policy {
  /** Whose API it is of. With `kind` it tells the entry of the registry; `kind` alone does not, as several APIs have a NetworkPolicy. */
  readonly api: Api;
  /** The word of the manifest. */
  readonly kind: PolicyKind;
  readonly apiVersion: string;
  readonly name: string;
  /** Only for namespaced kinds; a manifest without one is in `default`. */
  readonly namespace?: string;
  readonly traits: Traits;
  /** The stage of evaluation that it belongs to; `eval/stages.ts` knows what comes before and after. */
  readonly stage: StageId;
  /** Lower first; absent where the API has none. Upstream: 0 to 1000. */
  readonly priority?: number;
  readonly subject: Subject;
  readonly at: PolicyPlaces;
  /** Present exactly when the policy acts in that direction. */
  readonly ingress?: Section;
  readonly egress?: Section;
  /** What could not be read; anything that depends on it is left out of verdicts and said so. */
  readonly unreadable: readonly Unreadable[];
  /**
   * The policies that a manifest holds which holds several (Cilium `specs`): each with a subject, sections and places of its own. The
   * sections of the whole then list the rules of all of them, the very same objects, each with the subject of its part.
   */
  readonly parts?: readonly Policy[];
  /** It takes no part in verdicts, although nothing is wrong with it. */
  readonly notInForce?: NotInForce;
  /** What it may do in a cluster whose network plugin does not enforce its API, or where this is not known. */
  readonly unevaluated?: UnevaluatedPolicy;
  /** The labels that selectors ask for which are expressions in a string (Calico); absent where selectors are maps. */
  readonly labelTerms?: readonly LabelTerm[];
}

/** A condition on a label in a selector that is a string, and where its words stand in that string. */
export interface LabelTerm {
  readonly of: 'pod' | 'namespace';
  /** The condition, with all others that must hold with it where the selector has no alternatives. */
  readonly selector: LabelSelector;
  readonly requirement: Requirement;
  /** The namespaces whose pods it picks; only for pods. */
  readonly within?: NamespaceScope;
  /** It selects sets by their labels, too. */
  readonly selectsSets: boolean;
  /** The path of the string. */
  readonly path: Path;
  /** The label, without a prefix that says whose label it is; absent where the word is no label of the object. */
  readonly key?: Span;
  /** The values of the requirement, in its order, without their quotes. */
  readonly values: readonly Span[];
}

/** Why a policy takes no part in verdicts: a clause that follows its name, such as "is staged". */
export interface NotInForce {
  readonly why: string;
  /** Verdicts on what it may select say so. Not for what is never in force, like a staged policy. */
  readonly noted: boolean;
}

/** `NetworkPolicy`, …; the same word may stand for kinds of several APIs. */
export type PolicyKind = string;
/** Names a stage of evaluation. Upstream: `admin`, `networkpolicy` and `baseline`; a tier that is an object: `stageOfTier`. */
export type StageId = string;

/** The stage of the policies in a tier that is an object of its own (Calico, Antrea), by its name. */
export function stageOfTier(name: string): StageId {
  return `tier ${name}`;
}
/** `Accept` is also what a NetworkPolicy rule and an AdminNetworkPolicy `Allow` mean. */
export type Action = 'Accept' | 'Deny' | 'Pass';

/** `Log` decides nothing. */
export type RuleAction = Action | 'Log';

/** A part that could not be read, with the reason in words. */
export interface Unreadable {
  readonly path: Path;
  readonly why: string;
}

/** The pods a policy is about. */
export interface Subject {
  readonly namespaces: NamespaceScope;
  readonly pods: LabelSelector;
  readonly path: Path;
  /** Where it is more than pods in namespaces: then this counts, and the two selectors select these pods and maybe more. */
  readonly set?: EndpointSet;
  /** The pods in plain text, as `describeSubject` gives them; needed where there is a `set`. */
  readonly words?: string;
}

/** Which namespaces: the policy's own, or those a selector picks (an empty selector: all). */
export type NamespaceScope =
  | { readonly kind: 'own'; readonly namespace: string }
  | { readonly kind: 'selected'; readonly selector: LabelSelector };

/** The rules of one direction. */
export interface Section {
  /** True for NetworkPolicy: a selected pod is isolated in this direction, so everything is denied except what the rules allow. */
  readonly isolates: boolean;
  readonly rules: readonly Rule[];
  readonly path: Path;
}

/** Where the parts of a policy stand that may be missing from it. */
export interface PolicyPlaces {
  /** What the policy says apart from its metadata. */
  readonly body: Path;
  /** The list of rules of each direction, whether or not the policy acts in it. */
  readonly ingress: Path;
  readonly egress: Path;
  /** The fields that decide when it is evaluated. */
  readonly order: readonly Path[];
}

export interface Rule {
  readonly action: RuleAction;
  /** The word for its action as written, where the API has several for one (Antrea `Reject`). */
  readonly written?: string;
  readonly name?: string;
  /** The pods that it is about, where that is not the subject of the policy. */
  readonly subject?: Subject;
  /** Which pods of the subject it is about, where not all (a Calico rule may name both ends). */
  readonly own?: EndpointSet;
  /** What it accepts is then judged by layer 7: the condition in words, such as "HTTP GET /public". */
  readonly condition?: string;
  /** The DNS names, as patterns, of which it allows lookups and the network plugin learns the addresses (Cilium `rules.dns`). */
  readonly lookups?: readonly string[];
  /** What to know about it beside its effect. A sentence; explanations in which the rule decides show it. */
  readonly note?: string;
  /** `any`: no peer list, every source or destination. An empty list matches nothing (a peer list of unreadable items). */
  readonly peers: readonly Peer[] | 'any';
  /** `any`: every port of every protocol. */
  readonly ports: readonly PortMatch[] | 'any';
  /** Ports among these that it does not match after all (Calico `notPorts`). */
  readonly notPorts?: readonly PortMatch[];
  readonly path: Path;
  /** Its place in the list of rules as written, from 0. */
  readonly index: number;
  readonly at: RulePlaces;
}

/** Where the fields of a rule stand, or would stand. */
export interface RulePlaces {
  readonly peers: Path;
  readonly ports: Path;
  /** Absent where the API has no actions. */
  readonly action?: Path;
}

/** A rule that matches everything, or everything within the given parts. It has no place in a manifest. */
export function anyRule(parts: Partial<Pick<Rule, 'peers' | 'ports' | 'path'>> = {}): Rule {
  return { action: 'Accept', peers: 'any', ports: 'any', path: [], index: 0, at: { peers: [], ports: [] }, ...parts };
}

export type Peer =
  | { readonly kind: 'pods'; readonly namespaces: NamespaceScope; readonly pods: LabelSelector; readonly path: Path }
  | { readonly kind: 'networks'; readonly networks: readonly Network[]; readonly path: Path }
  | { readonly kind: 'nodes'; readonly nodes: LabelSelector; readonly path: Path }
  | { readonly kind: 'domainNames'; readonly domainNames: readonly string[]; readonly path: Path }
  /** What no other member can say; `words` in plain text, as `describePeer` gives them. */
  | { readonly kind: 'set'; readonly set: EndpointSet; readonly words: string; readonly path: Path }
  /** Not readable: matches nothing in an Accept rule, everything in Deny and Pass (network-policy-api: fail closed). */
  | { readonly kind: 'unreadable'; readonly path: Path };

export type PortMatch =
  | PortRange
  | NamedPort
  /** What ranges cannot say: other protocols, ICMP, source ports, negation. `words` in plain text: "ICMP type 8". */
  | { readonly kind: 'packets'; readonly packets: Packets; readonly words: string; readonly path: Path }
  /** The ports at which the pods of a Service listen (`targetPort`), or those that the Service itself offers (`port`). */
  | { readonly kind: 'service'; readonly service: Reference; readonly of: 'pods' | 'service'; readonly words: string; readonly path: Path }
  | { readonly kind: 'unreadable'; readonly path: Path };

export interface PortRange {
  readonly kind: 'range';
  readonly protocol: Protocol;
  readonly from: number;
  readonly to: number;
  readonly path: Path;
  /** Where the numbers stand: one place for a single port, two for the ends of a range, none where every port is meant. */
  readonly at: readonly Path[];
}

/** A port by name, looked up on the destination; without a protocol any container port of that name. */
export interface NamedPort {
  readonly kind: 'named';
  readonly protocol?: Protocol;
  readonly name: string;
  readonly path: Path;
  /** Where the name stands. */
  readonly at: Path;
}
