import { endOfLine, startOfLine } from '../../base/lines.ts';
import type { Protocol } from '../../base/ports.ts';
import type { Endpoint } from '../../eval/evaluate.ts';
import { explain } from '../../eval/explain.ts';
import { bareName, workloadName, workloadsByName } from '../../eval/names.ts';
import { parseIp } from '../../base/ip.ts';
import { placesOf } from '../../syntax/source-file.ts';
import type { Cluster } from '../../workspace/cluster.ts';
import { clusterFor } from '../../workspace/snapshot.ts';
import type { FeatureContext } from '../context.ts';
import type { Suggestion } from '../text/suggestion.ts';

const MAX_SUGGESTIONS = 500;

interface Word {
  readonly word: string;
  readonly detail: string;
}

/**
 * What comes next in a comment `# expect: shop/web -> shop/db TCP/5432 allow`: a workload, the ports that the destination declares, and the
 * verdict, of which the present one comes first. `undefined` outside of such a comment.
 */
export function expectationWords(context: FeatureContext, offset: number): readonly Suggestion[] | undefined {
  const place = placesOf(context.file).findLast(({ start }) => start <= offset);
  if (!place) return undefined;
  const { text } = place.piece;
  const cursor = Math.min(offset - place.start, text.length);
  const line = text.slice(startOfLine(text, cursor), cursor);
  const written = /^\s*#\s*expect:(.*)$/i.exec(line)?.[1];
  if (written === undefined) return undefined;
  const token = /\S*$/.exec(written)?.[0] ?? '';
  const behind = /^\S*/.exec(text.slice(cursor, endOfLine(text, cursor)))?.[0] ?? '';
  const before = written
    .slice(0, written.length - token.length)
    .trim()
    .split(/\s+/)
    .filter((word) => word !== '');
  const words = wordsBehind(before, clusterFor(context.snapshot, context.uri)).slice(0, MAX_SUGGESTIONS);
  const lead = written === '' ? ' ' : '';
  return words.map(({ word, detail }, i) => ({
    label: word,
    kind: 'value',
    detail,
    documentation: '',
    insertText: lead + word,
    format: 'plain',
    indent: 0,
    start: offset - token.length,
    end: offset + behind.length,
    sortText: String(i).padStart(4, '0'),
    filterText: word,
    additional: [],
    continues: false,
  }));
}

function wordsBehind(before: readonly string[], cluster: Cluster): readonly Word[] {
  const [from, arrow, to, port] = before;
  switch (before.length) {
    case 0:
      return workloadWords(cluster);
    case 1:
      return [{ word: '->', detail: 'connects to' }];
    case 2:
      return arrow === '->' ? workloadWords(cluster) : [];
    case 3:
      return portWords(endOf(to, cluster));
    case 4:
      return verdictWords(cluster, endOf(from, cluster), endOf(to, cluster), port ?? '');
    default:
      return [];
  }
}

function workloadWords({ workloads }: Cluster): readonly Word[] {
  const kinds = new Map<string, Set<string>>();
  for (const { value } of workloads) kinds.set(bareName(value), (kinds.get(bareName(value)) ?? new Set()).add(workloadName(value)));
  return [...kinds]
    .flatMap(([bare, names]) => (names.size > 1 ? [...names] : [bare]).map((word) => ({ word, detail: [...names].join(', ') })))
    .toSorted((a, b) => (a.word < b.word ? -1 : 1));
}

function endOf(name: string | undefined, cluster: Cluster): Endpoint | undefined {
  const ip = parseIp(name ?? '');
  if (ip.ok) return { kind: 'address', ip };
  const [workload] = workloadsByName(cluster).get(name ?? '') ?? [];
  return workload && { kind: 'workload', workload };
}

function portWords(end: Endpoint | undefined): readonly Word[] {
  const declared = end?.kind === 'workload' ? end.workload.ports : [];
  const ports = declared.map(({ protocol, port, name }) => ({ word: `${protocol}/${port}`, detail: name ?? 'declared port' }));
  return ports.length > 0 ? ports : ['TCP/80', 'TCP/443', 'UDP/53'].map((word) => ({ word, detail: 'for example' }));
}

const VERDICTS = { allow: 'allowed now', deny: 'denied now' } as const;

function verdictWords(cluster: Cluster, from: Endpoint | undefined, to: Endpoint | undefined, port: string): readonly Word[] {
  const verdict = from && to && verdictOf(cluster, from, to, port);
  const words = (['allow', 'deny'] as const).map((word) => ({ word, detail: word === verdict ? VERDICTS[word] : '' }));
  return verdict === 'deny' ? words.toReversed() : words;
}

function verdictOf(cluster: Cluster, from: Endpoint, to: Endpoint, text: string): string | undefined {
  const [, written = 'TCP', port = ''] = /^(?:(TCP|UDP|SCTP)\/)?(\S+)$/i.exec(text) ?? [];
  const protocol: Protocol = (['TCP', 'UDP', 'SCTP'] as const).find((one) => one === written.toUpperCase()) ?? 'TCP';
  const declared =
    to.kind === 'workload' ? to.workload.ports.find((one) => one.name === port && one.protocol === protocol)?.port : undefined;
  const number = /^\d{1,5}$/.test(port) ? Number(port) : declared;
  return number === undefined || number < 1 || number > 65_535 ? undefined : explain(cluster, { from, to, protocol, port: number }).verdict;
}
