import { expect, test } from 'vitest';
import { workspaceFindingsIn } from './workspace-findings.ts';

/* Claims that something is absent are made only where the workspace could have shown it; else they are hints of the profile strict. */

const policy = (selector: string, peer?: string): string =>
  `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p, namespace: shop}
spec:
  podSelector: {${selector}}
  policyTypes: [Ingress]
  ingress: [${peer === undefined ? '' : `{from: [${peer}]}`}]
`;

const pod = (name: string, labels: string, namespace = 'shop'): string =>
  `apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: ${namespace}, labels: {${labels}}}
spec: {containers: [{name: c, image: i}]}
`;

const object = (apiVersion: string, kind: string, name: string, spec = '{}'): string =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: ${name}, namespace: shop}\nspec: ${spec}\n`;

const CODES = /^(?:near-miss-label|selects-nothing|peer-selects-nothing|peer-in-other-namespace|namespace-selector-matches-nothing)$/;

/** What is said about selectors that miss, as `severity code`. */
function told(documents: readonly string[], profile: 'recommended' | 'strict' = 'recommended'): readonly string[] {
  return workspaceFindingsIn(documents.join('---\n'), { profile })
    .filter(({ code }) => CODES.test(code))
    .map(({ severity, code }) => `${severity} ${code}`);
}

const labels = (text: string): string => `matchLabels: {${text}}`;
const peer = (text: string): string => `{podSelector: {matchLabels: {${text}}}}`;

test.each([
  ['a typo in the value', 'app: wbe', 'app: web'],
  ['a typo in the key', 'app.kubernetes.io/nmae: web', 'app.kubernetes.io/name: web'],
  ['a typo in the domain', 'app.kubernets.io/name: web', 'app.kubernetes.io/name: web'],
  ['a separator', 'app: web-shop', 'app: webshop'],
  ['a plural in the key', 'apps: web', 'app: web'],
  ['a prefix', 'app: piper', 'app: release-piper'],
  ['a suffix', 'app: catalog-server', 'app: catalog'],
  ['another key for the name', 'name: web', 'app.kubernetes.io/name: web'],
  ['a key that ends alike', 'tier: front', 'example.com/tier: front'],
  ['one label of several', 'app: web, tier: front', 'app: web, tier: back'],
  ['one label of several is missing', 'app: web, tier: front', 'app: web'],
])('a near miss: %s', (_, asked, held) => {
  expect(told([policy(labels(asked)), pod('a', held)])).toEqual(['warning near-miss-label']);
});

test.each([
  ['another value', 'app: api', 'app: web'],
  ['a number', 'app: web-2', 'app: web'],
  ['a version', 'app: web, version: v2', 'app: web, version: v1'],
  ['a key of another sort', 'tier: web', 'app: web'],
  ['a value that many have', 'app: default', 'name: default'],
])('no near miss: %s', (_, asked, held) => {
  expect(told([policy(labels(asked)), pod('a', held)])).toEqual(['information selects-nothing']);
});

test('two things that are meant alike are no near miss', () => {
  expect(told([policy(labels('app: web')), pod('a', 'app: web-front'), pod('b', 'app: web-back')])).toEqual([
    'information selects-nothing',
  ]);
});

test.each([
  ['a label of an operator that is here', 'cnpg.io/cluster: web', [object('postgresql.cnpg.io/v1', 'Cluster', 'web')]],
  ['a label of a known operator', 'strimzi.io/cluster: web', []],
  ['a label of a mesh', 'service.istio.io/canonical-name: web', []],
  ['a label of a solver', 'acme.cert-manager.io/http-domain: web', []],
  ['a label of Kubernetes', 'batch.kubernetes.io/job-name: web', []],
  ['a domain that nobody here uses', 'example.com/app: api', []],
  ['a Helm release', 'app: api', [object('helm.toolkit.fluxcd.io/v2', 'HelmRelease', 'api')]],
  ['an Argo CD application', 'app: api', [object('argoproj.io/v1alpha1', 'Application', 'api', '{destination: {namespace: shop}}')]],
  ['a custom resource', 'app: api', [object('dragonflydb.io/v1alpha1', 'Dragonfly', 'api')]],
  ['an operator', 'app: api', [pod('api-operator', 'app: operator')]],
  ['a workload that cannot be read', 'app: api', [pod('b', '"{{ .x }}": y').replace('name: b', 'name: "{{ .x }}"')]],
])('not told, for there may be such pods: %s', (_, asked, more) => {
  for (const text of [policy(labels(asked)), policy('', peer(asked))]) {
    expect(told([text, pod('a', 'app: web'), ...more])).toEqual([]);
    expect(told([text, pod('a', 'app: web'), ...more], 'strict')).toEqual([expect.stringMatching(/^hint .*selects-nothing$/)]);
  }
});

test.each([
  ['of another namespace', 'HelmRelease', '{targetNamespace: other}'],
  ['that creates no pods', 'HelmRepository', '{}'],
])('a custom resource %s is no reason for doubt', (_, kind, spec) => {
  const [group] = kind === 'HelmRelease' ? ['helm.toolkit.fluxcd.io/v2'] : ['source.toolkit.fluxcd.io/v1'];
  expect(told([policy(labels('app: api')), pod('a', 'app: web'), object(group, kind, 'x', spec)])).toEqual(['information selects-nothing']);
});

test('the reason is named', () => {
  const text = [policy(labels('app: api')), pod('a', 'app: web'), object('postgresql.cnpg.io/v1', 'Cluster', 'db')].join('---\n');
  const [finding] = workspaceFindingsIn(text, { profile: 'strict' }).filter(({ code }) => code === 'selects-nothing');
  expect(finding?.message).toContain("Cluster 'shop/db' of postgresql.cnpg.io may create such pods.");
});

test('a typo is told even where pods may be unseen, a prefix is not', () => {
  const release = object('helm.toolkit.fluxcd.io/v2', 'HelmRelease', 'x');
  expect(told([policy(labels('app: wbe')), pod('a', 'app: web'), release])).toEqual(['warning near-miss-label']);
  expect(told([policy(labels('app: redis')), pod('a', 'app: redis-exporter'), release])).toEqual([]);
});

test('nothing is told about other namespaces that no manifest defines, nor about those of the system', () => {
  const other = '{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: NS}}, podSelector: {matchLabels: {app: api}}}';
  const namespace = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: data}\n';
  const about = (name: string, ...more: readonly string[]): readonly string[] =>
    told([policy('', other.replace('NS', name)), pod('a', 'app: web'), pod('b', 'app: db', name), ...more]);
  expect(about('data')).toEqual([]);
  expect(about('data', namespace)).toEqual(['information peer-selects-nothing']);
  expect(about('kube-system')).toEqual([]);
});

test('keys of namespace labels are compared', () => {
  const namespace = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: monitoring, labels: {metrics: enabled}}\n';
  expect(told([policy('', '{namespaceSelector: {matchLabels: {metric: enabled}}}'), pod('a', 'app: web'), namespace])).toEqual([
    'warning near-miss-label',
  ]);
});

test('a label of namespaces that many policies ask for is there', () => {
  const namespaces = ['a', 'b'].map((name) => `apiVersion: v1\nkind: Namespace\nmetadata: {name: ${name}, labels: {team: ${name}}}\n`);
  const asking = (name: string): string =>
    policy('', '{namespaceSelector: {matchLabels: {team: platform}}}').replace('name: p,', `name: ${name},`);
  expect(told([asking('p'), pod('a', 'app: web'), ...namespaces])).toEqual(['information namespace-selector-matches-nothing']);
  expect(told([asking('p'), asking('q'), asking('r'), pod('a', 'app: web'), ...namespaces])).toEqual([]);
});

test('labels that an operator writes are no near miss', () => {
  const prometheus = object('monitoring.coreos.com/v1', 'Prometheus', 'main');
  expect(told([policy('', peer('app.kubernetes.io/name: prometheus-adapter')), prometheus])).toEqual(['information peer-selects-nothing']);
});
