import { store } from '../base/memo.ts';
import type { Work } from '../base/work.ts';
import type { Node } from '../syntax/tree.ts';
import type { Caller } from './caller.ts';
import type { Api } from './api.ts';
import type { Policy, PolicyKind, RuleAction } from './policy.ts';
import type { EndpointSlice, ReferencedSet, ServiceAccount, Tier } from './referenced.ts';
import type { RuleList } from './rule-list.ts';
import type { RuleWriter } from './rule-request.ts';
import type { Traits } from './traits.ts';
import type { UnevaluatedPolicy } from './unevaluated/policy.ts';
import type { ClusterNode, Namespace, Service, Workload } from './workload.ts';

/** What is known about one kind of one API: all that the rest of the program needs in order to serve it. */
export type Kind = JudgedKindEntry | OtherKindEntry;

/** What this program judges: policies, and the objects that they refer to. */
export type JudgedKindEntry = PolicyKindEntry | SetKindEntry | TierKindEntry;

/** An object that policies refer to for its members. */
export interface SetKindEntry extends KindEntry<'set', ReferencedSet>, JudgedKind {}

/** An object that says where the policies of a tier stand. */
export interface TierKindEntry extends KindEntry<'tier', Tier>, JudgedKind {}

interface JudgedKind {
  readonly api: Api;
  /** What the kind is for, in a sentence. */
  readonly summary: string;
  /** Do some of its fields belong to the experimental channel of its CRD? Built-in kinds have no channels. */
  readonly channels: boolean;
  /** Only policies have these; see `PolicyKindEntry`. */
  readonly traits?: Traits;
  readonly fields?: readonly string[];
  readonly portsField?: string;
  readonly successor?: string;
  /** Further versions that read alike; a whole apiVersion where the group differs, too. */
  readonly alike: readonly string[];
}

/** A policy API. */
export interface PolicyKindEntry extends KindEntry<'policy', Policy>, JudgedKind {
  readonly kind: PolicyKind;
  /** The kind that took over; set where an API has been withdrawn. */
  readonly successor?: string;
  readonly traits: Traits;
  /** Fields by which rules tell whether they have anything to look at: those that not every kind has. */
  readonly fields: readonly string[];
  /** The word for each action that its rules may take. */
  readonly actions: ReadonlyMap<RuleAction, string>;
  /** The field of a rule that lists its ports, where all rules of the kind have one. */
  readonly portsField: string;
  /** The namespaces of a pod selector in a peer that stands without a namespace selector; `named`: it must have one. */
  readonly scopeOfPods: 'own' | 'all' | 'named';
  /** The same as `read`, in steps; absent where little is read. */
  readonly readWork?: (root: Node | undefined) => Work<Policy>;
  /** Writes what `read` reads. */
  readonly write: RuleWriter;
  /** The one name that the API server accepts, where there is only one. */
  readonly onlyName?: string;
  /** Compiles a policy, where the compiler that the APIs share (`eval/effective-policy.ts`) does not do. */
  readonly lists?: (policy: Policy) => readonly RuleList[];
  /** How a policy is read in a cluster whose network plugin does not enforce its API, or where this is not known. Each kind of a vendor has it. */
  readonly unevaluated?: UnevaluatedKindEntry;
}

/** What policies act on: only read, never judged. */
export type OtherKindEntry =
  | KindEntry<'workload', Workload>
  | KindEntry<'namespace', Namespace>
  | KindEntry<'service', Service>
  | KindEntry<'node', ClusterNode>
  | KindEntry<'account', ServiceAccount>
  | KindEntry<'slice', EndpointSlice>
  | UnevaluatedKindEntry
  | CallerKindEntry;

/** A policy API that is not evaluated: read for whom it may select. */
export type UnevaluatedKindEntry = KindEntry<'unevaluated', UnevaluatedPolicy>;

/** What says who connects to what, read for the connections that policies must leave open; or what may create pods. */
export interface CallerKindEntry extends KindEntry<'caller', Caller> {
  /** A string without which an object of the kind makes no calls, so that it need not be parsed. */
  readonly needs: string | RegExp;
  /** The workloads of an object with several pod templates, each named after the object and the field that holds its template. */
  readonly workloads?: (root: Node | undefined) => readonly Workload[];
}

interface KindEntry<Role extends string, Value> {
  readonly role: Role;
  /** `''` for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** As in `kubectl get …`. */
  readonly plural: string;
  readonly scope: 'Namespaced' | 'Cluster';
  /** Where upstream describes it. */
  readonly docs: string;
  /** apiVersions that the kind had in the past and that are gone. */
  readonly formerly: readonly string[];
  /** Reads whatever can be read. Never throws; holds on to no node. */
  readonly read: (root: Node | undefined) => Value;
}

/** One object, read. */
export type Resource =
  | { readonly role: 'policy'; readonly value: Policy }
  | { readonly role: 'workload'; readonly value: Workload }
  | { readonly role: 'namespace'; readonly value: Namespace }
  | { readonly role: 'service'; readonly value: Service }
  | { readonly role: 'node'; readonly value: ClusterNode }
  | { readonly role: 'account'; readonly value: ServiceAccount }
  | { readonly role: 'slice'; readonly value: EndpointSlice }
  | { readonly role: 'set'; readonly value: ReferencedSet }
  | { readonly role: 'tier'; readonly value: Tier }
  | { readonly role: 'unevaluated'; readonly value: UnevaluatedPolicy }
  | { readonly role: 'caller'; readonly value: Caller };

/** Reads an object of a known kind. Once: rules and the workspace share what is read. */
export function readResource(kind: Kind, root: Node | undefined): Resource {
  if (!root) return readAs(kind, root);
  const before = RESOURCES.get(root);
  return before?.kind === kind ? before.resource : RESOURCES.set(root, { kind, resource: readAs(kind, root) }).resource;
}

/** Reads an object in steps, so that `readResource` has its answer at once. */
export function* resourceWork(kind: Kind, root: Node | undefined): Work<Resource> {
  if (kind.role !== 'policy' || !kind.readWork || !root || RESOURCES.get(root)?.kind === kind) return readResource(kind, root);
  const value = withUnevaluated(kind, root, yield* kind.readWork(root));
  // While this was interrupted, another caller may have read it; there must be only one of each.
  const before = RESOURCES.get(root);
  return before?.kind === kind ? before.resource : RESOURCES.set(root, { kind, resource: { role: 'policy', value } }).resource;
}

const RESOURCES = store<Node, { readonly kind: Kind; readonly resource: Resource }>();

function readAs(kind: Kind, root: Node | undefined): Resource {
  switch (kind.role) {
    case 'policy':
      return { role: 'policy', value: withUnevaluated(kind, root, kind.read(root)) };
    case 'set':
      return { role: 'set', value: kind.read(root) };
    case 'tier':
      return { role: 'tier', value: kind.read(root) };
    case 'account':
      return { role: 'account', value: kind.read(root) };
    case 'slice':
      return { role: 'slice', value: kind.read(root) };
    case 'workload':
      return { role: 'workload', value: kind.read(root) };
    case 'namespace':
      return { role: 'namespace', value: kind.read(root) };
    case 'service':
      return { role: 'service', value: kind.read(root) };
    case 'node':
      return { role: 'node', value: kind.read(root) };
    case 'unevaluated':
      return { role: 'unevaluated', value: kind.read(root) };
    case 'caller':
      return { role: 'caller', value: kind.read(root) };
  }
}

function withUnevaluated({ unevaluated }: PolicyKindEntry, root: Node | undefined, policy: Policy): Policy {
  return unevaluated ? { ...policy, unevaluated: unevaluated.read(root) } : policy;
}

/** Is it a kind that this program judges? */
export function isJudged(kind: Kind): kind is JudgedKindEntry {
  return kind.role === 'policy' || kind.role === 'set' || kind.role === 'tier';
}

/** `networking.k8s.io/v1`, or `v1` for the core group. */
export function apiVersionOf(kind: { readonly group: string; readonly version: string }): string {
  return kind.group === '' ? kind.version : `${kind.group}/${kind.version}`;
}

/** Every apiVersion under which a judged kind is served and reads alike, the current one first. */
export function apiVersionsOf({ group, version, alike }: JudgedKindEntry): readonly string[] {
  return [version, ...alike].map((one) => (one.includes('/') ? one : `${group}/${one}`));
}
