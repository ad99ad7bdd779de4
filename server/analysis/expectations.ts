import { quote } from '../base/english.ts';
import { parseIp } from '../base/ip.ts';
import { near } from '../base/near.ts';
import type { Endpoint } from '../eval/evaluate.ts';
import { workloadsByName, workloadName } from '../eval/names.ts';
import { expectationsIn, type Expectation, type ExpectedVerdict, type ExpectationWord } from '../syntax/expectation.ts';
import type { Cluster } from '../workspace/cluster.ts';
import type { WorkspaceContext } from './context.ts';

/** An expectation whose source, destination and port are known. Pods of one controller that look different make several questions of one comment. */
export interface Checkable {
  readonly kind: 'checkable';
  readonly expectation: Expectation;
  readonly expected: ExpectedVerdict;
  readonly questions: readonly { readonly from: Endpoint; readonly to: Endpoint; readonly port: number }[];
}

/** One that cannot be checked, and what to write instead. */
export interface Uncheckable {
  readonly kind: 'uncheckable';
  readonly expectation: Expectation;
  readonly at: ExpectationWord['span'];
  readonly message: string;
}

/** The expectations in the comments of a document, each with the source and destination that it means in this cluster. */
export function expectationsOf({
  manifest,
  cluster,
  resource,
}: Pick<WorkspaceContext, 'manifest' | 'cluster' | 'resource'>): readonly (Checkable | Uncheckable)[] {
  const home = resource && 'namespace' in resource.value ? resource.value.namespace : undefined;
  return expectationsIn(manifest).flatMap((expectation): readonly (Checkable | Uncheckable)[] => {
    if (expectation.misspelt) return [misspelt(expectation, expectation.misspelt)];
    if (expectation.expected) return [resolve(expectation, expectation.expected, cluster, home)];
    // In other places "expect:" may be any remark.
    if (!isMeant(expectation.text, resource !== undefined)) return [];
    const message =
      "This expectation cannot be read, so nothing checks it. Write it as '# expect: shop/web -> shop/db TCP/5432 allow' (or deny).";
    return [{ kind: 'uncheckable', expectation, at: expectation.span, message }];
  });
}

function misspelt(expectation: Expectation, { text }: ExpectationWord): Uncheckable {
  const what = /^expect$/i.test(text) ? `'${text}' is not followed by a colon` : `'${text}' is not 'expect:'`;
  const form = expectation.expected ? '' : ', in the form of this example: # expect: shop/web -> shop/db TCP/5432 allow';
  const message = `${what}, so this comment is not checked. Write '# expect:'${form}.`;
  return { kind: 'uncheckable', expectation, at: expectation.span, message };
}

function isMeant(text: string, ours: boolean): boolean {
  const arrow = /[-=]>/.test(text);
  return ours ? arrow || /\b(?:allow|deny)\b/i.test(text) : arrow && /\b(?:allow|deny)(?:ed|s)?\b/i.test(text) && /\//.test(text);
}

function resolve(expectation: Expectation, expected: ExpectedVerdict, cluster: Cluster, home: string | undefined): Checkable | Uncheckable {
  const refuse = (word: ExpectationWord, message: string): Uncheckable => ({ kind: 'uncheckable', expectation, at: word.span, message });
  const [from, to] = [endsOf(expected.from.text, cluster, home), endsOf(expected.to.text, cluster, home)];
  if (typeof from === 'string') return refuse(expected.from, from);
  if (typeof to === 'string') return refuse(expected.to, to);
  const questions = from.flatMap((source) =>
    to.flatMap((destination) => portsAt(expected, destination).map((port) => ({ from: source, to: destination, port }))),
  );
  if (questions.length > 0) return { kind: 'checkable', expectation, expected, questions };
  return refuse(
    expected.port,
    `${quote(expected.port.text)} is neither a port from 1 to 65535 nor the name of a ${expected.protocol} port of ${expected.to.text}, so the expectation is not checked. ${portAdvice(expected, to)}`,
  );
}

/** A port that the destination has, as the comment can name it. */
function portAdvice({ protocol }: ExpectedVerdict, to: readonly Endpoint[]): string {
  const declared = to.flatMap((end) => (end.kind === 'workload' ? end.workload.ports : []));
  const port = declared.find((one) => one.protocol === protocol) ?? declared[0];
  return port ? `Write ${port.protocol}/${port.port}, which it declares, or another number.` : `Write the number: ${protocol}/NUMBER.`;
}

/** The endpoints that one operand of an expectation names, or the reason why it names none. */
function endsOf(text: string, cluster: Cluster, home: string | undefined): readonly Endpoint[] | string {
  const ip = parseIp(text);
  if (ip.ok) return [{ kind: 'address', ip }];
  const full = text.includes('/') || home === undefined ? text : `${home}/${text}`;
  const names = workloadsByName(cluster);
  const found = names.get(full) ?? [];
  const kinds = new Set(found.map((workload) => workloadName(workload)));
  if (kinds.size > 1)
    return `${quote(full)} is ambiguous: ${[...kinds].join(' or ')}. The expectation is not checked; write one of these names.`;
  if (found.length > 0) return found.map((workload) => ({ kind: 'workload', workload }));
  const [guess] = near(
    full,
    [...names.keys()].filter((name) => !name.endsWith(']')),
  );
  const way = guess === undefined ? 'Write namespace/name of a workload, or an IP address.' : `The closest match is ${quote(guess)}.`;
  return `No workload ${quote(full)} exists in this cluster, so the expectation is not checked. ${way}`;
}

function portsAt({ protocol, port }: ExpectedVerdict, to: Endpoint): readonly number[] {
  if (/^\d+$/.test(port.text)) return Number(port.text) >= 1 && Number(port.text) <= 65_535 ? [Number(port.text)] : [];
  if (to.kind === 'address') return [];
  return to.workload.ports
    .filter((declared) => declared.name === port.text && declared.protocol === protocol)
    .map((declared) => declared.port);
}
