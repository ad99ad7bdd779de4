import type { AddressRange } from '../base/addresses.ts';
import { isNoTraffic, PROTOCOLS, samePorts, type PortSet, type Traffic } from '../base/ports.ts';
import type { Protocol } from '../model/policy.ts';
import type { Workload } from '../model/workload.ts';
import { each } from './bits.ts';
import { FREE, outcomeOf, type Evaluation, type Verdict } from './evaluate.ts';
import { externalName, workloadName } from './names.ts';
import { outcomeAt } from './rows.ts';
import type { Outcome } from './tiers.ts';

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
      if (verdict && !isPlainNo(verdict) && other !== name) yield { from, to, verdict };
    }
    for (const { range, verdict } of ranges(evaluation, (atom) => verdicts[atom])) yield { from, to: range, verdict };
  }
  for (const { workload: to, element } of workloads) {
    const row = evaluation.row('ingress', element);
    for (const { range, verdict } of ranges(evaluation, (atom) => evaluation.join(FREE, outcomeAt(row, atom))))
      yield { from: range, to, verdict };
  }
}

/** The name of an end of a pair. */
export function nameOf(end: Workload | AddressRange): string {
  return 'family' in end ? externalName(end) : workloadName(end);
}

/** Traffic as entries of a report, one per protocol, or one for all where they are equal. */
export function entriesOf(traffic: Traffic): readonly Entry[] {
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

/** The verdicts on all connections of a class, by the other end. Kept while they fit, for the next workload of the class. */
function verdictsBySource(evaluation: Evaluation): (element: number) => readonly Verdict[] {
  const kept = new Map<number, readonly Verdict[]>();
  return (element) => {
    const known = kept.get(element);
    if (known) return known;
    const verdicts = verdictsFrom(evaluation, element);
    if ((kept.size + 1) * verdicts.length > MOST_KEPT) kept.clear();
    kept.set(element, verdicts);
    return verdicts;
  };
}

const MOST_KEPT = 4_000_000;

function verdictsFrom(evaluation: Evaluation, source: number): Verdict[] {
  const { space, sides, join } = evaluation;
  const { groups, rest } = evaluation.row('egress', source);
  const egress = Array.from({ length: space.size }, () => rest);
  for (const { members, outcome } of groups) each(members, (end) => (egress[end] = outcome));
  const ingress: Outcome[] = [];
  return egress.map((outcome, end) => {
    const side = sides.ingress[end];
    if (!side) return join(outcome, FREE);
    const other = (ingress[side.id] ??= outcomeOf(evaluation, 'ingress', end, source));
    return join(outcome, other);
  });
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
    if (open && !isPlainNo(open.verdict)) yield open;
    open = verdict && { range: atom, verdict };
  }
  if (open && !isPlainNo(open.verdict)) yield open;
}

function isPlainNo(verdict: Verdict): boolean {
  return isNoTraffic(verdict.allowed) && isNoTraffic(verdict.undefined);
}

function boundsOf(ports: PortSet): [number, number][] {
  return ports.map(({ from, to }) => [from, to]);
}
