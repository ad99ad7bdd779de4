import { expect, test } from 'vitest';
import { applyEdits } from '../../server/syntax/edit.ts';
import { findingsIn } from './findings.ts';

const np = (rules: string): string =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: web\n  namespace: shop\nspec:\n  podSelector: {}\n  policyTypes: [Ingress]\n  ingress:\n${rules}`;

/** What the first fix of the first error makes of the rules. */
function fixed(rules: string): string {
  const text = np(rules);
  const fix = findingsIn(text, { profile: 'recommended' }).find(({ severity }) => severity === 'error')?.fixes[0];
  return fix ? applyEdits(text, fix.edits).slice(np('').length) : 'no fix';
}

test.each([
  [
    'selectors beside a null list become its item',
    '  - from:\n    namespaceSelector:\n      matchLabels: {team: ops}\n    podSelector: {}\n    ports:\n    - port: 80\n',
    '  - from:\n    - namespaceSelector:\n        matchLabels: {team: ops}\n      podSelector: {}\n    ports:\n    - port: 80\n',
  ],
  [
    'a peer among ports goes to the peers',
    '  - from:\n    - podSelector: {}\n    ports:\n    - port: 80\n    - ipBlock:\n        cidr: 10.0.0.0/8\n',
    '  - from:\n    - podSelector: {}\n    - ipBlock:\n        cidr: 10.0.0.0/8\n    ports:\n    - port: 80\n',
  ],
  [
    'or begins the list of peers',
    '  - ports:\n    - port: 80\n    - namespaceSelector:\n        matchLabels:\n          team: ops\n',
    '  - from:\n    - namespaceSelector:\n        matchLabels:\n          team: ops\n    ports:\n    - port: 80\n',
  ],
  [
    'a rule among peers becomes a rule',
    '  - from:\n    - podSelector: {}\n    - from:\n      - namespaceSelector: {}\n      ports:\n      - port: 9116\n    ports:\n    - port: 5432\n',
    '  - from:\n    - podSelector: {}\n    ports:\n    - port: 5432\n  - from:\n    - namespaceSelector: {}\n    ports:\n    - port: 9116\n',
  ],
  [
    'ports as the last peer go next to the peers',
    '  - from:\n    - podSelector: {}\n    - ports:\n      - port: 80\n      - port: 81\n',
    '  - from:\n    - podSelector: {}\n    ports:\n    - port: 80\n    - port: 81\n',
  ],
  [
    'so they do from between the peers',
    '  - from:\n    - ports:\n      - port: 80\n    - podSelector: {}\n    - namespaceSelector: {}\n',
    '  - from:\n    - podSelector: {}\n    - namespaceSelector: {}\n    ports:\n    - port: 80\n',
  ],
  [
    'one port among the peers begins the list of ports',
    '  - from:\n    - podSelector: {}\n    - port: 80\n      protocol: TCP\n  - {}\n',
    '  - from:\n    - podSelector: {}\n    ports:\n    - port: 80\n      protocol: TCP\n  - {}\n',
  ],
  [
    'or goes behind the ports that are there',
    '  - from:\n    - podSelector: {}\n    - protocol: UDP\n      port: 53\n    ports:\n    - port: 80\n',
    '  - from:\n    - podSelector: {}\n    ports:\n    - port: 80\n    - protocol: UDP\n      port: 53\n',
  ],
  [
    'port and protocol in a rule become one item',
    '  - port: 8443\n    protocol: TCP\n',
    '  - ports:\n    - port: 8443\n      protocol: TCP\n',
  ],
  [
    'labels of a selector in its labels',
    '  - from:\n    - podSelector:\n        matchLabels:\n          matchLabels:\n            app: web\n            tier: front\n',
    '  - from:\n    - podSelector:\n        matchLabels:\n          app: web\n          tier: front\n',
  ],
  [
    'in flow style too',
    '  - from:\n    - podSelector: {matchLabels: {matchLabels: {app: web}}}\n',
    '  - from:\n    - podSelector: {matchLabels: {app: web}}\n',
  ],
])('%s', (_, rules, expected) => {
  expect(fixed(rules)).toBe(expected);
  expect(findingsIn(np(expected), { profile: 'recommended' }).filter(({ severity }) => severity === 'error')).toEqual([]);
});

test('two lists of ports are not united', () => {
  expect(fixed('  - from:\n    - podSelector: {}\n    - ports:\n      - port: 81\n    ports:\n    - port: 80\n')).toBe('no fix');
});
