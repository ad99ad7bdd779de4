import { expect, test } from 'vitest';
import { findingsIn } from './findings.ts';

/**
 * Policies that other tools judge wrongly (zegl/kube-score#293, certsuite#1147, Polaris, skyhook-io/radar#1745, kubectl-np-viewer#8,
 * cyclonus, netpol-analyzer), and those that every textbook has: none of them may get a finding by default.
 */
const np = (name: string, spec: string): string =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: ${name}\n  namespace: shop\nspec:\n${indented(spec)}`;

function indented(spec: string): string {
  return spec
    .trim()
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
}

test.each([
  [
    'a default deny has neither labels nor rules (Polaris, certsuite)',
    np('default-deny', 'podSelector: {}\npolicyTypes: [Ingress, Egress]'),
  ],
  ['an empty podSelector is not dangling (kube-score)', np('default-deny-ingress', 'podSelector: {}\npolicyTypes:\n- Ingress')],
  ['an empty list of rules denies', np('default-deny-all', 'podSelector: {}\npolicyTypes: [Ingress, Egress]\ningress: []\negress: []')],
  ['an allow-all that says so', np('allow-all-ingress', 'podSelector: {}\npolicyTypes: [Ingress]\ningress:\n- {}')],
  [
    'two selectors in one peer (Radar, kubectl-np-viewer)',
    np(
      'prometheus',
      `
podSelector: {}
policyTypes: [Ingress]
ingress:
- from:
  - namespaceSelector:
      matchLabels:
        kubernetes.io/metadata.name: monitoring
    podSelector:
      matchLabels:
        app: prometheus
  ports:
  - port: 9000
    endPort: 9010
    protocol: TCP`,
    ),
  ],
  [
    'DNS is open to the DNS pods (Cyclonus asks 8.8.8.8)',
    np(
      'allow-dns',
      `
podSelector: {}
policyTypes: [Egress]
egress:
- to:
  - namespaceSelector:
      matchLabels:
        kubernetes.io/metadata.name: kube-system
    podSelector:
      matchLabels:
        k8s-app: kube-dns
  ports:
  - {port: 53, protocol: UDP}
  - {port: 53, protocol: TCP}`,
    ),
  ],
  [
    'the example of the Kubernetes documentation: alternatives, one per dash',
    np(
      'test-network-policy',
      `
podSelector:
  matchLabels:
    role: db
policyTypes:
- Ingress
- Egress
ingress:
- from:
  - ipBlock:
      cidr: 172.17.0.0/16
      except:
      - 172.17.1.0/24
  - namespaceSelector:
      matchLabels:
        project: myproject
  - podSelector:
      matchLabels:
        role: frontend
  ports:
  - protocol: TCP
    port: 6379
egress:
- to:
  - ipBlock:
      cidr: 10.0.0.0/24
  ports:
  - protocol: TCP
    port: 5978`,
    ),
  ],
  [
    'the Internet without the metadata address',
    np(
      'allow-internet',
      `
podSelector: {}
policyTypes: [Egress]
egress:
- to:
  - ipBlock:
      cidr: 0.0.0.0/0
      except: [10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 169.254.0.0/16]`,
    ),
  ],
  [
    'a policy may have rules for itself: peers of its own labels (popeye)',
    np(
      'peers',
      'podSelector:\n  matchLabels: {app: db}\npolicyTypes: [Ingress]\ningress:\n- from:\n  - podSelector:\n      matchLabels: {app: db}',
    ),
  ],
])('%s', (_, text) => {
  expect(findingsIn(text, { profile: 'recommended' }).map(({ code, message }) => `${code}: ${message}`)).toEqual([]);
});

test.each([
  ['a template fills the labels', 'podSelector:\n  matchLabels:\n    {{- include "web.labels" . | nindent 4 }}\npolicyTypes: [Ingress]'],
  [
    'a template fills the peers',
    'podSelector: {}\npolicyTypes: [Ingress]\ningress:\n- from:\n  {{- range .Values.peers }}\n  - podSelector: {matchLabels: {app: {{ . }}}}\n  {{- end }}',
  ],
  ['a template fills the rules', 'podSelector: {}\npolicyTypes: [Egress]\negress:\n{{- toYaml .Values.egress | nindent 2 }}'],
])('nothing is claimed about what a template makes: %s', (_, spec) => {
  expect(findingsIn(np('web', spec), { profile: 'recommended' }).map(({ code, message }) => `${code}: ${message}`)).toEqual([]);
});

test('a finding about both dashes names who gets in: the second item alone is enough', () => {
  const text = np(
    'web',
    'podSelector: {}\npolicyTypes: [Ingress]\ningress:\n- from:\n  - namespaceSelector:\n      matchLabels: {team: ops}\n  - podSelector:\n      matchLabels: {app: web}',
  );
  const [found] = findingsIn(text, { profile: 'recommended' });
  expect(found?.code).toBe('suspected-or');
  expect(found?.severity).toBe('information');
  expect(found?.message).toContain('all pods of namespaces with team=ops');
});

test.each([
  ['relaxed', [false, false, false]],
  ['recommended', [true, false, false]],
  ['strict', [true, true, false]],
  ['audit', [true, true, true]],
] as const)('the profile %s shows what it should', (profile, shown) => {
  const text = np('web', 'podSelector: {}\npolicyTypes: [Ingress, Egress]\ningress:\n- {}\negress:\n- {}');
  const codes = findingsIn(text, { profile }).map(({ code }) => code);
  expect(['allow-all-ingress', 'allow-all-egress', 'missing-owner'].map((code) => codes.includes(code))).toEqual(shown);
});

// Trivy's KSV-0038 asks only whether there is a podSelector.
test.each([
  ['a rule for everything', 'ingress:\n- {}', 'allow-all-ingress'],
  ['a list of nobody that is a list of all', 'ingress:\n- from: []', 'empty-peer-list'],
  ['every pod of the cluster', 'ingress:\n- from:\n  - namespaceSelector: {}\n    podSelector: {}', 'whole-cluster-peer'],
  ['every address', 'ingress:\n- from:\n  - ipBlock: {cidr: 0.0.0.0/0}', 'open-to-the-world'],
])('a policy with a podSelector can be wide open (Trivy): %s', (_, rules, code) => {
  const text = np('web', `podSelector:\n  matchLabels: {app: web}\npolicyTypes: [Ingress]\n${rules}`);
  expect(findingsIn(text, { profile: 'recommended' }).map((finding) => finding.code)).toEqual([code]);
});

// Radar took every policy without policyTypes for both directions.
test.each([
  ['only egress rules close ingress too', 'egress:\n- to:\n  - podSelector: {matchLabels: {app: db}}', ['egress-policy-isolates-ingress']],
  ['an empty egress list is no egress', 'egress: []', ['empty-egress']],
  ['ingress rules alone leave egress open', 'ingress:\n- from:\n  - podSelector: {matchLabels: {app: db}}', []],
])('policyTypes have defaults (Radar): %s', (_, rules, codes) => {
  const text = np('web', `podSelector:\n  matchLabels: {app: web}\n${rules}`);
  expect(findingsIn(text, { profile: 'recommended' }).map((finding) => finding.code)).toEqual(codes);
});

// The ids that kube-netpol publishes are not those of its code; test/rules/registry.test.ts holds ours to the pages and to the settings.
