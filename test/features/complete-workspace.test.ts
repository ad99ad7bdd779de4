import { expect, test } from 'vitest';
import { complete } from '../../server/features/complete.ts';
import { textOf } from '../../server/syntax/source-file.ts';
import { applied, checkWorkspaceCompletions, workspaceAt } from '../checks.ts';
import { NAMESPACES, OTHERS, WEB } from './shop.ts';

const V1 = '# file: policy.yaml\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: n, namespace: shop}\nspec:\n';
const CNP =
  '# file: policy.yaml\napiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy\nmetadata: {name: n}\nspec:\n  tier: Admin\n  priority: 1\n';
const shop = (policy: string): string => [NAMESPACES, WEB, OTHERS, policy].join('');
const FOUND = /selects|other|workload|Service|cluster$/;

test('label keys: what they leave in the namespace of the policy', () => {
  checkWorkspaceCompletions(shop(`${V1}  podSelector:\n    matchLabels:\n      $0`), FOUND).toMatchInlineSnapshot(`
    "app  selects 2 of 2 workloads
    tier  selects 2 of 2 workloads"
  `);
});

test('label keys: the rest of the selector counts', () => {
  checkWorkspaceCompletions(shop(`${V1}  podSelector:\n    matchLabels:\n      tier: front\n      $0`), FOUND).toMatchInlineSnapshot(
    `"app  selects 1 of 1 workload"`,
  );
  checkWorkspaceCompletions(shop(`${V1}  podSelector:\n    matchLabels:\n      tier: nope\n      $0`), FOUND).toMatchInlineSnapshot(
    `"app  on 3 other workloads"`,
  );
});

test('label values', () => {
  checkWorkspaceCompletions(shop(`${V1}  podSelector:\n    matchLabels:\n      app: $0`), FOUND).toMatchInlineSnapshot(`
    "api  selects 1 of 2 workloads
    web  selects 1 of 2 workloads"
  `);
  checkWorkspaceCompletions(shop(`${V1}  podSelector:\n    matchLabels:\n      tier: back\n      app: $0`), FOUND).toMatchInlineSnapshot(`
    "api  selects 1 of 1 workload
    web  selects none of 1 workload, but is on 2 other"
  `);
});

test('values of an expression: with those that are there, and by its operator', () => {
  const expression = (operator: string, values: string): string =>
    `${V1}  podSelector:\n    matchExpressions:\n    - key: app\n      operator: ${operator}\n      values: ${values}\n`;
  checkWorkspaceCompletions(shop(expression('In', '[api, $0]')), FOUND).toMatchInlineSnapshot(`"web  selects 2 of 2 workloads"`);
  checkWorkspaceCompletions(shop(expression('NotIn', '[$0]')), FOUND).toMatchInlineSnapshot(`
    "api  selects 1 of 2 workloads
    web  selects 1 of 2 workloads"
  `);
});

test('keys of an expression', () => {
  checkWorkspaceCompletions(shop(`${V1}  podSelector:\n    matchExpressions:\n    - operator: DoesNotExist\n      key: $0`), FOUND)
    .toMatchInlineSnapshot(`
    "app  selects none of 2 workloads, but is on 1 other
    tier  selects none of 2 workloads"
  `);
});

test('a peer looks into the namespaces that it names', () => {
  const peer = `${V1}  podSelector: {}\n  ingress:\n  - from:\n    - namespaceSelector:\n        matchLabels: {team: data}\n      podSelector:\n        matchLabels:\n          app: $0`;
  checkWorkspaceCompletions(shop(peer), FOUND).toMatchInlineSnapshot(`
    "web  selects 1 of 1 workload
    api  selects none of 1 workload, but is on 1 other"
  `);
});

test('labels of namespaces: how many of them, and how many workloads', () => {
  const peer = (labels: string): string =>
    `${V1}  podSelector: {}\n  ingress:\n  - from:\n    - podSelector: {matchLabels: {app: web}}\n      namespaceSelector:\n        matchLabels:\n          ${labels}`;
  checkWorkspaceCompletions(shop(peer('$0')), FOUND).toMatchInlineSnapshot(`"team  selects 2 of 2 namespaces, 2 of 2 workloads"`);
  checkWorkspaceCompletions(shop(peer('kubernetes.io/metadata.name: $0')), FOUND).toMatchInlineSnapshot(`
    "data  selects 1 of 2 namespaces, 1 of 2 workloads
    shop  selects 1 of 2 namespaces, 1 of 2 workloads
    default  in every cluster
    kube-system  in every cluster"
  `);
  checkWorkspaceCompletions(shop(`${CNP}  subject:\n    namespaces:\n      matchLabels:\n        team: $0`), FOUND).toMatchInlineSnapshot(`
    "storefront  selects 1 of 2 namespaces, 2 of 3 workloads
    data  selects 1 of 2 namespaces, 1 of 3 workloads"
  `);
});

test('labels of nodes', () => {
  const node = (name: string): string =>
    `# file: ${name}.yaml\napiVersion: v1\nkind: Node\nmetadata: {name: ${name}, labels: {rack: ${name}}}\n`;
  checkWorkspaceCompletions(
    [
      node('one'),
      node('two'),
      `${CNP}  subject: {namespaces: {}}\n  egress:\n  - action: Deny\n    to:\n    - nodes:\n        matchLabels:\n          rack: $0`,
    ].join(''),
    FOUND,
  ).toMatchInlineSnapshot(`
    "one  selects 1 of 2 nodes
    two  selects 1 of 2 nodes"
  `);
});

test('the namespace of a policy: where its subject is', () => {
  const policy =
    '# file: policy.yaml\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: n\n  namespace: sh$0\nspec:\n  podSelector: {matchLabels: {app: api}}\n';
  checkWorkspaceCompletions(shop(policy), FOUND).toMatchInlineSnapshot(`
    "shop  selects 1 of 1 workload
    data  selects none of 1 workload
    default  in every cluster
    kube-system  in every cluster"
  `);
});

test('ports: of the subject for ingress, of the peers for egress, with the Service in front', () => {
  checkWorkspaceCompletions(shop(`${V1}  podSelector: {matchLabels: {app: web}}\n  ingress:\n  - ports:\n    - port: $0`), FOUND)
    .toMatchInlineSnapshot(`
    "8080  http, on 1 of 1 workload, behind Service web port 80
    http  8080, on 1 of 1 workload, behind Service web port 80
    9090  metrics, on 1 of 1 workload
    metrics  9090, on 1 of 1 workload
    80 → 8080  Service web sends port 80 to 8080"
  `);
  const egress = `${V1}  podSelector: {}\n  egress:\n  - to:\n    - namespaceSelector: {matchLabels: {team: data}}\n    ports:\n    - port: $0`;
  checkWorkspaceCompletions(shop(egress), FOUND).toMatchInlineSnapshot(`
    "80  http, on 1 of 1 workload
    http  80, on 1 of 1 workload"
  `);
  checkWorkspaceCompletions(
    shop(`${V1}  podSelector: {matchLabels: {app: api}}\n  ingress:\n  - ports:\n    - port: $0`),
    FOUND,
  ).toMatchInlineSnapshot(`"nothing"`);
});

test('ports: without those that are there, and by protocol', () => {
  const dns =
    '# file: dns.yaml\napiVersion: v1\nkind: Pod\nmetadata: {name: dns, namespace: shop}\nspec: {containers: [{ports: [{containerPort: 53, protocol: UDP, name: dns}, {containerPort: 53, name: dns-tcp}]}]}\n';
  checkWorkspaceCompletions(shop(`${dns}${V1}  podSelector: {}\n  ingress:\n  - ports:\n    - port: http\n    - port: $0`), FOUND)
    .toMatchInlineSnapshot(`
    "53  dns-tcp, on 1 of 3 workloads
    dns-tcp  53, on 1 of 3 workloads
    9090  metrics, on 1 of 3 workloads
    metrics  9090, on 1 of 3 workloads
    dns  53, UDP only, so write protocol: UDP as well, on 1 of 3 workloads"
  `);
  checkWorkspaceCompletions(shop(`${dns}${V1}  podSelector: {}\n  ingress:\n  - ports:\n    - protocol: UDP\n      port: $0`), FOUND)
    .toMatchInlineSnapshot(`
    "53  dns, on 1 of 3 workloads
    dns  53, on 1 of 3 workloads"
  `);
});

test('ports of the tiered APIs', () => {
  const rule = (port: string): string =>
    `${CNP}  subject:\n    pods: {namespaceSelector: {}, podSelector: {matchLabels: {app: web}}}\n  ingress:\n  - action: Accept\n    from:\n    - namespaces: {}\n    protocols:\n    - ${port}`;
  checkWorkspaceCompletions(shop(rule('tcp:\n        destinationPort:\n          number: $0')), FOUND).toMatchInlineSnapshot(`
    "8080  http, on 1 of 2 workloads, behind Service web port 80
    80  http, on 1 of 2 workloads
    9090  metrics, on 1 of 2 workloads
    80 → 8080  Service web sends port 80 to 8080"
  `);
  checkWorkspaceCompletions(shop(rule('destinationNamedPort: $0')), FOUND).toMatchInlineSnapshot(`
    "http  8080, on 1 of 2 workloads, behind Service web port 80
    metrics  9090, on 1 of 2 workloads"
  `);
  const older = CNP.replace('v1alpha2', 'v1alpha1').replace('ClusterNetworkPolicy', 'AdminNetworkPolicy').replace('  tier: Admin\n', '');
  checkWorkspaceCompletions(
    shop(
      `${older}  subject:\n    pods: {namespaceSelector: {}, podSelector: {matchLabels: {app: web}}}\n  ingress:\n  - action: Allow\n    from:\n    - namespaces: {}\n    ports:\n    - portNumber:\n        port: $0`,
    ),
    FOUND,
  ).toMatchInlineSnapshot(`
    "8080  http, on 1 of 2 workloads, behind Service web port 80
    80  http, on 1 of 2 workloads
    9090  metrics, on 1 of 2 workloads
    80 → 8080  Service web sends port 80 to 8080"
  `);
});

test('who types the port of a Service gets the port behind it', () => {
  const { context, cursor } = workspaceAt(
    shop(`${V1}  podSelector: {matchLabels: {app: web}}\n  ingress:\n  - ports:\n    - port: 80$0\n`),
  );
  const chosen = complete(context, cursor).find((one) => one.label === '80 → 8080');
  expect(chosen?.filterText).toBe('80');
  expect(
    chosen &&
      applied(textOf(context.file), chosen)
        .split('\n')
        .find((line) => line.includes('port:')),
  ).toBe('    - port: 8080');
});

test('a kustomization says in which namespace the policy is', () => {
  const kustomization = '# file: kustomization.yaml\nnamespace: data\nresources: [others.yaml, policy.yaml, web.yaml, namespaces.yaml]\n';
  checkWorkspaceCompletions(shop(`${kustomization}${V1}  podSelector:\n    matchLabels:\n      app: $0`), FOUND).toMatchInlineSnapshot(`
    "api  selects 1 of 2 workloads
    web  selects 1 of 2 workloads"
  `);
});
