import { code, table } from '../../base/markdown.ts';
import { formatTraffic, isNoTraffic } from '../../base/ports.ts';
import type { Work } from '../../base/work.ts';
import { pairName, outsideOf, pairs } from '../../eval/connections.ts';
import type { Evaluation } from '../../eval/evaluate.ts';
import { workloadName } from '../../eval/names.ts';
import { describeUnevaluated } from '../../model/unevaluated/describe.ts';
import { addressWords, outsideEntries } from './outside.ts';
import type { Report } from './report.ts';

/** How many connections the editor shows; more are for the command line. */
const MAX_LISTED_CONNECTIONS = 5_000;

const TITLE = 'Allowed connections';

/** Who may talk to whom in the whole cluster, as a table: what passes between workloads and addresses outside first. Yields often. */
export function* matrixReport(evaluation: Evaluation): Work<Report> {
  const rows: (readonly string[])[] = [];
  let more = false;
  for (const row of rowsOf(evaluation)) {
    yield;
    if (!row) continue;
    if (rows.length === MAX_LISTED_CONNECTIONS) {
      more = true;
      break;
    }
    rows.push(row);
  }
  const end = more ? `\n\nOnly the first ${MAX_LISTED_CONNECTIONS} connections are shown; \`netpol connections\` lists all.\n` : '\n';
  return { title: TITLE, parts: [`# ${TITLE}\n\n${unknownText(evaluation)}${table(['from', 'to', 'traffic'], rows)}${end}`] };
}

/** `undefined` stands for a pair without traffic. */
function* rowsOf(evaluation: Evaluation): Generator<readonly string[] | undefined> {
  for (const { value: workload } of evaluation.cluster.workloads) {
    for (const way of ['in', 'out'] as const) {
      const ranges = [...outsideOf(evaluation, workload, way)].map(({ range, verdict }) => ({ range, traffic: verdict.allowed }));
      for (const entry of outsideEntries(ranges)) {
        const [outside, inside] = [addressWords(entry.ranges), code(workloadName(workload))];
        yield [...(way === 'in' ? [outside, inside] : [inside, outside]), formatTraffic(entry.traffic)];
      }
    }
  }
  for (const { from, to, verdict } of pairs(evaluation)) {
    const isListed = !isNoTraffic(verdict.allowed) && !('family' in from) && !('family' in to);
    yield isListed ? [code(pairName(evaluation, from)), code(pairName(evaluation, to)), formatTraffic(verdict.allowed)] : undefined;
  }
}

/** What the table leaves out because it is unknown. */
function unknownText({ cluster }: Evaluation): string {
  const names = cluster.unevaluated.filter(({ value }) => value.standing !== 'note').map(({ value }) => code(describeUnevaluated(value)));
  if (names.length === 0) return '';
  const shown = names.slice(0, MAX_LISTED_POLICIES).join(', ');
  const rest = names.length > MAX_LISTED_POLICIES ? ` and ${names.length - MAX_LISTED_POLICIES} more` : '';
  return `Not listed: connections that depend on policies that are not evaluated (${shown}${rest}).\n\n`;
}

const MAX_LISTED_POLICIES = 5;
