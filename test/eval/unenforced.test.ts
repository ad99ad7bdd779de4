import { expect, test } from 'vitest';
import { evaluationOf } from '../../server/eval/evaluate.ts';
import { explain } from '../../server/eval/explain.ts';
import { unknownConnections } from '../../server/eval/unknown-connections.ts';
import type { Settings } from '../../server/settings.ts';
import type { Cluster } from '../../server/workspace/cluster.ts';
import { workspaceFindingsIn } from '../rules/workspace-findings.ts';
import { clusterOf } from './cluster.ts';
import { endOf } from './question.ts';

/*
 * The setting of the network plugin wins: policies of the others are named, and no verdict depends on them.
 */

const pod = (name: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, namespace: shop, labels: {app: ${name}}}\nspec: {containers: [{name: c, image: i}]}\n`;
const object = (apiVersion: string, kind: string, spec: string): string =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: own, namespace: shop}\nspec: ${spec}\n`;

/** A policy of each network plugin that allows connections to db on a port of its own, and nothing else. */
const POLICIES = {
  cilium: object(
    'cilium.io/v2',
    'CiliumNetworkPolicy',
    '{endpointSelector: {matchLabels: {app: db}}, ingress: [{fromEndpoints: [{}], toPorts: [{ports: [{port: "1001", protocol: TCP}]}]}]}',
  ),
  calico: object(
    'projectcalico.org/v3',
    'NetworkPolicy',
    `{selector: app == 'db', types: [Ingress], ingress: [{action: Allow, protocol: TCP, destination: {ports: [1002]}}]}`,
  ),
  antrea: object(
    'crd.antrea.io/v1beta1',
    'NetworkPolicy',
    '{priority: 5, appliedTo: [{podSelector: {matchLabels: {app: db}}}], ingress: [{action: Allow, ports: [{port: 1003, protocol: TCP}]}, {action: Drop}]}',
  ),
} as const;

const NAMES = {
  cilium: "CiliumNetworkPolicy 'shop/own'",
  calico: "Calico NetworkPolicy 'shop/own'",
  antrea: "Antrea NetworkPolicy 'shop/own'",
} as const;

const ALL = [pod('web'), pod('db'), pod('other'), ...Object.values(POLICIES)].join('---\n');

const clusterWith = (cni: Settings['cni']): Cluster => clusterOf({ 'all.yaml': ALL }, cni);

function verdicts(cluster: Cluster): readonly string[] {
  return [1001, 1002, 1003].map(
    (port) => explain(cluster, { from: endOf(cluster, 'shop/web'), to: endOf(cluster, 'shop/db'), protocol: 'TCP', port }).verdict,
  );
}

test.each([
  ['cilium', ['allow', 'deny', 'deny'], ['calico', 'antrea']],
  ['calico', ['deny', 'allow', 'deny'], ['cilium', 'antrea']],
  ['antrea', ['deny', 'deny', 'allow'], ['cilium', 'calico']],
] as const)('netpol.cni %s: verdicts are its own, and the policies of others are named', (cni, expected, others) => {
  const cluster = clusterWith(cni);
  expect(verdicts(cluster)).toEqual(expected);
  const evaluation = evaluationOf(cluster);
  expect([...unknownConnections(evaluation)]).toEqual([]);
  for (const other of others) {
    expect(evaluation.problems.map(({ message }) => message).join('\n')).toContain(`${NAMES[other]} is not enforced`);
    const asked = (to: string): string =>
      explain(cluster, { from: endOf(cluster, 'shop/web'), to: endOf(cluster, to), protocol: 'TCP', port: 1001 }).notes.join('\n');
    expect(asked('shop/db')).toContain(NAMES[other]);
    // It selects neither of these two.
    expect(asked('shop/other')).not.toContain('Not enforced');
  }
  const found = workspaceFindingsIn(ALL, { cni }).filter(({ code }) => code === 'policy-of-other-plugin');
  expect(found.map(({ message }) => message.split(' is not enforced')[0])).toEqual(others.map((other) => NAMES[other]));
});

test('without a setting no plugin is taken where several have policies: all are named, and answers that depend on them are unknown', () => {
  const cluster = clusterWith('auto');
  expect(cluster.plane).toBe('kubernetes');
  expect(verdicts(cluster)).toEqual(['unknown', 'unknown', 'unknown']);
  expect(evaluationOf(cluster).problems[0]?.message).toContain('policies of Antrea, Calico and Cilium');
  const found = workspaceFindingsIn(ALL).filter(({ code }) => code === 'policy-of-other-plugin');
  expect(found.map(({ message }) => message)).toEqual([expect.stringContaining('policies of Antrea, Calico and Cilium')]);
  const untouched = explain(cluster, { from: endOf(cluster, 'shop/web'), to: endOf(cluster, 'shop/other'), protocol: 'TCP', port: 1001 });
  expect(untouched.verdict).toBe('allow');
});
