import { complain } from './complain.ts';
import { inertJson, terminalText } from '../base/inert.ts';
import { PATH_ORDER } from '../model/policy.ts';
import { list } from '../base/english.ts';
import type { Endpoint } from '../eval/evaluate.ts';
import { explain, type Explanation, type Step } from '../eval/explain.ts';
import { remediations } from '../eval/remediations.ts';
import { policyOfStep, stepWords, verdictReason } from '../eval/verdict-reason.ts';
import type { Protocol } from '../base/ports.ts';
import { reportOfExplanation } from '../features/reports/explanation.ts';
import { htmlPage } from '../features/reports/html.ts';
import { rejectionNotes } from '../rules/rejected.ts';
import { positionIn } from '../syntax/positions.ts';
import type { Snapshot } from '../workspace/snapshot.ts';
import { locate, type Location } from '../workspace/locate.ts';
import { choiceOf, readArguments, UsageError, type Arguments } from './arguments.ts';
import { loadCluster, type LoadedCluster } from './cluster.ts';
import { judged } from './judged.ts';
import { shortName } from './files.ts';
import { settingsOf } from './options.ts';
import { endpointOf, isThere } from './peers.ts';
import { placeLink } from './place-link.ts';
import { painted } from './style.ts';

export const EXPLAIN_HELP: string = `netpol explain --from PEER --to PEER [--port N|NAME] [--protocol TCP|UDP|SCTP] [--expect allow|deny]
               PATH… [--format text|json|html] [--cluster NAME] [--config FILE] [--only-valid]

Says whether a connection is allowed, and why: every policy that takes part, in the order of evaluation.
PEER is namespace/name of a workload, namespace/name[Kind] where two share a name, or an IP address outside the cluster.
Exit status: 0 done, 1 the verdict is not what --expect says, 2 the command failed.`;

/** `netpol explain`. */
export async function runExplain(words: readonly string[]): Promise<number> {
  const args = readArguments(words, {
    from: { type: 'string' },
    to: { type: 'string' },
    port: { type: 'string' },
    protocol: { type: 'string' },
    expect: { type: 'string' },
  });
  const format = choiceOf(args, 'format', ['text', 'json', 'html']);
  const expected = args.values['expect'] === undefined ? undefined : choiceOf(args, 'expect', ['allow', 'deny']);
  const protocol = choiceOf(args, 'protocol', ['TCP', 'UDP', 'SCTP']);
  const [from, to] = [required(args, 'from'), required(args, 'to')];
  const settings = settingsOf(args);
  const chosen = await loadCluster(args, settings, (one) => [from, to].every((peer) => isThere(one, peer)));
  const loaded = judged(chosen, settings, args.values['only-valid'] === true);
  const [source, destination] = [endpointOf(loaded.cluster, from, '--from'), endpointOf(loaded.cluster, to, '--to')];
  const port = portOf(args, destination, protocol);
  const connection = { from: source, to: destination, protocol, port };
  const found = explain(loaded.cluster, connection);
  const rejections = rejectionNotes(loaded.cluster, loaded.rejected, found, connection);
  const explanation = { ...found, notes: [...found.notes, ...otherPortNotes(args, destination, protocol, port), ...rejections] };
  const ways = remediations(loaded.cluster, connection).map(({ title }) => title);
  const answer = {
    text: () => asText(explanation, ways, loaded),
    json: () => `${inertJson(asJson(explanation, loaded), 1)}\n`,
    html: () =>
      [
        ...htmlPage(reportOfExplanation(explanation, ways), {
          linkTo: placeLink(loaded.snapshot),
          ...(loaded.isOnly ? {} : { about: `Cluster: ${loaded.name}` }),
        }),
      ].join(''),
  };
  process.stdout.write(answer[format]());
  if (expected === undefined || expected === explanation.verdict) return 0;
  complain(`expected ${expected}, but the verdict is ${explanation.verdict}.`);
  return 1;
}

function required(args: Arguments, name: string): string {
  const value = args.values[name];
  if (typeof value !== 'string' || value === '')
    throw new UsageError(`--${name} is missing: namespace/name of a workload, or an IP address.`);
  return value;
}

/** The port asked about: a number, or a name that the destination declares; without one the first port it declares, else 80. */
function portOf(args: Arguments, destination: Endpoint, protocol: Protocol): number {
  const given = args.values['port'];
  const declared = destination.kind === 'workload' ? destination.workload.ports.filter((port) => port.protocol === protocol) : [];
  if (typeof given !== 'string') return declared[0]?.port ?? 80;
  if (/^\d+$/.test(given) && Number(given) >= 1 && Number(given) <= 65_535) return Number(given);
  const named = declared.find((port) => port.name === given);
  if (named) return named.port;
  throw new UsageError(`--port ${given} is neither a port from 1 to 65535 nor the name of a ${protocol} port of the destination.`);
}

/** A name that containers of one pod give to several ports stands for all of them, and an answer is about one. */
function otherPortNotes(args: Arguments, destination: Endpoint, protocol: Protocol, port: number): readonly string[] {
  const name = args.values['port'];
  if (typeof name !== 'string' || destination.kind !== 'workload') return [];
  const others = destination.workload.ports.filter((one) => one.name === name && one.protocol === protocol && one.port !== port);
  if (others.length === 0) return [];
  const numbers = list(
    others.map((one) => String(one.port)),
    'and',
  );
  return [`Port name '${name}' also means ${protocol} ${numbers} in other containers of this pod. This answer is for ${port}.`];
}

function asJson({ verdict, from, to, protocol, port, families, condition, steps, notes }: Explanation, loaded: LoadedCluster): object {
  return {
    verdict,
    why: verdictReason({ verdict, steps, ...(condition === undefined ? {} : { condition }) }),
    cluster: loaded.name,
    from,
    to,
    protocol,
    port,
    ...(families ? { families } : {}),
    ...(condition === undefined ? {} : { condition }),
    steps: steps.map((step) => stepJson(step, loaded)),
    notes,
  };
}

function stepJson(step: Step, loaded: LoadedCluster): object {
  const { side, stage, tier, policy, kind, rule, action, why } = step;
  return { side, ...(stage ? { stage: stage.id } : {}), tier, policy, kind, rule, action, ...placeOf(step, loaded), why };
}

function placeOf(step: Step, { snapshot }: LoadedCluster): { file?: string; range?: object; line?: number } {
  const found = locateStep(step, snapshot);
  if (!found) return {};
  const start = positionIn(found.file, found.span.start);
  return { file: shortName(found.uri), range: { start, end: positionIn(found.file, found.span.end) } };
}

const VERDICTS = {
  allow: 'allowed',
  deny: 'denied',
  undefined: 'undefined: policies of equal priority have different actions',
  unknown: 'unknown: it depends on information that the manifests do not contain, or on a policy that is not evaluated',
} as const;

function asText(explanation: Explanation, ways: readonly string[], loaded: LoadedCluster): string {
  const { verdict, from, to, protocol, port, steps, notes } = explanation;
  const cluster = loaded.isOnly ? [] : [`Cluster: ${loaded.name}`];
  const lines = [...cluster, `${from} -> ${to} ${protocol}/${port}: ${VERDICTS[verdict]}`, verdictReason(explanation)];
  for (const direction of PATH_ORDER) {
    lines.push('', direction === 'egress' ? `Leaving ${from}:` : `Entering ${to}:`);
    for (const step of steps.filter((candidate) => candidate.side === direction)) lines.push(...stepText(step, loaded));
  }
  if (notes.length > 0) lines.push('', ...notes.map((note) => `Note: ${note}`));
  if (ways.length > 0) lines.push('', verdict === 'allow' ? 'To deny it:' : 'To allow it:', ...ways.map((way) => `  - ${way}`));
  // Blanks in front of a line stay.
  const written = lines.map((line) => line.replace(/[^ ].*$/s, terminalText));
  return `${written.map((line, i) => (i === cluster.length ? colored(line, verdict) : line)).join('\n')}\n`;
}

/** The line that ends in the verdict, with the verdict in its colour. */
function colored(line: string, verdict: Explanation['verdict']): string {
  const words = VERDICTS[verdict];
  return line.endsWith(words) ? `${line.slice(0, -words.length)}${painted(verdict, words)}` : line;
}

function locateStep({ at, unevaluated }: Step, snapshot: Snapshot): Location | undefined {
  if (at) return locate(snapshot, at.key, at.path);
  return unevaluated === undefined ? undefined : locate(snapshot, unevaluated, ['metadata', 'name']);
}

function stepText(step: Step, loaded: LoadedCluster): string[] {
  const found = locateStep(step, loaded.snapshot);
  const place = found ? `  (${shortName(found.uri)}:${positionIn(found.file, found.span.start).line + 1})` : '';
  const policy = policyOfStep(step);
  const what = policy === undefined ? 'allowed' : `${stepWords(step)} ${policy}`;
  return [`  ${step.tier}: ${what}${place}`, `    ${step.whyShort}`];
}
