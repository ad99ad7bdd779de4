import { expect, test } from 'vitest';
import { workspaceFindingsIn } from './workspace-findings.ts';

/*
 * Two rules, one with only peers and one with only ports, are a warning unless the ports are for callers that no selector matches: then
 * each rule is sensible alone, and merging them would block those callers.
 */

const POLICY = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  policyTypes: [Ingress]
  ingress:
  - from: [{podSelector: {matchLabels: {app: orders}}}]
  - ports: [{port: 8443, protocol: TCP}]
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec:
  containers:
  - {name: main, image: 'registry.example/web:1', ports: [{name: https, containerPort: 8443}, {name: db, containerPort: 5432}]}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  type: ClusterIP
  selector: {app: web}
  ports: [{port: 443, targetPort: https}]
`;

const WEBHOOK = `---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: web}
webhooks:
- name: web.example.com
  admissionReviewVersions: [v1]
  sideEffects: None
  clientConfig: {service: {name: web, namespace: shop}}
`;

const AGGREGATED = `---
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: {name: v1.example.com}
spec:
  group: example.com
  version: v1
  groupPriorityMinimum: 100
  versionPriority: 100
  service: {name: web, namespace: shop}
`;

test.each([
  ['a port that only pods call', POLICY, ['warning']],
  ['the port of a webhook', POLICY + WEBHOOK, ['information']],
  ['the port of a webhook by name', POLICY.replace('port: 8443', 'port: https') + WEBHOOK, ['information']],
  ['the port of an aggregated API', POLICY + AGGREGATED, ['information']],
  ['the port of a load balancer', POLICY.replace('ClusterIP', 'LoadBalancer'), ['information']],
  ['a node port', POLICY.replace('ClusterIP', 'NodePort'), ['information']],
  [
    'another port than that of the load balancer',
    POLICY.replace('ClusterIP', 'LoadBalancer').replace('port: 8443', 'port: 5432'),
    ['warning'],
  ],
  ['one port for the API server, and another one', POLICY.replace('port: 8443', 'port: 8443}, {port: 5432') + WEBHOOK, ['warning']],
])('%s', (_, yaml, severities) => {
  const found = workspaceFindingsIn(yaml).filter(({ code }) => code === 'suspected-split-rule');
  expect(found.map(({ severity }) => severity)).toEqual(severities);
});
