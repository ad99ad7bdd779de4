import { inertJson, terminalText } from '../base/inert.ts';
import { list, quote } from '../base/english.ts';
import { finished } from '../base/work.ts';
import { CONVERSION_TARGETS, TARGET_TITLES, type ConversionTarget } from '../analysis/conversion/converters.ts';
import { PROTOCOLS, type Traffic } from '../base/ports.ts';
import { endpointNameIn } from '../eval/endpoint-names.ts';
import { evaluationOf, type Evaluation } from '../eval/evaluate.ts';
import { policyName, workloadName } from '../eval/names.ts';
import type { Difference } from '../analysis/conversion/proof.ts';
import { conversionsWork, type Conversion, type ConversionRequest } from '../features/convert/conversion.ts';
import { kindTitle } from '../model/api.ts';
import { formatPath } from '../syntax/path.ts';
import { choiceOf, countOf, readArguments, UsageError, type Arguments } from './arguments.ts';
import { clustersIn, type LoadedCluster } from './cluster.ts';
import { complain } from './complain.ts';
import { shortName } from './files.ts';
import { settingsOf } from './options.ts';

export const CONVERT_HELP: string = `netpol convert --to ${CONVERSION_TARGETS.join('|')} PATH…
               [--priority N] [--lossy] [--format text|json] [--cluster NAME] [--config FILE]

Writes policies in another API:
  clusternetworkpolicy    from AdminNetworkPolicy and BaselineAdminNetworkPolicy, and from policies in Calico and Antrea tiers
  cilium                  from NetworkPolicy
  calico, antrea          from NetworkPolicy, ClusterNetworkPolicy, AdminNetworkPolicy and BaselineAdminNetworkPolicy
  networkpolicy           from Cilium, Calico or Antrea policies that only allow, for one namespace
All results together are evaluated in place of their sources on the cluster of the files and on 200 generated clusters, as the network
plugin of each API does, and printed only if both give the same verdicts for TCP, UDP and SCTP. Policies whose results change a verdict
are refused, and the others are checked again without them. --lossy also accepts results that deny more, for example because the target
API cannot express a part of a rule; results that allow more are always refused. Pods on the host network are left out where one of the
APIs never applies to them.
--priority is the priority of a result whose source has none.
Policies that are in the target API already are left out. Nothing is written to the files.
Exit status: 0 all converted, 1 a policy was refused, 2 the command failed.`;

/** `netpol convert`: gives the exit status. */
export async function runConvert(words: readonly string[]): Promise<number> {
  const args = readArguments(words, { to: { type: 'string' }, priority: { type: 'string' }, lossy: { type: 'boolean' } });
  const format = choiceOf(args, 'format', ['text', 'json']);
  const request = requestOf(args);
  const clusters = await clustersIn(args, request.settings);
  const done = clusters.flatMap((loaded) => conversionsIn(loaded, request));
  if (done.length === 0) throw new UsageError(`there is no policy here that can be converted to ${TARGET_TITLES[request.target]}.`);
  process.stdout.write(format === 'json' ? `${inertJson({ documents: done.map(asJson) }, 1)}\n` : asText(done));
  if (format === 'text') for (const line of done.flatMap(noticesOf)) complain(terminalText(line));
  return done.some(({ conversion }) => conversion.refused !== undefined) ? 1 : 0;
}

function requestOf(args: Arguments): ConversionRequest {
  const target = targetOf(args);
  const priority = countOf(args, 'priority');
  return { target, settings: settingsOf(args), lossy: args.values['lossy'] === true, ...(priority === undefined ? {} : { priority }) };
}

function targetOf(args: Arguments): ConversionTarget {
  if (args.values['to'] === undefined) throw new UsageError(`--to is missing: ${list(CONVERSION_TARGETS, 'or')}.`);
  return choiceOf(args, 'to', CONVERSION_TARGETS);
}

interface Done {
  readonly conversion: Conversion;
  readonly evaluation: Evaluation;
}

/** All policies of a cluster that have such a conversion. */
function conversionsIn({ snapshot, cluster }: LoadedCluster, request: ConversionRequest): readonly Done[] {
  const done = finished(conversionsWork(snapshot, cluster, cluster.policies, request));
  return done.map((conversion) => ({ conversion, evaluation: evaluationOf(cluster) }));
}

function asText(done: readonly Done[]): string {
  const documents = done.flatMap(({ conversion: { yaml } }) => (yaml === undefined ? [] : yaml.split(/^---\n/m)));
  // Several results may bring the same Tier.
  return [...new Set(documents)].join('---\n');
}

/** What became of a policy, for people: what was refused, and what the result lacks. */
function noticesOf({ conversion, evaluation }: Done): readonly string[] {
  const { uri, policy, refused, lost, proved, differences } = conversion;
  const name = `${shortName(uri)}: ${kindTitle(policy)} ${quote(policyName(policy))}`;
  return [
    ...(refused === undefined ? (proved === 'denies more' ? [`${name}: the result denies more.`] : []) : [`${name}: ${refused}`]),
    ...lost.map(({ path, message }) => `${name}: ${formatPath(path)}: ${message}`),
    ...differences.slice(0, MAX_SHOWN_DIFFERENCES).flatMap((one) => differenceLines(one, evaluation).map((line) => `  ${line}`)),
  ];
}

const MAX_SHOWN_DIFFERENCES = 5;

function differenceLines(difference: Difference, evaluation: Evaluation): readonly string[] {
  const { allowed, denied } = difference;
  const [from, to] = endsOf(difference, evaluation);
  return [
    ...entriesOf(allowed).map(({ protocol, ports }) => `newly allowed: ${from} -> ${to} ${protocol} ${portsText(ports)}`),
    ...entriesOf(denied).map(({ protocol, ports }) => `newly denied: ${from} -> ${to} ${protocol} ${portsText(ports)}`),
  ];
}

function portsText(ports: readonly (readonly [number, number])[]): string {
  return ports.map(([first, last]) => (first === last ? String(first) : `${first}-${last}`)).join(' ');
}

function asJson({ conversion, evaluation }: Done): object {
  const { uri, placed, yaml, proved, refused, lost, differences } = conversion;
  return {
    from: { file: shortName(uri), document: placed.document },
    ...(yaml === undefined ? {} : { yaml }),
    ...(proved === undefined ? {} : { proved }),
    ...(refused === undefined ? {} : { refused }),
    lost: lost.map(({ path, message }) => ({ path: formatPath(path), message })),
    differences: differences.flatMap((one) => {
      const [src, dst] = endsOf(one, evaluation);
      return [
        ...entriesOf(one.allowed).map((entry) => ({ src, dst, ...entry, change: 'allowed' })),
        ...entriesOf(one.denied).map((entry) => ({ src, dst, ...entry, change: 'denied' })),
      ];
    }),
  };
}

/** The endpoints of a difference; those of a generated cluster by their own names. */
function endsOf({ from, to }: Difference, evaluation: Evaluation): readonly [string, string] {
  const name = (end: Difference['from']): string =>
    end.kind === 'workload' && !evaluation.space.classOf.has(end.workload)
      ? `generated ${workloadName(end.workload)}`
      : endpointNameIn(evaluation, end);
  return [name(from), name(to)];
}

function entriesOf(traffic: Traffic): readonly { readonly protocol: string; readonly ports: readonly (readonly [number, number])[] }[] {
  return PROTOCOLS.flatMap((protocol) =>
    traffic[protocol].length === 0 ? [] : [{ protocol, ports: traffic[protocol].map(({ from, to }) => [from, to] as const) }],
  );
}
