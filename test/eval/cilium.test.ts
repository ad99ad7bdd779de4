import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { clusterNotes } from '../../server/eval/cluster-notes.ts';
import { evaluationOf } from '../../server/eval/evaluate.ts';
import { explain } from '../../server/eval/explain.ts';
import { PROTOCOLS } from '../../server/base/ports.ts';
import { sourceFile } from '../../server/syntax/source-file.ts';
import type { CiliumSetup, Cluster } from '../../server/workspace/cluster.ts';
import { clusterFor, emptySnapshot, withFiles } from '../../server/workspace/snapshot.ts';
import { hasFields } from '../corpus.ts';
import { endOf } from './question.ts';

/*
 * What Cilium makes of its policies, one sentence of its documentation and of its own tests after the other: policies, which are put into one
 * small cluster, and connections with their verdicts.
 */
const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');
const WORLD = read('cilium-world.yaml');
const rows = read('cilium-verdicts.jsonl')
  .trim()
  .split('\n')
  .map((line): unknown => JSON.parse(line))
  .filter((one): one is { readonly title: string; readonly policies: string; readonly questions: readonly string[] } =>
    hasFields(one, 'title', 'policies', 'questions'),
  );

function clusterWith(policies: string, cilium?: CiliumSetup): Cluster {
  const uri = 'file:///work/a.yaml';
  const scope = { folders: ['file:///work'], clusters: {}, cni: 'cilium' as const, ...(cilium ? { cilium } : {}) };
  return clusterFor(withFiles(emptySnapshot(scope), [{ uri, file: sourceFile(`${WORLD}---\n${policies}`) }]), uri);
}

/** `shop/web -> shop/db TCP/80`, with its verdict behind it. */
function answered(cluster: Cluster, question: string): string {
  const [, from = '', to = '', name, port] = /^(\S+) -> (\S+) (\w+)\/(\d+)/.exec(question) ?? [];
  const protocol = PROTOCOLS.find((one) => one === name) ?? 'TCP';
  const { verdict } = explain(cluster, { from: endOf(cluster, from), to: endOf(cluster, to), protocol, port: Number(port) });
  return `${from} -> ${to} ${protocol}/${port} ${verdict}`;
}

test('there are enough questions', () => expect(rows.flatMap(({ questions }) => questions).length).toBeGreaterThan(180));

test.each(rows)('$title', ({ policies, questions }) => {
  const cluster = clusterWith(policies);
  expect(questions.map((question) => answered(cluster, question))).toEqual(questions);
});

const BY_ADDRESS =
  'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: p, namespace: shop}\nspec: {endpointSelector: {matchLabels: {app: web}}, egress: [{toCIDR: [192.168.0.0/16]}]}\n';

test('address blocks match nodes, and no other pods, where the setting says so', () => {
  const ends = ['192.168.1.10', 'data/hostpod', 'data/ip', 'shop/api'];
  const ask = (cluster: Cluster): readonly string[] =>
    ends.map((to) => answered(cluster, `shop/web -> ${to} TCP/80`).split(' ').at(-1) ?? '');
  expect(ask(clusterWith(BY_ADDRESS))).toEqual(['deny', 'deny', 'deny', 'deny']);
  expect(ask(clusterWith(BY_ADDRESS, { version: '1.19', cidrMatchMode: 'nodes' }))).toEqual(['allow', 'allow', 'deny', 'deny']);
});

const ADMIN =
  'apiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy\nmetadata: {name: adm}\nspec: {tier: Admin, priority: 1, subject: {namespaces: {}}, ingress: [{action: Deny, from: [{namespaces: {}}]}]}\n';

test('ClusterNetworkPolicies are evaluated as Cilium 1.20 does, and answers for older versions say so', () => {
  const notesIn = (version: string): readonly string[] => {
    const cluster = clusterWith(ADMIN, { version, cidrMatchMode: 'none' });
    const answer = explain(cluster, { from: endOf(cluster, 'shop/web'), to: endOf(cluster, 'shop/api'), protocol: 'TCP', port: 80 });
    expect(answer.verdict).toBe('deny');
    return [...answer.notes, ...clusterNotes(evaluationOf(cluster)).map(({ message }) => message)].filter((note) => /version/.test(note));
  };
  const note =
    'Cilium enforces ClusterNetworkPolicies from 1.20 on, and netpol.cilium.version is 1.19: this version ignores ClusterNetworkPolicy adm, which is evaluated here as later versions do.';
  expect([...new Set(notesIn('1.19'))]).toEqual([note]);
  expect(notesIn('1.20')).toEqual([]);
});
