import { expect, test } from 'vitest';
import { workspaceFindingsIn } from './workspace-findings.ts';

/** The messages of a rule about some manifests. */
function messages(rule: string, documents: readonly string[]): readonly string[] {
  return workspaceFindingsIn(documents.map((text, i) => `# file: ${i}.yaml\n${text}`).join('\n'))
    .filter(({ code }) => code === rule)
    .map(({ message }) => message);
}

const policy = (name: string, spec: string): string =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: ${name}, namespace: shop}\nspec: ${spec}`;
const pod = (name: string, more = ''): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, namespace: shop, labels: {app: ${name}}}\nspec: {serviceAccountName: ${name}, containers: [{name: c, image: i, ports: [{containerPort: 8443}]}]${more}}`;

const CALLER = [
  pod('operator'),
  'apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: operator, namespace: shop}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: operator}\nsubjects: [{kind: ServiceAccount, name: operator, namespace: shop}]',
  policy('p', '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: [{port: 443}]}]}'),
];
const NODE = (label: string): string => `apiVersion: v1\nkind: Node\nmetadata: {name: n, labels: {${label}: a}}`;

test('egress on 443 is enough where a cloud runs the API server', () => {
  expect(messages('api-server-blocked', CALLER)).toHaveLength(1);
  expect(messages('api-server-blocked', [...CALLER, NODE('topology.kubernetes.io/zone')])).toHaveLength(1);
  expect(messages('api-server-blocked', [...CALLER, NODE('eks.amazonaws.com/nodegroup')])).toEqual([]);
  const gce =
    'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: i, namespace: shop}\nspec: {ingressClassName: gce, defaultBackend: {service: {name: s, port: {number: 80}}}}';
  expect(messages('api-server-blocked', [...CALLER, gce])).toEqual([]);
});

test('the host network has a label on OpenShift', () => {
  const webhook = [
    pod('hook'),
    'apiVersion: v1\nkind: Service\nmetadata: {name: hook, namespace: shop}\nspec: {selector: {app: hook}, ports: [{port: 443, targetPort: 8443}]}',
    'apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingWebhookConfiguration\nmetadata: {name: w}\nwebhooks: [{name: w.example.com, clientConfig: {service: {namespace: shop, name: hook}}}]',
    policy('p', '{podSelector: {}, policyTypes: [Ingress], ingress: [{from: [{podSelector: {}}]}]}'),
  ];
  expect(messages('webhook-blocked', webhook)).toEqual([expect.stringMatching(/Allow that port from an ipBlock/)]);
  const openshift = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: openshift-monitoring}';
  expect(messages('webhook-blocked', [...webhook, openshift])).toEqual([
    expect.stringMatching(/host-network: '', which means the host network/),
  ]);
});

test('numbered pods: one that can be reached is enough for a client', () => {
  const db = (index: string): readonly string[] => [
    'apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: db, namespace: shop}\nspec: {replicas: 2, template: {metadata: {labels: {app: db}}, spec: {containers: [{name: c, image: i, ports: [{containerPort: 5432}]}]}}}',
    'apiVersion: v1\nkind: Service\nmetadata: {name: db, namespace: shop}\nspec: {selector: {app: db}, ports: [{port: 5432}]}',
    'apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop, labels: {app: web}}\nspec: {containers: [{name: c, image: i, env: [{name: DB, value: "db:5432"}]}]}',
    policy(
      'p',
      `{podSelector: {matchExpressions: [{key: apps.kubernetes.io/pod-index, operator: In, values: [${index}]}]}, policyTypes: [Ingress]}`,
    ),
  ];
  expect(messages('service-client-blocked', db('"0"'))).toEqual([]);
  expect(messages('service-client-blocked', db('"0", "1"'))).toHaveLength(1);
});

test('an allow-all has no example where a policy that is not evaluated may deny it', () => {
  const policies = [
    pod('web'),
    pod('api'),
    policy('all', '{podSelector: {}, policyTypes: [Ingress], ingress: [{}]}'),
    policy(
      'some',
      '{podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress], ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]}',
    ),
  ];
  const unevaluated =
    'apiVersion: networking.k8s.aws/v1alpha1\nkind: ApplicationNetworkPolicy\nmetadata: {name: c, namespace: shop}\nspec: {podSelector: {}, ingress: [{}]}';
  expect(messages('redundant-with-allow-all', policies)).toEqual([expect.stringMatching(/, for example /)]);
  const beside = messages('redundant-with-allow-all', [...policies, unevaluated]);
  expect(beside.every((message) => !/, for example /.test(message))).toBe(true);
});

test('a webhook behind a policy that selects by a label of a mesh may be allowed', () => {
  const webhook = [
    pod('hook'),
    'apiVersion: v1\nkind: Service\nmetadata: {name: hook, namespace: shop}\nspec: {selector: {app: hook}, ports: [{port: 443, targetPort: 8443}]}',
    'apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingWebhookConfiguration\nmetadata: {name: w}\nwebhooks: [{name: w.example.com, clientConfig: {service: {namespace: shop, name: hook}}}]',
    policy('same-namespace', '{podSelector: {}, policyTypes: [Ingress], ingress: [{from: [{podSelector: {}}]}]}'),
  ];
  const allowing = (label: string): string =>
    policy('hook', `{podSelector: {matchLabels: {${label}}}, ingress: [{ports: [{port: 8443}]}]}`);
  expect(messages('webhook-blocked', webhook)).toHaveLength(1);
  expect(messages('webhook-blocked', [...webhook, allowing('service.istio.io/canonical-name: hook')])).toEqual([]);
  expect(messages('webhook-blocked', [...webhook, allowing('service.istio.io/canonical-name: hook, app: other')])).toHaveLength(1);
  expect(messages('webhook-blocked', [...webhook, allowing('app: other')])).toHaveLength(1);
});
