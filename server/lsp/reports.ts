import { parseIp } from '../base/ip.ts';
import type { Work } from '../base/work.ts';
import { evaluationWork, type Endpoint, type Evaluation } from '../eval/evaluate.ts';
import { remediations } from '../eval/remediations.ts';
import { policyName, workloadsByName, workloadName } from '../eval/names.ts';
import { changeText } from '../features/change-lens.ts';
import { codeLenses, lensText, type Versions } from '../features/code-lens.ts';
import type { FeatureContext } from '../features/context.ts';
import { keptExpectation } from '../features/keep-expectation.ts';
import { remediationEdits } from '../features/refactor/remediation-edits.ts';
import { effectivePolicyReport } from '../features/reports/effective-policy.ts';
import { explanationReport } from '../features/reports/explanation.ts';
import { matrixReport } from '../features/reports/matrix.ts';
import { policyReport } from '../features/reports/policy-report.ts';
import { graphReport } from '../features/reports/graph.ts';
import { htmlPage, type PageButton } from '../features/reports/html.ts';
import { placeLinks } from '../features/reports/place-links.ts';
import { markdownParts, reportText } from '../features/reports/markdown.ts';
import type { Report } from '../features/reports/report.ts';
import { rejectionOf } from '../rules/rejected.ts';
import type { Settings } from '../settings.ts';
import { positionIn } from '../syntax/positions.ts';
import type { Cluster } from '../workspace/cluster.ts';
import { locate } from '../workspace/locate.ts';
import { allUniverses, cluster, clusterFor, clusterName, clusterWork, fileAt, universesOf, type Snapshot } from '../workspace/snapshot.ts';
import type { CodeLens } from 'vscode-languageserver';
import { fileNameOf } from '../workspace/uri.ts';
import { changesSince } from './changes.ts';
import { rangeOf } from './convert.ts';
import { problemInRequest } from './params.ts';
import {
  reportRequest,
  showReportCommand,
  type ClusterEndpoint,
  type ClusterQuestion,
  type GraphSubjectChoice,
  type KeepExpectationParams,
  type RemediationChoice,
  type RemediationsParams,
  type ReportKind,
  type ReportParams,
  type ReportText,
} from './protocol.ts';
import type { EarlierVersions } from './versions.ts';

/** The unresolved code lenses of a file: places only. */
export function lensesOf(context: FeatureContext, versions: Versions): CodeLens[] {
  return codeLenses(context, versions).map(({ span, key, since }) => ({
    range: rangeOf(context.file, span),
    data: { uri: context.uri, key, ...(since === undefined ? {} : { since }) },
  }));
}

/** The file that a code lens is about; none for one that is not of ours. */
export function uriOfData({ data }: { readonly data?: unknown }): string {
  return typeof data === 'object' && data !== null && 'uri' in data && typeof data.uri === 'string' ? data.uri : '';
}

/** A code lens with its words, which cost an evaluation. */
export function* resolvedLens(lens: CodeLens, snapshot: Snapshot, versions: EarlierVersions): Work<CodeLens> {
  yield;
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
  const since = 'since' in data && (data.since === 'disk' || data.since === 'head') ? data.since : undefined;
  const version = since && versions.of(uri)[since];
  const title = since && version !== undefined ? yield* changeText(snapshot, uri, key, version, since) : undefined;
  if (since && title !== undefined) {
    const changes: ReportParams = { uri, what: { kind: 'changes', since, key } };
    return { ...lens, command: { title, command: showReportCommand, arguments: [changes] } };
  }
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
export function* reportResponse(
  snapshot: Snapshot,
  params: ReportParams,
  settings: Settings,
  versions?: EarlierVersions,
): Work<ReportText | null> {
  const { what } = params;
  const report =
    what.kind === 'changes'
      ? versions && (yield* changesSince(snapshot, versions, what))
      : yield* reportOf(snapshot, yield* evaluationIn(snapshot, params), what, settings);
  if (!report) return null;
  const name = what.kind === 'changes' ? undefined : nameToShow(snapshot, params);
  // It stands behind the heading, which ends with the first line.
  let clusterLine = name === undefined ? '' : `\n\nCluster: ${reportText(name)}`;
  let text = '';
  const links: ReportText['links'][number][] = [];
  for (const part of markdownParts(report)) {
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
  if (params.html !== true) return { title: report.title, text, links };
  const about = name === undefined ? {} : { about: `Cluster: ${name}` };
  // An editor opens files by their addresses.
  const linkTo = placeLinks(snapshot, (uri) => ({ href: uri, name: fileNameOf(uri) }));
  const page = htmlPage(report, { linkTo, buttons: BUTTONS[what.kind], ...about });
  return { title: report.title, text, links, html: [...page].join('') };
}

const GRAPH = { action: 'graph', words: 'Show as a graph' } as const;
const BUTTONS: Readonly<Record<ReportKind['kind'], readonly PageButton[]>> = {
  explain: [{ action: 'keep', words: 'Keep this answer as an expectation' }],
  policy: [GRAPH],
  effective: [GRAPH],
  graph: [],
  matrix: [],
  changes: [],
};

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

/** The cluster that a request is about, evaluated; the clusters of the workspace are built in steps, too. */
function* evaluationIn(snapshot: Snapshot, question: ClusterQuestion): Work<Evaluation> {
  yield* clusterWork(snapshot);
  return yield* evaluationWork(clusterIn(snapshot, question));
}

function* reportOf(
  snapshot: Snapshot,
  evaluation: Evaluation,
  what: Exclude<ReportKind, { kind: 'changes' }>,
  settings: Settings,
): Work<Report | undefined> {
  const seen = evaluation.cluster;
  switch (what.kind) {
    case 'matrix':
      return yield* matrixReport(evaluation);
    case 'graph':
      return yield* graphReport(evaluation, what.of === 'namespace' ? { of: 'namespace', name: what.key } : { of: what.of, key: what.key });
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
      const { protocol, port } = what;
      return from && to && explanationReport(seen, { from, to, protocol, port }, (key) => rejectionOf(snapshot, key, settings));
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
export function* remediationsFor(snapshot: Snapshot, params: RemediationsParams): Work<readonly RemediationChoice[]> {
  const { uri, what } = params;
  const { cluster: seen } = yield* evaluationIn(snapshot, params);
  const [from, to] = [endNamed(seen, what.from), endNamed(seen, what.to)];
  if (!from || !to) return [];
  return remediations(seen, { from, to, protocol: what.protocol, port: what.port }).flatMap((remediation) => {
    const files = remediationEdits(snapshot, remediation, uri);
    if (!files) return [];
    const changes = files.flatMap(({ uri: changed, edits }) => {
      const file = fileAt(snapshot, changed);
      return file ? [[changed, edits.map((edit) => ({ range: rangeOf(file, edit), newText: edit.text }))] as const] : [];
    });
    return [{ title: remediation.title, changes: Object.fromEntries(changes) }];
  });
}

/** The edit that keeps the answer about a connection as an expectation; null where there is none. */
export function* keptFor(snapshot: Snapshot, params: KeepExpectationParams): Work<RemediationChoice | null> {
  const { what, uri } = params;
  const { cluster: seen } = yield* evaluationIn(snapshot, params);
  const id = clusterId(snapshot, params);
  const [from, to] = [endNamed(seen, what.from), endNamed(seen, what.to)];
  if (!from || !to || id === undefined) return null;
  const kept = keptExpectation(snapshot, seen, id, uri, { from, to, protocol: what.protocol, port: what.port });
  const file = kept && fileAt(snapshot, kept.uri);
  if (!kept || !file) return null;
  return { title: kept.edit.text.trim(), changes: { [kept.uri]: [{ range: rangeOf(file, kept.edit), newText: kept.edit.text }] } };
}

/** What a graph can be about: the namespaces of a cluster, its workloads and its policies, in this order and by name. */
export function graphSubjectsFor(snapshot: Snapshot, question: ClusterQuestion): readonly GraphSubjectChoice[] {
  const { workloads, policies } = clusterIn(snapshot, question);
  const byName = (all: readonly GraphSubjectChoice[]): readonly GraphSubjectChoice[] => all.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const namespaces = [...new Set(workloads.map(({ value }) => value.namespace))];
  return [
    ...byName(namespaces.map((name) => ({ of: 'namespace', name, key: name }))),
    ...byName(workloads.map(({ key, value }) => ({ of: 'workload', name: workloadName(value), key }))),
    ...byName(policies.map(({ key, value }) => ({ of: 'policy', name: `${value.kind} ${policyName(value)}`, key }))),
  ];
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
