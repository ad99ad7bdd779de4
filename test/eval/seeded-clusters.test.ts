import { expect, test } from 'vitest';
import { parseIp } from '../../server/base/ip.ts';
import { hasTraffic, PROTOCOLS } from '../../server/base/ports.ts';
import { evaluationOf, verdict, type Endpoint, type Evaluation } from '../../server/eval/evaluate.ts';
import { workloadsByName } from '../../server/eval/names.ts';
import { corpus, hasFields } from '../corpus.ts';
import { clusterOf } from './cluster.ts';

/**
 * Verdicts against those of an evaluator that shares no code with ours, on seeded random clusters (test/corpus/README.md). A letter for each
 * protocol and port: `+` allowed, `-` denied, `?` undefined upstream, `.` not asked.
 */
interface Seeded {
  readonly id: string;
  readonly yaml: string;
  readonly endpoints: readonly string[];
  readonly ports: readonly number[];
  readonly answers: Readonly<Record<string, string>>;
}

const clusters = corpus('seeded-clusters').filter(isSeeded);

test('there are clusters to ask about', () => expect(clusters.length).toBeGreaterThan(200));

test('every verdict is that of the independent evaluator', () => {
  expect(clusters.flatMap(disagreements)).toEqual([]);
});

test('a wrong verdict would be noticed', () => {
  const [first] = clusters.filter(({ answers }) => Object.values(answers).some((row) => row.includes('-')));
  expect(first && disagreements({ ...first, answers: flipped(first.answers) })).not.toEqual([]);
});

function flipped(answers: Seeded['answers']): Seeded['answers'] {
  return Object.fromEntries(Object.entries(answers).map(([pair, row]) => [pair, row.replaceAll('-', '+')]));
}

function disagreements({ id, yaml, endpoints, ports, answers }: Seeded): readonly string[] {
  const evaluation = evaluationOf(clusterOf({ 'cluster.yaml': yaml }));
  return Object.entries(answers).flatMap(([pair, row]) => {
    const [from = '', to = ''] = pair.split('>').map((at) => endpoints[Number(at)]);
    const found = rowOf(evaluation, from, to, ports);
    const wrong = [...row].flatMap((letter, i) => (letter === '.' || letter === found[i] ? [] : [i]));
    const show = (i: number): string => `${PROTOCOLS[Math.floor(i / ports.length)] ?? ''} ${ports[i % ports.length] ?? ''}`;
    return wrong.slice(0, 1).map((i) => `${id}: ${from} -> ${to} ${show(i)} is ${row[i] ?? ''}, not ${found[i] ?? ''}`);
  });
}

function rowOf(evaluation: Evaluation, from: string, to: string, ports: readonly number[]): readonly string[] {
  const { allowed, ambiguous } = verdict(evaluation, endpointOf(evaluation, from), endpointOf(evaluation, to));
  return PROTOCOLS.flatMap((protocol) =>
    ports.map((port) => (hasTraffic(allowed, protocol, port) ? '+' : hasTraffic(ambiguous, protocol, port) ? '?' : '-')),
  );
}

function endpointOf({ cluster }: Evaluation, name: string): Endpoint {
  const ip = parseIp(name);
  if (ip.ok) return { kind: 'address', ip };
  const [workload] = workloadsByName(cluster).get(name) ?? [];
  if (!workload) throw new Error(`There is no workload ${name}.`);
  return { kind: 'workload', workload };
}

function isSeeded(value: unknown): value is Seeded {
  return hasFields(value, 'id', 'yaml', 'endpoints', 'ports', 'answers');
}
