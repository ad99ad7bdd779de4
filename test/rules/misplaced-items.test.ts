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
