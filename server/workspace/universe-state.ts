import type { Work } from '../base/work.ts';
import { emptyMap } from './persistent-map.ts';
import { homeOf, keysOf, reindexed, type ManifestDifference, type Index } from './lookup.ts';
import type { Member, PlacedResource } from './member.ts';

type Role = PlacedResource['role'];

/** All that forms one cluster, kept up to date by differences. */
export interface Universe {
  readonly id: string;
  /** The files of the universe, sorted by address. */
  readonly files: readonly MemberFile[];
  /** Ids of objects that are defined more than once. */
  readonly duplicates: ReadonlySet<string>;
  /** A token per role: as long as it is the same object, nothing of that role has changed. */
  readonly versions: Readonly<Record<Role, object>>;
  readonly index: Index;
  /** Who lives in each namespace. */
  readonly homes: Index;
}

/** A file of the universe and what it brings. */
export interface MemberFile {
  readonly uri: string;
  readonly members: readonly Member[];
}

/** What one file brings to a universe, before and after; `undefined` where the file is not part of it. */
export interface FileDifference {
  readonly uri: string;
  readonly before: readonly Member[] | undefined;
  readonly after: readonly Member[] | undefined;
}

/** The universe after some files have changed; `undefined` when no file is left. Worked out in steps. */
export function* universeAfter(universe: Universe | undefined, id: string, files: readonly FileDifference[]): Work<Universe | undefined> {
  const from = universe ?? {
    id,
    files: [],
    duplicates: new Set<string>(),
    versions: freshVersions(),
    index: emptyMap<readonly string[]>(),
    homes: emptyMap<readonly string[]>(),
  };
  const changed = files.flatMap(changedMembers);
  if (changed.length === 0) return universe;
  const after = filesAfter(from.files, files);
  if (after.length === 0) return undefined;
  const differences = differencesOf(changed);
  const index = yield* reindexed(from.index, differences);
  const homes = yield* reindexed(from.homes, differences, homeOf);
  return {
    id,
    files: after,
    duplicates: duplicatesAfter(from.duplicates, index, changed),
    versions: versionsAfter(from.versions, changed),
    index,
    homes,
  };
}

function freshVersions(): Universe['versions'] {
  return {
    policy: {},
    workload: {},
    namespace: {},
    service: {},
    node: {},
    slice: {},
    account: {},
    set: {},
    tier: {},
    unevaluated: {},
    caller: {},
  };
}

function versionsAfter(versions: Universe['versions'], changed: readonly ChangedMember[]): Universe['versions'] {
  const roles = new Set(changed.map(({ member }) => member.resource.role));
  if (roles.size === 0) return versions;
  const token = (role: Role): object => (roles.has(role) ? {} : versions[role]);
  return {
    policy: token('policy'),
    workload: token('workload'),
    namespace: token('namespace'),
    service: token('service'),
    node: token('node'),
    slice: token('slice'),
    account: token('account'),
    set: token('set'),
    tier: token('tier'),
    unevaluated: token('unevaluated'),
    caller: token('caller'),
  };
}

function filesAfter(files: readonly MemberFile[], differences: readonly FileDifference[]): readonly MemberFile[] {
  const [only, ...more] = differences;
  const at = only ? placeOf(files, only.uri) : 0;
  // The usual case: one file, which stays where it is.
  if (only?.after && more.length === 0 && files[at]?.uri === only.uri) return files.with(at, { uri: only.uri, members: only.after });
  const touched = new Map(differences.map(({ uri, after }) => [uri, after]));
  const kept = files.filter(({ uri }) => !touched.has(uri));
  for (const [uri, members] of touched) if (members) kept.push({ uri, members });
  return kept.sort((a, b) => (a.uri < b.uri ? -1 : 1));
}

/** Where an address stands, or would stand. */
function placeOf(files: readonly MemberFile[], uri: string): number {
  let [low, high] = [0, files.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((files[middle]?.uri ?? '') < uri) low = middle + 1;
    else high = middle;
  }
  return low;
}

interface ChangedMember {
  readonly member: Member;
  readonly came: boolean;
}

/** The members between what is equal at the start and at the end of the two lists. */
function changedMembers({ before = [], after = [] }: FileDifference): readonly ChangedMember[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < before.length - head && tail < after.length - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  const gone = before.slice(head, before.length - tail).map((member) => ({ member, came: false }));
  return [...gone, ...after.slice(head, after.length - tail).map((member) => ({ member, came: true }))];
}

/** What takes no part in verdicts is not found by the index either. */
function differencesOf(changed: readonly ChangedMember[]): readonly ManifestDifference[] {
  const byKey = new Map<string, ManifestDifference>();
  for (const { member, came } of changed) {
    if (member.outside !== undefined) continue;
    const difference = byKey.get(member.key) ?? { key: member.key, before: undefined, after: undefined };
    byKey.set(member.key, came ? { ...difference, after: member.resource } : { ...difference, before: member.resource });
  }
  return [...byKey.values()];
}

function duplicatesAfter(duplicates: ReadonlySet<string>, index: Index, changed: readonly ChangedMember[]): ReadonlySet<string> {
  const after = new Set(duplicates);
  for (const { member } of changed) {
    const [kind = '', namespace = '', ...name] = member.id.split('/');
    // Objects without a name are not the same object.
    if (name.join('/') !== '' && keysOf(index, kind, namespace, name.join('/')).length > 1) after.add(member.id);
    else after.delete(member.id);
  }
  return after;
}
