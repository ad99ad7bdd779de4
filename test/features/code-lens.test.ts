import { expect, test, type Assertion } from 'vitest';
import { codeLenses, lensText } from '../../server/features/code-lens.ts';
import { workspaceAt } from '../checks.ts';

/** What the lenses of the file with the cursor say. */
function checkLenses(source: string): Assertion<string> {
  const { context } = workspaceAt(source);
  return expect(
    codeLenses(context)
      .map(({ key }) => lensText(context.snapshot, context.uri, key)?.title)
      .join('\n'),
  );
}

const POLICY = `# file: policy.yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: w$0eb, namespace: shop}
spec: {podSelector: {matchLabels: {app: web}}}
`;
const POD = `# file: base/pod.yaml
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
`;
const KUSTOMIZATION = `# file: base/kustomization.yaml
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources: [pod.yaml]
`;

test('whom a policy selects', () => {
  checkLenses(POLICY + POD).toBe('selects 1 workload, no sources may reach it');
  checkLenses(POLICY.replace('app: web', 'app: wbe') + POD).toBe('selects no workload here');
});

test('where there are no workloads at all, and where they belong to another cluster', () => {
  checkLenses(POLICY).toBe('no workloads in this workspace');
  checkLenses(POLICY + POD + KUSTOMIZATION).toBe('no workloads in the cluster of this file');
});
