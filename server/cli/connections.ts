import { count } from '../base/english.ts';
import { connections, type Connection, type OutsideRange } from '../eval/connections.ts';
import { evaluationOf, type Evaluation } from '../eval/evaluate.ts';
import { undefinedPairs } from '../eval/undefined-pairs.ts';
import { unknownConnections } from '../eval/unknown-connections.ts';
import { addressWords } from '../features/reports/outside.ts';
import { csvField, dotString, inertJson, mermaidText, terminalText } from '../base/inert.ts';
import { escape } from '../base/markdown.ts';
import { clusterNotes } from '../eval/cluster-notes.ts';
import { rejectedName } from '../rules/rejected.ts';
import { formatPath, type Path } from '../syntax/path.ts';
import type { ManifestKey } from '../workspace/cluster.ts';
import { choiceOf, readArguments } from './arguments.ts';
import { loadCluster } from './cluster.ts';
import { complain } from './complain.ts';
import { judged, type JudgedCluster } from './judged.ts';
import { shortName } from './files.ts';
import { settingsOf } from './options.ts';
import { uriOf } from '../workspace/record.ts';

export const CONNECTIONS_HELP: string = `netpol connections PATH… [--format text|json|csv|dot|mermaid|md]
                   [--cluster NAME] [--config FILE] [--only-valid]

Lists every connection that the policies in these files allow between their workloads, and with addresses outside the cluster.
Traffic of a workload to itself and from outside to outside is not listed. PATH is a file, a folder or - for standard input.
Where the paths hold several clusters, --cluster names one: the folder of its kustomization, or a folder with a slash at its end for the
files that no kustomization builds.`;

type Writer = (evaluation: Evaluation, loaded: JudgedCluster) => Iterable<string>;

const WRITERS: Readonly<Record<'text' | 'json' | 'csv' | 'dot' | 'mermaid' | 'md', Writer>> = { text, json, csv, dot, mermaid, md };

/** `netpol connections`: writes as it goes, so that the answer may be larger than memory. */
export async function runConnections(words: readonly string[]): Promise<number> {
  const args = readArguments(words, {});
  const format = choiceOf(args, 'format', ['text', 'json', 'csv', 'dot', 'mermaid', 'md']);
  const settings = settingsOf(args);
  const loaded = judged(await loadCluster(args, settings), settings, args.values['only-valid'] === true);
  for (const part of chunks(WRITERS[format](evaluationOf(loaded.cluster), loaded))) {
    if (!process.stdout.write(part)) await new Promise((resume) => process.stdout.once('drain', resume));
  }
  if (format !== 'text' && format !== 'json') for (const line of leftOut(evaluationOf(loaded.cluster), loaded)) complain(line);
  return 0;
}

/** Small parts joined into writes of a sensible size. */
function* chunks(parts: Iterable<string>): Iterable<string> {
  let pending = '';
  for (const part of parts) {
    pending += part;
    if (pending.length < 65_536) continue;
    yield pending;
    pending = '';
  }
  yield pending;
}

/** Addresses for people; the formats for programs keep the ranges. */
function readableRange(range: OutsideRange): string {
  return range.bothFamilies ? 'any address' : addressWords([range]);
}

function* text(evaluation: Evaluation, loaded: JudgedCluster): Iterable<string> {
  for (const connection of connections(evaluation, readableRange))
    yield `${terminalText(`${connection.src} -> ${connection.dst}: ${trafficText(connection)}`)}\n`;
  for (const line of notices(evaluation, loaded)) yield `${terminalText(line)}\n`;
  for (const { policies, ...connection } of unknownConnections(evaluation, readableRange))
    yield `${terminalText(`unknown: ${connection.src} -> ${connection.dst}: ${trafficText(connection)}: depends on ${policies.join(' and ')}`)}\n`;
}

/** What the list of connections does not show, one a line. */
function* notices(evaluation: Evaluation, loaded: JudgedCluster): Iterable<string> {
  for (const { message, file } of problemsOf(evaluation, loaded)) yield `problem: ${message}${file === '' ? '' : ` (${file})`}`;
  for (const { message, file } of notesOf(evaluation)) yield `note: ${message} (${file})`;
  for (const tie of undefinedPairs(evaluation))
    yield `undefined: ${tie.src} -> ${tie.dst} ${tie.protocol}/${tie.port}: ${tie.policies.join(' and ')} have the same priority and different actions`;
}

/** The same for formats that have no place for it: tables and charts. */
function* leftOut(evaluation: Evaluation, loaded: JudgedCluster): Iterable<string> {
  yield* notices(evaluation, loaded);
  const unknown = [...unknownConnections(evaluation, readableRange)];
  if (unknown.length > 0)
    yield `${count(unknown.length, 'connection')} ${unknown.length === 1 ? 'is' : 'are'} unknown and not shown; --format text or json lists ${unknown.length === 1 ? 'it' : 'them'}.`;
}

function* json(evaluation: Evaluation, loaded: JudgedCluster): Iterable<string> {
  yield `{"cluster": ${JSON.stringify(loaded.name)},\n"connections": [`;
  yield* separated(connections(evaluation));
  yield '],\n"problems": [';
  yield* separated(problemsOf(evaluation, loaded));
  yield '],\n"notes": [';
  yield* separated(notesOf(evaluation));
  yield '],\n"undefined": [';
  yield* separated(undefinedPairs(evaluation));
  yield '],\n"unknown": [';
  yield* separated(unknownConnections(evaluation));
  yield ']}\n';
}

function* separated(items: Iterable<object>): Iterable<string> {
  let lead = '\n ';
  for (const item of items) {
    yield lead + inertJson(item);
    lead = ',\n ';
  }
}

function* csv(evaluation: Evaluation): Iterable<string> {
  yield 'source,destination,protocol,ports\n';
  for (const { src, dst, protocol, ports } of connections(evaluation))
    yield `${[src, dst, protocol, portsText(ports)].map(csvField).join(',')}\n`;
}

function* dot(evaluation: Evaluation): Iterable<string> {
  yield 'digraph connections {\n  rankdir=LR;\n  node [shape=box];\n';
  for (const connection of connections(evaluation, readableRange))
    yield `  ${dotString(connection.src)} -> ${dotString(connection.dst)} [label=${dotString(trafficText(connection))}];\n`;
  yield '}\n';
}

function* mermaid(evaluation: Evaluation): Iterable<string> {
  const ids = new Map<string, string>();
  yield 'flowchart LR\n';
  for (const connection of connections(evaluation, readableRange)) {
    for (const name of [connection.src, connection.dst]) {
      if (ids.has(name)) continue;
      ids.set(name, `n${ids.size}`);
      yield `  ${ids.get(name)}["${mermaidText(name)}"]\n`;
    }
    yield `  ${ids.get(connection.src)} -->|"${mermaidText(trafficText(connection))}"| ${ids.get(connection.dst)}\n`;
  }
}

/** The matrix: a row for each source, with all its destinations. */
function* md(evaluation: Evaluation): Iterable<string> {
  yield '| from | to | traffic |\n| --- | --- | --- |\n';
  for (const connection of connections(evaluation, readableRange))
    yield `| ${escape(connection.src)} | ${escape(connection.dst)} | ${escape(trafficText(connection))} |\n`;
}

function trafficText(connection: Connection): string {
  const { families } = connection;
  return families ? `${portsAndProtocol(connection)} over ${families.join(' and ')}` : portsAndProtocol(connection);
}

function portsAndProtocol({ protocol, ports }: Connection): string {
  const isAll = ports.length === 1 && ports[0]?.[0] === 1 && ports[0][1] === 65_535;
  if (protocol === 'ALL' && isAll) return 'all traffic';
  return `${protocol === 'ALL' ? 'TCP, UDP and SCTP' : protocol} ${isAll ? 'all ports' : portsText(ports)}`;
}

function portsText(ports: Connection['ports']): string {
  return ports.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(' ');
}

/** What the answers leave open, as the manifests do not say it. */
function notesOf(evaluation: Evaluation): readonly ReportedProblem[] {
  return clusterNotes(evaluation).map(({ key, path, message }) => ({ file: shortName(uriOf(key)), path: formatPath(path), message }));
}

interface ReportedProblem {
  readonly file: string;
  readonly path: string;
  readonly message: string;
}

/** What was left out, and why. A policy that the API server rejects is one entry, whatever else is wrong with it. */
function problemsOf(evaluation: Evaluation, { rejected }: JudgedCluster): readonly ReportedProblem[] {
  const entry = (key: ManifestKey, path: Path, message: string): ReportedProblem => ({
    file: shortName(uriOf(key)),
    path: formatPath(path),
    message,
  });
  const keys = new Set(rejected.map(({ key }) => key));
  return [
    ...rejected.map((one) => entry(one.key, one.finding.path, `The API server rejects ${rejectedName(one)}: ${one.finding.message}`)),
    ...evaluation.problems.flatMap(({ key, path, message }) => (keys.has(key) ? [] : [entry(key, path, message)])),
  ];
}
