import { describe, expect, test } from 'vitest';
import { evaluationOf } from '../../server/eval/evaluate.ts';
import { explain } from '../../server/eval/explain.ts';
import { unknownConnections } from '../../server/eval/unknown-connections.ts';
import type { Cluster } from '../../server/workspace/cluster.ts';
import { fixture } from '../fixture.ts';
import { workspaceFindingsIn } from '../rules/workspace-findings.ts';
import { clusterOf } from './cluster.ts';
import { endOf, readQuestion } from './question.ts';

/*
 * Policies of other APIs beside those that are evaluated: where one may select a pod, nothing is claimed that it could change.
 */

const WORKLOADS = ['shop/web', 'shop/db', 'shop/api', 'ops/scan']
  .map((full) => full.split('/'))
  .map(
    ([namespace, name]) =>
      `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: ${name}, namespace: ${namespace}}\nspec:\n  template:\n    metadata: {labels: {app: ${name}}}\n    spec: {containers: [{name: c, image: i, ports: [{containerPort: 80}]}]}\n`,
  )
  .join('---\n');

const NAMESPACES = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {team: shop, kubernetes.io/metadata.name: shop}}\n';

const object = (apiVersion: string, kind: string, name: string, spec: string): string => {
  const [namespace, own] = name.includes('/') ? name.split('/') : [undefined, name];
  const metadata = namespace === undefined ? `{name: ${own}}` : `{name: ${own}, namespace: ${namespace}}`;
  return `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: ${metadata}\nspec: ${spec}\n`;
};

const cilium = (spec: string): string => object('cilium.io/v2', 'CiliumNetworkPolicy', 'shop/other', spec);
const wide = (spec: string): string => object('cilium.io/v2', 'CiliumClusterwideNetworkPolicy', 'other', spec);
const calico = (spec: string): string => object('projectcalico.org/v3', 'NetworkPolicy', 'shop/other', spec);
const global = (spec: string): string => object('projectcalico.org/v3', 'GlobalNetworkPolicy', 'other', spec);
const antrea = (spec: string): string => object('crd.antrea.io/v1beta1', 'NetworkPolicy', 'shop/other', spec);
const antreaWide = (spec: string): string => object('crd.antrea.io/v1beta1', 'ClusterNetworkPolicy', 'other', spec);
const isolating = object('networking.k8s.io/v1', 'NetworkPolicy', 'shop/closed', '{podSelector: {}, policyTypes: [Ingress]}');
const admin = (action: string, tier = 'Admin'): string =>
  object(
    'policy.networking.k8s.io/v1alpha2',
    'ClusterNetworkPolicy',
    'guard',
    `{tier: ${tier}, priority: 1, subject: {namespaces: {}}, ingress: [{action: ${action}, from: [{namespaces: {}}]}]}`,
  );

const RULES: Readonly<Record<string, readonly [policies: readonly string[], expectations: string]>> = {
  'of Cilium, for pods with its labels, in its directions': [
    [cilium('{endpointSelector: {matchLabels: {"k8s:app": db}}, ingress: [{fromEndpoints: [{}]}]}')],
    `#? shop/web -> shop/db TCP/80: unknown
     #? 192.0.2.1 -> shop/db TCP/80: unknown
     #? shop/db -> shop/web TCP/80: allow
     #? shop/web -> shop/api TCP/80: allow`,
  ],
  'of Cilium, for egress': [
    [cilium('{endpointSelector: {}, egressDeny: [{toEntities: [world]}]}')],
    `#? shop/web -> shop/db TCP/80: unknown
     #? shop/web -> 192.0.2.1 TCP/80: unknown
     #? ops/scan -> shop/db TCP/80: allow`,
  ],
  'of Cilium, several in one object': [
    [
      'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: other, namespace: shop}\nspecs:\n- endpointSelector: {matchLabels: {any:app: web}}\n  ingress: [{}]\n- endpointSelector: {matchExpressions: [{key: app, operator: In, values: [db]}]}\n  ingress: [{}]\n',
    ],
    `#? ops/scan -> shop/web TCP/80: unknown
     #? ops/scan -> shop/db TCP/80: unknown
     #? ops/scan -> shop/api TCP/80: allow`,
  ],
  'of Cilium, for the whole cluster': [
    [wide('{endpointSelector: {matchLabels: {"k8s:io.kubernetes.pod.namespace": ops}}, ingress: [{}]}')],
    `#? shop/web -> ops/scan TCP/80: unknown
     #? shop/web -> shop/db TCP/80: allow`,
  ],
  'of Cilium, for the labels of a namespace': [
    [wide('{endpointSelector: {matchLabels: {"io.cilium.k8s.namespace.labels.team": shop}}, ingress: [{}]}')],
    `#? ops/scan -> shop/db TCP/80: unknown
     #? shop/web -> ops/scan TCP/80: unknown`,
  ],
  'of Cilium, for nodes: no pod': [[wide('{nodeSelector: {}, ingress: [{}]}')], `#? shop/web -> shop/db TCP/80: allow`],
  'beside a NetworkPolicy: what that isolates may be allowed, what that allows may be denied': [
    [isolating, cilium('{endpointSelector: {matchLabels: {app: db}}, ingress: [{}]}')],
    `#? shop/web -> shop/db TCP/80: unknown
     #? shop/web -> shop/api TCP/80: deny`,
  ],
  'the Admin tier comes before Cilium': [
    [admin('Deny'), cilium('{endpointSelector: {}, ingress: [{}]}')],
    `#? shop/web -> shop/db TCP/80: deny
     #? 192.0.2.1 -> shop/db TCP/80: unknown`,
  ],
  'what the Admin tier accepts is allowed': [
    [admin('Accept'), cilium('{endpointSelector: {}, ingress: [{}]}')],
    `#? shop/web -> shop/db TCP/80: allow
     #? 192.0.2.1 -> shop/db TCP/80: unknown`,
  ],
  'the other side denies for sure': [
    [isolating, cilium('{endpointSelector: {matchLabels: {app: web}}, egress: [{}]}')],
    `#? shop/web -> shop/db TCP/80: deny
     #? shop/web -> ops/scan TCP/80: unknown`,
  ],
  'of Calico, by its selector': [
    [calico(`{selector: "app == 'db' && has(app)", ingress: [{action: Allow}]}`)],
    `#? shop/web -> shop/db TCP/80: unknown
     #? shop/web -> shop/api TCP/80: allow`,
  ],
  'of Calico: a selector that is not followed may select anything': [
    [calico(`{selector: "app == 'db' || app == 'api'", types: [Egress]}`)],
    `#? shop/web -> ops/scan TCP/80: unknown
     #? ops/scan -> shop/web TCP/80: allow`,
  ],
  'of Calico, for the whole cluster': [
    [global(`{namespaceSelector: "projectcalico.org/name == 'ops'", selector: all(), types: [Ingress]}`)],
    `#? shop/web -> ops/scan TCP/80: unknown
     #? shop/web -> shop/db TCP/80: allow`,
  ],
  'of Calico in a tier of its own: it may come before the Admin tier': [
    [admin('Deny'), calico('{tier: security, selector: all(), types: [Ingress]}')],
    `#? ops/scan -> shop/db TCP/80: unknown
     #? shop/web -> ops/scan TCP/80: deny`,
  ],
  'of Antrea, by appliedTo of the policy and of its rules': [
    [
      antrea('{appliedTo: [{podSelector: {matchLabels: {app: db}}}], ingress: [{action: Drop}]}'),
      antreaWide('{ingress: [{action: Drop, appliedTo: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ops}}}]}]}'),
    ],
    `#? shop/web -> shop/db TCP/80: unknown
     #? shop/web -> ops/scan TCP/80: unknown
     #? shop/web -> shop/api TCP/80: allow`,
  ],
  'of Antrea, in the tier Baseline: NetworkPolicies come before it': [
    [isolating, antrea('{tier: baseline, appliedTo: [{podSelector: {}}], ingress: [{action: Allow}], egress: [{action: Drop}]}')],
    `#? ops/scan -> shop/db TCP/80: deny
     #? shop/web -> ops/scan TCP/80: unknown`,
  ],
  'of OVN-Kubernetes: only addresses outside, and only to deny': [
    [
      object('k8s.ovn.org/v1', 'EgressFirewall', 'shop/default', '{egress: [{type: Deny, to: {cidrSelector: 0.0.0.0/0}}]}'),
      object('networking.k8s.io/v1', 'NetworkPolicy', 'shop/db', '{podSelector: {matchLabels: {app: db}}, policyTypes: [Egress]}'),
    ],
    `#? shop/web -> 192.0.2.1 TCP/443: unknown
     #? shop/web -> ops/scan TCP/80: allow
     #? shop/db -> 192.0.2.1 TCP/443: deny
     #? ops/scan -> 192.0.2.1 TCP/443: allow`,
  ],
  'of Istio: an answer stands': [
    [object('security.istio.io/v1', 'AuthorizationPolicy', 'shop/db', '{selector: {matchLabels: {app: db}}, action: DENY, rules: [{}]}')],
    `#? shop/web -> shop/db TCP/80: allow`,
  ],
  'a selector that something fills in later may select anything': [
    [cilium('{endpointSelector: {matchLabels: {app: "{{ .Values.app }}"}}, ingress: [{}]}')],
    `#? ops/scan -> shop/api TCP/80: unknown`,
  ],
};

describe('a policy that is not evaluated', () => {
  test.each(Object.entries(RULES))('%s', (_name, [policies, expectations]) => {
    const { files, expectations: asked } = fixture([NAMESPACES, WORKLOADS, ...policies, expectations.replace(/^ +/gm, '')].join('---\n'));
    const cluster = clusterOf(Object.fromEntries(files.map(({ name, text }) => [name, text])), 'kubernetes');
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.map((one) => answerTo(cluster, one))).toEqual(asked);
  });
});

function answerTo(cluster: Cluster, expectation: string): string {
  const { question, from, to, protocol, port } = readQuestion(expectation);
  return `${question}: ${explain(cluster, { from: endOf(cluster, from), to: endOf(cluster, to), protocol, port }).verdict}`;
}

const BESIDE = [
  NAMESPACES,
  WORKLOADS,
  isolating.replace('podSelector: {}', 'podSelector: {matchLabels: {app: web}}'),
  cilium('{endpointSelector: {matchLabels: {app: db}}, ingress: [{}], egress: [{}]}'),
].join('---\n');

test('is named in an explanation, where it would be asked', () => {
  const cluster = clusterOf({ 'a.yaml': BESIDE }, 'kubernetes');
  const { steps } = explain(cluster, { from: endOf(cluster, 'shop/web'), to: endOf(cluster, 'shop/db'), protocol: 'TCP', port: 80 });
  expect(steps.map(({ side, tier, action, policy = '' }) => `${side} ${tier} ${action} ${policy}`.trim())).toEqual([
    'egress Default Allow',
    'ingress Cilium Unknown shop/other',
    'ingress Default Allow',
  ]);
  expect(steps.map(({ why }) => why).join(' ')).toContain("CiliumNetworkPolicy 'shop/other' may select shop/db[Deployment].");
});

test('is named with the connections that depend on it, and as a problem', () => {
  const { cluster, problems, ...made } = evaluationOf(clusterOf({ 'a.yaml': BESIDE }, 'kubernetes'));
  expect(problems.map(({ message }) => message)).toEqual([
    "CiliumNetworkPolicy 'shop/other' is not evaluated: answers about pods that it may select are unknown.",
  ]);
  const unknown = [...unknownConnections({ cluster, problems, ...made })];
  expect(unknown.find(({ src, dst }) => src === 'shop/web[Deployment]' && dst === 'shop/db[Deployment]')).toEqual({
    src: 'shop/web[Deployment]',
    dst: 'shop/db[Deployment]',
    protocol: 'ALL',
    ports: [[1, 65_535]],
    policies: ["CiliumNetworkPolicy 'shop/other'"],
  });
  expect(unknown.every(({ src, dst }) => `${src} ${dst}`.includes('shop/db'))).toBe(true);
});

test('of Istio is a note in an explanation of what is allowed', () => {
  const policy = object('security.istio.io/v1', 'AuthorizationPolicy', 'shop/db', '{selector: {matchLabels: {app: db}}}');
  const cluster = clusterOf({ 'a.yaml': [WORKLOADS, policy].join('---\n') }, 'kubernetes');
  const { notes } = explain(cluster, { from: endOf(cluster, 'shop/web'), to: endOf(cluster, 'shop/db'), protocol: 'TCP', port: 80 });
  expect(notes.join()).toContain("Istio AuthorizationPolicy 'shop/db' may select shop/db[Deployment]");
});

test('no finding says that a workload is open that it may select', () => {
  const found = workspaceFindingsIn(BESIDE, { cni: 'kubernetes' }).map(({ code, message }) => `${code}: ${message}`);
  expect(found.filter((one) => one.includes('shop/db')).join('\n')).toBe('');
  expect(found.join('\n')).toContain('shop/api');
});

test('of a kind with the name of ours is no second definition of it', () => {
  const own = object('networking.k8s.io/v1', 'NetworkPolicy', 'shop/other', '{podSelector: {}}');
  expect(
    evaluationOf(clusterOf({ 'a.yaml': [own, calico('{selector: all()}'), antrea('{appliedTo: []}')].join('---\n') }, 'kubernetes'))
      .problems,
  ).toEqual([expect.objectContaining({ message: expect.stringContaining("Calico NetworkPolicy 'shop/other' is not evaluated") })]);
});

test('no finding says that DNS is blocked where a policy that is not evaluated may allow it', () => {
  const closed = object(
    'networking.k8s.io/v1',
    'NetworkPolicy',
    'shop/db',
    '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{podSelector: {matchLabels: {app: web}}}]}]}',
  );
  const codes = (...texts: readonly string[]): string =>
    workspaceFindingsIn([NAMESPACES, WORKLOADS, closed, ...texts].join('---\n'), { cni: 'kubernetes' })
      .map(({ code }) => code)
      .join(' ');
  expect(codes()).toContain('dns-blocked');
  expect(codes(wide('{endpointSelector: {}, egress: [{toEndpoints: [{}]}]}'))).not.toContain('dns-blocked');
  expect(codes(cilium('{endpointSelector: {}, ingress: [{}]}'))).toContain('dns-blocked');
});
