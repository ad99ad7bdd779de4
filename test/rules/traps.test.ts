import { expect, test } from 'vitest';
import { applyEdits } from '../../server/syntax/edit.ts';
import { findingsIn } from './findings.ts';

/*
 * What people write when they mean something else, beyond the examples of the rules: the words they get, and what the first fix makes of
 * it. A fix that --fix would apply unasked is marked with `safe`.
 */

const np = (spec: string): string =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: web\n  namespace: shop\nspec:\n${indented(spec)}`;

const cnp = (spec: string): string =>
  `apiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy\nmetadata:\n  name: gate\nspec:\n${indented(spec)}`;

function indented(spec: string): string {
  return `${spec.trim()}\n`.replace(/^(?=.)/gm, '  ');
}

/** The words of a finding of a code, and what its first fix makes of the text, from the line that changes on. */
function told(text: string, code: string): { readonly message: string; readonly safe: boolean; readonly fixed: string | undefined } {
  const found = findingsIn(text).find((finding) => finding.code === code);
  const fix = found?.fixes[0];
  return { message: found?.message ?? 'nothing', safe: fix?.safe ?? false, fixed: fix && applyEdits(text, fix.edits) };
}

const port = (item: string): string =>
  np(`podSelector: {}\npolicyTypes: [Ingress]\ningress:\n- from: [{podSelector: {}}]\n  ports:\n  - ${item}`);

test('a protocol that policies cannot name is not taken for a slip', () => {
  const icmp = told(port('protocol: ICMP'), 'unsupported-value');
  expect(icmp.message).toContain('differ in how they treat ICMP');
  expect(icmp.fixed).toBe(undefined);
  expect(told(port('{port: 443, protocol: HTTPS}'), 'unsupported-value')).toMatchObject({
    fixed: port('{port: 443, protocol: TCP}'),
    safe: false,
  });
  expect(told(port('{port: 53, protocol: udp}'), 'unsupported-value')).toMatchObject({
    fixed: port('{port: 53, protocol: UDP}'),
    safe: true,
  });
  const both = told(port('{port: 53, protocol: TCP/UDP}'), 'unsupported-value');
  expect(both.message).toContain('Write an item for each');
  expect(both.fixed).toBe(undefined);
});

test('two directions in one item become two items', () => {
  expect(told(np('podSelector: {}\npolicyTypes:\n- Ingress, Egress'), 'unsupported-value')).toMatchObject({
    fixed: np('podSelector: {}\npolicyTypes:\n- Ingress\n- Egress'),
    safe: true,
  });
  expect(told(np('podSelector: {}\npolicyTypes: ["ingress,egress"]'), 'unsupported-value').fixed).toBe(
    np('podSelector: {}\npolicyTypes: ["Ingress", "Egress"]'),
  );
});

test('a field that is there without a value is filled in, not written twice', () => {
  const rules = 'ingress:\n- action: Deny\n  from: [{namespaces: {}}]';
  const blank = told(cnp(`tier: Admin\npriority: 10\nsubject:\n${rules}`), 'missing-field');
  expect(blank.message).toContain("'subject', the pods concerned, has no value");
  expect(blank.fixed).toBe(cnp(`tier: Admin\npriority: 10\nsubject: {}\n${rules}`));
});

test.each(['olicyTypes', 'policytypes', 'policyType'])('%s is a slip, not a lack of policyTypes', (key) => {
  const codes = findingsIn(np(`podSelector: {}\n${key}: [Ingress]\ningress:\n- from: [{podSelector: {}}]`)).map(({ code }) => code);
  expect(codes).toContain('unknown-field');
  expect(codes).not.toContain('policy-types-missing');
});

test.each([
  'podSelector:\n  matchLabels:\n    {{- include "web.labels" . | nindent 6 }}',
  'podSelector:\n{{ toYaml .Values.selector | indent 4 }}',
  'podSelector:\n  matchLabels:\n    {{- if .Values.blue }}\n    app: blue\n    {{- else }}\n    app: green\n    {{- end }}',
])('policyTypes are not put between a template and what it belongs to: %s', (selector) => {
  const rest = 'ingress:\n- from: [{podSelector: {}}]';
  expect(told(np(`${selector}\n${rest}`), 'policy-types-missing').fixed).toBe(np(`policyTypes:\n  - Ingress\n${selector}\n${rest}`));
});

test('nor into a branch, or into a hole', () => {
  const rest = '\ningress:\n- from: [{podSelector: {}}]';
  expect(told(np(`podSelector: {}\n{{- if .Values.open }}${rest}\n{{- end }}`), 'policy-types-missing').fixed ?? '').not.toContain(
    'open }}\n  policyTypes',
  );
  expect(told(np(`podSelector: {{- toYaml .Values.selector\n    | nindent 4 }}${rest}`), 'policy-types-missing').fixed ?? '').not.toContain(
    'selector\n  policyTypes',
  );
});

const ingress = (rules: string): string => np(`podSelector: {}\npolicyTypes: [Ingress]\ningress:\n${rules}`);

test.each([
  ['namespaceSelector', '  matchLabels:\n      team: ops\n'],
  ['podSelector', '  matchExpressions: # all of them\n    - {key: app, operator: Exists}\n\n    # and\n    matchLabels:\n      app: web\n'],
  ['ipBlock', '  cidr: 10.0.0.0/8\n    except:\n    - 10.1.0.0/16\n'],
])('what stands on the column of an empty %s is put under it', (owner, below) => {
  const { message, fixed } = told(ingress(`- from:\n  - ${owner}:\n  ${below}`), 'unknown-field');
  expect(message).toContain(`It belongs under the '${owner}' above it.`);
  expect(fixed).toBe(ingress(`- from:\n  - ${owner}:\n  ${below.replace(/^(?=.)/gm, '  ')}`));
  expect(findingsIn(fixed ?? '').map(({ code }) => code)).not.toContain('unknown-field');
});

test('peers on the column of an empty from are put under it', () => {
  const peers = '- podSelector:\n    matchLabels:\n      app: web\n- namespaceSelector: {}\n  podSelector: {}\n';
  const { message, fixed } = told(ingress(`- from:\n${peers}- ports: [{port: 80}]\n`), 'unknown-field');
  expect(message).toContain("It belongs under the 'from' above it.");
  expect(fixed).toBe(ingress(`- from:\n${peers.replace(/^(?=.)/gm, '  ')}- ports: [{port: 80}]\n`));
});

test('what people know from elsewhere is told in the words of this place', () => {
  const peer = (field: string): string => ingress(`- from:\n  - ${field}\n    podSelector: {}\n`);
  const byName = 'namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: monitoring}}';
  expect(told(peer('namespace: monitoring'), 'unknown-field').fixed).toBe(peer(byName));
  expect(told(peer('namespaceSelector: monitoring'), 'wrong-type').fixed).toBe(peer(byName));
  expect(told(ingress('- from:\n  - ipBlock: 10.0.0.0/8'), 'wrong-type').fixed).toBe(ingress('- from:\n  - ipBlock: {cidr: 10.0.0.0/8}'));
  expect(told(port('80'), 'wrong-type').fixed).toBe(port('{port: 80}'));
  expect(told(port('containerPort: 80'), 'unknown-field').fixed).toBe(port('port: 80'));
  expect(told(port('{port: 80, targetPort: 8080}'), 'unknown-field')).toMatchObject({
    fixed: undefined,
    message: expect.stringContaining('the port of the pods'),
  });
  expect(told(port('port: 80/tcp'), 'invalid-port').message).toContain("'port: 80' and 'protocol: TCP'");
  expect(told(np('podSelector: {}\ningressDeny:\n- from: [{podSelector: {}}]'), 'unknown-field')).toMatchObject({
    fixed: undefined,
    message: expect.stringContaining('can only allow'),
  });
  expect(told(np('podSelector: {}\ningress:\n-from:\n  - podSelector: {}'), 'unknown-field')).toMatchObject({
    fixed: np('podSelector: {}\ningress:\n- from:\n  - podSelector: {}'),
    message: expect.stringContaining('must be followed by a space'),
  });
});

const items = (...peers: readonly string[]): string => ingress(`- from:\n${peers.map((peer) => `  - ${peer}\n`).join('')}`);
const inNamespace = (name: string): string => `namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ${name}}}`;
const labelled = (value: string): string => `podSelector: {matchLabels: {app: ${value}}}`;
const suspected = (text: string): readonly string[] =>
  findingsIn(text).flatMap(({ code, severity }) => (code === 'suspected-or' ? [severity] : []));

test('an or that is an and the other way round, or in a template', () => {
  expect(suspected(items(labelled('kube-dns'), inNamespace('kube-system')))).toEqual(['warning']);
  expect(told(items(labelled('prometheus'), inNamespace('monitoring')), 'suspected-or').fixed).toBe(
    ingress(`- from:\n  - ${labelled('prometheus')}\n    ${inNamespace('monitoring')}\n`),
  );
  expect(suspected(items(labelled('web'), inNamespace('monitoring')))).toEqual([]);
  expect(suspected(items(labelled('monitoring-web'), inNamespace('monitoring')))).toEqual([]);
  expect(suspected(items(inNamespace('monitoring'), labelled('prometheus'), inNamespace('ingress-nginx')))).toEqual(['warning']);
  expect(suspected(items('namespaceSelector: {matchLabels: {name: monitoring}}', labelled('prometheus')))).toEqual(['warning']);
  expect(suspected(items(inNamespace('{{ .Values.monitoring }}'), labelled('prometheus')))).toEqual(['warning']);
  expect(suspected(items(inNamespace('{{ .Values.monitoring }}'), labelled('web')))).toEqual([]);
});

test('an or that a comment says is meant', () => {
  const [first, second] = [`  - ${inNamespace('monitoring')}\n`, `  - ${labelled('prometheus')}\n`];
  expect(suspected(ingress(`- from:\n${first}  # OR our own\n${second}`))).toEqual([]);
  expect(suspected(ingress(`- from:\n${first}  # or our own\n${second}`))).toEqual([]);
  expect(suspected(ingress(`- from:\n${first}  # only prometheus\n${second}`))).toEqual(['warning']);
});

test('a port that is named beside every port is not taken away unasked', () => {
  const split = ingress('- ports:\n  - protocol: TCP\n  - port: 80\n');
  expect(told(split, 'redundant-port').safe).toBe(false);
  expect(told(split, 'suspected-split-port').fixed).toBe(ingress('- ports:\n  - protocol: TCP\n    port: 80\n'));
  expect(told(ingress('- ports:\n  - protocol: TCP\n  {{- if .x }}\n  - port: 80\n  {{- end }}\n'), 'suspected-split-port').fixed).toBe(
    undefined,
  );
});

test('what two conditions of a template decide about are alternatives', () => {
  const [first, second] = [`  - ${inNamespace('monitoring')}\n`, `  - ${labelled('prometheus')}\n`];
  const each = `  {{- if .Values.a }}\n${first}  {{- end }}\n  {{- if .Values.b }}\n${second}  {{- end }}\n`;
  expect(suspected(ingress(`- from:\n${each}`))).toEqual([]);
  expect(suspected(ingress(`- from:\n  {{- if .Values.a }}\n${first}${second}  {{- end }}\n`))).toEqual(['warning']);
});

test('an egress without a value denies nothing either', () => {
  expect(told(np('podSelector: {}\negress:'), 'empty-egress')).toMatchObject({
    message: expect.stringContaining("'egress' has no value and denies no egress"),
    fixed: np('podSelector: {}\npolicyTypes: [Ingress, Egress]\negress:'),
  });
  expect(told(np('podSelector: {}\npolicyTypes: [Egress]\negress:'), 'empty-egress').message).toBe('nothing');
  expect(told(np('podSelector: {}\negress:\n  {{- toYaml .Values.egress | nindent 4 }}'), 'empty-egress').message).toBe('nothing');
});

test('a selector that contradicts itself has the way out that fits', () => {
  const peer = (selector: string): string => told(ingress(`- from:\n  - ${selector}`), 'contradictory-selector').message;
  const both = 'podSelector: {matchLabels: {app: a}, matchExpressions: [{key: app, operator: In, values: [b]}]}';
  expect(peer(both)).toContain('To match either value');
  expect(peer(both.replace('In, values: [b]', 'NotIn, values: [a]'))).toContain('Remove one of the two requirements');
  expect(peer('namespaceSelector: {matchExpressions: [{key: kubernetes.io/metadata.name, operator: DoesNotExist}]}')).toContain(
    'every namespace has kubernetes.io/metadata.name',
  );
  expect(
    findingsIn(np('podSelector: {matchLabels: {a: b}, matchExpressions: [{key: a, operator: DoesNotExist}]}')).map(({ code }) => code),
  ).not.toContain('default-deny');
});

test('tabs become as many blanks as it takes, on all lines at once, and nothing behind them is guessed at', () => {
  const head = 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: web\n  namespace: shop\nspec:\n';
  const codes = (text: string): readonly string[] => findingsIn(text, { profile: 'recommended' }).map(({ code }) => code);
  const deep = `${head}  podSelector:\n    matchLabels:\n\t\tapp: web\n  policyTypes: [Ingress]\n`;
  expect(codes(deep)).toEqual(['yaml-tab']);
  expect(told(deep, 'yaml-tab').fixed).toBe(deep.replace('\t\t', '        '));
  const all = `${head}\tpodSelector: {}\n\tingress:\n\t- from:\n\t\t- podSelector:\n\t\t\t\tmatchLabels:\n\t\t\t\t\tapp: web\n`;
  expect(codes(all)).toEqual(['yaml-tab']);
  expect(told(all, 'yaml-tab').fixed).toBe(all.replaceAll('\t', '  '));
});

test('a quote that is not closed ends before the brackets that close', () => {
  expect(told(np('podSelector: {matchLabels: {app: "web}}\npolicyTypes: [Ingress]'), 'yaml-quote').fixed).toBe(
    np('podSelector: {matchLabels: {app: "web"}}\npolicyTypes: [Ingress]'),
  );
});

test('what names something is not taken away unasked beside what opens everything', () => {
  const safe = (text: string, code: string): boolean | undefined => {
    const found = told(text, code);
    return found.fixed === undefined ? undefined : found.safe;
  };
  expect(safe(items('namespaceSelector: {}', labelled('kube-dns')), 'redundant-peer')).toBe(false);
  expect(safe(items(inNamespace('shop'), labelled('web')), 'redundant-peer')).toBe(false);
  expect(safe(items('podSelector: {}', labelled('web')), 'redundant-peer')).toBe(false);
  expect(safe(items(labelled('web'), labelled('web')), 'redundant-peer')).toBe(true);
  expect(safe(ingress(`- {}\n- from:\n  - ${labelled('web')}\n`), 'redundant-rule')).toBe(false);
  expect(safe(ingress(`- from:\n  - ${labelled('web')}\n- from:\n  - ${labelled('web')}\n`), 'redundant-rule')).toBe(true);
  const also = (values: string): string =>
    np(`podSelector: {matchLabels: {app: a}, matchExpressions: [{key: app, operator: In, values: ${values}}]}`);
  expect(safe(also('[a, b]'), 'redundant-requirement')).toBe(false);
  expect(safe(also('[a]'), 'redundant-requirement')).toBe(true);
});

test('what is JSON stays JSON', () => {
  const json = (spec: object, apiVersion = 'networking.k8s.io/v1'): string =>
    JSON.stringify({ apiVersion, kind: 'NetworkPolicy', metadata: { name: 'web', namespace: 'shop' }, spec }, undefined, 2);
  const [podSelector, from] = [{}, [{ podSelector: {} }]];
  for (const text of [
    json({ podSelector, policyTypes: ['Ingress'] }, 'extensions/v1beta1'),
    json({ podSelector, ingress: [{ from }] }),
    json({ podSelector, egress: [{ to: from }] }),
    json({ podSelector, egress: [] }),
    json({ podSelector, policyTypes: ['Ingress'], ingress: [{ from: [{}] }] }),
    json({ podSelector, policyTypes: ['Ingress'], ingress: [{ from: [{ namespaceSelector: 'ops' }], ports: [80, { port: '80-90' }] }] }),
    json({ podSelector, policyTypes: ['Ingress'], egress: [{ to: [{ ipBlock: { cidr: '::/0' } }] }] }),
  ]) {
    const fixes = findingsIn(text).flatMap((finding) => finding.fixes);
    expect(fixes).not.toEqual([]);
    for (const { title, edits } of fixes) expect(() => JSON.parse(applyEdits(text, edits)), title).not.toThrow();
  }
});

test('a kind under a misspelt key is not written once more', () => {
  const text = np('podSelector: {}\npolicyTypes: [Ingress]').replace('kind:', 'ind:');
  expect(told(text, 'missing-kind').fixed).toBe(undefined);
  expect(told(text, 'unknown-field').fixed).toBe(text.replace('ind:', 'kind:'));
});
