import { expect, test } from 'vitest';
import { scratch } from './scratch.ts';

const { netpol, write } = scratch();

const TWO = `# file: base/kustomization.yaml
resources: [policy.yaml]
# file: base/policy.yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {}
# file: prod/kustomization.yaml
resources: [../base]
patches:
- target: {kind: NetworkPolicy}
  patch: |
    - {op: add, path: /spec/ingres, value: []}
# file: test/kustomization.yaml
resources: [../base]
`;

test('check --cluster reports what that cluster has, and nothing of the others', async () => {
  const prod = await netpol('check --cluster prod', TWO);
  expect(prod.out).toContain("Unknown field 'ingres'");
  expect(prod.status).toBe(1);
  const other = await netpol('check --cluster test/');
  expect(other.out).not.toContain('ingres');
  expect(other.status).toBe(0);
  expect((await netpol('check --cluster dev')).err).toContain("there is no cluster 'dev'. The clusters are prod, test.");
});

test('a folder that git ignores may be filled by another step, so that it is no error', async () => {
  write('.git/HEAD', '');
  write('.gitignore', 'vendor\n');
  const { out, status } = await netpol('check', `${TWO}# file: dev/kustomization.yaml\nresources: [../vendor/x, ../base]\n`);
  expect(out).toContain("'../vendor/x' is missing, but git ignores it");
  expect(out).not.toContain('kustomization-path');
  expect(status).toBe(1);
});
