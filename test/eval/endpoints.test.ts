import { describe, expect, test } from 'vitest';
import { parseIp } from '../../server/base/ip.ts';
import { connections } from '../../server/eval/connections.ts';
import { evaluationOf, type Endpoint } from '../../server/eval/evaluate.ts';
import { explain } from '../../server/eval/explain.ts';
import { workloadsByName } from '../../server/eval/names.ts';
import { numberedPod } from '../../server/eval/numbered-pod.ts';
import { unknownConnections } from '../../server/eval/unknown-connections.ts';
import type { Cluster } from '../../server/workspace/cluster.ts';
import { clusterOf } from './cluster.ts';

/** What is listed between pods: `x/a[Pod] -> x/b[Pod]`, with the families if they differ. */
function listed(cluster: Cluster): string[] {
  const found = [...connections(evaluationOf(cluster))].filter(({ src, dst }) => !`${src}${dst}`.includes('[External]'));
  return found.map(({ src, dst, families }) => `${src} -> ${dst}${families ? ` ${families.join('+')}` : ''}`);
}

function endpoint(cluster: Cluster, text: string): Endpoint {
  const ip = parseIp(text);
  if (ip.ok) return { kind: 'address', ip };
  const [workload] = workloadsByName(cluster).get(text) ?? [];
  if (!workload) throw new Error(`no workload ${text}`);
  return { kind: 'workload', workload };
}

const explained = (cluster: Cluster, from: string, to: string): ReturnType<typeof explain> =>
  explain(cluster, { from: endpoint(cluster, from), to: endpoint(cluster, to), protocol: 'TCP', port: 80 });

const pod = (name: string, rest: string, status = ''): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, namespace: x, ${rest}}\nspec: {containers: [{name: c, image: i}]}\n${status}---\n`;
const np = (name: string, spec: string): string =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: ${name}, namespace: x}\nspec: ${spec}\n---\n`;
const cnp = (name: string, spec: string): string =>
  `apiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy\nmetadata: {name: ${name}}\nspec: ${spec}\n---\n`;

describe('a connection uses one address family at both ends', () => {
  const ips = (last: number): string => `status: {podIPs: [{ip: 10.0.0.${last}}, {ip: "fd00::${last}"}]}\n`;
  const pods = pod('a', 'labels: {app: a}', ips(4)) + pod('b', 'labels: {app: b}', ips(5));

  test('each side open for the other family', () => {
    const out = np('p', '{podSelector: {matchLabels: {app: a}}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}');
    const into = np('q', '{podSelector: {matchLabels: {app: b}}, ingress: [{from: [{ipBlock: {cidr: "fd00::/8"}}]}]}');
    const cluster = clusterOf({ 'a.yaml': pods + out + into });
    expect(listed(cluster)).toEqual(['x/b[Pod] -> x/a[Pod]']);
    expect(explained(cluster, 'x/a', 'x/b').verdict).toBe('deny');
  });

  test('denied over one family only', () => {
    const deny =
      '{tier: Admin, priority: 5, subject: {pods: {podSelector: {matchLabels: {app: a}}}}, egress: [{action: Deny, to: [{networks: [10.0.0.0/8]}]}]}';
    const cluster = clusterOf({ 'a.yaml': pods + cnp('guard', deny) });
    expect(listed(cluster)).toEqual(['x/a[Pod] -> x/b[Pod] IPv6', 'x/b[Pod] -> x/a[Pod]']);
    const answer = explained(cluster, 'x/a', 'x/b');
    expect(answer.families).toEqual({ IPv4: 'deny', IPv6: 'allow' });
    expect(answer.notes).toContain('A connection uses one address family: over IPv4 it is denied, over IPv6 it is allowed.');
  });

  test('a pod with one family decides', () => {
    const four = pod('c', 'labels: {app: c}', 'status: {podIP: 10.0.0.6}\n');
    const deny = '{tier: Admin, priority: 5, subject: {namespaces: {}}, egress: [{action: Deny, to: [{networks: [10.0.0.0/8]}]}]}';
    const cluster = clusterOf({ 'a.yaml': pods + four + cnp('guard', deny) });
    expect(listed(cluster)).toEqual(['x/a[Pod] -> x/b[Pod] IPv6', 'x/b[Pod] -> x/a[Pod] IPv6']);
  });
});

describe('pods of one owner', () => {
  const owned = 'ownerReferences: [{apiVersion: apps/v1, kind: StatefulSet, name: b, uid: u, controller: true}]';
  const pods =
    pod('a', 'labels: {app: a}') +
    pod('b-0', `labels: {app: b, role: primary}, ${owned}`) +
    pod('b-1', `labels: {app: b, role: replica}, ${owned}`);

  test('are listed as pods where their verdicts differ', () => {
    const cluster = clusterOf({ 'a.yaml': pods + np('p', '{podSelector: {matchLabels: {role: primary}}}') });
    expect(listed(cluster)).toEqual([
      'x/a[Pod] -> x/b-1[Pod]',
      'x/b-0[Pod] -> x/a[Pod]',
      'x/b-0[Pod] -> x/b-1[Pod]',
      'x/b-1[Pod] -> x/a[Pod]',
    ]);
    const answer = explained(cluster, 'x/a', 'x/b');
    expect([answer.verdict, answer.to]).toEqual(['deny', 'x/b-0[Pod]']);
    expect(answer.notes).toContain('x/b-0[Pod] is one of several pods of its owner, which get verdicts of their own: x/b-1[Pod]: allowed.');
  });

  test('and once, by the owner, where they do not', () => {
    const alike = np('p', '{podSelector: {matchExpressions: [{key: role, operator: Exists}]}}');
    expect(listed(clusterOf({ 'a.yaml': pods + alike }))).toEqual(['x/b[StatefulSet] -> x/a[Pod]']);
  });

  test('that their controller numbers are told apart where a policy asks for the number', () => {
    const set =
      'apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: db, namespace: x}\nspec: {replicas: 2, selector: {matchLabels: {app: db}}, template: {metadata: {labels: {app: db}}, spec: {containers: [{name: c, image: i}]}}}\n---\n';
    const first = np('p', '{podSelector: {matchLabels: {statefulset.kubernetes.io/pod-name: db-0}}}');
    expect(listed(clusterOf({ 'a.yaml': pod('a', 'labels: {app: a}') + set + first }))).toEqual([
      'x/a[Pod] -> x/db-1[Pod]',
      'x/db-0[Pod] -> x/a[Pod]',
      'x/db-0[Pod] -> x/db-1[Pod]',
      'x/db-1[Pod] -> x/a[Pod]',
    ]);
    expect(listed(clusterOf({ 'a.yaml': pod('a', 'labels: {app: a}') + set }))).toEqual([
      'x/a[Pod] -> x/db[StatefulSet]',
      'x/db[StatefulSet] -> x/a[Pod]',
    ]);
  });
});

test('a label that only the cluster knows leaves the verdict unknown', () => {
  const web =
    'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: x}\nspec: {selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c, image: i}]}}}\n---\n';
  const hashed = np(
    'p',
    '{podSelector: {matchLabels: {pod-template-hash: abc}}, ingress: [{from: [{podSelector: {matchLabels: {app: b}}}]}]}',
  );
  const cluster = clusterOf({ 'a.yaml': web + pod('a', 'labels: {app: a}') + pod('b', 'labels: {app: b}') + hashed });
  expect(listed(cluster).filter((line) => line.endsWith('web[Deployment]'))).toEqual(['x/b[Pod] -> x/web[Deployment]']);
  const unknown = [...unknownConnections(evaluationOf(cluster))].map(({ src, dst, policies }) => `${src} -> ${dst}: ${policies.join()}`);
  expect(unknown).toContain("x/a[Pod] -> x/web[Deployment]: NetworkPolicy 'x/p'");
  expect(explained(cluster, 'x/a', 'x/web').verdict).toBe('unknown');
});

test('an address of a known pod is about that pod', () => {
  const cluster = clusterOf({
    'a.yaml':
      pod('a', 'labels: {app: a}') +
      pod('b', 'labels: {app: b}', 'status: {podIP: 10.0.0.5}\n') +
      np('p', '{podSelector: {matchLabels: {app: b}}}'),
  });
  const answer = explained(cluster, 'x/a', '10.0.0.5');
  expect([answer.verdict, answer.to]).toEqual(['deny', 'x/b[Pod]']);
  expect(answer.notes).toContain('10.0.0.5 is the address of x/b[Pod], so the answer is for that pod.');
});

test('two versions of the API in one stage: nothing defines their order, and the answer says so', () => {
  const old =
    'apiVersion: policy.networking.k8s.io/v1alpha1\nkind: BaselineAdminNetworkPolicy\nmetadata: {name: default}\nspec: {subject: {namespaces: {}}, ingress: [{action: Allow, from: [{namespaces: {}}]}]}\n---\n';
  const base = '{tier: Baseline, priority: 1000, subject: {namespaces: {}}, ingress: [{action: Deny, from: [{namespaces: {}}]}]}';
  const cluster = clusterOf({ 'a.yaml': pod('a', 'labels: {app: a}') + pod('b', 'labels: {app: b}') + old + cnp('guard', base) });
  expect(explained(cluster, 'x/a', 'x/b').notes.join()).toContain('Nothing defines the order of');
});

describe('a selector in which something is filled in later', () => {
  const pods = pod('a', 'labels: {app: a}') + pod('b', 'labels: {app: b}');

  test('of a subject: the policy may select the pods', () => {
    const cluster = clusterOf({ 'a.yaml': pods + np('p', '{podSelector: {matchLabels: {app: "${APP}"}}, policyTypes: [Ingress]}') });
    const answer = explained(cluster, 'x/a', 'x/b');
    expect(answer.verdict).toBe('unknown');
    expect(answer.notes).toContain(
      'Whether NetworkPolicy x/p selects the pod depends on a value of its selector that is filled in later, so the policy may or may not apply.',
    );
    const found = [...unknownConnections(evaluationOf(cluster))].filter(({ src, dst }) => !`${src}${dst}`.includes('[External]'));
    expect(found.map(({ src, dst, policies }) => [src, dst, ...policies])).toEqual([
      ['x/a[Pod]', 'x/b[Pod]', "NetworkPolicy 'x/p'"],
      ['x/b[Pod]', 'x/a[Pod]', "NetworkPolicy 'x/p'"],
    ]);
  });

  test('of a subject, with another label that does not match: it does not', () => {
    const spec = '{podSelector: {matchLabels: {app: c, tier: "${TIER}"}}, policyTypes: [Ingress]}';
    expect(explained(clusterOf({ 'a.yaml': pods + np('p', spec) }), 'x/a', 'x/b').verdict).toBe('allow');
  });

  test('of a peer: the rule may match', () => {
    const spec = '{podSelector: {matchLabels: {app: b}}, ingress: [{from: [{podSelector: {matchLabels: {app: "{{ .client }}"}}}]}]}';
    const cluster = clusterOf({ 'a.yaml': pods + np('p', spec) });
    expect([explained(cluster, 'x/a', 'x/b').verdict, explained(cluster, '192.0.2.1', 'x/b').verdict]).toEqual(['unknown', 'deny']);
  });
});

test('a numbered pod has a name of its own', () => {
  const db =
    'apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: db, namespace: x}\nspec: {replicas: 2, template: {metadata: {labels: {app: db}}, spec: {containers: [{name: c, image: i}]}}}\n---\n';
  const first = np('p', '{podSelector: {matchLabels: {apps.kubernetes.io/pod-index: "0"}}, policyTypes: [Ingress]}');
  const names = (cluster: Cluster): (string | undefined)[] =>
    ['x/db-0', 'x/db-1[Pod]', 'x/db-2', 'x/other-0'].map((text) => numberedPod(cluster, text)?.name);
  expect(names(clusterOf({ 'a.yaml': db + first }))).toEqual(['db-0', 'db-1', undefined, undefined]);
  expect(names(clusterOf({ 'a.yaml': db }))).toEqual(['db', 'db', undefined, undefined]);
});
