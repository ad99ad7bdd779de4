import { finished } from '../../server/base/work.ts';
import { expect, test } from 'vitest';
import { inlayHints } from '../../server/features/inlay-hints.ts';
import { semanticTokens } from '../../server/features/semantic-tokens.ts';
import { contextOf } from '../checks.ts';
import { checkHints, checkTokens } from './adorned.ts';

const np = (spec: string): string =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a, namespace: shop}\nspec:\n${spec}`;
const cnp = (spec: string): string =>
  `apiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy\nmetadata: {name: a}\nspec:\n${spec}`;

const PEERS = np(`  podSelector: {}
  policyTypes: [Ingress]
  ingress:
  - from:
    - namespaceSelector: # which
        matchLabels: {team: ops}
      podSelector:
        matchLabels: {app: web}
    - podSelector: {matchLabels: {app: api}}   # ours
    - namespaceSelector: {}
    - ipBlock: {cidr: 10.0.0.0/8}
    ports:
    - port: 80
    - {port: 53}
    - protocol: UDP
      port: 53`);

test('AND between selectors of one peer, or between peers, and what they imply', () => {
  checkHints(PEERS).toMatchInlineSnapshot(`
    "      podSelector: ‹AND›
        - podSelector: {matchLabels: {app: api}} ‹or, own namespace›   # ours
        - namespaceSelector: {} ‹or, all namespaces›
        - ipBlock: {cidr: 10.0.0.0/8} ‹or›
        - port: 80 ‹TCP›
        - {port: 53} ‹TCP›"
  `);
  checkHints(
    np(`  podSelector: {}
  policyTypes: [Egress]
  egress:
  - to: [{podSelector: {matchLabels: {a: b}}, namespaceSelector: {}}, {podSelector: {}}]
    ports: [{port: 80}]`),
  ).toMatchInlineSnapshot(`
      "  - to: [{podSelector: {matchLabels: {a: b}}, ‹AND, all namespaces› namespaceSelector: {}}, ‹or› {‹own namespace› podSelector: {}}]
          ports: [‹TCP› {port: 80}]"
    `);
  checkHints(
    np(`  podSelector: {}
  policyTypes: [Ingress]
  ingress:
  - from:
    - namespaceSelector:
      podSelector: {matchLabels: {app: web}}`),
  ).toMatchInlineSnapshot(`"      podSelector: {matchLabels: {app: web}} ‹own namespace›"`);
});

test('what is closed, what is open, and policyTypes', () => {
  checkHints(np('  podSelector: {}')).toMatchInlineSnapshot(`"spec: ‹policyTypes: [Ingress], deny all ingress›"`);
  checkHints(np('  podSelector: {}\n  policyTypes: [Ingress, Egress]')).toMatchInlineSnapshot(
    `"  policyTypes: [Ingress, Egress] ‹deny all ingress and egress›"`,
  );
  checkHints(np('  podSelector: {}\n  policyTypes:\n  - Egress # out\n  - Ingress\n  ingress: []')).toMatchInlineSnapshot(`
    "  - Egress ‹deny all egress› # out
      ingress: [] ‹deny all›"
  `);
  checkHints(np('  podSelector: {}\n  egress:\n  - {}\n  ingress:\n  - from: []\n    ports:\n    - protocol: TCP')).toMatchInlineSnapshot(`
    "spec: ‹policyTypes: [Ingress, Egress]›
      - {} ‹allow all›
      - from: [] ‹from anywhere›
        - protocol: TCP ‹every TCP port›"
  `);
});

test('policyTypes that are there but empty: what they mean stands beside them, not their name again', () => {
  checkHints(np('  podSelector: {}\n  policyTypes:')).toMatchInlineSnapshot(`"  policyTypes: ‹means [Ingress], deny all ingress›"`);
  checkHints(np('  podSelector: {}\n  policyTypes: [] # to do\n  ingress: [{}]')).toMatchInlineSnapshot(`
    "  policyTypes: [] ‹means [Ingress]› # to do
      ingress: [‹allow all› {}]"
  `);
});

test('nothing about an item that is not written yet', () => {
  const from = (items: string): string =>
    np(`  podSelector: {}\n  policyTypes: [Ingress]\n  ingress:\n  - from:\n    - ipBlock: {cidr: 10.0.0.0/8}\n${items}`);
  checkHints(from('    - ')).toBe('nothing');
  checkHints(from('    - name')).toBe('nothing');
  checkHints(from('    - nam: ')).toBe('nothing');
  checkHints(from('  - ')).toBe('nothing');
});

test('a policy of a tier', () => {
  checkHints(
    cnp(`  tier: Admin
  priority: 1
  subject:
    pods:
      podSelector: {matchLabels: {app: web}}
  ingress:
  - action: Accept
    from:
    - namespaces: {}
    - pods:
        namespaceSelector: {matchLabels: {a: b}}
        podSelector: {}`),
  ).toMatchInlineSnapshot(`
          "    pods: ‹all namespaces›
              - namespaces: {} ‹all namespaces›
              - pods: ‹or›
                  podSelector: {} ‹AND›"
        `);
  checkHints(
    cnp('  tier: Admin\n  priority: 1\n  subject: {namespaces: {}}')
      .replace('v1alpha2', 'v1alpha1')
      .replace('ClusterNetworkPolicy', 'AdminNetworkPolicy') +
      `
  egress:
  - action: Allow
    to: [{namespaces: {matchLabels: {a: b}}}]
    ports:
    - portNumber:
        port: 80
    - portNumber: {protocol: UDP, port: 53}`,
  ).toMatchInlineSnapshot(`
      "  subject: {‹all namespaces› namespaces: {}}
              port: 80 ‹TCP›"
    `);
});

test('each kind can be switched off', () => {
  checkHints(PEERS, { inlayHintsAndOr: false }).toMatchInlineSnapshot(`
    "    - podSelector: {matchLabels: {app: api}} ‹own namespace›   # ours
        - namespaceSelector: {} ‹all namespaces›
        - port: 80 ‹TCP›
        - {port: 53} ‹TCP›"
  `);
  checkHints(PEERS, { inlayHintsNamespaces: false, inlayHintsDefaults: false }).toMatchInlineSnapshot(`
    "      podSelector: ‹AND›
        - podSelector: {matchLabels: {app: api}} ‹or›   # ours
        - namespaceSelector: {} ‹or›
        - ipBlock: {cidr: 10.0.0.0/8} ‹or›"
  `);
  checkHints(np('  podSelector: {}'), { inlayHintsDenyAll: false }).toMatchInlineSnapshot(`"spec: ‹policyTypes: [Ingress]›"`);
  checkHints(PEERS, { inlayHints: false }).toBe('nothing');
});

test('only in a range, and never two at one line end', () => {
  checkHints(PEERS, {}, { start: PEERS.indexOf('# ours'), end: PEERS.indexOf('ipBlock') }).toMatchInlineSnapshot(
    `"    - namespaceSelector: {} ‹or, all namespaces›"`,
  );
  const ends = finished(inlayHints(contextOf(PEERS), { start: 0, end: Infinity })).filter(({ before }) => !before);
  const lines = ends.map(({ offset }) => PEERS.slice(0, offset).split('\n').length);
  expect(new Set(lines).size).toBe(lines.length);
});

test('nothing in documents of others, nor about what a template makes', () => {
  checkHints('apiVersion: apps/v1\nkind: Deployment\nspec:\n  podSelector: {}').toBe('nothing');
  checkHints(np('  podSelector: {}\n  policyTypes: {{ .Values.types }}\n  ingress: {{ toYaml .Values.rules }}')).toBe('nothing');
});

const RICH = cnp(`  tier: Admin
  priority: 10
  subject:
    pods:
      podSelector: {matchLabels: {app: web}}
  egress:
  - action: Accept
    to:
    - networks: [10.0.0.0/8]
    - domainNames: ['*.example.com']
    protocols:
    - tcp: {destinationPort: {number: 443}}
    - destinationNamedPort: http`);

test('what the words are', () => {
  checkTokens(RICH).toMatchInlineSnapshot(`
    "namespace: policy.networking.k8s.io/v1alpha2
    class: ClusterNetworkPolicy a
    enumMember: Admin
    number: 10 10.0.0.0/8 443
    type: subject pods podSelector networks domainNames
    property: app
    string: web '*.example.com'
    keyword: Accept
    variable: http"
  `);
  checkTokens(
    np(`  podSelector:
    matchExpressions:
    - {key: app, operator: In, values: [web]}
  policyTypes: [Ingress]
  ingress:
  - from:
    - ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}
    - namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: "x"}}
    ports:
    - {port: http, protocol: TCP}
    - {port: 80, endPort: 90}`),
  ).toMatchInlineSnapshot(`
      "namespace: networking.k8s.io/v1 shop
      class: NetworkPolicy a
      type: podSelector ipBlock namespaceSelector
      property: app kubernetes.io/metadata.name
      enumMember: In Ingress TCP
      string: web "x"
      number: 10.0.0.0/8 10.1.0.0/16 80 90
      variable: http"
    `);
  checkTokens('apiVersion: v1\nkind: Pod\nmetadata: {name: a}').toBe('nothing');
});

test('tokens come in order and do not overlap', () => {
  const tokens = finished(semanticTokens(contextOf(`${RICH}\n---\n${PEERS}`), { start: 0, end: Infinity }));
  tokens.forEach((token, i) => expect(token.start).toBeGreaterThanOrEqual(tokens[i - 1]?.end ?? 0));
});

test('a protocol alone is every port of it; a port that is being typed has no hint in its place', () => {
  const ports = (list: string): string => np(`  podSelector: {}\n  policyTypes: [Ingress]\n  ingress:\n  - ports:\n${list}`);
  checkHints(ports('    - protocol: TCP\n    - port: 3000')).toContain('every TCP port');
  checkHints(ports('    - port: 3000\n      protocol: TCP')).not.toContain('every');
  checkHints(ports('    - port:')).not.toContain('TCP');
});
