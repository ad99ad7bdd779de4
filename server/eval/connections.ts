import { memo } from '../base/memo.ts';
import type { AddressRange } from '../base/addresses.ts';
import {
  intersectTraffic,
  isNoTraffic,
  type PortSet,
  type Protocol,
  PROTOCOLS,
  samePorts,
  subtractTraffic,
  type Traffic,
} from '../base/ports.ts';
import type { Workload } from '../model/workload.ts';
import { both, each, span } from './bits.ts';
import { endpointNameIn, namedEndpoints, type NamedEndpoint } from './endpoint-names.ts';
import { ALLOW_ALL, DENY_ALL, verdictAt, type Evaluation, type Verdict } from './evaluate.ts';
import { externalName } from './names.ts';
import { outcomeAt, type OutcomeRow, type InternedOutcome } from './rows.ts';

/** Traffic that may pass, in the shape of reports. `ALL`: the same ports of all three protocols. Port ranges are inclusive. */
export interface Connection {
  readonly src: string;
  readonly dst: string;
  readonly protocol: Protocol | 'ALL';
  readonly ports: readonly (readonly [number, number])[];
  /** Only over these address families. */
  readonly families?: readonly ('IPv4' | 'IPv6')[];
}

/** Addresses outside the cluster. */
export interface OutsideRange extends AddressRange {
  /** All of IPv4, and IPv6 in the same way. */
  readonly bothFamilies?: true;
}

/** Source, destination and the verdict. Each is a workload or a range of addresses outside the cluster. */
export interface EndpointPair {
  readonly from: Workload | OutsideRange;
  readonly to: Workload | OutsideRange;
  readonly verdict: Verdict;
}

/**
 * Everything that is allowed, one pair after the other, by name; addresses come last. Not listed: a workload to itself, outside to
 * outside, and what is allowed only in one order of tied policies. Addresses are grouped into the longest ranges with equal verdicts.
 */
export function* connections(evaluation: Evaluation, rangeName: (range: OutsideRange) => string = externalName): Generator<Connection> {
  for (const { from, to, verdict } of pairs(evaluation)) {
    if (isNoTraffic(verdict.allowed)) continue;
    const [src, dst] = [pairName(evaluation, from, rangeName), pairName(evaluation, to, rangeName)];
    for (const { traffic, families } of byFamily(verdict))
      for (const { protocol, ports } of trafficEntries(traffic)) yield { src, dst, protocol, ports, ...families };
  }
}

/** What is allowed over both families, and over one of them only. */
function byFamily({
  allowed,
  families,
}: Verdict): readonly { readonly traffic: Traffic; readonly families?: Pick<Connection, 'families'> }[] {
  if (!families) return [{ traffic: allowed }];
  const [v4, v6] = [families[4].allowed, families[6].allowed];
  return [
    { traffic: intersectTraffic(v4, v6) },
    { traffic: subtractTraffic(v4, v6), families: { families: ['IPv4'] as const } },
    { traffic: subtractTraffic(v6, v4), families: { families: ['IPv6'] as const } },
  ].filter(({ traffic }) => !isNoTraffic(traffic));
}

/** Every pair with a verdict that is not a plain no, in the order of `connections`. */
export function* pairs(evaluation: Evaluation): Generator<EndpointPair> {
  const { combine, row } = evaluation;
  const workloads = namedEndpoints(evaluation);
  const { dual, elementsOf } = evaluation.space;
  const isDual = dual.length === 0 ? () => false : (one: number, other: number): boolean => elementsOf.has(one) || elementsOf.has(other);
  const dualStack = dual.length === 0 ? [] : workloads;
  const places = placesByPolicies(evaluation, workloads);
  const outcomesOf = ingressOutcomesBySource(evaluation);
  const reached: (InternedOutcome | undefined)[] = workloads.map(() => undefined);
  for (const { workload: from, name, element } of workloads) {
    const egress = outcomesIn(row('egress', element));
    reached.fill(undefined);
    for (const { policiesId, outcome } of outcomesOf(element)) for (const at of places[policiesId] ?? []) reached[at] = outcome;
    // No iterator here: this runs for every pair of workloads.
    for (let at = 0; at < workloads.length; at++) {
      const ingress = reached[at];
      const to = ingress && workloads[at];
      const verdict = to && to.name !== name && !isDual(element, to.element) ? combine(egress(to.element), ingress) : DENY_ALL;
      if (to && verdict !== DENY_ALL) yield { from, to: to.workload, verdict };
    }
    for (const to of dualStack) {
      const verdict = to.name !== name && isDual(element, to.element) ? verdictAt(evaluation, element, to.element) : DENY_ALL;
      if (verdict !== DENY_ALL) yield { from, to: to.workload, verdict };
    }
    for (const { range, verdict } of ranges(evaluation, (atom) => combine(egress(atom), ALLOW_ALL))) yield { from, to: range, verdict };
  }
  for (const { workload: to, element } of workloads) {
    const ingress = outcomesIn(row('ingress', element));
    for (const { range, verdict } of ranges(evaluation, (atom) => combine(ALLOW_ALL, ingress(atom)))) yield { from: range, to, verdict };
  }
}

/** The addresses outside that one workload may exchange traffic with, of both families, in the longest ranges with equal verdicts. */
export function* outsideOf(
  evaluation: Evaluation,
  workload: Workload,
  way: 'in' | 'out',
): Generator<{ range: AddressRange; verdict: Verdict }> {
  const element = evaluation.space.classOf.get(workload) ?? -1;
  const row = evaluation.row(way === 'in' ? 'ingress' : 'egress', element);
  yield* ranges(
    evaluation,
    (atom) => (way === 'in' ? evaluation.combine(ALLOW_ALL, outcomeAt(row, atom)) : evaluation.combine(outcomeAt(row, atom), ALLOW_ALL)),
    true,
  );
}

/** The name of an endpoint of a pair. */
export function pairName(
  evaluation: Evaluation,
  end: EndpointPair['from'],
  rangeName: (range: OutsideRange) => string = externalName,
): string {
  return 'family' in end ? rangeName(end) : endpointNameIn(evaluation, { kind: 'workload', workload: end });
}

/** Traffic as entries of a report, one per protocol, or one for all where they are equal. */
export const trafficEntries: (traffic: Traffic) => readonly Entry[] = memo((traffic) =>
  PROTOCOLS.every((protocol) => samePorts(traffic[protocol], traffic.TCP))
    ? [{ protocol: 'ALL' as const, ports: boundsOf(traffic.TCP) }]
    : PROTOCOLS.flatMap((protocol) => (traffic[protocol].length > 0 ? [{ protocol, ports: boundsOf(traffic[protocol]) }] : [])),
);

type Entry = Pick<Connection, 'protocol' | 'ports'>;

/** The places in the list of the workloads whose ingress is decided by the same policies, by the id of those policies. */
function placesByPolicies({ podPolicies }: Evaluation, workloads: readonly NamedEndpoint[]): number[][] {
  const places: number[][] = [];
  workloads.forEach(({ element }, at) => {
    const own = podPolicies.ingress[element];
    if (own) (places[own.id] ??= []).push(at);
  });
  return places;
}

/** What the policies of some destinations allow from one source. */
interface IngressOutcome {
  readonly policiesId: number;
  readonly outcome: InternedOutcome;
}

/**
 * The destinations that allow something from a class. The outcomes of a block of neighbouring classes are looked up at once, since going
 * through all destinations is what costs; the last blocks are kept, as workloads by name come namespace by namespace.
 */
function ingressOutcomesBySource(evaluation: Evaluation): (element: number) => readonly IngressOutcome[] {
  const blocks = new Map<number, IngressOutcome[][]>();
  const classOf: number[] = [];
  evaluation.podPolicies.ingress.forEach((own, classId) => (classOf[own.id] = classId));
  return (element) => {
    const block = element >> BLOCK;
    const outcomes = blocks.get(block) ?? ingressOutcomesOf(evaluation, classOf, block);
    if (!blocks.has(block) && blocks.size >= KEPT) blocks.delete(blocks.keys().next().value ?? 0);
    blocks.set(block, outcomes);
    return outcomes[element & ((1 << BLOCK) - 1)] ?? [];
  };
}

/** Classes side by side that are looked up at once, as a power of 2. */
const BLOCK = 7;
const KEPT = 4;

/** For each class of a block, the outcomes of the destinations that allow something from it. */
function ingressOutcomesOf(evaluation: Evaluation, classOf: readonly number[], block: number): IngressOutcome[][] {
  const first = block << BLOCK;
  const window = span(first, first + (1 << BLOCK));
  const columns: IngressOutcome[][] = Array.from({ length: 1 << BLOCK }, () => []);
  for (const [policiesId, classId] of classOf.entries()) {
    const row = evaluation.row('ingress', classId ?? -1);
    const outcomes = new Map<number, InternedOutcome>();
    for (const { members, outcome } of row.groups) each(both(members, window), (source) => outcomes.set(source - first, outcome));
    const deniesRest = isNoTraffic(row.rest.maybe);
    for (const [at, outcome] of outcomes) if (deniesRest && !isNoTraffic(outcome.maybe)) columns[at]?.push({ policiesId, outcome });
    if (!deniesRest) columns.forEach((column, at) => column.push({ policiesId, outcome: outcomes.get(at) ?? row.rest }));
  }
  return columns;
}

/** The outcomes of a row by element. */
function outcomesIn(row: OutcomeRow): (element: number) => InternedOutcome {
  return row.groups.length === 0 ? () => row.rest : (element) => outcomeAt(row, element);
}

/** The addresses outside, joined into ranges with the same verdict. IPv6 only where it differs from IPv4, or a policy names it. */
function* ranges(
  { space }: Evaluation,
  verdictAt: (atom: number) => Verdict | undefined,
  always6: boolean = false,
): Generator<{ range: OutsideRange; verdict: Verdict }> {
  const verdicts = space.atoms.map((_, at) => verdictAt(space.classes.length + at));
  const speaksOf6 =
    space.atoms.filter((atom) => atom.family === 6).length > 1 || space.vocabulary.blocks.some((block) => block.family === 6);
  const lists6 = always6 || speaksOf6 || verdicts.some((verdict) => verdict !== verdicts[0]);
  let open: { range: OutsideRange; verdict: Verdict } | undefined;
  for (const [at, atom] of space.atoms.entries()) {
    if (atom.family === 6 && !lists6) break;
    const verdict = verdicts[at];
    if (open && open.verdict === verdict && open.range.family === atom.family) {
      open = { range: { ...open.range, to: atom.to }, verdict };
      continue;
    }
    if (open && open.verdict !== DENY_ALL) yield open;
    open = verdict && { range: lists6 ? atom : { ...atom, bothFamilies: true }, verdict };
  }
  if (open && open.verdict !== DENY_ALL) yield open;
}

function boundsOf(ports: PortSet): [number, number][] {
  return ports.map(({ from, to }) => [from, to]);
}
