import { memoBy } from '../base/memo.ts';
import type { Api } from '../model/api.ts';
import { stageOfTier, type Action, type Policy, type StageId } from '../model/policy.ts';

/*
 * Precedence, as data: which stages there are, in what order, how the policies of one stage combine, and what becomes of traffic that
 * nothing in a stage matches. This file is the only place that knows it; `walk.ts` does what the data says.
 *
 * Sources: network-policy-api `apis/v1alpha2/clusternetworkpolicy_types.go`, field `tier`; kubernetes/website `network-policies.md`;
 * Calico `felix/fv/cluster_network_policy_test.go` and `api/pkg/apis/projectcalico/v3/tier.go`; Cilium `pkg/policy/types`; Antrea
 * `docs/cluster-network-policy.md` and `pkg/controller/networkpolicy/tier.go`.
 */

/** One stage of evaluation. */
export interface Stage {
  readonly id: StageId;
  /** As explanations name it: `Admin`. */
  readonly title: string;
  /** Within a sentence, where it may follow "the": "Admin tier". */
  readonly name: string;
  /** Stages are evaluated in ascending order. */
  readonly order: number;
  readonly combine: Combine;
  readonly ties: Ties;
  /** The stage that a Pass leads to; `next`: whichever comes next. */
  readonly pass: StageId;
  readonly unmatched: Unmatched;
  /** Where it stands to the stages that isolate pods: what such a stage decides is final for those after it. */
  readonly isolation: 'before' | 'isolates' | 'after';
  /** The object that defines it, where it is a tier that is one (Calico). */
  readonly tier?: TierObject;
  /** What an action of a rule does from here, for people: hovers show it. */
  readonly effects: Readonly<Record<Action, string>>;
}

/**
 * `first-match`: rules are tried in order and the first that matches decides. `allow-only`: what any rule allows is allowed.
 * `deny-overrides`: what any rule denies is denied, then what any rule allows is allowed. `priority-then-deny`: by priority, and within one
 * priority and index of rules as `deny-overrides`.
 */
export type Combine = 'first-match' | 'allow-only' | 'deny-overrides' | 'priority-then-deny';

/**
 * Policies of equal priority. `undefined`: nothing says which is evaluated first, so every order is possible. `by-name`: in the order of
 * their names. `by-rule-index`: all first rules before all second ones; equal indexes are undefined. `irrelevant`: order has no effect.
 */
export type Ties = 'undefined' | 'by-name' | 'by-rule-index' | 'irrelevant';

/**
 * Traffic that no rule of the stage matches. `next`: goes on to the next stage. `deny-if-applied`: is denied where some rule list of the
 * stage selects the pod. `deny-if-isolated`: is denied where a rule list that isolates selects the pod.
 */
export type Unmatched = 'next' | 'deny-if-applied' | 'deny-if-isolated';

/** What enforces the policies of a cluster: its stages, and where the policies of each API belong. */
export interface Plane {
  /** Whose network plugin it is; `kubernetes` for what Kubernetes defines. */
  readonly api: Api;
  /** In the order of evaluation. What no stage decides is allowed. */
  readonly stages: readonly Stage[];
  /** Where the upstream stages lie in this plane, if not in a stage of their own: in another one, at an order in it. */
  readonly homes: ReadonlyMap<StageId, { readonly stage: StageId; readonly priority?: number }>;
  /** What blocks of addresses select, whatever the API of the policy: pods with an address in them, too, or only what is outside the cluster. */
  readonly blocks: 'pods-too' | 'outside' | 'outside-and-nodes';
  /** Stages that the version of the network plugin does not have yet: their policies are evaluated as later versions do. `why`: a clause. */
  readonly notYet?: { readonly stages: readonly StageId[]; readonly why: string };
}

const FOR_GOOD = 'finally';
const UNLESS_ISOLATED = 'unless a NetworkPolicy isolates the pod in this direction: then NetworkPolicies alone decide';

/** Kubernetes: Admin tier, NetworkPolicies, Baseline tier, default. */
const ADMIN: Stage = {
  id: 'admin',
  title: 'Admin',
  name: 'Admin tier',
  order: 0,
  combine: 'first-match',
  ties: 'undefined',
  pass: 'next',
  unmatched: 'next',
  isolation: 'before',
  effects: {
    Accept: `${FOR_GOOD}: no later rule, NetworkPolicy or Baseline policy is evaluated`,
    Deny: `${FOR_GOOD}: no NetworkPolicy can allow it`,
    Pass: 'Leaves the Admin tier: the NetworkPolicies decide next; for pods that none of them isolates, the Baseline tier; then the default, which allows.',
  },
};

const NETWORK_POLICY: Stage = {
  id: 'networkpolicy',
  title: 'NetworkPolicy',
  name: 'NetworkPolicies',
  order: 1,
  combine: 'allow-only',
  ties: 'irrelevant',
  pass: 'next',
  unmatched: 'deny-if-isolated',
  isolation: 'isolates',
  effects: { Accept: FOR_GOOD, Deny: FOR_GOOD, Pass: 'Leaves the NetworkPolicies.' },
};

const BASELINE: Stage = {
  id: 'baseline',
  title: 'Baseline',
  name: 'Baseline tier',
  order: 2,
  combine: 'first-match',
  ties: 'undefined',
  pass: 'next',
  unmatched: 'next',
  isolation: 'after',
  effects: {
    Accept: UNLESS_ISOLATED,
    Deny: UNLESS_ISOLATED,
    Pass: 'Leaves the Baseline tier: the default comes next, and it allows.',
  },
};

/** What Kubernetes defines: the plane of every cluster whose network plugin is not known to evaluate otherwise. */
export const UPSTREAM: Plane = { api: 'kubernetes', stages: [ADMIN, NETWORK_POLICY, BASELINE], homes: new Map(), blocks: 'pods-too' };

/** A tier as an object of the cluster, as far as its place counts. */
export interface TierObject {
  readonly name: string;
  /** Calico `order`, Antrea `priority`; absent: last. */
  readonly order?: number;
  /** What becomes of traffic that no rule matches, where a policy of the tier applied (Calico `defaultAction`). */
  readonly unmatched?: 'Deny' | 'Pass';
  /** A policy names it, and no such object is there. */
  readonly isMissing?: boolean;
}

/**
 * Calico: tiers by order, then name. The first rule that matches decides; where a policy of the tier applied, the tier's default action
 * decides about the rest. NetworkPolicies are policies of order 1000 in the tier `default`, ClusterNetworkPolicies of the tiers
 * `kube-admin` and `kube-baseline`, with their priority as order.
 */
export function calicoPlane(tiers: readonly TierObject[] = []): Plane {
  const own = new Map([...CALICO_TIERS, ...tiers].map((tier) => [tier.name, tier]));
  // What has no object comes after what has one (felix `calc/policy_sorter.go`).
  const sorted = [...own.values()].sort(
    (a, b) =>
      Number(a.isMissing === true) - Number(b.isMissing === true) || (a.order ?? LAST) - (b.order ?? LAST) || compareText(a.name, b.name),
  );
  return {
    api: 'calico',
    stages: sorted.map((tier, order): Stage => ({
      id: stageOfTier(tier.name),
      title: tier.name,
      name: `tier ${tier.name}`,
      tier,
      order,
      combine: 'first-match',
      ties: 'by-name',
      pass: 'next',
      unmatched: tier.unmatched === 'Pass' ? 'next' : 'deny-if-applied',
      isolation: tier.name === 'default' ? 'isolates' : tier.isMissing !== true && (tier.order ?? LAST) < 1_000_000 ? 'before' : 'after',
      effects: effectsOf(`tier ${tier.name}`),
    })),
    homes: new Map([
      ['admin', { stage: stageOfTier('kube-admin') }],
      ['networkpolicy', { stage: stageOfTier('default'), priority: 1000 }],
      ['baseline', { stage: stageOfTier('kube-baseline') }],
    ]),
    blocks: 'pods-too',
  };
}

const CALICO_TIERS: readonly TierObject[] = [
  { name: 'kube-admin', order: 1000, unmatched: 'Pass' },
  { name: 'default', order: 1_000_000, unmatched: 'Deny' },
  { name: 'kube-baseline', order: 10_000_000, unmatched: 'Pass' },
];

/**
 * Cilium 1.20: one stage for NetworkPolicies and Cilium's own, in which deny overrides allow, between the tiers of ClusterNetworkPolicies.
 * Older versions do not know ClusterNetworkPolicies. `version`: such as 1.19. `nodes`: do address blocks match nodes, too?
 */
export function ciliumPlane(version: string, nodes: boolean): Plane {
  const why = `Cilium enforces ClusterNetworkPolicies from 1.${CLUSTER_POLICIES_SINCE} on, and netpol.cilium.version is ${version}`;
  return {
    ...CILIUM,
    blocks: ciliumBlocks(nodes),
    ...(Number(version.split('.')[1]) < CLUSTER_POLICIES_SINCE ? { notYet: { stages: ['admin', 'baseline'], why } } : {}),
  };
}

const CLUSTER_POLICIES_SINCE = 20;

const CILIUM: Plane = {
  api: 'cilium',
  stages: [
    { ...ADMIN, combine: 'priority-then-deny', ties: 'irrelevant' },
    {
      ...NETWORK_POLICY,
      title: 'Normal',
      name: 'Normal tier',
      combine: 'deny-overrides',
      effects: effectsOf('Normal tier'),
    },
    { ...BASELINE, combine: 'priority-then-deny', ties: 'irrelevant' },
  ],
  homes: new Map(),
  blocks: 'outside',
};

/**
 * Antrea: tiers by priority, the first rule that matches decides, rules of policies of equal priority by their index. A Pass leaves all
 * tiers at once, for the NetworkPolicies; the tier `baseline` comes after those.
 */
export function antreaPlane(tiers: readonly TierObject[] = []): Plane {
  const own = new Map([...ANTREA_TIERS, ...tiers].map((tier) => [tier.name, tier]));
  const tierStage = ({ name, order = ANTREA_APPLICATION }: TierObject): Stage => ({
    id: stageOfTier(name),
    title: name,
    name: `tier ${name}`,
    order,
    combine: 'first-match',
    ties: 'by-rule-index',
    pass: order < ANTREA_NETWORK_POLICY ? 'networkpolicy' : 'next',
    unmatched: 'next',
    isolation: order < ANTREA_NETWORK_POLICY ? 'before' : 'after',
    effects: effectsOf(`tier ${name}`),
  });
  const stages = [
    ...[...own.values()].map(tierStage),
    { ...ADMIN, order: ANTREA_ADMIN, pass: 'networkpolicy', ties: 'by-rule-index' as const },
    { ...NETWORK_POLICY, order: ANTREA_NETWORK_POLICY },
    { ...BASELINE, order: ANTREA_BASELINE, ties: 'by-rule-index' as const },
  ];
  return {
    api: 'antrea',
    stages: stages.sort((a, b) => a.order - b.order || compareText(a.id, b.id)),
    homes: new Map(),
    blocks: 'pods-too',
  };
}

const ANTREA_ADMIN = 220;
/** The tier of policies that name none. */
const ANTREA_APPLICATION = 250;
/** After every tier up to 252, before the tier `baseline` at 253. */
const ANTREA_NETWORK_POLICY = 252.5;
const ANTREA_BASELINE = 254;

const ANTREA_TIERS: readonly TierObject[] = [
  { name: 'emergency', order: 50 },
  { name: 'securityops', order: 100 },
  { name: 'networkops', order: 150 },
  { name: 'platform', order: 200 },
  { name: 'application', order: ANTREA_APPLICATION },
  { name: 'baseline', order: 253 },
];

function effectsOf(name: string): Stage['effects'] {
  return { Accept: FOR_GOOD, Deny: FOR_GOOD, Pass: `Leaves the ${name}.` };
}

/** What blocks of addresses match in policies of an API, where its own network plugin enforces them. `cidrMatchMode`: that of Cilium. */
export function blocksOf({ api }: Pick<Policy, 'api'>, cidrMatchMode: 'none' | 'nodes'): Plane['blocks'] {
  return api === CILIUM.api ? ciliumBlocks(cidrMatchMode === 'nodes') : 'pods-too';
}

function ciliumBlocks(nodes: boolean): Plane['blocks'] {
  return nodes ? 'outside-and-nodes' : 'outside';
}

/** The stages of a plane for people, in the order of evaluation; the default comes after them. */
export function stagesOf(plane: Plane = UPSTREAM): readonly Stage[] {
  return plane.stages;
}

/** The stage in which a policy is evaluated. */
export function stageOf({ stage }: Pick<Policy, 'stage'>, plane: Plane = UPSTREAM): Stage {
  const id = plane.homes.get(stage)?.stage ?? stage;
  return plane.stages.find((one) => one.id === id) ?? unplaced(BASELINE, id);
}

/** The stage of a policy that the plane has no stage for, as it enforces another API. */
const unplaced = memoBy((model: Stage, id: StageId): Stage => {
  const title = id.startsWith(stageOfTier('')) ? id.slice(stageOfTier('').length) : id;
  return { ...model, id, title, name: `tier ${title}`, order: Infinity, ties: 'irrelevant', effects: effectsOf(`tier ${title}`) };
});

/** A sentence about a policy that the version of the network plugin does not enforce yet; `undefined` for all others. */
export function notYetText({ notYet }: Plane, { stage, kind, name }: Pick<Policy, 'stage' | 'kind' | 'name'>): string | undefined {
  if (notYet?.stages.includes(stage) !== true) return undefined;
  return `${notYet.why}: this version ignores ${kind} ${name ?? 'without a name'}, which is evaluated here as later versions do.`;
}

/** Is a policy evaluated before the stage in which policies isolate pods, so that what it decides no isolation changes? */
export function isBeforeIsolation(policy: Policy): boolean {
  return stageOf(policy).isolation === 'before';
}

/** Is a policy evaluated only for pods that no policy isolates? */
export function isAfterIsolation(policy: Policy): boolean {
  return stageOf(policy).isolation === 'after';
}

/** Behind every priority there is. Finite, so that two of them are equal in a difference. */
export const LAST: number = Number.MAX_SAFE_INTEGER;

/** Texts by their code units, so that answers do not depend on a language. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
