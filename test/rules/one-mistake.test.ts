import { expect, test } from 'vitest';
import { workspaceFindingsIn } from './workspace-findings.ts';

/** What is reported of a policy at the default profile: code and field path, one a line. */
function reported(source: string): string {
  return workspaceFindingsIn(source, { profile: 'recommended' })
    .map(({ code, path }) => `${code} ${path.join('.')}`)
    .join('\n');
}

const networkPolicy = (spec: string): string =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: web, namespace: shop}\nspec:\n  podSelector: {}\n${spec}`;

const clusterPolicy = (rule: string): string =>
  `apiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy\nmetadata: {name: guard}\nspec:\n  tier: Admin\n  priority: 10\n  subject: {namespaces: {}}\n${rule}`;

test.each([
  [
    'a port and its protocol in two items',
    networkPolicy('  ingress:\n  - from: [{podSelector: {}}]\n    ports:\n    - protocol: TCP\n    - port: 3000\n'),
    'suspected-split-port spec.ingress.0.ports.1',
  ],
  [
    'labels on the column of their selector',
    networkPolicy('  ingress:\n  - from:\n    - podSelector:\n      matchLabels:\n        app: web\n'),
    'unknown-field spec.ingress.0.from.0.matchLabels',
  ],
  [
    'networks among the sources',
    clusterPolicy('  ingress:\n  - action: Accept\n    from:\n    - networks: [10.0.0.0/8]\n'),
    'unknown-field spec.ingress.0.from.0.networks',
  ],
  [
    'the port of a NetworkPolicy in a ClusterNetworkPolicy',
    clusterPolicy(
      '  ingress:\n  - action: Accept\n    from: [{namespaces: {}}]\n    protocols:\n    - protocol: TCP\n      port: 80\n      endPort: 90\n',
    ),
    'unknown-field spec.ingress.0.protocols.0.protocol',
  ],
  [
    'a peer of another namespace that a dash makes two',
    `${networkPolicy(
      '  ingress:\n  - from:\n    - namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: data}}\n    - podSelector: {matchLabels: {app: db}}\n',
    )}---\napiVersion: v1\nkind: Pod\nmetadata: {name: db, namespace: data, labels: {app: db}}\nspec: {containers: [{name: a, image: a}]}\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop, labels: {app: web}}\nspec: {containers: [{name: a, image: a}]}\n`,
    'suspected-or spec.ingress.0.from.1',
  ],
  [
    'an indented --- in front of a second document',
    `${networkPolicy('  policyTypes: [Ingress]\n  ---\n')}${networkPolicy('  policyTypes: [Ingress]\n')}`,
    'yaml-indentation ',
  ],
])('%s is one finding', (_name, source, expected) => expect(reported(source)).toBe(expected));

test('two mistakes in one list are two findings', () => {
  const found = reported(
    networkPolicy('  ingress:\n  - from: [{podSelector: {}}]\n    ports:\n    - protocol: TCP\n    - port: 3000\n    - prot: 1\n'),
  );
  expect(found).toContain('suspected-split-port');
  expect(found).toContain('unknown-field');
});
