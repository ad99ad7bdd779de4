import { isNoTraffic } from '../base/ports.ts';
import { both, each, span, wordAt } from './bits.ts';
import { namedEndpoints, type NamedEndpoint } from './endpoint-names.ts';
import { DENY_ALL, verdictAt, type Evaluation, type Verdict } from './evaluate.ts';
import type { EquivalenceClasses } from './equivalence-classes.ts';
import type { InternedOutcome, OutcomeRow } from './rows.ts';

/** What one workload may connect to: the workloads, by name, and the verdict on each, at the same place of its list. */
export interface SourceRow {
  readonly from: NamedEndpoint;
  readonly to: readonly NamedEndpoint[];
  readonly verdicts: readonly Verdict[];
}

/**
 * The workloads of a cluster by name, each with all those for which the verdict is not a plain no; a workload to itself is left out.
 * Most pairs of a large cluster are plain noes, and are never looked at one by one: what the ingress rows say about some sources is
 * gathered at once. Yields nothing while it makes the rows of a cluster, so ask for them before where that would be too long.
 */
export function* sourceRows(evaluation: Evaluation): Generator<SourceRow> {
  const workloads = namedEndpoints(evaluation);
  const rows = workloads.map(({ element }) => evaluation.row('ingress', element));
  const egressOf = latest((row: OutcomeRow) => outcomesByElement(row, evaluation.space));
  for (let first = 0; first < workloads.length; first += BLOCK) {
    const block = workloads.slice(first, first + BLOCK);
    const columns = columnsOf(
      rows,
      block.map(({ element }) => element),
    );
    for (const from of block) {
      const egress = egressOf(evaluation.row('egress', from.element));
      yield sourceRow(evaluation, workloads, from, egress, columns.get(from.element) ?? { places: [], outcomes: [] });
    }
  }
}

/** Sources that are gathered at once. */
const BLOCK = 32;

/** One source: the places of the workloads whose ingress is open to it, ascending, and what they say. */
interface Column {
  readonly places: number[];
  readonly outcomes: InternedOutcome[];
}

/** Some sources whose numbers are in the same word of a set, by their bit. */
interface WordColumns {
  readonly word: number;
  mask: number;
  readonly byBit: Column[];
}

/** For each source, by its number, the rows that are open to it. */
function columnsOf(rows: readonly OutcomeRow[], sources: readonly number[]): ReadonlyMap<number, Column> {
  const columns = new Map<number, Column>();
  const words = new Map<number, WordColumns>();
  for (const source of sources) {
    if (columns.has(source)) continue;
    const column: Column = { places: [], outcomes: [] };
    columns.set(source, column);
    const own = words.get(source >>> 5) ?? { word: source >>> 5, mask: 0, byBit: [] };
    words.set(source >>> 5, own);
    own.mask |= 1 << (source & 31);
    own.byBit[source & 31] = column;
  }
  const all = [...words.values()];
  // No iterators over the rows: this runs for every pair of a block and a workload.
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at];
    if (row) for (const own of all) addOpen(own, row, at);
  }
  return columns;
}

function addOpen({ word, mask, byBit }: WordColumns, { groups, rest }: OutcomeRow, at: number): void {
  let left = mask;
  for (const { members, outcome } of groups) {
    const bits = wordAt(members, word) & left;
    if (bits === 0) continue;
    left &= ~bits;
    addTo(byBit, bits, at, outcome);
  }
  if (left !== 0) addTo(byBit, left, at, rest);
}

function addTo(byBit: readonly Column[], bits: number, at: number, outcome: InternedOutcome): void {
  if (isNoTraffic(outcome.maybe)) return;
  for (let left = bits; left !== 0; left &= left - 1) {
    const column = byBit[31 - Math.clz32(left & -left)];
    column?.places.push(at);
    column?.outcomes.push(outcome);
  }
}

function sourceRow(
  evaluation: Evaluation,
  workloads: readonly NamedEndpoint[],
  from: NamedEndpoint,
  egress: (element: number) => InternedOutcome,
  { places, outcomes }: Column,
): SourceRow {
  const { combine, space } = evaluation;
  const isDual = dualPairs(space);
  const to: NamedEndpoint[] = [];
  const verdicts: Verdict[] = [];
  const add = (end: NamedEndpoint, verdict: Verdict): void => {
    if (verdict === DENY_ALL) return;
    to.push(end);
    verdicts.push(verdict);
  };
  for (let i = 0; i < places.length; i++) {
    const [end, ingress] = [workloads[places[i] ?? -1], outcomes[i]];
    if (!end || !ingress || end.name === from.name || isDual?.(from.element, end.element)) continue;
    add(end, combine(egress(end.element), ingress));
  }
  if (isDual)
    for (const end of workloads)
      if (end.name !== from.name && isDual(from.element, end.element)) add(end, verdictAt(evaluation, from.element, end.element));
  return { from, to, verdicts };
}

/** Has one of two elements addresses of both families, so that the verdict is one for each? `undefined` where none has. */
function dualPairs({ dual, elementsOf }: EquivalenceClasses): ((one: number, other: number) => boolean) | undefined {
  return dual.length === 0 ? undefined : (one, other) => elementsOf.has(one) || elementsOf.has(other);
}

/** The outcomes of a row by element. */
function outcomesByElement({ groups, rest }: OutcomeRow, { size }: EquivalenceClasses): (element: number) => InternedOutcome {
  if (groups.length === 0) return () => rest;
  const all = Array.from({ length: size }, () => rest);
  for (const { members, outcome } of groups) each(members, (element) => (all[element] = outcome));
  return (element) => all[element] ?? rest;
}

/** The outcomes of a row for the ranges of addresses outside, in their order. */
export function outcomesOutside({ groups, rest }: OutcomeRow, { classes, atoms }: EquivalenceClasses): readonly InternedOutcome[] {
  const all = atoms.map(() => rest);
  const outside = span(classes.length, classes.length + atoms.length);
  for (const { members, outcome } of groups) each(both(members, outside), (element) => (all[element - classes.length] = outcome));
  return all;
}

/** Makes an answer again only when it is asked about something else than before: workloads side by side mostly share their rows. */
export function latest<K, V>(make: (key: K) => V): (key: K) => V {
  let cached: { readonly key: K; readonly value: V } | undefined;
  return (key) => {
    if (cached?.key !== key) cached = { key, value: make(key) };
    return cached.value;
  };
}
