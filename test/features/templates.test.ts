import { expect, test } from 'vitest';
import { templatesAt } from '../../server/features/templates.ts';
import { TEMPLATES } from '../../server/features/completion/template-list.ts';
import { checkInserted, checkTemplates, contextOf } from '../checks.ts';

const V1 = 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n';
const CNP = 'apiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy\n';

test('whole manifests in an empty document', () => {
  const whole = TEMPLATES.filter(({ fits }) => fits === 'document').map(({ prefix }) => prefix);
  for (const text of ['', '---\n', `${V1}---\n`, '# a comment\n']) {
    expect(templatesAt(contextOf(text), text.length).map(({ label }) => label)).toEqual(whole);
  }
  checkInserted(`${V1}---\nnetpol-d$0`, 'netpol-default-deny-ingress').toMatchInlineSnapshot(`
    "apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    ---
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: default-deny-ingress
      namespace: default
    spec:
      # Every pod here, those created later included.
      podSelector: {}
      policyTypes:
      - Ingress"
  `);
});

test('fragments only where they belong', () => {
  checkTemplates(`${V1}spec:\n  ingress:\n  - $0`).toMatchInlineSnapshot(`
    "netpol-rule-from-app
    netpol-rule-from-ingress-controller
    netpol-rule-from-prometheus
    netpol-rule-from-nodes
    netpol-rule-own-namespace-in
    netpol-rule-allow-all"
  `);
  checkTemplates(`${V1}spec:\n  egress:\n  - to:\n    - $0`).toMatchInlineSnapshot(`
    "netpol-peer-pods
    netpol-peer-namespace
    netpol-peer-and
    netpol-peer-or
    netpol-peer-all-pods
    netpol-peer-ipblock"
  `);
  checkTemplates(`${CNP}spec:\n  egress:\n  - action: Deny\n    to:\n    - $0`).toMatchInlineSnapshot(`
    "cnp-peer-namespace
    cnp-peer-pods
    cnp-peer-all-pods
    cnp-peer-networks
    cnp-peer-hosts
    cnp-peer-nodes"
  `);
  checkTemplates(`${V1}spec:\n  ingress:\n  - ports:\n    - $0`).toMatchInlineSnapshot(`
    "netpol-port
    netpol-port-named
    netpol-port-span
    netpol-port-dns"
  `);
  checkTemplates(`${V1}spec:\n  podSelector:\n    $0`).toMatchInlineSnapshot(`
    "netpol-match-any-of
    netpol-match-none-of
    netpol-match-has-label"
  `);
  checkTemplates(`${CNP}spec:\n  subject:\n    $0`).toMatchInlineSnapshot(`
    "cnp-subject-namespace
    cnp-subject-not-system
    cnp-subject-pods"
  `);
  checkTemplates(`${V1}spec:\n  egress: []\n  $0`).toMatchInlineSnapshot(`"netpol-policy-types"`);
});

test('an item after a dash, before one, and below its key', () => {
  checkInserted(`${V1}spec:\n  ingress:\n  - $0`, 'netpol-rule-from-app').toMatchInlineSnapshot(`
    "apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    spec:
      ingress:
      - from:
        - podSelector:
            matchLabels:
              app: web
        ports:
        - protocol: TCP
          port: 8080"
  `);
  checkInserted(`${V1}spec:\n  ingress:\n    $0`, 'netpol-rule-from-app').toMatchInlineSnapshot(`
    "apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    spec:
      ingress:
        - from:
          - podSelector:
              matchLabels:
                app: web
          ports:
          - protocol: TCP
            port: 8080"
  `);
  checkInserted(`${V1}spec:\n  ingress:$0`, 'netpol-rule-from-app').toMatchInlineSnapshot(`
    "apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    spec:
      ingress:
      - from:
        - podSelector:
            matchLabels:
              app: web
        ports:
        - protocol: TCP
          port: 8080"
  `);
  checkInserted(`${V1}spec:\n  egress:\n    - ports:\n        -   $0`, 'netpol-port-dns').toMatchInlineSnapshot(`
    "apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    spec:
      egress:
        - ports:
            -   protocol: UDP
                port: 53
            - protocol: TCP
                port: 53"
  `);
  checkInserted(`${V1}spec:\r\n  podSelector:\r\n    $0`, 'netpol-match-any-of').toMatchInlineSnapshot(`
    "apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    spec:
      podSelector:
        matchExpressions:
        - key: app
          operator: In
          values:
          - web
          - api"
  `);
});

test.each([
  ['in a rule that has begun', `${V1}spec:\n  ingress:\n  - ports: []\n    $0`],
  ['at a value', `${V1}spec:\n  podSelector: {}\n  policyTypes: $0`],
  ['behind a finished manifest', `${V1}$0`],
  ['in another document', 'a: 1\n$0'],
  ['in a comment', '# $0'],
])('nothing %s', (_, source) => checkTemplates(source).toBe('nothing'));
