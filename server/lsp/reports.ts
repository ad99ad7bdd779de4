import { parseIp } from '../base/ip.ts';
import type { Work } from '../base/work.ts';
import { evaluationOf, type Endpoint } from '../eval/evaluate.ts';
import { remediations } from '../eval/remediations.ts';
import { workloadsByName, workloadName } from '../eval/names.ts';
import { codeLenses, lensText } from '../features/code-lens.ts';
import type { FeatureContext } from '../features/context.ts';
import { remediationEdits } from '../features/refactor/remediation-edits.ts';
import { effectivePolicyReport } from '../features/reports/effective-policy.ts';
import { explanationReport } from '../features/reports/explanation.ts';
import { matrixReport } from '../features/reports/matrix.ts';
import { policyReport } from '../features/reports/policy-report.ts';
import { reportText, type Report } from '../features/reports/report.ts';
import { rejectionOf } from '../rules/rejected.ts';
import type { Settings } from '../settings.ts';
import { positionIn } from '../syntax/positions.ts';
import type { Cluster } from '../workspace/cluster.ts';
import { locate } from '../workspace/locate.ts';
import { allUniverses, cluster, clusterFor, clusterName, fileAt, universesOf, type Snapshot } from '../workspace/snapshot.ts';
import type { CodeLens } from 'vscode-languageserver';
import { rangeOf } from './convert.ts';
import { problemInRequest } from './params.ts';
import {
  reportRequest,
  showReportCommand,
  type ClusterEndpoint,
  type ClusterQuestion,
  type RemediationChoice,
  type RemediationsParams,
  type ReportKind,
  type ReportParams,
  type ReportText,
} from './protocol.ts';

/** The unresolved code lenses of a file: places only. */
export function lensesOf(context: FeatureContext): CodeLens[] {
  return codeLenses(context).map(({ span, key }) => ({ range: rangeOf(context.file, span), data: { uri: context.uri, key } }));
}

/** The file that a code lens is about; none for one that is not of ours. */
export function uriOfLens({ data }: { readonly data?: unknown }): string {
  return typeof data === 'object' && data !== null && 'uri' in data && typeof data.uri === 'string' ? data.uri : '';
}

/** A code lens with its words, which cost an evaluation. */
export function resolvedLens(lens: CodeLens, snapshot: Snapshot): CodeLens {
  const data: unknown = lens.data;
  if (
    typeof data !== 'object' ||
    data === null ||
    !('uri' in data) ||
    !('key' in data) ||
    typeof data.uri !== 'string' ||
    typeof data.key !== 'string'
  )
    return lens;
  const { uri, key } = data;
  const found = lensText(snapshot, uri, key);
  const params: ReportParams = { uri, what: { kind: found?.opens ?? 'policy', key } };
  return {
    ...lens,
    command: {
      title: found?.title ?? 'Not evaluated: this file belongs to no cluster (a patch, or another version of a file)',
      command: showReportCommand,
      arguments: [params],
    },
  };
}

/** Did the client send what asks for a report? Which one is looked at when it is made; an unknown one gives nothing. */
export function isReportParams(sent: unknown): sent is ReportParams {
  return problemInRequest(reportRequest, sent) === undefined;
}

/** A report as text with links. A long one is made in steps. */
export function* reportResponse(snapshot: Snapshot, params: ReportParams, settings: Settings): Work<ReportText | null> {
  const report = yield* reportOf(snapshot, clusterIn(snapshot, params), params.what, settings);
  if (!report) return null;
  const name = nameToShow(snapshot, params);
  // It stands behind the heading, which ends with the first line.
  let clusterLine = name === undefined ? '' : `\n\nCluster: ${reportText(name)}`;
  let text = '';
  const links: ReportText['links'][number][] = [];
  for (const part of report.parts) {
    const written = typeof part === 'string' ? part : part.text;
    const lineEnd = clusterLine === '' ? -1 : written.indexOf('\n');
    const words = lineEnd === -1 ? written : written.slice(0, lineEnd) + clusterLine + written.slice(lineEnd);
    if (lineEnd !== -1) clusterLine = '';
    const found = typeof part === 'string' ? undefined : locate(snapshot, part.key, part.path);
    if (found)
      links.push({
        start: text.length,
        end: text.length + words.length,
        uri: found.uri,
        line: positionIn(found.file, found.span.start).line,
      });
    text += words;
  }
  return { title: report.title, text, links };
}

/** The cluster that a request is about. */
function clusterIn(snapshot: Snapshot, question: ClusterQuestion): Cluster {
  const id = clusterId(snapshot, question);
  return id === undefined ? clusterFor(snapshot, question.uri) : cluster(snapshot, id, question.uri);
}

function clusterId(snapshot: Snapshot, { uri, cluster: id }: ClusterQuestion): string | undefined {
  return id !== undefined && allUniverses(snapshot).includes(id) ? id : universesOf(snapshot, uri)[0];
}

/** The name of the cluster that an answer is about, where the workspace has several. */
function nameToShow(snapshot: Snapshot, question: ClusterQuestion): string | undefined {
  const id = clusterId(snapshot, question);
  return id === undefined || allUniverses(snapshot).length < 2 ? undefined : clusterName(snapshot, id);
}

function* reportOf(snapshot: Snapshot, seen: Cluster, what: ReportKind, settings: Settings): Work<Report | undefined> {
  yield;
  const evaluation = evaluationOf(seen);
  switch (what.kind) {
    case 'matrix':
      return yield* matrixReport(evaluation);
    case 'policy': {
      const policy = seen.policies.find(({ key }) => key === what.key);
      return policy && policyReport(evaluation, policy);
    }
    case 'effective': {
      const workload = seen.workloads.find(({ key }) => key === what.key);
      return workload && effectivePolicyReport(evaluation, workload.value);
    }
    case 'explain': {
      const [from, to] = [endNamed(seen, what.from), endNamed(seen, what.to)];
      return from && to && explanationReport(seen, from, to, what.protocol, what.port, (key) => rejectionOf(snapshot, key, settings));
    }
  }
}

/** The end that a name or an address stands for. */
function endNamed(cluster: Cluster, name: string): Endpoint | undefined {
  const ip = parseIp(name);
  if (ip.ok) return { kind: 'address', ip };
  const [workload] = workloadsByName(cluster).get(name) ?? [];
  return workload && { kind: 'workload', workload };
}

/** The edits that would turn the answer about a connection round; those that cannot be written are left out. */
export function remediationsFor(snapshot: Snapshot, params: RemediationsParams): readonly RemediationChoice[] {
  const { uri, what } = params;
  const seen = clusterIn(snapshot, params);
  const [from, to] = [endNamed(seen, what.from), endNamed(seen, what.to)];
  if (!from || !to) return [];
  return remediations(seen, from, to, what.protocol, what.port).flatMap((remediation) => {
    const files = remediationEdits(snapshot, remediation, uri);
    if (!files) return [];
    const changes = files.flatMap(({ uri: changed, edits }) => {
      const file = fileAt(snapshot, changed);
      return file ? [[changed, edits.map((edit) => ({ range: rangeOf(file, edit), newText: edit.text }))] as const] : [];
    });
    return [{ title: remediation.title, changes: Object.fromEntries(changes) }];
  });
}

/** The workloads of a cluster. */
export function endpointsFor(snapshot: Snapshot, question: ClusterQuestion): readonly ClusterEndpoint[] {
  const endpoints = clusterIn(snapshot, question).workloads.map(({ key, value }) => ({
    name: workloadName(value),
    ports: value.ports.map(({ protocol, port, name }) => ({ protocol, port, ...(name === undefined ? {} : { name }) })),
    key,
  }));
  return endpoints.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
