import { isNoTraffic } from '../base/ports.ts';
import { wordAt } from './bits.ts';
import { namedEndpoints, type NamedEndpoint } from './endpoint-names.ts';
import { verdictAt, type Evaluation } from './evaluate.ts';
import { DENY_ALL, type Verdict } from './verdict.ts';
import type { EquivalenceClasses } from './equivalence-classes.ts';
import type { InternedOutcome } from './outcome-patterns.ts';
import type { OutcomeRow } from './rows.ts';

/** What one workload may connect to: the workloads, by name, and the verdict on each, at the same place of its list. */
export interface SourceRow {
  readonly from: NamedEndpoint;
  readonly to: readonly NamedEndpoint[];
  readonly verdicts: readonly Verdict[];
}

/**
 * The workloads of a cluster by name, each with all those for which the verdict is not a plain no; a workload to itself is left out.
 * Most pairs of a large cluster are plain noes, and are never looked at one by one: what the ingress rows say about the sources of one
 * word is gathered at once. `rows` are the ingress rows of the workloads, in their order.
 */
export function* sourceRows(evaluation: Evaluation, rows: readonly OutcomeRow[]): Generator<SourceRow> {
  const workloads = namedEndpoints(evaluation);
  const egressOf = latest((row: OutcomeRow) => outcomesByElement(row, evaluation.space));
  let place = 0;
  for (const block of blocksOf(workloads)) {
    const openings = openingsByWord(rows, block);
    for (const from of block) {
      const egress = egressOf(evaluation.row('egress', from.element));
      const row: Draft = { from, to: [], verdicts: [] };
      const ends = endsFrom(evaluation, workloads, place++);
      const open = openings.get(from.element >>> 5);
      if (open) addOpen(evaluation, row, egress, ends, open);
      addDual(evaluation, row, ends);
      yield row;
    }
  }
}

/** Where one source may connect to. */
interface Ends {
  readonly workloads: readonly NamedEndpoint[];
  /** The bit of the source within its word. */
  readonly bit: number;
  /** The workloads that go by the name of the source, which are side by side. */
  readonly first: number;
  readonly last: number;
  /** Has the source or an end addresses of both families, so that the verdict is one for each? Absent where none has. */
  readonly isDual?: (to: NamedEndpoint) => boolean;
}

function endsFrom({ space }: Evaluation, workloads: readonly NamedEndpoint[], place: number): Ends {
  const from = workloads[place];
  const element = from?.element ?? -1;
  let [first, last] = [place, place];
  while (first > 0 && workloads[first - 1]?.name === from?.name) first--;
  while (last < workloads.length - 1 && workloads[last + 1]?.name === from?.name) last++;
  const { dual, elementsOf } = space;
  const isDual = ({ element: to }: NamedEndpoint): boolean => elementsOf.has(element) || elementsOf.has(to);
  return { workloads, bit: element & 31, first, last, ...(dual.length === 0 ? {} : { isDual }) };
}

/** The ingress rows of the workloads of a cluster, by name. This is what takes long in a large cluster. */
export function ingressRows(evaluation: Evaluation): readonly OutcomeRow[] {
  return namedEndpoints(evaluation).map(({ element }) => evaluation.row('ingress', element));
}

/**
 * What ingress is open to the sources of one word, destination by destination: the place of the destination among the workloads, the
 * sources as bits, and the outcome for them. Three lists, as there are very many.
 */
interface Openings {
  readonly places: number[];
  readonly sources: number[];
  readonly outcomes: InternedOutcome[];
}

/** Workloads side by side whose openings are gathered at once: enough to look at each row but a few times, and few enough to keep them. */
function* blocksOf(workloads: readonly NamedEndpoint[]): Generator<readonly NamedEndpoint[]> {
  let [block, words]: [NamedEndpoint[], Set<number>] = [[], new Set()];
  for (const workload of workloads) {
    words.add(workload.element >>> 5);
    block.push(workload);
    if (block.length < MAX_BLOCK_SOURCES && words.size < MAX_WORDS) continue;
    yield block;
    [block, words] = [[], new Set()];
  }
  yield block;
}

const MAX_BLOCK_SOURCES = 2048;
const MAX_WORDS = 64;

function openingsByWord(rows: readonly OutcomeRow[], sources: readonly NamedEndpoint[]): ReadonlyMap<number, Openings> {
  const words = new Map(sources.map(({ element }) => [element >>> 5, emptyOpenings()]));
  const all = [...words];
  // No iterators here, nor in what follows: this runs for every pair of a word and a workload.
  for (let place = 0; place < rows.length; place++) {
    const row = rows[place];
    if (row) for (const [word, openings] of all) addOpenings(openings, row, word, place);
  }
  return words;
}

function emptyOpenings(): Openings {
  return { places: [], sources: [], outcomes: [] };
}

function addOpenings({ places, sources, outcomes }: Openings, { groups, rest }: OutcomeRow, word: number, place: number): void {
  let left = ~0;
  for (let at = 0; at <= groups.length; at++) {
    const group = groups[at];
    const bits = group ? wordAt(group.members, word) : left;
    const outcome = group ? group.outcome : rest;
    left &= ~bits;
    if (bits === 0 || isNoTraffic(outcome.maybe)) continue;
    places.push(place);
    sources.push(bits);
    outcomes.push(outcome);
  }
}

interface Draft {
  readonly from: NamedEndpoint;
  readonly to: NamedEndpoint[];
  readonly verdicts: Verdict[];
}

function addOpen(
  { combine }: Evaluation,
  { to, verdicts }: Draft,
  egress: (element: number) => InternedOutcome,
  ends: Ends,
  { places, sources, outcomes }: Openings,
): void {
  for (let at = 0; at < places.length; at++) {
    const place = places[at] ?? -1;
    if ((((sources[at] ?? 0) >>> ends.bit) & 1) === 0 || (place >= ends.first && place <= ends.last)) continue;
    const end = ends.workloads[place];
    const ingress = outcomes[at];
    if (!end || !ingress || ends.isDual?.(end)) continue;
    const verdict = combine(egress(end.element), ingress);
    if (verdict === DENY_ALL) continue;
    to.push(end);
    verdicts.push(verdict);
  }
}

function addDual(evaluation: Evaluation, { from, to, verdicts }: Draft, { workloads, first, last, isDual }: Ends): void {
  if (!isDual) return;
  for (const [place, end] of workloads.entries()) {
    if ((place >= first && place <= last) || !isDual(end)) continue;
    const verdict = verdictAt(evaluation, from.element, end.element);
    if (verdict === DENY_ALL) continue;
    to.push(end);
    verdicts.push(verdict);
  }
}

/** The outcomes of a row by element. */
function outcomesByElement({ groups, rest }: OutcomeRow, { size }: EquivalenceClasses): (element: number) => InternedOutcome {
  if (groups.length === 0) return () => rest;
  const all = outcomesFrom({ groups, rest }, 0, size);
  return (element) => all[element] ?? rest;
}

/** The outcomes of a row for the ranges of addresses outside, in their order. */
export function outcomesOutside(row: OutcomeRow, { classes, atoms }: EquivalenceClasses): readonly InternedOutcome[] {
  return outcomesFrom(row, classes.length, classes.length + atoms.length);
}

/** The outcomes of a row for the elements from one to another. */
function outcomesFrom({ groups, rest }: OutcomeRow, from: number, to: number): readonly InternedOutcome[] {
  const all: InternedOutcome[] = [];
  for (let element = from; element < to; element++) all.push(rest);
  for (const { members, outcome } of groups) {
    const end = Math.min(members.start + members.words.length, (to + 31) >>> 5);
    for (let word = Math.max(members.start, from >>> 5); word < end; word++) {
      for (let left = wordAt(members, word); left !== 0; left &= left - 1) {
        const element = (word << 5) + 31 - Math.clz32(left & -left);
        if (element >= from && element < to) all[element - from] = outcome;
      }
    }
  }
  return all;
}

/** Makes an answer again only when it is asked about something else than before: workloads side by side mostly share their rows. */
export function latest<K, V>(make: (key: K) => V): (key: K) => V {
  let answer: { readonly key: K; readonly value: V } | undefined;
  return (key) => {
    if (answer?.key !== key) answer = { key, value: make(key) };
    return answer.value;
  };
}
