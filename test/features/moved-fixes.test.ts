import { expect, test } from 'vitest';
import { applyEdits } from '../../server/syntax/edit.ts';
import { fixture } from '../fixture.ts';
import { workspaceFindingsIn } from '../rules/workspace-findings.ts';

/** The lines of the workspace that the fixes for a code change, each with its file. */
function checkFixed(source: string, code: string): void {
  const files = new Map(fixture(source).files.map(({ name, text }) => [`file:///workspace/${name}`, text]));
  const found = workspaceFindingsIn(source).filter((one) => one.code === code);
  const lines = found.flatMap(({ uri, fixes }) => {
    const text = files.get(uri) ?? '';
    const [fix] = fixes;
    if (!fix) return [`${uri.slice('file:///workspace/'.length)}: no fix`];
    const [before, after] = [text.split('\n'), applyEdits(text, fix.edits).split('\n')];
    const changed = after.filter((line) => !before.includes(line));
    const gone = before.filter((line) => !after.includes(line));
    return [
      `${uri.slice('file:///workspace/'.length)}: ${gone.map((line) => line.trim()).join(' / ')} -> ${changed.map((line) => line.trim()).join(' / ')}`,
    ];
  });
  return expect(
    lines.join('\n'),
    `findings: ${workspaceFindingsIn(source)
      .map((one) => one.code)
      .join(' ')}`,
  ).toMatchSnapshot();
}

const BASE = `# file: base/kustomization.yaml
resources: [policy.yaml]
# file: base/policy.yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
  namespace: shop
spec:
  podSelector: {}
  ingress:
  - ports:
    - port: 80
      protocol: TCP
# file: prod/kustomization.yaml
`;

test('a value in a patch file is mended there', () => {
  checkFixed(
    `${BASE}resources: [../base]
patches:
- path: patch.yaml
# file: prod/patch.yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
  namespace: shop
spec:
  ingress:
  - ports:
    - port: 80
      protocol: tcp
`,
    'unsupported-value',
  );
});

test('a value in an inline patch is mended there', () => {
  checkFixed(
    `${BASE}resources: [../base]
patches:
- target: {kind: NetworkPolicy}
  patch: |
    - op: replace
      path: /spec/ingress/0/ports/0/protocol
      value: tcp
`,
    'unsupported-value',
  );
  checkFixed(
    `${BASE}resources: [../base]
patches:
- patch: |-
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: web, namespace: shop}
    spec:
      policyTypes: [Ingress, ingress]
`,
    'unsupported-value',
  );
});

test('an unknown field that a patch adds is renamed or removed there', () => {
  checkFixed(
    `${BASE}resources: [../base]
patches:
- path: patch.yaml
# file: prod/patch.yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
  namespace: shop
spec:
  policyType: [Ingress]
`,
    'unknown-field',
  );
});
