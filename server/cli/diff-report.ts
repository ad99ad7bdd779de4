import { count } from '../base/english.ts';
import { terminalText } from '../base/inert.ts';
import { code, escape } from '../base/markdown.ts';
import type { Change, DiffReason } from '../eval/diff.ts';
import { changesReport, HEADS, MAX_REASONS, shownClusters, statusText, summaryText } from '../features/reports/changes.ts';
import { diffLines, NO_REASON, reasonWords } from '../features/reports/diff-lines.ts';
import { htmlPage } from '../features/reports/html.ts';
import { heading, paragraph, type Block } from '../features/reports/report.ts';
import type { DiffedCluster, DiffProblem, DiffReport } from './diffed.ts';
import { placeOf } from './diff-json.ts';

/** The difference as text for a terminal. */
export function diffText(report: DiffReport): string {
  const { shown, others } = shownClusters(report.clusters);
  const lines = [
    summary(report),
    ...shown.flatMap((one) => ['', `Cluster ${one.name}: ${statusText(one)}`, ...clusterText(one)]),
    ...(others === '' ? [] : ['', others]),
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
  const { shown, others } = shownClusters(report.clusters);
  const parts = ['## Network policy changes', escape(summary(report)), ...shown.flatMap(clusterMarkdown)];
  if (others !== '') parts.push(escape(others));
  const problems = problemLines(report);
  if (problems.length > 0) parts.push('### Problems', problems.map((problem) => `- ${escape(problem)}`).join('\n'));
  return `${parts.join('\n\n')}\n`;
}

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
  const { shown, others } = shownClusters(report.clusters);
  const sections = shown.map((one) => ({
    head: `Cluster ${one.name}: ${statusText(one)}`,
    lines: linesOf(one).map((line) => ({ line, reasons: line.reasons.map((reason) => [reason]) })),
  }));
  const notes: readonly Block[] = [
    ...(others === '' ? [] : [paragraph(others)]),
    ...(problems.length > 0
      ? [heading('Problems'), { kind: 'list', items: problems.map((problem) => ({ content: [problem] })) } satisfies Block]
      : []),
  ];
  return [...htmlPage(changesReport('Network policy changes', summary(report), sections, notes), { linkTo: () => undefined })].join('');
}

interface ReportLine {
  readonly change: Change;
  readonly sentence: string;
  readonly reasons: readonly string[];
}

function linesOf(one: DiffedCluster): readonly ReportLine[] {
  if (one.status !== 'both') return [];
  return diffLines(one.diff.changes, one.names).map(({ change, sentence, because }) => {
    const words = because.map((reason) => reasonText(reason, one));
    const unique = [...new Set(words)];
    const shown = unique.slice(0, MAX_REASONS);
    const reasons = unique.length > shown.length ? [...shown, `and ${unique.length - shown.length} more`] : shown;
    return { change, sentence, reasons: reasons.length > 0 ? reasons : [NO_REASON] };
  });
}

function reasonText(reason: DiffReason, one: DiffedCluster): string {
  const { action, by } = reasonWords(reason);
  const place = placeOf(reason, one);
  return `${action} ${by}${place ? ` (${place.file}:${place.start.line + 1})` : ''}`;
}

function summary({ old, now, clusters }: DiffReport): string {
  return summaryText(old, now, clusters);
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
