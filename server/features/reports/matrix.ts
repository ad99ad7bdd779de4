import { code, table } from '../../base/markdown.ts';
import { formatTraffic, isNoTraffic } from '../../base/ports.ts';
import { endpointNameOf, pairs } from '../../eval/connections.ts';
import type { Evaluation } from '../../eval/evaluate.ts';
import type { Report } from './report.ts';

/** How many connections the editor shows; more are for the command line. */
const MAX_LISTED_CONNECTIONS = 5_000;

/** Who may talk to whom in the whole cluster, as a table. */
export function matrixReport(evaluation: Evaluation): Report {
  const rows: string[][] = [];
  let more = false;
  for (const { from, to, verdict } of pairs(evaluation)) {
    if (isNoTraffic(verdict.allowed)) continue;
    if (rows.length === MAX_LISTED_CONNECTIONS) {
      more = true;
      break;
    }
    rows.push([code(endpointNameOf(from)), code(endpointNameOf(to)), formatTraffic(verdict.allowed)]);
  }
  const end = more ? `\n\nOnly the first ${MAX_LISTED_CONNECTIONS} connections are shown; \`netpol connections\` lists all.\n` : '\n';
  return { title: 'Who may talk to whom', parts: [`# Who may talk to whom\n\n${table(['from', 'to', 'traffic'], rows)}${end}`] };
}
