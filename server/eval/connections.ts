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
import { endpointNameIn, namedEndpoints, type NamedEndpoint } from './endpoint-names.ts';
import type { EquivalenceClasses } from './equivalence-classes.ts';
import { ALLOW_ALL, type Evaluation } from './evaluate.ts';
import { DENY_ALL, type Verdict } from './verdict.ts';
import { externalName } from './names.ts';
import type { InternedOutcome } from './outcome-patterns.ts';
import type { OutcomeRow } from './rows.ts';
import { ingressRows, latest, outcomesOutside, sourceRows } from './source-rows.ts';

/** Traffic that may pass, in the shape of reports. `ALL`: the same ports of all three protocols. Port ranges are inclusive. */
export interface ConnectionEntry {
  readonly src: string;
  readonly dst: string;
  readonly protocol: Protocol | 'ALL';
  readonly ports: readonly (readonly [number, number])[];
  /** Only over these address families. */
  readonly families?: readonly ('IPv4' | 'IPv6')[];
  /** It is allowed at layers 3 and 4, and then judged by layer 7. */
  readonly condition?: string;
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
export function* connections(
  evaluation: Evaluation,
  rangeName: (range: OutsideRange) => string = externalName,
): Generator<ConnectionEntry> {
  const reachable = rangesOut(evaluation);
  const entriesFor = latest(entriesOf);
  for (const { from, to, verdicts } of sourceRows(evaluation, ingressRows(evaluation))) {
    const src = from.name;
    // No iterators and no spread here: this runs for every pair of workloads that may connect.
    for (let i = 0; i < to.length; i++) {
      const end = to[i];
      const verdict = verdicts[i];
      if (!end || !verdict) continue;
      for (const entry of entriesFor(verdict)) {
        const { protocol, ports } = entry;
        yield entry.families || entry.condition !== undefined ? { src, dst: end.name, ...entry } : { src, dst: end.name, protocol, ports };
      }
    }
    for (const { range, verdict } of reachable(from))
      for (const entry of entriesOf(verdict)) yield { src, dst: rangeName(range), ...entry };
  }
  const reaching = rangesIn(evaluation);
  for (const to of namedEndpoints(evaluation))
    for (const { range, verdict } of reaching(to))
      for (const entry of entriesOf(verdict)) yield { src: rangeName(range), dst: to.name, ...entry };
}

/** What a verdict allows, as entries of a report. */
const entriesOf = memo((verdict: Verdict): readonly Entry[] =>
  isNoTraffic(verdict.allowed)
    ? []
    : byFamily(verdict).flatMap(({ traffic, families }) =>
        byCondition(verdict, traffic).flatMap(({ part, condition }) =>
          trafficEntries(part).map((entry) => ({ ...entry, ...families, ...condition })),
        ),
      ),
);

/** What is allowed over both families, and over one of them only. */
function byFamily({
  allowed,
  families,
}: Verdict): readonly { readonly traffic: Traffic; readonly families?: Pick<ConnectionEntry, 'families'> }[] {
  if (!families) return [{ traffic: allowed }];
  const [v4, v6] = [families[4].allowed, families[6].allowed];
  return [
    { traffic: intersectTraffic(v4, v6) },
    { traffic: subtractTraffic(v4, v6), families: { families: ['IPv4'] as const } },
    { traffic: subtractTraffic(v6, v4), families: { families: ['IPv6'] as const } },
  ].filter(({ traffic }) => !isNoTraffic(traffic));
}

/** What is allowed whatever layer 7 says, and what only on a condition. */
function byCondition(
  { conditional = [] }: Verdict,
  traffic: Traffic,
): readonly { readonly part: Traffic; readonly condition?: Pick<ConnectionEntry, 'condition'> }[] {
  if (conditional.length === 0) return [{ part: traffic }];
  const parts = conditional.map((one) => ({ part: intersectTraffic(one.traffic, traffic), condition: { condition: one.condition } }));
  const free = parts.reduce((left, { part }) => subtractTraffic(left, part), traffic);
  return [{ part: free }, ...parts].filter(({ part }) => !isNoTraffic(part));
}

/** Every pair with a verdict that is not a plain no, in the order of `connections`. */
export function* pairs(evaluation: Evaluation): Generator<EndpointPair> {
  const reachable = rangesOut(evaluation);
  for (const { from, to, verdicts } of sourceRows(evaluation, ingressRows(evaluation))) {
    for (const [i, verdict] of verdicts.entries()) {
      const end = to[i];
      if (end) yield { from: from.workload, to: end.workload, verdict };
    }
    for (const { range, verdict } of reachable(from)) yield { from: from.workload, to: range, verdict };
  }
  const reaching = rangesIn(evaluation);
  for (const to of namedEndpoints(evaluation))
    for (const { range, verdict } of reaching(to)) yield { from: range, to: to.workload, verdict };
}

/** The addresses outside that one workload may exchange traffic with, of both families, in the longest ranges with equal verdicts. */
export function outsideOf(evaluation: Evaluation, workload: Workload, way: 'in' | 'out'): readonly RangeVerdict[] {
  const { space, combine } = evaluation;
  const row = evaluation.row(way === 'in' ? 'ingress' : 'egress', space.classOf.get(workload) ?? -1);
  const verdict = (outcome: InternedOutcome): Verdict => (way === 'in' ? combine(ALLOW_ALL, outcome) : combine(outcome, ALLOW_ALL));
  return ranges(space, verdictsOutside(space, row, verdict), true);
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

type Entry = Pick<ConnectionEntry, 'protocol' | 'ports' | 'families' | 'condition'>;

/** The addresses outside that an endpoint may reach, in ranges. */
function rangesOut({ space, row, combine }: Evaluation): (from: NamedEndpoint) => readonly RangeVerdict[] {
  const of = latest((own: OutcomeRow) =>
    ranges(
      space,
      verdictsOutside(space, own, (outcome) => combine(outcome, ALLOW_ALL)),
    ),
  );
  return ({ element }) => of(row('egress', element));
}

/** The addresses outside that may reach an endpoint, in ranges. */
function rangesIn({ space, row, combine }: Evaluation): (to: NamedEndpoint) => readonly RangeVerdict[] {
  const of = latest((own: OutcomeRow) =>
    ranges(
      space,
      verdictsOutside(space, own, (outcome) => combine(ALLOW_ALL, outcome)),
    ),
  );
  return ({ element }) => of(row('ingress', element));
}

function verdictsOutside(space: EquivalenceClasses, row: OutcomeRow, verdict: (outcome: InternedOutcome) => Verdict): readonly Verdict[] {
  const of = latest(verdict);
  return outcomesOutside(row, space).map(of);
}

interface RangeVerdict {
  readonly range: OutsideRange;
  readonly verdict: Verdict;
}

/**
 * The addresses outside, joined into ranges with the same verdict; `verdicts` are those of the atoms. IPv6 only where it differs from
 * IPv4, or a policy names it.
 */
function ranges(space: EquivalenceClasses, verdicts: readonly Verdict[], always6: boolean = false): readonly RangeVerdict[] {
  const { atoms } = space;
  const [first] = verdicts;
  const lists6 = always6 || speaksOf6(space) || verdicts.some((verdict) => verdict !== first);
  const found: RangeVerdict[] = [];
  for (let at = 0; at < atoms.length;) {
    const [start, verdict] = [atoms[at], verdicts[at]];
    if (!start || !verdict || (start.family === 6 && !lists6)) break;
    let end = start;
    for (at++; verdicts[at] === verdict && atoms[at]?.family === start.family; at++) end = atoms[at] ?? end;
    if (verdict === DENY_ALL) continue;
    const range = { ...start, to: end.to };
    found.push({ range: lists6 ? range : { ...range, bothFamilies: true }, verdict });
  }
  return found;
}

const speaksOf6 = memo(
  ({ atoms, vocabulary }: EquivalenceClasses) =>
    atoms.filter((atom) => atom.family === 6).length > 1 || vocabulary.blocks.some((block) => block.family === 6),
);

function boundsOf(ports: PortSet): [number, number][] {
  return ports.map(({ from, to }) => [from, to]);
}
