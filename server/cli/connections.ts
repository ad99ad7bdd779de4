import { count } from '../base/english.ts';
import { finished } from '../base/work.ts';
import { namespaceIn, portsWords, readableRange, trafficWords } from '../features/reports/connection-rows.ts';
import { htmlPage } from '../features/reports/html.ts';
import { matrixReport } from '../features/reports/matrix.ts';
import { heading, type Block } from '../features/reports/report.ts';
import { csvField, dotString, inertJson, mermaidText, terminalText } from '../base/inert.ts';
import { escape } from '../base/markdown.ts';
import { clusterNotes, otherProtocolNotes } from '../eval/cluster-notes.ts';
import { rejectedName } from '../rules/rejected.ts';
import { formatPath, type Path } from '../syntax/path.ts';
import type { ManifestKey } from '../workspace/cluster.ts';
import { choiceOf, readArguments } from './arguments.ts';
import { loadCluster } from './cluster.ts';
import { complain } from './complain.ts';
import { judged, type JudgedCluster } from './judged.ts';
import { shortName } from './files.ts';
import { FILTER_OPTIONS, hasNamed, listingOf, type Listing } from './listing.ts';
import { placeLink } from './place-link.ts';
import { settingsOf } from './options.ts';
import { uriOf } from '../workspace/record.ts';

export const CONNECTIONS_HELP: string = `netpol connections PATH… [--format text|json|csv|dot|mermaid|md|html]
                   [--from PEER] [--to PEER] [--namespace NS] [--port N|NAME]
                   [--cluster NAME] [--config FILE] [--only-valid]

Lists every connection that the policies in these files allow between their workloads, and with addresses outside the cluster.
Traffic of a workload to itself and from outside to outside is not listed. PATH is a file, a folder or - for standard input.
--from, --to, --namespace and --port list only the connections with that source, that destination, an endpoint in that namespace, and that
port among others. PEER is namespace/name of a workload, namespace/name[Kind], or an IP address outside the cluster; NAME is the name that
the destination has for its port.
If the paths contain several clusters, --cluster names one: the folder of its kustomization, or a folder with a slash at its end for the
files that no kustomization builds.`;

type Writer = (listing: Listing, loaded: JudgedCluster) => Iterable<string>;

const WRITERS: Readonly<Record<'text' | 'json' | 'csv' | 'dot' | 'mermaid' | 'md' | 'html', Writer>> = {
  text,
  json,
  csv,
  dot,
  mermaid,
  md,
  html,
};

/** `netpol connections`: writes as it goes, so that the answer may be larger than memory. */
export async function runConnections(words: readonly string[]): Promise<number> {
  const args = readArguments(words, FILTER_OPTIONS);
  const format = choiceOf(args, 'format', ['text', 'json', 'csv', 'dot', 'mermaid', 'md', 'html']);
  const settings = settingsOf(args);
  const loaded = judged(await loadCluster(args, settings, (one) => hasNamed(one, args)), settings, args.values['only-valid'] === true);
  const listing = listingOf(loaded.cluster, args);
  for (const part of chunks(WRITERS[format](listing, loaded))) {
    if (!process.stdout.write(part)) await new Promise((resume) => process.stdout.once('drain', resume));
  }
  if (format !== 'text' && format !== 'json' && format !== 'html') for (const line of leftOut(listing, loaded)) complain(line);
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

function* text(listing: Listing, loaded: JudgedCluster): Iterable<string> {
  if (!loaded.isOnly) yield `${terminalText(`Cluster: ${loaded.name}`)}\n`;
  let isEmpty = true;
  for (const connection of listing.allowed(readableRange)) {
    isEmpty = false;
    yield `${terminalText(`${connection.src} -> ${connection.dst}: ${trafficWords(connection)}`)}\n`;
  }
  if (isEmpty)
    complain(
      `${loaded.isOnly ? 'the paths have' : `cluster '${loaded.name}' has`} ${sizeOf(loaded)}, and there is no connection ${Object.keys(listing.filter).length > 0 ? 'that the options ask for' : 'to list'}.`,
    );
  for (const line of notices(listing, loaded)) yield `${terminalText(line)}\n`;
  for (const { policies, ...connection } of listing.unknown(readableRange))
    yield `${terminalText(`unknown: ${connection.src} -> ${connection.dst}: ${trafficWords(connection)}: depends on ${policies.join(' and ')}`)}\n`;
}

/** `1 workload and no policies`. */
function sizeOf({ cluster: { workloads, policies } }: JudgedCluster): string {
  return `${count(workloads.length, 'workload')} and ${count(policies.length, 'policy', 'policies')}`;
}

/** What the list of connections does not show, one a line. */
function* notices(listing: Listing, loaded: JudgedCluster): Iterable<string> {
  for (const { message, file } of problemsOf(listing, loaded)) yield `problem: ${message}${file === '' ? '' : ` (${file})`}`;
  for (const { message, file } of notesOf(listing)) yield `note: ${message} (${file})`;
  for (const tie of listing.undefined())
    yield `undefined: ${tie.src} -> ${tie.dst} ${tie.protocol}/${tie.port}: ${tie.policies.join(' and ')} have the same priority and different actions`;
}

/** The same for formats that have no place for it: tables and charts. */
function* leftOut(listing: Listing, loaded: JudgedCluster): Iterable<string> {
  yield* notices(listing, loaded);
  const unknown = [...listing.unknown(readableRange)];
  if (unknown.length > 0)
    yield `${count(unknown.length, 'connection')} ${unknown.length === 1 ? 'is' : 'are'} unknown and not shown; --format text or json lists ${unknown.length === 1 ? 'it' : 'them'}.`;
}

function* json(listing: Listing, loaded: JudgedCluster): Iterable<string> {
  yield `{"cluster": ${JSON.stringify(loaded.name)},\n"connections": [`;
  yield* separated(listing.allowed());
  yield '],\n"problems": [';
  yield* separated(problemsOf(listing, loaded));
  yield '],\n"notes": [';
  yield* separated(notesOf(listing));
  yield '],\n"undefined": [';
  yield* separated(tiesOf(listing));
  yield '],\n"unknown": [';
  yield* separated(listing.unknown());
  yield ']}\n';
}

/** The pairs of which no order is defined, each rule with the file that it is in. */
function* tiesOf(listing: Listing): Iterable<object> {
  for (const { rules, ...pair } of listing.undefined())
    yield { ...pair, rules: rules.map(({ key, ...rule }) => ({ file: shortName(uriOf(key)), ...rule })) };
}

function* separated(items: Iterable<object>): Iterable<string> {
  let lead = '\n ';
  for (const item of items) {
    yield lead + inertJson(item);
    lead = ',\n ';
  }
}

function* csv(listing: Listing): Iterable<string> {
  yield 'source,destination,protocol,ports\n';
  for (const { src, dst, protocol, ports } of listing.allowed())
    yield `${[src, dst, protocol, portsWords(ports)].map(csvField).join(',')}\n`;
}

function* dot(listing: Listing): Iterable<string> {
  const { groups, edges } = chartOf(listing);
  yield 'digraph connections {\n  rankdir=LR;\n  node [shape=box];\n';
  for (const [i, { title, nodes }] of groups.entries()) {
    if (title !== '') yield `  subgraph cluster_${i} {\n    label=${dotString(title)};\n`;
    for (const { name, label } of nodes) yield `    ${dotString(name)} [label=${dotString(label)}];\n`;
    if (title !== '') yield '  }\n';
  }
  for (const { src, dst, label } of edges) yield `  ${dotString(src)} -> ${dotString(dst)} [label=${dotString(label)}];\n`;
  yield '}\n';
}

function* mermaid(listing: Listing): Iterable<string> {
  const { groups, edges } = chartOf(listing);
  const ids = new Map(groups.flatMap(({ nodes }) => nodes).map(({ name }, i) => [name, `n${i}`]));
  yield 'flowchart LR\n';
  for (const [i, { title, nodes }] of groups.entries()) {
    if (title !== '') yield `  subgraph g${i}["${mermaidText(title)}"]\n`;
    for (const { name, label } of nodes) yield `    ${ids.get(name)}["${mermaidText(label)}"]\n`;
    if (title !== '') yield '  end\n';
  }
  for (const { src, dst, label } of edges) yield `  ${ids.get(src)} -->|"${mermaidText(label)}"| ${ids.get(dst)}\n`;
}

/** What a chart draws: the workloads of each namespace together, addresses outside the cluster by themselves, and one edge for each pair. */
interface Chart {
  /** The namespace is the title; none for addresses outside. */
  readonly groups: readonly { readonly title: string; readonly nodes: readonly { readonly name: string; readonly label: string }[] }[];
  readonly edges: readonly { readonly src: string; readonly dst: string; readonly label: string }[];
}

function chartOf(listing: Listing): Chart {
  const groups = new Map<string, Map<string, string>>([['', new Map()]]);
  const edges = new Map<string, { readonly src: string; readonly dst: string; readonly labels: string[] }>();
  for (const connection of listing.allowed(readableRange)) {
    const { src, dst } = connection;
    for (const name of [src, dst]) {
      const namespace = namespaceIn(name);
      const nodes = groups.get(namespace) ?? new Map<string, string>();
      groups.set(namespace, nodes.set(name, namespace === '' ? name : name.slice(namespace.length + 1)));
    }
    const key = JSON.stringify([src, dst]);
    const edge = edges.get(key) ?? { src, dst, labels: [] };
    edge.labels.push(trafficWords(connection));
    edges.set(key, edge);
  }
  const drawn = [...groups].filter(([, nodes]) => nodes.size > 0);
  return {
    groups: drawn.map(([title, nodes]) => ({ title, nodes: [...nodes].map(([name, label]) => ({ name, label })) })),
    edges: [...edges.values()].map(({ src, dst, labels }) => ({ src, dst, label: labels.join(', ') })),
  };
}

/** The matrix: a row for each source, with all its destinations. */
function* md(listing: Listing): Iterable<string> {
  yield '| from | to | traffic |\n| --- | --- | --- |\n';
  for (const connection of listing.allowed(readableRange))
    yield `| ${escape(connection.src)} | ${escape(connection.dst)} | ${escape(trafficWords(connection))} |\n`;
}

/** How many pairs with denied traffic a page lists: there may be as many as workloads squared. */
const MAX_LISTED_DENIED_PAIRS = 20_000;

/** One page with everything in it: the connections by the namespace of their source, with fields that filter them. */
function* html(listing: Listing, loaded: JudgedCluster): Iterable<string> {
  const report = finished(
    matrixReport(listing.evaluation, { maxPairs: Infinity, maxDeniedPairs: MAX_LISTED_DENIED_PAIRS, filter: listing.filter }),
  );
  const left = [...leftOut(listing, loaded)];
  const notes: readonly Block[] =
    left.length === 0 ? [] : [heading('Not listed'), { kind: 'list', items: left.map((line) => ({ content: [line] })) }];
  const about = loaded.isOnly ? {} : { about: `Cluster: ${loaded.name}` };
  yield* htmlPage({ ...report, blocks: [...report.blocks, ...notes] }, { linkTo: placeLink(loaded.snapshot), ...about });
}

/** What the answers leave open, as the manifests do not say it. */
function notesOf({ evaluation }: Listing): readonly ReportedProblem[] {
  return [...clusterNotes(evaluation), ...otherProtocolNotes(evaluation)].map(({ key, path, message }) => ({
    file: shortName(uriOf(key)),
    path: formatPath(path),
    message,
  }));
}

interface ReportedProblem {
  readonly file: string;
  readonly path: string;
  readonly message: string;
}

/** What was left out, and why. A policy that the API server rejects is one entry, whatever else is wrong with it. */
function problemsOf({ evaluation }: Listing, { rejected }: JudgedCluster): readonly ReportedProblem[] {
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
