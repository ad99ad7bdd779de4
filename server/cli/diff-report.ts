import { count, list } from '../base/english.ts';
import { terminalText } from '../base/inert.ts';
import { code, escape } from '../base/markdown.ts';
import { CHANGES, type Change, type DiffReason } from '../eval/diff.ts';
import { diffLines } from '../features/reports/diff-lines.ts';
import type { DiffedCluster, DiffProblem, DiffReport } from './diffed.ts';
import { placeOf } from './diff-json.ts';

/** The difference as text for a terminal. */
export function diffText(report: DiffReport): string {
  const lines = [
    summary(report),
    ...report.clusters.flatMap((one) => ['', `Cluster ${one.name}: ${statusText(one)}`, ...clusterText(one)]),
  ];
  const problems = problemLines(report);
  if (problems.length > 0) lines.push('', 'Problems:', ...problems.map((problem) => `  ${problem}`));
  return `${lines.map((line) => line.replace(/[^ ].*$/s, terminalText)).join('\n')}\n`;
}

const MARKS: Readonly<Record<Change, string>> = { allowed: '+', denied: '-', unknown: '?' };

function clusterText(one: DiffedCluster): readonly string[] {
  return linesOf(one).flatMap(({ change, sentence, reasons }) => [
    `  ${MARKS[change]} ${sentence}.`,
    ...reasons.map((reason) => `      ${reason}`),
  ]);
}

/** The difference as Markdown, for a comment on a pull request. */
export function diffMarkdown(report: DiffReport): string {
  const { shown, others } = shownOf(report.clusters);
  const parts = ['## Network policy changes', escape(summary(report)), ...shown.flatMap(clusterMarkdown)];
  if (others !== '') parts.push(escape(others));
  const problems = problemLines(report);
  if (problems.length > 0) parts.push('### Problems', problems.map((problem) => `- ${escape(problem)}`).join('\n'));
  return `${parts.join('\n\n')}\n`;
}

const HEADS: Readonly<Record<Change, string>> = { allowed: 'Allowed', denied: 'Denied', unknown: 'Unknown' };

function clusterMarkdown(one: DiffedCluster): readonly string[] {
  const lines = linesOf(one);
  const items = lines.map(({ change, sentence, reasons }) =>
    [`- **${HEADS[change]}**: ${escape(sentence)}.`, ...reasons.map((reason) => `  - ${escape(reason)}`)].join('\n'),
  );
  return [`### Cluster ${code(one.name)}: ${escape(statusText(one))}`, ...(items.length > 0 ? [items.join('\n')] : [])];
}

/** The difference as one HTML file that needs nothing else. */
export function diffHtml(report: DiffReport): string {
  const problems = problemLines(report);
  const { shown, others } = shownOf(report.clusters);
  const body = [
    '<h1>Network policy changes</h1>',
    `<p>${html(summary(report))}</p>`,
    ...shown.map((one) => {
      const items = linesOf(one).map(
        ({ change, sentence, reasons }) =>
          `<li class="${change}"><b>${HEADS[change]}</b>: ${html(sentence)}.<ul>${reasons.map((reason) => `<li>${html(reason)}</li>`).join('')}</ul></li>`,
      );
      return `<h2>Cluster ${html(one.name)}: ${html(statusText(one))}</h2>\n<ul>\n${items.join('\n')}\n</ul>`;
    }),
    ...(others === '' ? [] : [`<p>${html(others)}</p>`]),
    ...(problems.length > 0 ? [`<h2>Problems</h2>\n<ul>${problems.map((problem) => `<li>${html(problem)}</li>`).join('')}</ul>`] : []),
  ];
  return `<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>Network policy changes</title>\n<style>${STYLE}</style>\n${body.join('\n')}\n</html>\n`;
}

const STYLE =
  'body{font:15px/1.5 system-ui,sans-serif;max-width:60em;margin:2em auto;padding:0 1em;color:#1b1f24;background:#fff}' +
  'li ul{color:#57606a;font-size:90%}.allowed>b{color:#116329}.denied>b{color:#a40e26}.unknown>b{color:#7d4e00}' +
  '@media(prefers-color-scheme:dark){body{color:#e6edf3;background:#0d1117}li ul{color:#9198a1}.allowed>b{color:#3fb950}.denied>b{color:#f85149}.unknown>b{color:#d29922}}';

function html(text: string): string {
  return terminalText(text).replace(/[&<>"']/g, (found) => `&#${found.charCodeAt(0)};`);
}

interface ReportLine {
  readonly change: Change;
  readonly sentence: string;
  readonly reasons: readonly string[];
}

const MAX_REASONS = 3;

function linesOf(one: DiffedCluster): readonly ReportLine[] {
  if (one.status !== 'both') return [];
  return diffLines(one.diff.changes, one.names).map(({ change, sentence, because }) => {
    const words = because.map((reason) => reasonText(reason, one));
    const unique = [...new Set(words)];
    const shown = unique.slice(0, MAX_REASONS);
    const reasons = unique.length > shown.length ? [...shown, `and ${unique.length - shown.length} more`] : shown;
    return { change, sentence, reasons: reasons.length > 0 ? reasons : ['allowed by default: no policy decides this connection'] };
  });
}

const ACTIONS: Readonly<Partial<Record<DiffReason['step']['action'], string>>> = {
  Accept: 'accepted by',
  Allow: 'allowed by',
  Deny: 'denied by',
  DefaultAction: 'denied by the default action of',
  Isolated: 'isolated by',
  Unknown: 'not evaluated:',
};

function reasonText(reason: DiffReason, one: DiffedCluster): string {
  const { step, state } = reason;
  const place = placeOf(reason, one);
  const where = place ? ` (${place.file}:${place.start.line + 1})` : '';
  const rule = step.rule === undefined ? '' : `, ${step.rule}`;
  const words = `${ACTIONS[step.action] ?? 'decided by'} ${step.policy ?? step.tier}${rule}${where}`;
  return state === 'before' ? `was ${words}` : words;
}

/** The clusters to write about, and one sentence about those in which nothing changes. */
function shownOf(clusters: readonly DiffedCluster[]): { readonly shown: readonly DiffedCluster[]; readonly others: string } {
  const isSame = ({ status, diff }: DiffedCluster): boolean =>
    status === 'both' && [diff.changes, diff.added, diff.removed, diff.renamed].every(({ length }) => length === 0);
  const same = clusters.filter(isSame).map(({ name }) => name);
  const others = same.length === 0 ? '' : `No changes in ${same.length === 1 ? 'cluster' : 'clusters'} ${list(same, 'and', 6)}.`;
  return { shown: clusters.filter((one) => !isSame(one)), others };
}

function statusText({ status, diff, names }: DiffedCluster): string {
  if (status === 'removed') return 'removed.';
  if (status === 'new') return `new, with ${count(names.length, 'workload')}.`;
  const parts = [
    ...diff.renamed.map(({ kind, from, to }) => `${kind} ${from} renamed to ${to}`),
    ...(diff.added.length > 0 ? [`new ${diff.added.length === 1 ? 'workload' : 'workloads'} ${list(diff.added, 'and', 6)}`] : []),
    ...(diff.removed.length > 0 ? [`removed ${diff.removed.length === 1 ? 'workload' : 'workloads'} ${list(diff.removed, 'and', 6)}`] : []),
  ];
  const changed = diff.changes.length === 0 ? 'no connection changes' : countsText([{ diff }]);
  return `${[changed, ...parts].join('; ')}.`;
}

function countsText(clusters: readonly Pick<DiffedCluster, 'diff'>[]): string {
  const counts = changeCounts(clusters);
  const present = CHANGES.filter((change) => counts[change] > 0);
  const words = present.map((change, at) => `${at === 0 ? count(counts[change], 'connection') : counts[change]} ${change}`);
  return list(words);
}

function summary({ old, now, clusters }: DiffReport): string {
  const both = clusters.filter(({ status }) => status === 'both');
  const changed = both.filter(({ diff }) => diff.changes.length > 0);
  const words = changed.length === 0 ? 'no connection changes' : countsText(both);
  const where = both.length > 1 && changed.length > 0 ? ` in ${changed.length} of ${count(both.length, 'cluster')}` : '';
  return `From ${old} to ${now}: ${words}${where}.`;
}

/** The problems that the change brings, those that it solves, and how many it leaves as they are. */
function problemLines({ problems }: DiffReport): readonly string[] {
  const keysOf = (state: DiffProblem['state']): ReadonlySet<string> =>
    new Set(problems.flatMap((problem) => (problem.state === state ? [keyOf(problem)] : [])));
  const [old, now] = [keysOf('old'), keysOf('new')];
  const changed = problems.filter((problem) => !(problem.state === 'old' ? now : old).has(keyOf(problem)));
  const same = [...now].filter((key) => old.has(key)).length;
  return [
    ...changed.map(({ state, file, message }) => `${state === 'old' ? 'Solved: ' : ''}${message} (${file})`),
    ...(same === 0 ? [] : [`${count(same, 'problem')} of both states ${same === 1 ? 'is' : 'are'} not shown; --format json lists all.`]),
  ];
}

/** A problem by what it says: its file may have been moved. */
function keyOf({ message }: DiffProblem): string {
  return message;
}

/** How many pairs of endpoints change in each way. */
function changeCounts(clusters: readonly Pick<DiffedCluster, 'diff'>[]): Readonly<Record<Change, number>> {
  const counts = { allowed: 0, denied: 0, unknown: 0 };
  for (const change of CHANGES)
    counts[change] = clusters.reduce((sum, { diff }) => sum + diff.changes.filter((one) => one.change === change).length, 0);
  return counts;
}
