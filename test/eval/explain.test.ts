import { expect, test } from 'vitest';
import { evaluationOf, verdict } from '../../server/eval/evaluate.ts';
import { explain } from '../../server/eval/explain.ts';
import { policyReach, reachOf } from '../../server/eval/reach.ts';
import { formatTraffic } from '../../server/base/ports.ts';
import type { Cluster } from '../../server/workspace/cluster.ts';
import { fixture } from '../fixture.ts';
import { clusterOf } from './cluster.ts';
import { endOf, readQuestion } from './question.ts';
import { WORLD } from './verdicts.ts';

const POLICIES = `
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: { name: guard }
spec:
  tier: Admin
  priority: 10
  subject: { namespaces: { matchLabels: { team: shop } } }
  ingress:
    - { name: scanners, action: Pass, from: [ { namespaces: { matchLabels: { team: ops } } } ] }
  egress:
    - { action: Accept, to: [ { domainNames: [ '*.example.com' ] } ] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: default-deny, namespace: shop }
spec: { podSelector: {} }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: allow-web, namespace: shop }
spec: { podSelector: { matchLabels: { app: db } }, ingress: [ { from: [ { podSelector: { matchLabels: { app: web } } } ], ports: [ { port: sql } ] } ] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: half-typed, namespace: ops }
spec: { podSelector: { matchLabels: [] } }`;

test('the steps say what happens, one sentence each', () => {
  expect(sentences('shop/web -> shop/db TCP/5432: allow')).toMatchInlineSnapshot(`
    "allow
    egress Admin NoMatch: guard selects every pod in namespaces with team=shop and is evaluated, but its rule spec.egress[0] matches TCP 5432 only to the hosts behind *.example.com, not to shop/db[StatefulSet].
    egress Default Allow: No policy decides about egress of shop/web[Deployment], so the default applies: allowed.
    ingress Admin NoMatch: guard selects every pod in namespaces with team=shop and is evaluated, but its rule spec.ingress[0] matches TCP 5432 only from every pod in namespaces with team=ops, not from shop/web[Deployment].
    ingress NetworkPolicy Allow: shop/allow-web selects pods with app=db in namespace shop, and its rule spec.ingress[0] allows connections from pods with app=web in namespace shop, on the TCP port named sql.
    note: ClusterNetworkPolicy guard also matches *.example.com; the addresses of these names are unknown."
  `);
  expect(sentences('ops/scan -> shop/db TCP/80: deny')).toMatchInlineSnapshot(`
    "deny
    egress Default Allow: No policy decides about egress of ops/scan[CronJob], so the default applies: allowed.
    ingress Admin Pass: guard selects every pod in namespaces with team=shop, and its rule spec.ingress[0] 'scanners' passes connections from every pod in namespaces with team=ops, on every port; the rest of the Admin tier is skipped.
    ingress NetworkPolicy Isolated: shop/allow-web selects pods with app=db in namespace shop and isolates them for ingress; its only ingress rule does not match ops/scan[CronJob] on TCP 80.
    ingress NetworkPolicy Isolated: shop/default-deny selects every pod in namespace shop and isolates them for ingress; it has no ingress rule that allows anything.
    note: 'ops/half-typed' is left out of all verdicts: spec.podSelector has matchLabels that are a list, not an object of labels."
  `);
  expect(sentences('shop/web -> shop/agent UDP/53: deny')).toMatchInlineSnapshot(`
    "deny
    egress Admin NoMatch: guard selects every pod in namespaces with team=shop and is evaluated, but its rule spec.egress[0] matches UDP 53 only to the hosts behind *.example.com, not to shop/agent[DaemonSet].
    egress Default Allow: No policy decides about egress of shop/web[Deployment], so the default applies: allowed.
    ingress NetworkPolicy Isolated: shop/default-deny selects every pod in namespace shop and isolates them for ingress; it has no ingress rule that allows anything.
    note: shop/agent[DaemonSet] uses the host's network, so whether NetworkPolicies apply to it depends on the CNI; ClusterNetworkPolicies never do.
    note: ClusterNetworkPolicy guard also matches *.example.com; the addresses of these names are unknown."
  `);
});

test('how far a workload and a policy reach', () => {
  const cluster = world();
  const made = evaluationOf(cluster);
  const workload = (name: string) => {
    const end = endOf(cluster, name);
    return end.kind === 'workload' ? reachOf(made, end.workload) : undefined;
  };
  expect(workload('shop/db')).toEqual({
    isolated: { ingress: true, egress: false },
    sources: 1,
    destinations: 2,
    fromOutside: { v4: 'none', v6: 'none' },
    toOutside: { v4: 'all', v6: 'all' },
    maybe: { in: false, out: false },
    unevaluated: [],
  });
  expect(workload('ops/scan')).toEqual({
    isolated: { ingress: false, egress: false },
    sources: 5,
    destinations: 1,
    fromOutside: { v4: 'all', v6: 'all' },
    toOutside: { v4: 'all', v6: 'all' },
    maybe: { in: false, out: false },
    unevaluated: [],
  });
  const policy = (name: string) => {
    const found = cluster.policies.find(({ value }) => value.name === name);
    if (!found) return undefined;
    const { selected, sources, destinations } = policyReach(made, found);
    return { selected: selected.map((one) => one.name).toSorted(), sources, destinations };
  };
  expect(policy('allow-web')).toEqual({ selected: ['db'], sources: 1, destinations: 2 });
  expect(policy('default-deny')).toEqual({ selected: ['agent', 'cache', 'db', 'web'], sources: 1, destinations: 3 });
  expect(policy('half-typed')).toEqual({ selected: [], sources: 0, destinations: 0 });
});

test('a port that is closed but probed: the probes pass', () => {
  const cluster = clusterOf({
    'all.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - ports: [{name: http, containerPort: 8080}]
        readinessProbe: {httpGet: {port: http}}
        livenessProbe: {tcpSocket: {port: 8081}}
      - startupProbe: {grpc: {port: 8082}}
        livenessProbe: {exec: {command: [true]}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: shut, namespace: shop}
spec: {podSelector: {}}`,
  });
  const notes = [8080, 8081, 8082, 8083].map(
    (port) => explain(cluster, { from: endOf(cluster, '203.0.113.7'), to: endOf(cluster, 'shop/web'), protocol: 'TCP', port }).notes,
  );
  expect(notes.map(({ length }) => length)).toEqual([1, 1, 1, 0]);
  expect(notes[0]).toEqual([
    "The probes of shop/web[Deployment] on TCP 8080 are always allowed: the kubelet connects from the pod's own node, which policies cannot deny.",
  ]);
});

test('a verdict is a set of ports, not a sample', () => {
  const cluster = world();
  const traffic = (from: string, to: string): string =>
    formatTraffic(verdict(evaluationOf(cluster), endOf(cluster, from), endOf(cluster, to)).allowed);
  expect(traffic('shop/web', 'shop/db')).toBe('TCP 5432');
  expect(traffic('shop/web', 'ops/scan')).toBe('all traffic');
  expect(traffic('203.0.113.7', 'shop/web')).toBe('no traffic');
});

test('what was left out is told', () => {
  expect(evaluationOf(world()).problems.map(({ path, message }) => [path.join('.'), message])).toMatchInlineSnapshot(`
    [
      [
        "spec.podSelector",
        "'ops/half-typed' is left out of all verdicts: spec.podSelector has matchLabels that are a list, not an object of labels.",
      ],
    ]
  `);
});

function world(): Cluster {
  return clusterOf({ 'all.yaml': fixture(`${WORLD}\n---\n${POLICIES}`).files[0]?.text ?? '' });
}

function sentences(question: string): string {
  const { from, to, protocol, port } = readQuestion(question);
  const cluster = world();
  const { verdict: answer, steps, notes } = explain(cluster, { from: endOf(cluster, from), to: endOf(cluster, to), protocol, port });
  return [
    answer,
    ...steps.map(({ side, tier, action, why }) => `${side} ${tier} ${action}: ${why}`),
    ...notes.map((note) => `note: ${note}`),
  ].join('\n');
}
