import { describe, expect, test } from 'vitest';
import { pod, service } from './manifests.ts';
import { applyEdits } from '../../server/syntax/edit.ts';
import { workspaceFindingsIn } from './workspace-findings.ts';

const TO_WEB = `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: it, namespace: shop}
spec: {defaultBackend: {service: {name: web, port: {number: 80}}}}`;
const WEB = [service('shop', 'web', 'app: web', '80:8080'), pod('shop', 'web', 'app: web', 'http:8080')];
const NGINX = pod('edge', 'nginx', 'app.kubernetes.io/name: ingress-nginx');

describe('a rule is put into a policy that only closes', () => {
  const shut = (spec: string): string =>
    `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: shut\n  namespace: shop\n${spec}`;
  const repaired = (text: string): readonly (readonly [code: string, after: string])[] =>
    workspaceFindingsIn([text, TO_WEB, NGINX, ...WEB].join('\n---\n'))
      .filter(({ code }) => code === 'ingress-backend-blocked')
      .map(({ code, fixes }) => [code, fixes.map(({ edits }) => applyEdits(text, edits)).join('\n===\n')]);

  test.each<[string, string]>([
    ['types as a block list', 'spec:\n  podSelector:\n    matchLabels:\n      app: web\n  policyTypes:\n  - Ingress # only in\n'],
    ['types first', 'spec:\n  policyTypes:\n    - Ingress\n  podSelector:\n    matchLabels: {app: web}'],
    ['no types', 'spec:\n  podSelector: # these\n    matchLabels: {app: web}\n\n'],
    ['a list without items', 'spec:\n  podSelector: {matchLabels: {app: web}}\n  ingress: [] # none\n  policyTypes: [Ingress]'],
    ['a list that is null', 'spec:\n  podSelector: {matchLabels: {app: web}}\n  ingress:\n  policyTypes: [Ingress]'],
  ])('with %s', (_, spec) => {
    const [finding] = repaired(shut(spec));
    expect(finding?.[1]).toContain('ingress:');
    expect(repaired(finding?.[1] ?? '')).toEqual([]);
    expect(
      workspaceFindingsIn([finding?.[1] ?? '', TO_WEB, NGINX, ...WEB].join('\n---\n')).filter(({ severity }) => severity === 'error'),
    ).toEqual([]);
  });

  test('but not into one that closes every pod', () => {
    expect(repaired(shut('spec:\n  podSelector: {}\n  policyTypes:\n  - Ingress\n'))).toEqual([['ingress-backend-blocked', '']]);
  });

  test('nor into a flow', () => {
    expect(repaired(shut('spec: {podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress]}\n'))).toEqual([
      ['ingress-backend-blocked', ''],
    ]);
  });
});
