import { memo, memoBy } from '../base/memo.ts';
import { isNoTraffic, NO_TRAFFIC, portsIn, subtractTraffic, trafficOf, uniteTraffic, type Traffic } from '../base/ports.ts';
import type { Direction, Policy } from '../model/policy.ts';
import type { CompiledRule, Match, NamedPortMatch, RuleList } from '../model/rule-list.ts';
import type { UnevaluatedPolicy } from '../model/unevaluated/policy.ts';
import type { ContainerPort } from '../model/workload.ts';
import type { Located } from '../workspace/cluster.ts';
import { bitsOf, both, unionOf, has, isNone, span, without, type Bits } from './bits.ts';
import { endpointBits } from './endpoint-bits.ts';
import { portNames, type EquivalenceClasses } from './equivalence-classes.ts';
import { patternsOf, type InternedOutcome, type SharedOutcomes } from './outcome-patterns.ts';
import { partition, type MarkedSet } from './partition.ts';
import type { Plane } from './stages.ts';
import { stageGroups, type Order, type StageGroups } from './stage-order.ts';
import { restricted, withUnevaluatedStages } from './unevaluated.ts';
import { walk } from './walk.ts';
import type { Applied, Decision, MatchedRule, Outcome } from './outcome.ts';

/** A rule list of a policy that selects a pod. */
export interface SelectingList {
  readonly placed: Located<Policy>;
  readonly list: RuleList;
  /** Those rules that are about the pod. */
  readonly rules: readonly CompiledRule[];
  /** It is unknown whether it selects the pod. */
  readonly uncertain: boolean;
}

/** One pod and one direction: what is asked about every other endpoint. */
export interface PodPolicies {
  /** Tells those of one direction apart. */
  readonly id: number;
  readonly direction: Direction;
  /** What selects the pod, or may select it. */
  readonly lists: readonly SelectingList[];
  /** The policies these are of, each once. */
  readonly policies: readonly Located<Policy>[];
  /** Ports the pod declares by name. An ingress rule looks names up here, an egress rule at the other endpoint. */
  readonly named: readonly ContainerPort[];
  /** Policies that may decide about it in that direction and are not evaluated. */
  readonly unevaluated: readonly Located<UnevaluatedPolicy>[];
}

/** What one pod says about every other endpoint. */
export interface OutcomeRow {
  readonly groups: readonly OutcomeGroup[];
  /** For every endpoint that is in no group. */
  readonly rest: InternedOutcome;
}

export interface OutcomeGroup {
  readonly members: Bits;
  readonly outcome: InternedOutcome;
}

/** The outcome for one other endpoint. */
export function outcomeAt(row: OutcomeRow, end: number): InternedOutcome {
  for (const group of row.groups) if (has(group.members, end)) return group.outcome;
  return row.rest;
}

/** Makes the row of one pod. */
export function rowOf(space: EquivalenceClasses, own: PodPolicies, shared: SharedOutcomes): OutcomeRow {
  const stages = stagesIn(space, own);
  const marks = own.lists.flatMap((list) => marksOf(space, own, list));
  const asksOutside = own.unevaluated.some(({ value }) => value.outsideOnly);
  const outside = span(space.classes.length, space.classes.length + space.atoms.length);
  const { cells, rest } = partition<Hit | 'outside'>(space.size, asksOutside ? [...marks, { on: outside, item: 'outside' }] : marks);
  const patternOf = own.unevaluated.length === 0 ? patternsOf(stages, shared) : undefined;
  const verdict = (items: readonly (Hit | 'outside')[]): InternedOutcome => {
    const hits = items.flatMap((item) => (item === 'outside' ? [] : [item]));
    const decide = (): InternedOutcome => shared.intern(decided(space.objects.plane, own, stages, hits, hits.length < items.length));
    if (!patternOf) return decide();
    const pattern = patternOf(hits);
    const outcome = shared.byPattern.get(pattern) ?? decide();
    shared.byPattern.set(pattern, outcome);
    return outcome;
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
  return { groups: [...groups].map(([outcome, members]) => ({ outcome, members: unionOf(...members) })), rest: whole };
}

/** The outcome for one other endpoint, without a row; `report` hears what decides, step by step. */
export function outcomeFor(
  space: EquivalenceClasses,
  own: PodPolicies,
  end: number,
  only?: Traffic,
  report?: (decision: Decision<Located<Policy>>) => void,
): Outcome {
  const hits = own.lists.flatMap((list) => hitsOf(space, own, list, end));
  const outside = end >= space.classes.length && !space.classOfElement.has(end);
  return decided(space.objects.plane, own, stagesIn(space, own), hits, outside, only, report);
}

/** What is decided where these rules match; `outside`: the peer is not a pod. */
function decided(
  plane: Plane,
  { unevaluated }: PodPolicies,
  stages: readonly StageGroups<SelectingList>[],
  hits: readonly Hit[],
  outside: boolean,
  only?: Traffic,
  report?: (decision: Decision<Located<Policy>>) => void,
): Outcome {
  const lists = applied(stages, hits);
  if (unevaluated.length === 0) return walk(lists, only, report, plane);
  const reportDecided =
    report &&
    ((decision: Decision<Located<Policy> | undefined>): void => {
      if (decision.item) report({ ...decision, item: decision.item });
    });
  return restricted(walk(withUnevaluatedStages(lists, unevaluated, outside), only, reportDecided, plane), unevaluated, outside);
}

function stagesIn({ objects }: EquivalenceClasses, { lists }: PodPolicies): StageGroups<SelectingList>[] {
  const placeOf = ({ placed: { value }, list }: SelectingList): Order & Pick<RuleList, 'stage'> => ({
    stage: list.stage,
    name: value.name,
    kind: value.kind,
    ...(value.namespace === undefined ? {} : { namespace: value.namespace }),
    ...(list.priority === undefined ? {} : { priority: list.priority }),
  });
  return stageGroups(lists, placeOf, objects.plane);
}

/** The rules of a list that match one endpoint: what `marksOf` says of it, without looking at all the others. */
export function hitsOf(space: EquivalenceClasses, { direction, named }: PodPolicies, from: SelectingList, end: number): Hit[] {
  const hits: Hit[] = [];
  for (const compiled of from.rules) {
    const on = endpointBits(space, compiled.match.peer);
    if (on !== 'all' && !has(on.maybe, end)) continue;
    const uncertain = on !== 'all' && !has(on.sure, end);
    const declared = direction === 'ingress' ? named : namedAt(space, end);
    for (const part of trafficParts(compiled, direction)) {
      const traffic = trafficAt(part, declared);
      if (!isNoTraffic(traffic)) hits.push(hit(from, compiled, traffic, uncertain || part.uncertain === true));
    }
  }
  return hits;
}

/** The ports that the pods of an element declare by name. */
function namedAt({ classes, classOfElement }: EquivalenceClasses, end: number): readonly ContainerPort[] {
  return classes[classOfElement.get(end) ?? end]?.named ?? [];
}

/** A rule that matches an endpoint, with the traffic it matches there. */
export interface Hit extends MatchedRule {
  readonly from: SelectingList;
}

function hit(
  from: SelectingList,
  { rule, action, index, match, uncertain: ruleIsUncertain }: CompiledRule,
  traffic: Traffic,
  uncertain: boolean,
): Hit {
  return {
    from,
    rule,
    action,
    index,
    traffic,
    ...(uncertain || ruleIsUncertain === true ? { uncertain: true } : {}),
    ...(match.condition === undefined ? {} : { condition: match.condition }),
  };
}

function applied(stages: readonly StageGroups<SelectingList>[], hits: readonly Hit[]): StageGroups<Applied<Located<Policy>>>[] {
  const rules = new Map<SelectingList, Hit[]>();
  for (const one of hits) {
    const list = rules.get(one.from);
    if (list) list.push(one);
    else rules.set(one.from, [one]);
  }
  const match = (list: SelectingList): Applied<Located<Policy>> => ({
    item: list.placed,
    isolates: list.list.isolates,
    rules: rules.get(list) ?? [],
    ...(list.uncertain ? { uncertain: true } : {}),
  });
  return stages.map(({ stage, groups }) => ({ stage, groups: groups.map((group) => group.map(match)) }));
}

/** The endpoints that each rule of a list matches. A rule with port names matches different traffic at different endpoints. */
function marksOf(space: EquivalenceClasses, own: PodPolicies, from: SelectingList): MarkedSet<Hit>[] {
  return from.rules.flatMap((compiled) =>
    certainties(space, compiled).flatMap(({ on, uncertain }) =>
      trafficParts(compiled, own.direction).flatMap((part) => {
        const mark = (at: Bits | 'all', traffic: Traffic): MarkedSet<Hit>[] =>
          isNoTraffic(traffic) ? [] : [{ on: at, item: hit(from, compiled, traffic, uncertain || part.uncertain === true) }];
        if (own.direction === 'ingress') return mark(on, trafficAt(part, own.named));
        return part.names.length === 0
          ? mark(on, part.traffic)
          : atDestinations(space, part, on).flatMap(([at, traffic]) => mark(at, traffic));
      }),
    ),
  );
}

/** Traffic that a rule matches at every endpoint, and what depends on the ports that the destination declares by name. */
interface TrafficPart {
  readonly traffic: Traffic;
  readonly with: readonly NamedPortMatch[];
  readonly without: readonly NamedPortMatch[];
  /** Ports that no name stands for either. */
  readonly never?: Traffic;
  /** All the names, each once; where there is none, nothing depends on the destination. */
  readonly names: readonly string[];
  /** Equal for parts that are equal. */
  readonly key: string;
  readonly uncertain?: boolean;
}

/** Of an ingress rule the destination is the pod itself, so that all its ports are one part. */
const ingressParts = memo(({ match }: CompiledRule) => partsOf(match, [match.named]));

const egressParts = memo(({ match }: CompiledRule) => partsOf(match, [[], ...match.named.map((port) => [port])]));

function trafficParts(rule: CompiledRule, direction: Direction): readonly TrafficPart[] {
  return direction === 'ingress' ? ingressParts(rule) : egressParts(rule);
}

function partsOf({ traffic, partly, except }: Match, names: readonly (readonly NamedPortMatch[])[]): readonly TrafficPart[] {
  const taken = except?.named ?? [];
  const part = (of: Traffic, more: readonly NamedPortMatch[], uncertain: boolean): TrafficPart => ({
    traffic: of,
    with: more,
    without: taken,
    ...(except ? { never: except.traffic } : {}),
    names: [...new Set([...more, ...taken].map(({ name }) => name))].sort(),
    key: JSON.stringify([more, taken, of, except?.traffic ?? NO_TRAFFIC].map((one) => (one === NO_TRAFFIC ? '' : one))),
    ...(uncertain ? { uncertain } : {}),
  });
  return [...names.map((more, i) => part(i === 0 ? traffic : NO_TRAFFIC, more, false)), ...(partly ? [part(partly, [], true)] : [])];
}

/** What of it there is at a destination that declares these ports. */
function trafficAt({ traffic, with: more, without: less, never = NO_TRAFFIC }: TrafficPart, declared: readonly ContainerPort[]): Traffic {
  const all = more.length === 0 || declared.length === 0 ? traffic : uniteTraffic(traffic, subtractTraffic(lookup(more, declared), never));
  return less.length === 0 ? all : subtractTraffic(all, lookup(less, declared));
}

/** The endpoints that a rule matches for sure, and those that it may match. */
function certainties(
  space: EquivalenceClasses,
  { match }: CompiledRule,
): readonly { readonly on: Bits | 'all'; readonly uncertain: boolean }[] {
  const bits = endpointBits(space, match.peer);
  if (bits === 'all') return [{ on: bits, uncertain: false }];
  if (bits.sure === bits.maybe) return [{ on: bits.sure, uncertain: false }];
  const possible = without(bits.maybe, bits.sure);
  return [{ on: bits.sure, uncertain: false }, ...(isNone(possible) ? [] : [{ on: possible, uncertain: true }])];
}

/** The endpoints of a set, sorted by what the rule matches there. Outside the cluster a name stands for nothing. */
function atDestinations(space: EquivalenceClasses, part: TrafficPart, on: Bits | 'all'): [Bits | 'all', Traffic][] {
  const found = declarersBy(space, part.key, part).map(([classes, traffic]): [Bits, Traffic] => [
    on === 'all' ? classes : both(on, classes),
    traffic,
  ]);
  if (isNoTraffic(part.traffic)) return found;
  const elsewhere = without(on === 'all' ? space.all : on, unionOf(...found.map(([classes]) => classes)));
  return [...found, [elsewhere, part.traffic]];
}

/** The classes that declare a port by one of the names of a part, sorted by what the part is there. */
const declarersBy = memoBy((space: EquivalenceClasses, _: string, part: TrafficPart): readonly [Bits, Traffic][] => {
  const found = new Map<string, { classes: number[]; traffic: Traffic }>();
  const declaring = new Set(part.names.flatMap((name) => space.declaring.get(name) ?? []));
  for (const { id, named } of declaring) {
    const key = portNames(named.filter((declared) => declared.name !== undefined && part.names.includes(declared.name)));
    const numbers = [id, ...(space.dual.find((one) => one.id === id)?.elements.values() ?? [])];
    const same = found.get(key);
    if (same) same.classes.push(...numbers);
    else found.set(key, { classes: numbers, traffic: trafficAt(part, named) });
  }
  return [...found.values()].map(({ classes, traffic }): [Bits, Traffic] => [bitsOf(classes), traffic]);
});

/** The ports that names stand for at a pod: those it declares by that name and, where the rule gives one, with that protocol. */
function lookup(names: readonly NamedPortMatch[], declared: readonly ContainerPort[]): Traffic {
  const isNamed = (port: ContainerPort): boolean =>
    names.some(({ name, protocol }) => name === port.name && (protocol === undefined || protocol === port.protocol));
  return declared
    .filter(isNamed)
    .reduce((sum, port) => uniteTraffic(sum, trafficOf(port.protocol, portsIn([{ from: port.port, to: port.port }]))), NO_TRAFFIC);
}
