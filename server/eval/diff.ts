import { groupBy } from '../base/lists.ts';
import type { AddressRange } from '../base/addresses.ts';
import { firstTraffic, intersectTraffic, isNoTraffic, NO_TRAFFIC, subtractTraffic, uniteTraffic, type Traffic } from '../base/ports.ts';
import type { Work } from '../base/work.ts';
import type { Workload } from '../model/workload.ts';
import { outsideOf } from './connections.ts';
import { changedWithoutWorkloads } from './diff-without-workloads.ts';
import { matchedEndpoints, type Matched, type RenamedObject } from './diff-match.ts';
import { isOutsideUnchanged, isPairUnchanged, unchangedBetween, type Unchanged } from './diff-unchanged.ts';
import { verdictAt, type Endpoint, type Evaluation } from './evaluate.ts';
import { DENY_ALL, type Verdict } from './verdict.ts';
import { explainIn, type Step } from './explain.ts';

/** What becomes of connections: they are allowed now, denied now, or it is not known any more. */
export type Change = 'allowed' | 'denied' | 'unknown';

export const CHANGES: readonly Change[] = ['allowed', 'denied', 'unknown'];

/** Connections from one endpoint to another that get another verdict. */
export interface ChangedConnection {
  readonly change: Change;
  readonly from: DiffPeer;
  readonly to: DiffPeer;
  readonly traffic: Traffic;
  /** Only over this address family. */
  readonly family?: Family;
  /** The rules and policies that decide. */
  readonly because: readonly DiffReason[];
}

/** An endpoint of a change: a workload by its name in reports, or addresses outside the cluster. */
export type DiffPeer =
  | { readonly kind: 'workload'; readonly name: string; readonly namespace: string; readonly isNew: boolean }
  | { readonly kind: 'outside'; readonly ranges: readonly AddressRange[] };

type Family = 4 | 6;

/** A step that decides; of the state before where nothing decides now, as a policy that denied is gone. */
export interface DiffReason {
  readonly state: 'before' | 'after';
  readonly step: Step;
}

/** How the verdicts of a cluster change. */
export interface ClusterDiff {
  readonly changes: readonly ChangedConnection[];
  /** Workloads by name that only the new state has; their connections are among the changes. */
  readonly added: readonly string[];
  /** Workloads that only the old state has; of their connections nothing is said. */
  readonly removed: readonly string[];
  /** What has another name now: its connections are compared with those that it had under its old one. */
  readonly renamed: readonly RenamedObject[];
  /** Policies, by title, that change and select no workload that is known: what becomes of connections is not known either. */
  readonly withoutWorkloads: readonly string[];
}

/**
 * Compares the verdicts of two states of one cluster. Workloads are the same by namespace, name and kind, or were renamed. Connections of a workload to
 * itself, from outside to outside, and those of removed workloads are left out.
 */
export function* diffWork(before: Evaluation, after: Evaluation): Work<ClusterDiff> {
  const { both, added, removed, renamed } = matchedEndpoints(before, after);
  yield;
  const groups = groupsOf(before, after, [...both, ...added]);
  const changes: ChangedConnection[] = [];
  for (const sources of groups) {
    for (const destinations of groups)
      if (!isPairUnchanged(sources.unchanged, destinations.unchanged))
        changes.push(...between(before, after, sources.members, destinations.members));
    if (!isOutsideUnchanged(sources.unchanged)) changes.push(...withOutside(before, after, sources.members));
    yield;
  }
  return {
    changes: changes.toSorted((a, b) => CHANGES.indexOf(a.change) - CHANGES.indexOf(b.change)),
    added: added.map(({ name }) => name),
    removed,
    renamed,
    withoutWorkloads: changedWithoutWorkloads(before, after),
  };
}

/** Endpoints that get the same verdicts as each other, in each of the two states. */
interface Group {
  readonly members: readonly Matched[];
  readonly unchanged: Unchanged;
}

function groupsOf(before: Evaluation, after: Evaluation, all: readonly Matched[]): readonly Group[] {
  const unchanged = unchangedBetween(before, after);
  return [...groupBy(all, (one) => `${one.before?.element ?? -1} ${one.after.element}`).values()].flatMap((members): readonly Group[] => {
    const [first] = members;
    if (!first) return [];
    const samples = { before: first.before?.workload, after: first.after.workload };
    return [{ members, unchanged: unchanged({ before: first.before?.element, after: first.after.element, samples }) }];
  });
}

/** The changes between endpoints of one group and those of another: all pairs have the same verdicts. */
function between(
  before: Evaluation,
  after: Evaluation,
  sources: readonly Matched[],
  destinations: readonly Matched[],
): ChangedConnection[] {
  const [from, to] = [sources[0], destinations.find(({ name }) => name !== sources[0]?.name) ?? destinations[0]];
  if (!from || !to || (sources.length === 1 && destinations.length === 1 && from.name === to.name)) return [];
  const old = from.before && to.before ? verdictAt(before, from.before.element, to.before.element) : DENY_ALL;
  const now = verdictAt(after, from.after.element, to.after.element);
  if (old === now) return [];
  return changesOf(old, now).flatMap(({ change, traffic, family }) => {
    const because = reasons(before, after, endpointOf(from), endpointOf(to), change, traffic);
    const rest = { change, traffic, ...(family === undefined ? {} : { family }), because };
    return sources.flatMap((source) =>
      destinations.flatMap((destination) =>
        source.name === destination.name ? [] : [{ ...rest, from: peerOf(source), to: peerOf(destination) }],
      ),
    );
  });
}

function peerOf({ name, after: { workload }, before }: Matched): DiffPeer {
  return { kind: 'workload', name, namespace: workload.namespace, isNew: before === undefined };
}

interface BothEndpoints {
  readonly before: Endpoint | undefined;
  readonly after: Endpoint;
}

function endpointOf({ before, after }: Matched): BothEndpoints {
  const endpoint = (workload: Workload): Endpoint => ({ kind: 'workload', workload });
  return { before: before && endpoint(before.workload), after: endpoint(after.workload) };
}

interface TrafficChange {
  readonly change: Change;
  readonly traffic: Traffic;
  readonly family?: Family;
}

/** What changes between two verdicts, over both address families, or over one of them only. */
function changesOf(old: Verdict, now: Verdict): readonly TrafficChange[] {
  if (!old.families && !now.families) return plainChanges(old, now);
  const [v4, v6] = ([4, 6] as const).map((family) => plainChanges(old.families?.[family] ?? old, now.families?.[family] ?? now));
  return CHANGES.flatMap((change): readonly TrafficChange[] => {
    const [one, other] = [v4, v6].map((list) => list?.find((each) => each.change === change)?.traffic ?? NO_TRAFFIC);
    if (!one || !other) return [];
    const parts: readonly TrafficChange[] = [
      { change, traffic: intersectTraffic(one, other) },
      { change, traffic: subtractTraffic(one, other), family: 4 },
      { change, traffic: subtractTraffic(other, one), family: 6 },
    ];
    return parts.filter(({ traffic }) => !isNoTraffic(traffic));
  });
}

function plainChanges(old: Verdict, now: Verdict): readonly TrafficChange[] {
  const maybe = (one: Verdict): Traffic => uniteTraffic(one.allowed, one.ambiguous);
  const all: readonly TrafficChange[] = [
    { change: 'allowed', traffic: subtractTraffic(now.allowed, old.allowed) },
    { change: 'denied', traffic: subtractTraffic(maybe(old), maybe(now)) },
    { change: 'unknown', traffic: subtractTraffic(now.ambiguous, old.ambiguous) },
  ];
  return all.filter(({ traffic }) => !isNoTraffic(traffic));
}

/** The changes between the endpoints of a group and addresses outside the cluster. */
function withOutside(before: Evaluation, after: Evaluation, group: readonly Matched[]): ChangedConnection[] {
  const [sample] = group;
  if (!sample) return [];
  return (['in', 'out'] as const).flatMap((way) => {
    const old = sample.before ? [...outsideOf(before, sample.before.workload, way)] : [];
    const now = [...outsideOf(after, sample.after.workload, way)];
    return united(segments(old, now)).flatMap(({ change, traffic, ranges }): ChangedConnection[] => {
      const [range] = ranges;
      if (!range) return [];
      const address: Endpoint = { kind: 'address', ip: { family: range.family, value: range.from } };
      const [own, other] = [endpointOf(sample), { before: address, after: address }];
      const because =
        way === 'in' ? reasons(before, after, other, own, change, traffic) : reasons(before, after, own, other, change, traffic);
      return group.map((one) => {
        const outside: DiffPeer = { kind: 'outside', ranges };
        return { change, traffic, because, from: way === 'in' ? outside : peerOf(one), to: way === 'in' ? peerOf(one) : outside };
      });
    });
  });
}

interface RangeVerdict {
  readonly range: AddressRange;
  readonly verdict: Verdict;
}

/** Ranges with a change each, split where the verdict of either state changes. What a state does not list is denied. */
function segments(old: readonly RangeVerdict[], now: readonly RangeVerdict[]): (TrafficChange & { readonly range: AddressRange })[] {
  return ([4, 6] as const).flatMap((family) => {
    const [one, other] = [old, now].map((list) => list.filter(({ range }) => range.family === family));
    const starts = new Set([...(one ?? []), ...(other ?? [])].flatMap(({ range }) => [range.from, range.to + 1n]));
    const sorted = [...starts].toSorted((a, b) => (a < b ? -1 : Number(a > b)));
    return sorted.slice(0, -1).flatMap((from, at) => {
      const range: AddressRange = { family, from, to: (sorted[at + 1] ?? from + 1n) - 1n };
      const [earlier, later] = [one, other].map(
        (list) => list?.find((each) => each.range.from <= from && each.range.to >= from)?.verdict ?? DENY_ALL,
      );
      if (!earlier || !later || earlier === later) return [];
      return plainChanges(earlier, later).map((each) => ({ ...each, range }));
    });
  });
}

/** Segments with the same change as one entry; those that meet become one range. */
function united(
  all: readonly (TrafficChange & { readonly range: AddressRange })[],
): (TrafficChange & { readonly ranges: AddressRange[] })[] {
  const groups = groupBy(all, ({ change, traffic }) => `${change} ${JSON.stringify(traffic)}`);
  return [...groups.values()].flatMap((members) => {
    const [first] = members;
    if (!first) return [];
    const ranges: AddressRange[] = [];
    for (const { range } of members) {
      const last = ranges.at(-1);
      if (last && last.family === range.family && last.to + 1n === range.from) ranges[ranges.length - 1] = { ...last, to: range.to };
      else ranges.push(range);
    }
    return [{ change: first.change, traffic: first.traffic, ranges }];
  });
}

/** The steps that decide about one port of a change. */
function reasons(
  before: Evaluation,
  after: Evaluation,
  from: BothEndpoints,
  to: BothEndpoints,
  change: Change,
  traffic: Traffic,
): readonly DiffReason[] {
  const port = firstTraffic(traffic);
  if (!port) return [];
  const now = deciding(explainIn(after, { from: from.after, to: to.after, protocol: port.protocol, port: port.port }).steps, change);
  const found = now.map((step): DiffReason => ({ state: 'after', step }));
  if (!from.before || !to.before || (change !== 'allowed' && found.length > 0)) return found;
  // What is allowed now is best explained by what denied it.
  const old = explainIn(before, { from: from.before, to: to.before, protocol: port.protocol, port: port.port }).steps;
  return [...found, ...deciding(old, change === 'allowed' ? 'denied' : 'allowed').map((step): DiffReason => ({ state: 'before', step }))];
}

function deciding(steps: readonly Step[], change: Change): readonly Step[] {
  if (change === 'unknown') return steps.filter(({ action, tied }) => action === 'Unknown' || tied);
  if (change === 'allowed') return steps.filter(({ action, at }) => at !== undefined && (action === 'Accept' || action === 'Allow'));
  const first = steps.find(denies);
  return first?.action === 'Isolated'
    ? steps.filter(({ action, side }) => action === 'Isolated' && side === first.side)
    : first
      ? [first]
      : [];
}

function denies({ action }: Step): boolean {
  return action === 'Deny' || action === 'Isolated' || action === 'DefaultAction';
}
