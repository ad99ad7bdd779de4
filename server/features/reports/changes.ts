import { count, list } from '../../base/english.ts';
import { CHANGES, type Change, type ClusterDiff, type DiffReason } from '../../eval/diff.ts';
import { diffLines, NO_REASON, reasonWords, type DiffLine } from './diff-lines.ts';
import { heading, paragraph, reportLink, titled, type Block, type Inline, type ReportItem, type Report, type Tone } from './report.ts';

/** A cluster in two states. */
export interface ChangedCluster {
  readonly name: string;
  readonly status: 'both' | 'new' | 'removed';
  readonly diff: ClusterDiff;
  /** All workloads of the new state, by name. */
  readonly names: readonly string[];
}

/** The difference of a cluster that only one of the states has. */
export const NO_CHANGES: ClusterDiff = { changes: [], added: [], removed: [], renamed: [], withoutWorkloads: [] };

/** A section of a report on changes: lines with the reasons of each. */
export interface ChangesSection {
  readonly head: string;
  readonly lines: readonly { readonly line: Pick<DiffLine, 'change' | 'sentence'>; readonly reasons: readonly Inline[] }[];
}

/** A report on changes. `notes` stand behind all sections. */
export function changesReport(title: string, summary: string, sections: readonly ChangesSection[], notes: readonly Block[]): Report {
  return {
    title,
    blocks: [
      titled(title),
      paragraph(summary),
      ...sections.flatMap(({ head, lines }): Block[] => [
        heading(head),
        ...(lines.length === 0 ? [] : [{ kind: 'list', items: lines.map(lineItem) } satisfies Block]),
      ]),
      ...notes,
    ],
  };
}

function lineItem({ line: { change, sentence }, reasons }: ChangesSection['lines'][number]): ReportItem {
  return {
    content: [{ strong: HEADS[change] }, `: ${sentence}.`],
    items: reasons.map((content) => ({ content })),
    tone: TONES[change],
  };
}

/** What a line is about, as a word in front of it. */
export const HEADS: Readonly<Record<Change, string>> = { allowed: 'Allowed', denied: 'Denied', unknown: 'Unknown' };
const TONES: Readonly<Record<Change, Tone>> = { allowed: 'allow', denied: 'deny', unknown: 'unknown' };

/** The lines of a cluster, with links to the rules that decide now. */
export function linkedSection(cluster: ChangedCluster): ChangesSection {
  const lines = cluster.status === 'both' ? diffLines(cluster.diff.changes, cluster.names) : [];
  return {
    head: `Cluster ${cluster.name}: ${statusText(cluster)}`,
    lines: lines.map((line) => ({
      line,
      reasons: line.because.length === 0 ? [[NO_REASON]] : unique(line.because).slice(0, MAX_REASONS).map(linkedReason),
    })),
  };
}

/** How many reasons of a line are shown. */
export const MAX_REASONS = 3;

function unique(all: readonly DiffReason[]): readonly DiffReason[] {
  return [...new Map(all.map((one) => [Object.values(reasonWords(one)).join(' '), one])).values()];
}

function linkedReason(reason: DiffReason): Inline {
  const { action, by } = reasonWords(reason);
  const { at, unevaluated } = reason.step;
  // Of the earlier state, the place may be gone.
  if (reason.state === 'before') return [`${action} ${by}`];
  if (at) return [`${action} `, reportLink(by, at.key, at.path)];
  return unevaluated === undefined ? [`${action} ${by}`] : [`${action} `, reportLink(by, unevaluated, ['metadata', 'name'])];
}

/** What became of a cluster, in a few words. */
export function statusText({ status, diff, names }: ChangedCluster): string {
  if (status === 'removed') return 'removed.';
  if (status === 'new') return `new, with ${count(names.length, 'workload')}.`;
  const parts = [
    ...diff.renamed.map(({ kind, from, to }) => `${kind} ${from} renamed to ${to}`),
    ...(diff.added.length > 0 ? [`new ${diff.added.length === 1 ? 'workload' : 'workloads'} ${list(diff.added, 'and', 6)}`] : []),
    ...(diff.removed.length > 0 ? [`removed ${diff.removed.length === 1 ? 'workload' : 'workloads'} ${list(diff.removed, 'and', 6)}`] : []),
    ...(diff.withoutWorkloads.length === 0 ? [] : [withoutWorkloadsText(diff.withoutWorkloads)]),
  ];
  const changed = diff.changes.length === 0 ? 'no connection changes' : countsText([{ diff }]);
  return `${[changed, ...parts].join('; ')}.`;
}

function withoutWorkloadsText(policies: readonly string[]): string {
  const verbs = policies.length === 1 ? 'changes, and selects' : 'change, and select';
  return `${list(policies, 'and', 6)} ${verbs} no workload of these files, so what becomes of other pods is not known`;
}

/** How many connections change in each way: "2 connections allowed and 1 denied". */
function countsText(clusters: readonly Pick<ChangedCluster, 'diff'>[]): string {
  const counts = changeCounts(clusters.map(({ diff }) => diff));
  const present = CHANGES.filter((change) => counts[change] > 0);
  const words = present.map((change, at) => `${at === 0 ? count(counts[change], 'connection') : counts[change]} ${change}`);
  return list(words);
}

/** How many pairs of endpoints change in each way. */
export function changeCounts(diffs: readonly ClusterDiff[]): Readonly<Record<Change, number>> {
  const counts = { allowed: 0, denied: 0, unknown: 0 };
  for (const { changes } of diffs) for (const { change } of changes) counts[change]++;
  return counts;
}

/** The clusters to write about, and one sentence about those in which nothing changes. */
export function shownClusters<T extends ChangedCluster>(clusters: readonly T[]): { readonly shown: readonly T[]; readonly others: string } {
  const isSame = ({ status, diff }: T): boolean =>
    status === 'both' && [diff.changes, diff.added, diff.removed, diff.renamed, diff.withoutWorkloads].every(({ length }) => length === 0);
  const same = clusters.filter(isSame).map(({ name }) => name);
  const others = same.length === 0 ? '' : `No changes in ${same.length === 1 ? 'cluster' : 'clusters'} ${list(same, 'and', 6)}.`;
  return { shown: clusters.filter((one) => !isSame(one)), others };
}

/** The change as one sentence: "From old to new: 2 connections allowed." */
export function summaryText(from: string, to: string, clusters: readonly ChangedCluster[]): string {
  const both = clusters.filter(({ status }) => status === 'both');
  const changed = both.filter(({ diff }) => diff.changes.length > 0);
  const words = changed.length === 0 ? 'no connection changes' : countsText(both);
  const where = both.length > 1 && changed.length > 0 ? ` in ${changed.length} of ${count(both.length, 'cluster')}` : '';
  return `From ${from} to ${to}: ${words}${where}.`;
}
