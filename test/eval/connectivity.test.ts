import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseIp } from '../../server/base/ip.ts';
import { hasPort, PROTOCOLS, subtractPorts, portsIn, unitePorts, type PortSet, type Protocol } from '../../server/base/ports.ts';
import { connections, type ConnectionEntry } from '../../server/eval/connections.ts';
import { evaluationOf } from '../../server/eval/evaluate.ts';
import { clusterOf } from './cluster.ts';

const CORPUS = new URL('../../../shared/corpus/connectivity.jsonl', import.meta.url);

describe.skipIf(!existsSync(CORPUS))('verdicts agree with the public suites (skipped where ../shared is not there)', () => {
  const cases = existsSync(CORPUS) ? readCases(readFileSync(CORPUS, 'utf8')) : [];
  test.each(cases)('$id', (one) => {
    const found = [...connections(evaluationOf(clusterOf(one.files)))];
    expect(one.form === 'probes' ? wrongProbes(one, found) : wrongPairs(one, found)).toEqual([]);
  });
});

interface Case {
  readonly id: string;
  readonly form: 'connections' | 'probes';
  readonly files: Readonly<Record<string, string>>;
  readonly expect: {
    readonly connections?: readonly {
      readonly src: string;
      readonly dst: string;
      readonly conns: Readonly<Record<string, readonly [number, number][]>>;
    }[];
    readonly probes?: readonly {
      readonly from: string;
      readonly to: string;
      readonly allow?: readonly string[];
      readonly deny?: readonly string[];
    }[];
  };
}

function readCases(text: string): Case[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.flatMap((line) => {
    const read: unknown = JSON.parse(line);
    return isCase(read) ? [read] : [];
  });
}

/** The corpus also holds what analysers say about policies; those records have another form. */
function isCase(read: unknown): read is Case {
  return typeof read === 'object' && read !== null && 'form' in read && (read.form === 'connections' || read.form === 'probes');
}

/** What one pair of ends may do; an end is a workload or a stretch of addresses that no boundary of either list cuts. */
type Table = Map<string, Map<Protocol, PortSet>>;

interface Entry {
  readonly src: string;
  readonly dst: string;
  readonly ports: ReadonlyMap<Protocol, PortSet>;
}

function wrongPairs({ expect: { connections: list = [] } }: Case, found: readonly ConnectionEntry[]): string[] {
  const wanted = list.map(({ src, dst, conns }) => ({
    src,
    dst,
    ports: new Map(PROTOCOLS.map((protocol) => [protocol, setOf(conns[protocol] ?? [])])),
  }));
  // The suites say nothing about IPv6.
  const actual = found.map(entryOf).filter(({ src, dst }) => !src.includes(':') && !dst.includes(':'));
  const starts = startsIn([...wanted, ...actual]);
  const [want, got] = [tableOf(wanted, starts), tableOf(actual, starts)];
  return [...new Set([...want.keys(), ...got.keys()])].flatMap((pair) =>
    PROTOCOLS.flatMap((protocol) => {
      const [expected, actual] = [want.get(pair)?.get(protocol) ?? [], got.get(pair)?.get(protocol) ?? []];
      const more = subtractPorts(actual, expected);
      const less = subtractPorts(expected, actual);
      return more.length + less.length > 0 ? [`${pair} ${protocol}: expected ${show(expected)}, found ${show(actual)}`] : [];
    }),
  );
}

function wrongProbes({ expect: { probes = [] } }: Case, found: readonly ConnectionEntry[]): string[] {
  const table = tableOf(found.map(entryOf), []);
  const names = new Set([...table.keys()].flatMap((pair) => pair.split(' -> ')));
  const look = (name: string): string => (names.has(name) ? name : name.replace(/-[0-9]+$/, ''));
  return probes.flatMap(({ from, to, allow = [], deny = [] }) => {
    const pair = table.get(`${look(from)} -> ${look(to)}`);
    const isOpen = (probe: string): boolean => {
      const [protocol, port] = probe.split('/');
      return PROTOCOLS.some((known) => known === protocol && hasPort(pair?.get(known) ?? [], Number(port)));
    };
    const wrong = [...allow.filter((probe) => !isOpen(probe)), ...deny.filter(isOpen)];
    return wrong.map((probe) => `${from} -> ${to} ${probe}: expected ${allow.includes(probe) ? 'allow' : 'deny'}`);
  });
}

function entryOf({ src, dst, protocol, ports }: ConnectionEntry): Entry {
  const bare = (name: string): string => name.replace(/\[[^\]]*\]$/, '');
  const set = setOf(ports);
  return { src: bare(src), dst: bare(dst), ports: new Map((protocol === 'ALL' ? PROTOCOLS : [protocol]).map((one) => [one, set])) };
}

function setOf(ranges: readonly (readonly [number, number])[]): PortSet {
  return portsIn(ranges.map(([from, to]) => ({ from, to })));
}

function show(set: PortSet): string {
  return set.map(({ from, to }) => `${from}-${to}`).join() || 'nothing';
}

function rangeOf(end: string): { from: bigint; to: bigint } | undefined {
  const [from, to] = end.split('-').map((text) => parseIp(text));
  return from?.ok === true && to?.ok === true ? { from: from.value, to: to.value } : undefined;
}

function startsIn(entries: readonly Entry[]): bigint[] {
  const ranges = entries.flatMap(({ src, dst }) => [src, dst]).flatMap((end) => rangeOf(end) ?? []);
  return [...new Set(ranges.flatMap(({ from, to }) => [from, to + 1n]))];
}

function tableOf(entries: readonly Entry[], starts: readonly bigint[]): Table {
  const table: Table = new Map();
  const parts = (end: string): string[] => {
    const range = rangeOf(end);
    return range ? starts.filter((start) => start >= range.from && start <= range.to).map(String) : [end];
  };
  for (const { src, dst, ports } of entries) {
    for (const from of parts(src)) {
      for (const to of parts(dst)) {
        const pair = table.get(`${from} -> ${to}`) ?? new Map<Protocol, PortSet>();
        table.set(`${from} -> ${to}`, pair);
        for (const [protocol, set] of ports) pair.set(protocol, unitePorts(pair.get(protocol) ?? [], set));
      }
    }
  }
  return table;
}
