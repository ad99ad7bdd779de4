import type { AddressRange } from '../base/addresses.ts';
import { isNoTraffic, PROTOCOLS, samePorts, type PortSet, type Traffic } from '../base/ports.ts';
import type { Protocol } from '../model/policy.ts';
import type { Workload } from '../model/workload.ts';
import { both, each, span } from './bits.ts';
import { FREE, PLAIN_NO, type Evaluation, type Verdict } from './evaluate.ts';
import { externalName, workloadName } from './names.ts';
import { outcomeAt, type Shared } from './rows.ts';

/** Traffic that may pass, in the shape of reports. `ALL`: the same ports of all three protocols. Both ends of a port range count. */
export interface Connection {
  readonly src: string;
  readonly dst: string;
  readonly protocol: Protocol | 'ALL';
  readonly ports: readonly (readonly [number, number])[];
}

/** Two ends and the verdict on them. An end is a workload or a range of addresses outside the cluster. */
export interface Pair {
  readonly from: Workload | AddressRange;
  readonly to: Workload | AddressRange;
  readonly verdict: Verdict;
}

/**
 * Everything that is allowed, one pair after the other, by name; addresses come last. Not listed: a workload to itself, outside to
 * outside, and what is allowed only in one order of tied policies. Addresses are grouped into the longest ranges with equal verdicts.
 */
export function* connections(evaluation: Evaluation): Generator<Connection> {
  for (const { from, to, verdict } of pairs(evaluation)) {
    if (isNoTraffic(verdict.allowed)) continue;
    const [src, dst] = [nameOf(from), nameOf(to)];
    for (const { protocol, ports } of entriesOf(verdict.allowed)) yield { src, dst, protocol, ports };
  }
}

/** Every pair with a verdict that is not a plain no, in the order of `connections`. */
export function* pairs(evaluation: Evaluation): Generator<Pair> {
  const workloads = byName(evaluation);
  const verdictsOf = verdictsBySource(evaluation);
  for (const { workload: from, name, element } of workloads) {
    const verdicts = verdictsOf(element);
    for (const { workload: to, name: other, element: at } of workloads) {
      const verdict = verdicts[at];
      if (verdict && verdict !== PLAIN_NO && other !== name) yield { from, to, verdict };
    }
    for (const { range, verdict } of ranges(evaluation, (atom) => verdicts[atom])) yield { from, to: range, verdict };
  }
  for (const { workload: to, element } of workloads) {
    const row = evaluation.row('ingress', element);
    for (const { range, verdict } of ranges(evaluation, (atom) => evaluation.join(FREE, outcomeAt(row, atom))))
      yield { from: range, to, verdict };
  }
}

/** The addresses outside that one workload may exchange traffic with, in the longest ranges with equal verdicts. */
export function* outsideOf(evaluation: Evaluation, workload: Workload, way: 'in' | 'out'): Generator<{ range: AddressRange; verdict: Verdict }> {
  const element = evaluation.space.classOf.get(workload) ?? -1;
  const direction = way === 'in' ? 'ingress' : 'egress';
  const row = evaluation.row(direction, element);
  yield* ranges(evaluation, (atom) => (way === 'in' ? evaluation.join(FREE, outcomeAt(row, atom)) : evaluation.join(outcomeAt(row, atom), FREE)));
}

/** The name of an end of a pair. */
export function nameOf(end: Workload | AddressRange): string {
  return 'family' in end ? externalName(end) : workloadName(end);
}

/** Traffic as entries of a report, one per protocol, or one for all where they are equal. */
function entriesOf(traffic: Traffic): readonly Entry[] {
  const known = ENTRIES.get(traffic);
  if (known) return known;
  const entries = PROTOCOLS.every((protocol) => samePorts(traffic[protocol], traffic.TCP))
    ? [{ protocol: 'ALL' as const, ports: boundsOf(traffic.TCP) }]
    : PROTOCOLS.flatMap((protocol) => (traffic[protocol].length > 0 ? [{ protocol, ports: boundsOf(traffic[protocol]) }] : []));
  ENTRIES.set(traffic, entries);
  return entries;
}

type Entry = Pick<Connection, 'protocol' | 'ports'>;

const ENTRIES = new WeakMap<Traffic, readonly Entry[]>();

interface Named {
  readonly workload: Workload;
  readonly name: string;
  readonly element: number;
}

function byName({ cluster, space }: Evaluation): Named[] {
  const named = cluster.workloads.map(({ value: workload }) => ({
    workload,
    name: workloadName(workload),
    element: space.classOf.get(workload) ?? 0,
  }));
  return named.sort((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)));
}

/**
 * The verdicts on all connections of a class, by the other end. What the other ends say about a block of neighbouring classes is looked
 * up at once, since going through all of them is what costs; the last blocks are kept, as workloads by name come namespace by namespace.
 */
function verdictsBySource(evaluation: Evaluation): (element: number) => readonly Verdict[] {
  const blocks = new Map<number, Shared[][]>();
  const sides: number[] = [];
  evaluation.sides.ingress.forEach((side, classId) => (sides[side.id] = classId));
  return (element) => {
    const block = element >> BLOCK;
    const known = blocks.get(block) ?? ingressOf(evaluation, sides, block);
    if (!blocks.has(block) && blocks.size >= KEPT) blocks.delete(blocks.keys().next().value ?? 0);
    blocks.set(block, known);
    return verdictsFrom(evaluation, element, known[element & ((1 << BLOCK) - 1)] ?? []);
  };
}

/** Classes side by side that are looked up at once, as a power of 2. */
const BLOCK = 7;
const KEPT = 4;

/** What each side of a destination says, by side, about each class of a block. */
function ingressOf(evaluation: Evaluation, sides: readonly number[], block: number): Shared[][] {
  const first = block << BLOCK;
  const window = span(first, first + (1 << BLOCK));
  const table: Shared[][] = Array.from({ length: 1 << BLOCK }, () => []);
  for (let id = 0; id < sides.length; id++) {
    const { groups, rest } = evaluation.row('ingress', sides[id] ?? -1);
    for (const column of table) column.push(rest);
    for (const { members, outcome } of groups) {
      each(both(members, window), (source) => {
        const column = table[source - first];
        if (column) column[id] = outcome;
      });
    }
  }
  return table;
}

function verdictsFrom({ space, sides, row, join }: Evaluation, source: number, ingress: readonly Shared[]): Verdict[] {
  const { groups, rest } = row('egress', source);
  const egress = Array.from({ length: space.size }, () => rest);
  for (const { members, outcome } of groups) each(members, (end) => (egress[end] = outcome));
  return egress.map((outcome, end) => join(outcome, ingress[sides.ingress[end]?.id ?? -1] ?? FREE));
}

/** The addresses outside, joined into ranges with the same verdict. IPv6 only where a policy speaks of it. */
function* ranges(
  { space }: Evaluation,
  verdictAt: (atom: number) => Verdict | undefined,
): Generator<{ range: AddressRange; verdict: Verdict }> {
  const speaksOf6 =
    space.atoms.filter((atom) => atom.family === 6).length > 1 || space.vocabulary.blocks.some((block) => block.family === 6);
  let open: { range: AddressRange; verdict: Verdict } | undefined;
  for (const [at, atom] of space.atoms.entries()) {
    if (atom.family === 6 && !speaksOf6) break;
    const verdict = verdictAt(space.classes.length + at);
    if (open && open.verdict === verdict && open.range.family === atom.family) {
      open = { range: { ...open.range, to: atom.to }, verdict };
      continue;
    }
    if (open && open.verdict !== PLAIN_NO) yield open;
    open = verdict && { range: atom, verdict };
  }
  if (open && open.verdict !== PLAIN_NO) yield open;
}

function boundsOf(ports: PortSet): [number, number][] {
  return ports.map(({ from, to }) => [from, to]);
}
