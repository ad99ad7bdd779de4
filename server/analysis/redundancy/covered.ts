import { memo, memo2, memoLast } from '../../base/memo.ts';
import { sameItems } from '../../base/lists.ts';
import { isNoAddress, meetAddresses, NO_ADDRESSES, uniteAddresses, type AddressSet } from '../../base/addresses.ts';
import { coversTraffic, meetTraffic, type Traffic } from '../../base/ports.ts';
import { networkAddresses, setLeaves } from '../../model/endpoint-set.ts';
import { isBoxWithin, isEmptyBox, podBox, type Box } from '../../eval/label-space.ts';
import type { Blocks } from '../../eval/endpoint-regions.ts';
import type { EndpointSet } from '../../model/endpoints.ts';
import { needsRegions } from '../../eval/set-coverage.ts';
import { coveredBy, ruleImplies, rulesDisjoint } from '../../eval/subsume.ts';
import type { Direction, Peer, Policy, Rule } from '../../model/policy.ts';
import type { LabelSelector } from '../../model/selector.ts';
import type { Located } from '../../workspace/cluster.ts';
import { trafficIn } from '../networks.ts';
import type { LocatedRule } from '../connection-words.ts';

/** How many pairs of rules may still be compared for one answer; what comes after is not claimed to be covered. Counted down. */
export interface ComparisonBudget {
  left: number;
}

/** Enough for any policy written by hand, and some milliseconds at most. */
export function comparisonBudget(): ComparisonBudget {
  return { left: 1000 };
}

/**
 * The rules that together match every connection a rule matches, as few as can be found: one that does so alone, else all that have a part
 * in it. `undefined` unless it is sure, and for a rule that matches nothing at all. `blocks`: what blocks of addresses match, where the rules
 * are not of Kubernetes itself.
 */
export function coversOf(
  rule: Rule,
  others: readonly Rule[],
  direction: Direction,
  budget: ComparisonBudget,
  blocks?: Blocks,
): readonly Rule[] | undefined {
  budget.left -= others.length / 20;
  if (budget.left <= 0) return undefined;
  // What a rule does beside its effect (it learns the addresses of names, it requires authentication) no other rule does for it.
  if (rule.lookups !== undefined || rule.note !== undefined) return undefined;
  const near = others.filter((other) => mayOverlap(sketchOf(rule), sketchOf(other)));
  if (near.length === 0) return undefined;
  const only = near.find((other) => budget.left-- > 0 && isCoveredAlone(rule, other, direction, blocks));
  const isCovered =
    only !== undefined || (near.length > 1 && near.length <= MAX_COMBINED_RULES && isCoveredTogether(rule, near, direction, blocks));
  if (!isCovered || !matchesSomething(rule, direction, blocks)) return undefined;
  return only ? [only] : near.filter((other) => rulesDisjoint(rule, other, direction, blocks).kind !== 'yes');
}

/**
 * Does a rule match something in some cluster? Where a set decides (a group, a part of a value), it may, unless the set contradicts itself:
 * what cannot be read is not compared.
 */
function matchesSomething(rule: Rule, direction: Direction, blocks: Blocks | undefined): boolean {
  const answer = rulesDisjoint(rule, rule, direction, blocks).kind;
  return answer === 'no' || (answer === 'unknown' && isSetRule(rule, blocks) && isKnown(rule));
}

function isSetRule({ peers, own, notPorts }: Rule, blocks: Blocks | undefined): boolean {
  return own !== undefined || notPorts !== undefined || needsRegions([peers], blocks ?? 'pods-too');
}

function isKnown({ peers, ports }: Rule): boolean {
  const isRead = (peer: Peer): boolean => peer.kind !== 'unreadable' && (peer.kind !== 'set' || !hasUnknown(peer.set));
  return (peers === 'any' || peers.every(isRead)) && (ports === 'any' || ports.every(({ kind }) => kind === 'range' || kind === 'named'));
}

function hasUnknown(set: EndpointSet): boolean {
  return setLeaves(set).some((leaf) => leaf.kind === 'unknown' || (leaf.kind === 'labels' && leaf.selector.unreadable !== undefined));
}

/** The same among rules of several policies. */
export function locatedCoversOf(
  rule: Rule,
  others: readonly LocatedRule[],
  direction: Direction,
  budget: ComparisonBudget,
): readonly LocatedRule[] | undefined {
  const covers = coversOf(
    rule,
    others.map((other) => other.rule),
    direction,
    budget,
  );
  return covers && others.filter((other) => covers.includes(other.rule));
}

/** The rules of policies in a direction, in order. */
export function locatedRules(policies: readonly Located<Policy>[], direction: Direction): readonly LocatedRule[] {
  return policies.flatMap((policy) => (policy.value[direction]?.rules ?? []).map((rule) => ({ policy, rule })));
}

/** Does one rule alone match all that another matches? Kept, as most edits leave both as they are. */
function isCoveredAlone(rule: Rule, by: Rule, direction: Direction, blocks: Blocks | undefined): boolean {
  if (!mayCover(by, rule)) return false;
  return isImplied(rule, by, direction, blocks);
}

const isImplied = memo2(
  (rule: Rule, by: Rule, direction: Direction, blocks: Blocks | undefined): boolean =>
    ruleImplies(rule, by, direction, blocks).kind === 'yes',
);

function isCoveredTogether(rule: Rule, by: readonly Rule[], direction: Direction, blocks: Blocks | undefined): boolean {
  const [first] = by;
  if (!first) return false;
  return together(rule)(first, by, direction, blocks).answer;
}

/** The last answer about the rules that begin with one. */
interface Together {
  readonly by: readonly Rule[];
  readonly answer: boolean;
}

const together = memo((rule: Rule) =>
  memoLast<Rule, Together, [by: readonly Rule[], direction: Direction, blocks: Blocks | undefined]>(
    (previous, by) => sameItems(previous.by, by),
    (_first, by, direction, blocks) => ({ by, answer: coveredBy(rule, by, direction, blocks, MAX_STEPS).kind === 'yes' }),
  ),
);

/**
 * What the others already say, from the last part to the first: each one with those that say it, and `undefined` for a part that is needed,
 * so that a caller can pause there. What is left says the same. `counts` leaves out others that were hardly meant to include a part.
 */
export function* redundantParts(
  parts: readonly Rule[],
  direction: Direction,
  counts: (other: Rule, part: Rule) => boolean = () => true,
  blocks?: Blocks,
): Generator<{ readonly part: Rule; readonly covers: readonly Rule[] } | undefined, void> {
  for (const [i, part] of parts.entries()) {
    sketchOf(part);
    if (i % SKETCHES_OF_A_STEP === SKETCHES_OF_A_STEP - 1) yield undefined;
  }
  const budget = comparisonBudget();
  let left = parts;
  for (const part of parts.toReversed()) {
    if (budget.left <= 0) return;
    const rest = left.filter((other) => other !== part);
    const effective = rest.filter((other) => counts(other, part));
    const covers = coversOf(part, effective, direction, budget, blocks);
    yield covers && { part, covers };
    if (covers) left = rest;
  }
}

const SKETCHES_OF_A_STEP = 100;

/** Whether so many rules cover another one together is asked, and given up after so many steps, to keep up with typing. */
const MAX_COMBINED_RULES = 30;
const MAX_STEPS = 300;

/** What can be said of a rule at a glance, to tell most pairs apart without asking further. */
interface Sketch {
  /** `undefined`: some port is a name, which may stand for any number. */
  readonly traffic: Traffic | undefined;
  readonly addresses: AddressSet;
  /** For each peer of pods, the values that its labels must have. */
  readonly pods: readonly RequiredValues[];
  readonly boxes: readonly Box[];
  /** A peer that is neither pods nor addresses: everything is possible. */
  readonly open: boolean;
}

type RequiredValues = readonly (readonly [key: string, values: readonly string[]])[];

const sketchOf = memo((rule: Rule): Sketch => {
  const { peers, ports } = rule;
  const list = peers === 'any' ? [] : peers;
  return {
    traffic: ports === 'any' || ports.every(({ kind }) => kind === 'range') ? trafficIn(rule) : undefined,
    addresses: uniteAddresses(
      NO_ADDRESSES,
      ...list.flatMap((peer) => (peer.kind === 'networks' ? peer.networks.map(networkAddresses) : [])),
    ),
    pods: list.flatMap((peer) => (peer.kind === 'pods' ? [valuesOf(peer)] : [])),
    boxes: list.flatMap((peer) => (peer.kind === 'pods' ? [podBox(peer.namespaces, peer.pods)] : [])),
    open: peers === 'any' || peers.some(({ kind }) => kind !== 'networks' && kind !== 'pods'),
  };
});

function valuesOf({ namespaces, pods }: Extract<Peer, { kind: 'pods' }>): RequiredValues {
  const required = ({ requirements }: LabelSelector, prefix: string): RequiredValues =>
    requirements.flatMap(({ key, operator, values }) => (operator === 'In' ? [[prefix + key, values] as const] : []));
  return [...(namespaces.kind === 'selected' ? required(namespaces.selector, 'namespace ') : []), ...required(pods, 'pod ')];
}

/** Could the rules have a connection in common, as far as that is seen at a glance? */
export function mayMeet(rule: Rule, another: Rule): boolean {
  const [one, other] = [sketchOf(rule), sketchOf(another)];
  if (one.traffic && other.traffic && !meetTraffic(one.traffic, other.traffic)) return false;
  // A pod may have any address.
  const isMixed = (addresses: Sketch, pods: Sketch): boolean => pods.pods.length > 0 && !isNoAddress(addresses.addresses);
  return isMixed(one, other) || isMixed(other, one) || mayOverlap(one, other);
}

/** Could one rule have a part in covering the other? Address blocks do not cover pods, as pod addresses are unknown. */
function mayOverlap(one: Sketch, other: Sketch): boolean {
  if (one.traffic && other.traffic && !meetTraffic(one.traffic, other.traffic)) return false;
  if (one.open || other.open) return true;
  if (meetAddresses(one.addresses, other.addresses) || one.pods.length * other.pods.length > 100) return true;
  return one.pods.some((a) => other.pods.some((b) => mayHaveCommonLabels(a, b)));
}

/** Is there no label that must have different values in the two? */
function mayHaveCommonLabels(one: RequiredValues, other: RequiredValues): boolean {
  return one.every(([key, values]) => other.every(([otherKey, more]) => key !== otherKey || more.some((value) => values.includes(value))));
}

/** Could the first rule match all that the other matches, as far as that is seen at a glance? The other matches something. */
function mayCover(wide: Rule, narrow: Rule): boolean {
  const [outer, inner] = [sketchOf(wide), sketchOf(narrow)];
  if (outer.traffic && inner.traffic && !coversTraffic(outer.traffic, inner.traffic)) return false;
  if (outer.open || outer.boxes.length > 1) return true;
  const [only] = outer.boxes;
  return inner.boxes.every((box) => isEmptyBox(box) || (only !== undefined && isBoxWithin(box, only)));
}
