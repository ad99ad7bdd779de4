import { expect, test, vi } from 'vitest';
import { parseIp } from '../../server/base/ip.ts';
import { explain } from '../../server/eval/explain.ts';
import { CNIS, type Settings } from '../../server/settings.ts';
import { corpus, hasFields, isTexts } from '../corpus.ts';
import { clusterOf } from './cluster.ts';
import { endOf, readQuestion } from './question.ts';

// Thousands of connections, on machines that do other things beside.
vi.setConfig({ testTimeout: 300_000 });

/** Of each API, how many clusters are right in every connection that is asked about (test/corpus/README.md), and how many there are. */
const EXACT: Readonly<Record<string, { readonly right: number; readonly all: number }>> = {
  cilium: { right: 78, all: 78 },
  calico: { right: 94, all: 94 },
  antrea: { right: 66, all: 66 },
};

test.each(Object.entries(EXACT))('clusters of %s: so many are right in every connection', (dialect, { right, all }) => {
  const own = corpus('connectivity-dialects')
    .filter(isCase)
    .filter((one) => one.dialect === dialect);
  expect(own.length).toBe(all);
  const wrong = own.flatMap((one) => wrongIn(one));
  expect(all - new Set(wrong.map(({ id }) => id)).size, JSON.stringify(wrong.slice(0, 10))).toBeGreaterThanOrEqual(right);
});

interface Case {
  readonly id: string;
  readonly dialect: string;
  readonly files: Readonly<Record<string, string>>;
  readonly expect: { readonly probes: readonly Probe[] };
}

interface Probe {
  readonly from: string;
  readonly to: string;
  readonly allow?: readonly string[];
  readonly deny?: readonly string[];
}

/** The connections of a case whose verdict is another one; those to the address of a Service are not asked. */
function wrongIn({ id, dialect, files, expect: { probes } }: Case): readonly { readonly id: string; readonly question: string }[] {
  const cluster = clusterOf(files, cniOf(dialect));
  const isService = (text: string): boolean => cluster.services.some(({ value }) => value.addresses?.includes(text) === true);
  return probes.flatMap(({ from, to, allow = [], deny = [] }) =>
    [...allow.map((port) => [port, 'allow'] as const), ...deny.map((port) => [port, 'deny'] as const)].flatMap(([port, verdict]) => {
      const question = `${from} -> ${to} ${port}`;
      if ([from, to].some((text) => parseIp(text).ok && isService(text))) return [];
      const asked = readQuestion(`${question}: ${verdict}`);
      const answer = explain(cluster, { from: endOf(cluster, from), to: endOf(cluster, to), protocol: asked.protocol, port: asked.port });
      return answer.verdict === verdict ? [] : [{ id, question: `${question}: ${answer.verdict}` }];
    }),
  );
}

function cniOf(dialect: string): Settings['cni'] {
  return CNIS.find((one) => one === dialect) ?? 'auto';
}

function isCase(value: unknown): value is Case {
  return hasFields(value, 'id', 'files', 'expect', 'dialect') && isTexts(value.files);
}
