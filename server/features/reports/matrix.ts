import type { Work } from '../../base/work.ts';
import type { Evaluation } from '../../eval/evaluate.ts';
import { describeUnevaluated } from '../../model/unevaluated/describe.ts';
import { connectionRows, type RowOptions } from './connection-rows.ts';
import { paragraph, titled, type Report } from './report.ts';

/** How many connections the editor shows; more are for the command line. */
const MAX_LISTED_CONNECTIONS = 5_000;

const TITLE = 'Allowed connections';

/** Who may talk to whom in the whole cluster, as a table: what passes between workloads and addresses outside first. Yields often. */
export function* matrixReport(
  evaluation: Evaluation,
  { maxPairs = MAX_LISTED_CONNECTIONS, maxDeniedPairs = maxPairs, ...rest }: Partial<RowOptions> = {},
): Work<Report> {
  const found = yield* connectionRows(evaluation, { maxPairs, maxDeniedPairs, ...rest });
  const unknown = unknownText(evaluation);
  return {
    title: TITLE,
    blocks: [
      titled(TITLE),
      ...(unknown === '' ? [] : [paragraph(unknown)]),
      { kind: 'connections', as: 'table', none: 'No connection is allowed.', ...found },
    ],
  };
}

/** What the table leaves out because it is unknown. */
function unknownText({ cluster }: Evaluation): string {
  const names = cluster.unevaluated.filter(({ value }) => value.standing !== 'note').map(({ value }) => describeUnevaluated(value));
  if (names.length === 0) return '';
  const shown = names.slice(0, MAX_LISTED_POLICIES).join(', ');
  const rest = names.length > MAX_LISTED_POLICIES ? ` and ${names.length - MAX_LISTED_POLICIES} more` : '';
  return `Not listed as allowed: connections that depend on policies that are not evaluated (${shown}${rest}).`;
}

const MAX_LISTED_POLICIES = 5;
