import { memoBy, memo, memoLast, store } from '../base/memo.ts';
import { groupBy, sameItems } from '../base/lists.ts';
import { count, list } from '../base/english.ts';
import type { Caller } from '../model/caller.ts';
import { API_TITLES, titleOfKindWord, type Api } from '../model/api.ts';
import { impliedNamespace } from '../model/namespace.ts';
import type { Policy } from '../model/policy.ts';
import type { EndpointSlice, ReferencedSet, ServiceAccount, Tier } from '../model/referenced.ts';
import { missingTier } from '../model/tiers.ts';
import type { UnevaluatedPolicy } from '../model/unevaluated/policy.ts';
import type { ClusterNode, Namespace, Service, Workload } from '../model/workload.ts';
import type { CiliumSetup, Cluster, ClusterProblem, ManifestKey, Located } from './cluster.ts';
import { fold } from './fold.ts';
import type { Index } from './lookup.ts';
import type { Member } from './member.ts';
import { mapEntries } from './persistent-map.ts';
import { uriOf } from './record.ts';
import { scaled } from './scaled.ts';
import type { Universe } from './universe-state.ts';
import { fileNameOf, parentOf, stepsBetween } from './uri.ts';

/** What the settings say about what enforces the policies. */
interface PlaneChoice {
  readonly cni?: Api | 'auto';
  readonly cilium?: CiliumSetup;
}

/**
 * The cluster that a universe forms, seen from a file: of two definitions of one object the nearest counts. The same question gives the
 * same object.
 */
export function gather(universe: Universe, asking: string | undefined, choice: PlaneChoice): Cluster {
  // Without duplicates every file sees the same.
  const view = universe.duplicates.size === 0 || asking === undefined ? '' : choiceIn(universe, asking);
  return seenFrom(universe, view, asking, choice);
}

/** How many views of one universe are kept: with copies of an object in thousands of folders each folder has one of its own, as large as all. */
const MAX_KEPT_VIEWS = 16;

const views = memo<Universe, Map<string, Cluster>, []>(() => new Map());

function seenFrom(universe: Universe, view: string, asking: string | undefined, choice: PlaneChoice): Cluster {
  return keptLast(views(universe), JSON.stringify([choice.cni, choice.cilium, view]), () => build(universe, asking, choice));
}

const choices = memo<Universe, Map<string, string>, []>(() => new Map());

/** Which of several definitions a file sees, by their numbers. Folders that see the same ones share one cluster, and all that is worked out about it. */
function choiceIn(universe: Universe, asking: string): string {
  const number = ({ all, firstIn }: Copies): number => all.indexOf(nearest(all, firstIn, asking));
  return keptLast(choices(universe), parentOf(asking), () => copiesIn(universe, membersOf(universe)).map(number).join());
}

/** What is kept under a name, else what is made. What was asked for last stands last; what stands first goes. */
function keptLast<T>(kept: Map<string, T>, name: string, make: () => T): T {
  const value = kept.get(name) ?? make();
  kept.delete(name);
  kept.set(name, value);
  const [oldest] = kept.keys();
  if (kept.size > MAX_KEPT_VIEWS && oldest !== undefined) kept.delete(oldest);
  return value;
}

function membersOf({ files }: Universe): readonly Member[] {
  return files.flatMap((file) => file.members);
}

interface Parts {
  readonly policies: Located<Policy>[];
  readonly workloads: Located<Workload>[];
  readonly namespaces: Located<Namespace>[];
  readonly services: Located<Service>[];
  readonly nodes: Located<ClusterNode>[];
  readonly slices: Located<EndpointSlice>[];
  readonly accounts: Located<ServiceAccount>[];
  readonly sets: Located<ReferencedSet>[];
  readonly tiers: Located<Tier>[];
  readonly unevaluated: Located<UnevaluatedPolicy>[];
  readonly unenforced: Located<UnevaluatedPolicy>[];
  readonly callers: Located<Caller>[];
}

function build(universe: Universe, asking: string | undefined, { cni = 'auto', cilium }: PlaneChoice): Cluster {
  const members = membersOf(universe);
  const problems: ClusterProblem[] = [];
  const losers = universe.duplicates.size === 0 ? new Set<Member>() : losersAmong(universe, members, asking, problems);
  const parts: Parts = {
    policies: [],
    workloads: [],
    namespaces: [],
    services: [],
    nodes: [],
    slices: [],
    accounts: [],
    sets: [],
    tiers: [],
    unevaluated: [],
    unenforced: [],
    callers: [],
  };
  const plane = planeFor(members, cni, problems);
  for (const member of members) {
    if (member.outside !== undefined)
      problems.push({ key: member.key, path: [], message: `${titleOf(member)} is left out of verdicts: ${member.outside}.` });
    else if (!losers.has(member)) put(parts, member, plane, cni === plane);
  }
  if (plane === 'antrea') leaveOutUnplaced(parts);
  const { versions } = universe;
  // Whose choice depends on the asking file cannot be shared.
  const shared = losers.size === 0 ? versions : undefined;
  const policies = kept(shared?.policy, parts.policies);
  const workloads = kept(shared?.workload, parts.workloads, fold);
  const services = kept(shared?.service, parts.services);
  const namespaces = withImplied(kept(shared?.namespace, parts.namespaces), universe.homes);
  const [nodes, callers] = [kept(shared?.node, parts.nodes), kept(shared?.caller, parts.callers)];
  const unevaluated = kept(shared?.unevaluated, parts.unevaluated);
  return {
    plane,
    ...(plane === 'cilium' && cilium ? { cilium } : {}),
    policies,
    workloads: scaled(workloads, callers),
    services,
    namespaces,
    nodes,
    slices: kept(shared?.slice, parts.slices),
    accounts: kept(shared?.account, parts.accounts),
    sets: kept(shared?.set, parts.sets),
    tiers: kept(shared?.tier, parts.tiers),
    unevaluated,
    unenforced: parts.unenforced,
    callers,
    problems,
  };
}

const lists = store<object, unknown>();

/** The list made for the same version before, so that what is built on it need not be built again. */
function kept<T>(
  version: object | undefined,
  fresh: readonly T[],
  make: (list: readonly T[]) => readonly T[] = (list) => list,
): readonly T[] {
  if (!version) return make(fresh);
  const cached = lists.get(version);
  if (isListOf(cached, fresh)) return cached.gathered;
  const gathered = make(fresh);
  lists.set(version, { fresh, gathered });
  return gathered;
}

/** Was this list made of the very same objects? */
function isListOf<T>(cached: unknown, fresh: readonly T[]): cached is { readonly fresh: readonly T[]; readonly gathered: readonly T[] } {
  if (typeof cached !== 'object' || cached === null || !('fresh' in cached) || !Array.isArray(cached.fresh)) return false;
  return sameItems<unknown>(cached.fresh, fresh);
}

function put(parts: Parts, { placed }: Member, plane: Api, isSet: boolean): void {
  switch (placed.role) {
    case 'policy':
      putPolicy(parts, placed.placed, plane, isSet);
      return;
    case 'workload':
      parts.workloads.push(placed.placed);
      return;
    case 'namespace':
      parts.namespaces.push(placed.placed);
      return;
    case 'service':
      parts.services.push(placed.placed);
      return;
    case 'node':
      parts.nodes.push(placed.placed);
      return;
    case 'slice':
      parts.slices.push(placed.placed);
      return;
    case 'account':
      parts.accounts.push(placed.placed);
      return;
    case 'set':
      if (placed.placed.value.api === plane) parts.sets.push(placed.placed);
      return;
    case 'tier':
      if (placed.placed.value.api === plane) parts.tiers.push(placed.placed);
      return;
    case 'unevaluated':
      parts.unevaluated.push(placed.placed);
      return;
    case 'caller':
      parts.callers.push(placed.placed);
      return;
  }
}

/**
 * A policy of a network plugin that is not the one of the cluster: where the settings name that one (`isSet`), nothing enforces it; else it
 * may do something or nothing.
 */
function putPolicy(parts: Parts, placed: Located<Policy>, plane: Api, isSet: boolean): void {
  const { api, unevaluated } = placed.value;
  if (api === 'kubernetes' || api === plane) parts.policies.push(placed);
  else if (unevaluated) parts[isSet && plane !== 'kubernetes' ? 'unenforced' : 'unevaluated'].push(asUnevaluated(placed, unevaluated));
}

/** An Antrea policy of a tier that is not there: nothing says where it stands, so it may decide about anything that it selects. */
function leaveOutUnplaced(parts: Parts): void {
  const tiers = parts.tiers.map(({ value }) => value);
  const unplaced = parts.policies.flatMap((placed) => {
    const { unevaluated } = placed.value;
    const tier = missingTier(placed.value, tiers);
    return unevaluated && tier !== undefined ? [{ placed, unevaluated: inMissingTier(unevaluated, tier) }] : [];
  });
  if (unplaced.length === 0) return;
  parts.unevaluated.push(...unplaced.map(({ placed, unevaluated }) => asUnevaluated(placed, unevaluated)));
  const left = new Set(unplaced.map(({ placed }) => placed));
  parts.policies.splice(0, parts.policies.length, ...parts.policies.filter((placed) => !left.has(placed)));
}

const inMissingTier = memoBy((value: UnevaluatedPolicy, tier: string): UnevaluatedPolicy => ({ ...value, missingTier: tier }));

const asUnevaluated = memoLast(
  (previous: Located<UnevaluatedPolicy>, value: UnevaluatedPolicy) => previous.value === value,
  ({ key }: Located<Policy>, value: UnevaluatedPolicy): Located<UnevaluatedPolicy> => ({ key, value }),
);

/**
 * What enforces the policies of a cluster: what the settings say; else the one network plugin whose policies it has. Where there are several,
 * none of them is taken, and all are named.
 */
function planeFor(members: readonly Member[], cni: Api | 'auto', problems: ClusterProblem[]): Api {
  if (cni !== 'auto') return cni;
  const first = new Map<Api, ManifestKey>();
  for (const { key, resource, outside } of members) {
    if (resource.role !== 'policy' || resource.value.api === 'kubernetes' || outside !== undefined) continue;
    if (!first.has(resource.value.api)) first.set(resource.value.api, key);
  }
  const [only, ...more] = [...first];
  if (!only || more.length === 0) return only?.[0] ?? 'kubernetes';
  const names = list([...first.keys()].sort().map((api) => API_TITLES[api]));
  problems.push({
    key: only[1],
    path: [],
    message: `The cluster has policies of ${names}, and which of these network plugins it uses is not known: set netpol.cni (--cni). Until then none of their policies is evaluated.`,
  });
  return 'kubernetes';
}

/** Of several definitions of one object all but the one nearest to the asking file; of equally near ones the first counts. */
function losersAmong(
  universe: Universe,
  members: readonly Member[],
  asking: string | undefined,
  problems: ClusterProblem[],
): ReadonlySet<Member> {
  const losers = new Set<Member>();
  for (const { all, files, firstIn } of copiesIn(universe, members)) {
    const winner = nearest(all, firstIn, asking);
    const elsewhere = duplicateText(winner, all.length, `the one in ${shortName(uriOf(winner.key))}`);
    for (const [uri, copies] of files) {
      const message = uri === uriOf(winner.key) ? duplicateText(winner, all.length, 'the first one in this file') : elsewhere;
      for (const member of copies) {
        if (member === winner) continue;
        losers.add(member);
        problems.push({ key: member.key, path: NAME_PATH, message });
      }
    }
  }
  return losers;
}

const NAME_PATH = ['metadata', 'name'];

/** The definitions of one object. */
interface Copies {
  readonly all: readonly Member[];
  readonly files: ReadonlyMap<string, readonly Member[]>;
  /** The first one in each folder. */
  readonly firstIn: ReadonlyMap<string, Member>;
}

/** The definitions of each object that has several; the same for all views. */
const copiesIn = memo((universe: Universe, members: readonly Member[]): readonly Copies[] => {
  const defined = members.filter((member) => member.outside === undefined && universe.duplicates.has(member.id));
  return [...groupBy(defined, ({ id }) => id).values()].map((all) => ({
    all,
    files: groupBy(all, ({ key }) => uriOf(key)),
    firstIn: new Map(all.toReversed().map((member) => [parentOf(uriOf(member.key)), member])),
  }));
});

/** The first one in the folder of the asking file, which is as near as can be; else that with the fewest steps, of equally near ones the first. */
function nearest(all: readonly Member[], firstIn: Copies['firstIn'], asking: string | undefined): Member {
  const beside = asking === undefined ? undefined : firstIn.get(parentOf(asking));
  return beside ?? all.reduce((best, one) => (distance(one, asking) < distance(best, asking) ? one : best));
}

function distance({ key }: Member, asking: string | undefined): number {
  return asking === undefined ? 0 : stepsBetween(uriOf(key), asking);
}

function duplicateText(one: Member, times: number, place: string): string {
  return `${titleOf(one)} is defined in ${count(times, 'place')}; ${place} counts. Rename this one, or list each set of files under netpol.clusters.`;
}

/** The file with its folder, since files of one name in several folders are what duplicates come from. */
function shortName(uri: string): string {
  return [fileNameOf(parentOf(uri)), fileNameOf(uri)].filter((part) => part !== '').join('/');
}

function titleOf({ id }: Member): string {
  const [kind = '', namespace = '', ...name] = id.split('/');
  return `${titleOfKindWord(kind)} '${namespace === '' ? '' : `${namespace}/`}${name.join('/')}'`;
}

/** Namespaces that are only named exist too, with the one label that the API server gives to each. */
function withImplied(namespaces: readonly Located<Namespace>[], homes: Index): readonly Located<Namespace>[] {
  const defined = new Set(namespaces.map(({ value }) => value.name));
  const implied: (readonly [name: string, key: ManifestKey])[] = [];
  for (const [name, [key]] of mapEntries(homes)) if (key !== undefined && !defined.has(name)) implied.push([name, key]);
  if (implied.length === 0) return namespaces;
  const cached = withNamed.get(namespaces);
  if (cached && isSame(cached.implied, implied)) return cached.all;
  // What stands for a namespace stays the same object, whoever lives there: verdicts ask for it only.
  const before = new Map(cached?.all.map(({ value }) => [value.name, value]));
  const added = implied.map(([name, key]) => ({ key, value: before.get(name) ?? impliedNamespace(name) }));
  const all = [...namespaces, ...added.sort((a, b) => (a.value.name < b.value.name ? -1 : 1))];
  return withNamed.set(namespaces, { implied, all }).all;
}

function isSame(one: Implied, other: Implied): boolean {
  return one.length === other.length && one.every(([name, key], i) => other[i]?.[0] === name && other[i][1] === key);
}

type Implied = readonly (readonly [name: string, key: ManifestKey])[];

/** The list made of the same namespaces before, as most edits bring in no new one. */
const withNamed = store<readonly Located<Namespace>[], { readonly implied: Implied; readonly all: readonly Located<Namespace>[] }>();
