import { isNoTraffic, NO_TRAFFIC, portsIn, trafficOf, uniteTraffic, type Traffic } from '../base/ports.ts';
import type { Direction, Policy } from '../model/policy.ts';
import type { UnevaluatedPolicy } from '../model/unevaluated/policy.ts';
import type { ContainerPort } from '../model/workload.ts';
import type { Located } from '../workspace/cluster.ts';
import { bitsOf, both, either, has, span, type Bits } from './bits.ts';
import { effectivePolicy, type NamedPortRule } from './effective-policy.ts';
import { partition, type Marked } from './partition.ts';
import { peersBits } from './peers.ts';
import { portNames, type EquivalenceClasses } from './equivalence-classes.ts';
import { stageGroups, type StageGroups } from './stages.ts';
import { restricted, withUnevaluatedStages } from './unevaluated.ts';
import { walk, type Applied, type Decision, type MatchedRule, type Outcome } from './walk.ts';

/** One pod and one direction: what is asked about every other end. */
export interface PodPolicies {
  /** Tells the sides of one direction apart. */
  readonly id: number;
  readonly direction: Direction;
  /** The policies with that direction that select the pod. */
  readonly policies: readonly Located<Policy>[];
  /** Ports the pod declares by name. An ingress rule looks names up here, an egress rule at the other end. */
  readonly named: readonly ContainerPort[];
  /** Policies that may decide about it in that direction and are not evaluated. */
  readonly unevaluated: readonly Located<UnevaluatedPolicy>[];
}

/** An outcome that is the same object wherever it is equal. */
export interface InternedOutcome extends Outcome {
  readonly id: number;
}

/** The verdict of one side for every other end. */
export interface OutcomeRow {
  readonly groups: readonly OutcomeGroup[];
  /** For every end that is in no group. */
  readonly rest: InternedOutcome;
}

export interface OutcomeGroup {
  readonly members: Bits;
  readonly outcome: InternedOutcome;
}

/** The outcome for one other end. */
export function outcomeAt(row: OutcomeRow, end: number): InternedOutcome {
  for (const group of row.groups) if (has(group.members, end)) return group.outcome;
  return row.rest;
}

/** Makes the row of one side. */
export function rowOf(space: EquivalenceClasses, side: PodPolicies, share: (outcome: Outcome) => InternedOutcome): OutcomeRow {
  const stages = stageGroups(side.policies, ({ value }) => value);
  const marks = side.policies.flatMap((placed) => marksOf(space, side, placed));
  const asksOutside = side.unevaluated.some(({ value }) => value.outsideOnly);
  const { cells, rest } = partition<Hit | 'outside'>(
    space.size,
    asksOutside ? [...marks, { on: span(space.classes.length, space.size), item: 'outside' }] : marks,
  );
  const verdict = (items: readonly (Hit | 'outside')[]): InternedOutcome => {
    const hits = items.flatMap((item) => (item === 'outside' ? [] : [item]));
    return share(decided(side, stages, hits, hits.length < items.length));
  };
  const whole = verdict(rest);
  const groups = new Map<InternedOutcome, Bits[]>();
  for (const { items, members } of cells) {
    const outcome = verdict(items);
    if (outcome === whole) continue;
    const list = groups.get(outcome);
    if (list) list.push(members);
    else groups.set(outcome, [members]);
  }
  return { groups: [...groups].map(([outcome, members]) => ({ outcome, members: either(...members) })), rest: whole };
}

/** The outcome for one other end, without a row; `report` hears what decides, step by step. */
export function outcomeFor(
  space: EquivalenceClasses,
  side: PodPolicies,
  end: number,
  only?: Traffic,
  report?: (decision: Decision<Located<Policy>>) => void,
): Outcome {
  const stages = stageGroups(side.policies, ({ value }) => value);
  const hits = side.policies.flatMap((placed) => hitsOf(space, side, placed, end));
  return decided(side, stages, hits, end >= space.classes.length, only, report);
}

/** What is decided where these rules match; `outside`: the other end is no pod. */
function decided(
  { direction, unevaluated }: PodPolicies,
  stages: readonly StageGroups<Located<Policy>>[],
  hits: readonly Hit[],
  outside: boolean,
  only?: Traffic,
  report?: (decision: Decision<Located<Policy>>) => void,
): Outcome {
  const lists = applied(stages, direction, hits);
  if (unevaluated.length === 0) return walk(lists, only, report);
  const known =
    report &&
    ((decision: Decision<Located<Policy> | undefined>): void => {
      if (decision.item) report({ ...decision, item: decision.item });
    });
  return restricted(walk(withUnevaluatedStages(lists, unevaluated, outside), only, known), unevaluated, outside);
}

/** The rules of a policy that speak of one end: what `marksOf` says of it, without looking at all the others. */
function hitsOf(space: EquivalenceClasses, { direction, named }: PodPolicies, placed: Located<Policy>, end: number): Hit[] {
  const hits: Hit[] = [];
  for (const effective of effectivePolicy(placed.value)[direction]?.rules ?? []) {
    const on = peersBits(space, placed.value, effective.peers);
    if (on !== 'all' && !has(on, end)) continue;
    const traffics =
      direction === 'ingress'
        ? [uniteTraffic(effective.fixed, lookup(effective.named, named))]
        : [effective.fixed, ...effective.named.map((port) => lookup([port], space.classes[end]?.named ?? []))];
    for (const traffic of traffics)
      if (!isNoTraffic(traffic)) hits.push({ placed, rule: effective.rule, action: effective.action, traffic });
  }
  return hits;
}

/** A rule that speaks of an end, with the traffic it speaks of there. */
interface Hit extends MatchedRule {
  readonly placed: Located<Policy>;
}

function applied(
  stages: readonly StageGroups<Located<Policy>>[],
  direction: Direction,
  hits: readonly Hit[],
): StageGroups<Applied<Located<Policy>>>[] {
  const rules = new Map<Located<Policy>, Hit[]>();
  for (const hit of hits) {
    const list = rules.get(hit.placed);
    if (list) list.push(hit);
    else rules.set(hit.placed, [hit]);
  }
  const match = (placed: Located<Policy>): Applied<Located<Policy>> => ({
    item: placed,
    isolates: effectivePolicy(placed.value)[direction]?.isolates ?? false,
    rules: rules.get(placed) ?? [],
  });
  return stages.map(({ stage, groups }) => ({ stage, groups: groups.map((group) => group.map(match)) }));
}

/** The ends that each rule of a policy speaks of. A rule with port names speaks of different traffic at different ends. */
function marksOf(space: EquivalenceClasses, side: PodPolicies, placed: Located<Policy>): Marked<Hit>[] {
  const rules = effectivePolicy(placed.value)[side.direction]?.rules ?? [];
  return rules.flatMap((effective) => {
    const mark = (on: Bits | 'all', traffic: Traffic): Marked<Hit>[] =>
      isNoTraffic(traffic) ? [] : [{ on, item: { placed, rule: effective.rule, action: effective.action, traffic } }];
    const on = peersBits(space, placed.value, effective.peers);
    if (side.direction === 'ingress') return mark(on, uniteTraffic(effective.fixed, lookup(effective.named, side.named)));
    return [
      ...mark(on, effective.fixed),
      ...effective.named.flatMap((port) => atDestinations(space, port, on).flatMap(([at, traffic]) => mark(at, traffic))),
    ];
  });
}

/** The classes that declare a named port, sorted by what it stands for there. Outside the cluster a name stands for nothing. */
function atDestinations(space: EquivalenceClasses, port: NamedPortRule, on: Bits | 'all'): [Bits, Traffic][] {
  return declarersOf(space, port).map(([classes, traffic]) => [on === 'all' ? classes : both(on, classes), traffic]);
}

const DECLARERS = new WeakMap<EquivalenceClasses, Map<string, readonly [Bits, Traffic][]>>();

function declarersOf(space: EquivalenceClasses, port: NamedPortRule): readonly [Bits, Traffic][] {
  const byPort = DECLARERS.get(space) ?? new Map<string, readonly [Bits, Traffic][]>();
  DECLARERS.set(space, byPort);
  const asked = `${port.protocol ?? ''}/${port.name}`;
  const known = byPort.get(asked);
  if (known) return known;
  const found = new Map<string, { classes: number[]; traffic: Traffic }>();
  for (const { id, named } of space.declaring.get(port.name) ?? []) {
    const key = portNames(named.filter((declared) => declared.name === port.name));
    const same = found.get(key);
    if (same) same.classes.push(id);
    else found.set(key, { classes: [id], traffic: lookup([port], named) });
  }
  const byPortName = [...found.values()].map(({ classes, traffic }): [Bits, Traffic] => [bitsOf(classes), traffic]);
  byPort.set(asked, byPortName);
  return byPortName;
}

/** The ports that names stand for at a pod: those it declares by that name and, where the rule gives one, with that protocol. */
function lookup(names: readonly NamedPortRule[], declared: readonly ContainerPort[]): Traffic {
  const wanted = (port: ContainerPort): boolean =>
    names.some(({ name, protocol }) => name === port.name && (protocol === undefined || protocol === port.protocol));
  return declared
    .filter(wanted)
    .reduce((sum, port) => uniteTraffic(sum, trafficOf(port.protocol, portsIn([{ from: port.port, to: port.port }]))), NO_TRAFFIC);
}
