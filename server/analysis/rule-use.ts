import { memo } from '../base/memo.ts';
import { firstPort, intersectTraffic, isNoTraffic, PROTOCOLS, type Protocol, type Traffic } from '../base/ports.ts';
import { formatIp } from '../base/ip.ts';
import { has } from '../eval/bits.ts';
import { endpointBits } from '../eval/endpoint-bits.ts';
import type { Evaluation } from '../eval/evaluate.ts';
import { workloadName } from '../eval/names.ts';
import { outcomeFor, type PodPolicies } from '../eval/rows.ts';
import { stageOf } from '../eval/stages.ts';
import type { Decision } from '../eval/outcome.ts';
import { DIRECTIONS, type Direction, type Policy, type Rule } from '../model/policy.ts';
import type { CompiledRule } from '../model/rule-list.ts';
import type { Located } from '../workspace/cluster.ts';

/** A connection of the cluster as one side of it sees it. */
export interface Meeting {
  readonly direction: Direction;
  /** The pod whose policies are evaluated, and the other endpoint, by their numbers in the classes. */
  readonly pod: number;
  readonly other: number;
  readonly traffic: Traffic;
}

/** A rule that matches something, all of which earlier rules decide. */
export interface Shadowed {
  readonly rule: Rule;
  readonly by: Located<Policy>;
  readonly byRule: Rule;
  readonly meeting: Meeting;
  /** Does the rule before it do the same? */
  readonly same: boolean;
}

/** What the end of a tier denies although a later policy allows it. */
export interface DeniedAtEnd {
  readonly policy: Located<Policy>;
  readonly later: Located<Policy>;
  readonly laterRule: Rule;
  readonly meeting: Meeting;
}

/** What an Accept allows that a policy which isolates the pod in the same stage does not allow. */
export interface Overridden {
  readonly rule: Rule;
  readonly isolating: Located<Policy>;
  readonly meeting: Meeting;
}

/** What becomes of the rules of all policies in this cluster, whoever meets whom in it. */
export interface RuleUses {
  readonly shadowed: ReadonlyMap<Rule, Shadowed>;
  readonly deniedAtEnd: ReadonlyMap<Policy, DeniedAtEnd>;
  readonly overridden: ReadonlyMap<Rule, Overridden>;
}

/** Above so many pairs of endpoints nothing is claimed, as it would take too long. */
const MAX_PAIRS = 20_000;

/** What becomes of each rule; nothing where the cluster is too large to be looked through. Computed once for an evaluation. */
export const ruleUses: (evaluation: Evaluation) => RuleUses = memo(findUses);

function findUses(evaluation: Evaluation): RuleUses {
  const { space, podPolicies } = evaluation;
  const reached = new Set<Rule>();
  const found: Found = { shadowed: new Map(), deniedAtEnd: new Map(), overridden: new Map(), reached };
  const owns = DIRECTIONS.flatMap((direction) => [...distinct(podPolicies[direction])].map(([own, pod]) => ({ direction, own, pod })));
  const elements = space.classes.length + space.atoms.length;
  if (owns.length * elements <= MAX_PAIRS) {
    for (const { direction, own, pod } of owns) {
      for (let other = 0; other < elements; other++) look(evaluation, own, { direction, pod, other }, found);
    }
  }
  for (const rule of reached) found.shadowed.delete(rule);
  return found;
}

interface Found {
  readonly shadowed: Map<Rule, Shadowed>;
  readonly deniedAtEnd: Map<Policy, DeniedAtEnd>;
  readonly overridden: Map<Rule, Overridden>;
  readonly reached: Set<Rule>;
}

/** Pods of which no two have the same policies, none of those that are selected by something unknown. */
function distinct(all: readonly PodPolicies[]): ReadonlyMap<PodPolicies, number> {
  const found = new Map<PodPolicies, number>();
  for (const [pod, own] of all.entries()) {
    const isCertain = own.unevaluated.length === 0 && own.lists.every(({ uncertain }) => !uncertain);
    if (own.lists.length > 0 && isCertain && !found.has(own)) found.set(own, pod);
  }
  return found;
}

function look(evaluation: Evaluation, own: PodPolicies, at: Omit<Meeting, 'traffic'>, found: Found): void {
  const { space } = evaluation;
  const decisions: Decision<Located<Policy>>[] = [];
  outcomeFor(space, own, at.other, undefined, (decision) => decisions.push(decision));
  for (const { rule, action } of decisions) if (rule && action !== 'NoMatch') found.reached.add(rule);
  const deciding = decisions.filter(({ rule, action }) => rule !== undefined && action !== 'Log' && action !== 'NoMatch');
  const end = decisions.find(({ action }) => action === 'DefaultAction');
  for (const { placed, rules } of own.lists) {
    for (const compiled of rules) {
      if (compiled.action === 'Log' || !matches(space, compiled, at.other)) continue;
      noteShadowed(compiled, deciding, at, found);
      if (end && compiled.action === 'Accept') noteEnd(evaluation, end, placed, compiled, at, found);
    }
  }
  noteOverridden(evaluation, own, deciding, at, found);
}

function matches(space: Evaluation['space'], { match, uncertain }: CompiledRule, other: number): boolean {
  if (uncertain === true || (isNoTraffic(match.traffic) && match.named.length === 0)) return false;
  const bits = endpointBits(space, match.peer);
  return bits === 'all' || has(bits.sure, other);
}

function noteShadowed(
  { rule, match }: CompiledRule,
  deciding: readonly Decision<Located<Policy>>[],
  at: Omit<Meeting, 'traffic'>,
  found: Found,
): void {
  if (found.reached.has(rule) || found.shadowed.has(rule)) return;
  const decision = deciding.find(({ traffic }) => !isNoTraffic(intersectTraffic(traffic, match.traffic)));
  if (!decision?.rule) return;
  const meeting = { ...at, traffic: intersectTraffic(decision.traffic, match.traffic) };
  found.shadowed.set(rule, { rule, by: decision.item, byRule: decision.rule, meeting, same: decision.rule.action === rule.action });
}

/** A later stage would have allowed it. */
function noteEnd(
  evaluation: Evaluation,
  end: Decision<Located<Policy>>,
  placed: Located<Policy>,
  { rule, match }: CompiledRule,
  at: Omit<Meeting, 'traffic'>,
  found: Found,
): void {
  const { plane } = evaluation.space.objects;
  const [ended, later] = [stageOf(end.item.value, plane), stageOf(placed.value, plane)];
  const traffic = intersectTraffic(end.traffic, match.traffic);
  if (later.order <= ended.order || isNoTraffic(traffic) || found.deniedAtEnd.has(end.item.value)) return;
  found.deniedAtEnd.set(end.item.value, { policy: end.item, later: placed, laterRule: rule, meeting: { ...at, traffic } });
}

/** A policy that only allows isolates by the end of its stage; an Accept of another policy there comes before that end. */
function noteOverridden(
  evaluation: Evaluation,
  own: PodPolicies,
  deciding: readonly Decision<Located<Policy>>[],
  at: Omit<Meeting, 'traffic'>,
  found: Found,
): void {
  const { plane } = evaluation.space.objects;
  const isolating = own.lists.find(({ list }) => list.isolates);
  if (!isolating) return;
  const stage = stageOf(isolating.placed.value, plane);
  if (stage.combine !== 'first-match') return;
  for (const { item, rule, action, traffic } of deciding) {
    if (!rule || action !== 'Accept' || item.value.traits.isolates || stageOf(item.value, plane) !== stage || found.overridden.has(rule))
      continue;
    const allowed = own.lists
      .filter(({ list }) => list.isolates)
      .some(({ rules }) => rules.some((compiled) => matches(evaluation.space, compiled, at.other)));
    if (!allowed) found.overridden.set(rule, { rule, isolating: isolating.placed, meeting: { ...at, traffic } });
  }
}

/** The connection in words: `shop/web[Deployment] -> shop/api[Deployment] TCP 8080`. */
export function meetingWords({ space }: Evaluation, { direction, pod, other, traffic }: Meeting): string {
  const [own, peer] = [elementName(space, pod), elementName(space, other)];
  const [protocol, port] = exampleOf(traffic, space.classes[direction === 'ingress' ? pod : other]?.sample.ports ?? []);
  return `${direction === 'ingress' ? `${peer} -> ${own}` : `${own} -> ${peer}`} ${protocol} ${port}`;
}

function elementName({ classes, atoms }: Evaluation['space'], element: number): string {
  const sample = classes[element]?.sample;
  const atom = atoms[element - classes.length];
  if (sample) return workloadName(sample);
  return atom ? formatIp(atom.family, atom.from) : 'any address';
}

/** A port that the destination declares, where one is among them. */
function exampleOf(
  traffic: Traffic,
  declared: readonly { readonly protocol: Protocol; readonly port: number }[],
): readonly [Protocol, number] {
  const own = declared.find(({ protocol, port }) => traffic[protocol].some(({ from, to }) => from <= port && port <= to));
  if (own) return [own.protocol, own.port];
  const protocol = PROTOCOLS.find((one) => traffic[one].length > 0) ?? 'TCP';
  const first = firstPort(traffic[protocol]) ?? 80;
  return [protocol, first === 1 ? ((traffic[protocol][0]?.to ?? 1) >= 80 ? 80 : 1) : first];
}
