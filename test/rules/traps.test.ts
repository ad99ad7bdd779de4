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

const port = (item: string): string => np(`podSelector: {}\npolicyTypes: [Ingress]\ningress:\n- from: [{podSelector: {}}]\n  ports:\n  - ${item}`);

test('a protocol that policies cannot name is not taken for a slip', () => {
  const icmp = told(port('protocol: ICMP'), 'unsupported-value');
  expect(icmp.message).toContain('differ in what they do with ICMP');
  expect(icmp.fixed).toBe(undefined);
  expect(told(port('{port: 443, protocol: HTTPS}'), 'unsupported-value')).toMatchObject({
    fixed: port('{port: 443, protocol: TCP}'),
    safe: false,
  });
  expect(told(port('{port: 53, protocol: udp}'), 'unsupported-value')).toMatchObject({ fixed: port('{port: 53, protocol: UDP}'), safe: true });
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
  expect(blank.message).toContain("'subject', the pods concerned, has no value and counts as not written");
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
