import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { identify, mayMatter } from '../../server/model/identify.ts';
import { manifestsOf, sourceFile } from '../../server/syntax/source-file.ts';
import { identityIn } from './reading.ts';

const ours: readonly (readonly [text: string, identity: string])[] = [
  ['apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy', 'NetworkPolicy'],
  ['apiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy', 'ClusterNetworkPolicy'],
  ['apiVersion: policy.networking.k8s.io/v1alpha1\nkind: AdminNetworkPolicy', 'AdminNetworkPolicy'],
  ['apiVersion: policy.networking.k8s.io/v1alpha1\nkind: BaselineAdminNetworkPolicy', 'BaselineAdminNetworkPolicy'],
  ['{"kind": "NetworkPolicy", "apiVersion": "networking.k8s.io/v1"}', 'NetworkPolicy'],
  // Group and version.
  ['apiVersion: networking.k8s.io/v1beta1\nkind: NetworkPolicy', 'NetworkPolicy apiVersion: networking.k8s.io/v1'],
  ['apiVersion: extensions/v1beta1\nkind: NetworkPolicy', 'NetworkPolicy apiVersion: networking.k8s.io/v1'],
  ['apiVersion: networking.k8s.io/v2\nkind: NetworkPolicy', 'NetworkPolicy apiVersion: networking.k8s.io/v1'],
  [
    'apiVersion: policy.networking.k8s.io/v1alpha3\nkind: ClusterNetworkPolicy',
    'ClusterNetworkPolicy apiVersion: policy.networking.k8s.io/v1alpha2',
  ],
  [
    'apiVersion: policy.networking.k8s.io/v1alpha2\nkind: AdminNetworkPolicy',
    'AdminNetworkPolicy apiVersion: policy.networking.k8s.io/v1alpha1',
  ],
  ['apiVersion: networking.k8s.io/v1\nkind: ClusterNetworkPolicy', 'ClusterNetworkPolicy apiVersion: policy.networking.k8s.io/v1alpha2'],
  ['apiVersion: networking.k8.io/v1\nkind: NetworkPolicy', 'NetworkPolicy apiVersion: networking.k8s.io/v1'],
  ['apiVersion: Networking.K8s.io/v1\nkind: NetworkPolicy', 'NetworkPolicy apiVersion: networking.k8s.io/v1'],
  ['apiVersion: “networking.k8s.io/v1”\nkind: NetworkPolicy', 'NetworkPolicy apiVersion: networking.k8s.io/v1'],
  ['apiVersion: v1\nkind: NetworkPolicy', 'NetworkPolicy apiVersion: networking.k8s.io/v1'],
  ['apiVersion: apps/v1\nkind: NetworkPolicy', 'NetworkPolicy apiVersion: networking.k8s.io/v1'],
  ['kind: NetworkPolicy', 'NetworkPolicy apiVersion: networking.k8s.io/v1'],
  ['apiVersion: ""\nkind: NetworkPolicy', 'NetworkPolicy apiVersion: networking.k8s.io/v1'],
  ['apiVersion:\nkind: ClusterNetworkPolicy', 'ClusterNetworkPolicy apiVersion: policy.networking.k8s.io/v1alpha2'],
  ['apiVersion: corp.example/v1\nkind: NetworkPolicy\nspec: {podSelector: {}}', 'NetworkPolicy apiVersion: networking.k8s.io/v1'],
  // Kind.
  ['apiVersion: networking.k8s.io/v1\nkind: Networkpolicy', 'NetworkPolicy kind: NetworkPolicy'],
  ['apiVersion: networking.k8s.io/v1\nkind: NetworkPolicies', 'NetworkPolicy kind: NetworkPolicy'],
  ['apiVersion: networking.k8s.io/v1\nkind: Ne', 'NetworkPolicy kind: NetworkPolicy'],
  ['apiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolcy', 'ClusterNetworkPolicy kind: ClusterNetworkPolicy'],
  ['apiVersion: policy.networking.k8s.io/v1alpha1\nkind: |\n  AdminNetworkPolicy\n', 'AdminNetworkPolicy kind: AdminNetworkPolicy'],
  ['kind: NetworkPolic', 'NetworkPolicy apiVersion: networking.k8s.io/v1 kind: NetworkPolicy'],
  ['apiVersion: networking.k8.io/v1\nkind: NetworkPolcy', 'NetworkPolicy apiVersion: networking.k8s.io/v1 kind: NetworkPolicy'],
  ['apiVersion: networking.k8s.io/v1\nkind: Deployment', 'unknown kind: ?'],
  ['apiVersion: networking.k8s.io/v1', 'unknown kind: ?'],
  ['apiVersion: networking.k8s.io/v1\nkind: null\nspec: {podSelector: {}}', 'NetworkPolicy kind: NetworkPolicy'],
  ['apiVersion: policy.networking.k8s.io/v1alpha2\nspec: {subject: {}}', 'ClusterNetworkPolicy kind: ClusterNetworkPolicy'],
  ['apiVersion: policy.networking.k8s.io/v1alpha1\nspec: {subject: {}, priority: 3}', 'AdminNetworkPolicy kind: AdminNetworkPolicy'],
  // Templates fill in what is missing.
  ['apiVersion: {{ include "api" . }}\nkind: NetworkPolicy', 'NetworkPolicy'],
  // No mapping, or not YAML.
  ['NetworkPolicy', 'NetworkPolicy'],
  ['- apiVersion: networking.k8s.io/v1\n  kind: NetworkPolicy', 'NetworkPolicy'],
  ['apiVersion networking.k8s.io/v1\nkind NetworkPolicy\nmetadata:\n  name: x\n - y: [', 'NetworkPolicy'],
  ['apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy', 'CiliumNetworkPolicy'],
  ['apiVersion: cilium.io/v2\nkind: CiliumClusterWideNetworkPolicy', 'CiliumClusterwideNetworkPolicy kind: CiliumClusterwideNetworkPolicy'],
  ['apiVersion: cilium.io/v2alpha1\nkind: CiliumCIDRGroup', 'CiliumCIDRGroup'],
];

test.each(ours)('ours: %j', (text, identity) => {
  expect(identityIn(text)).toBe(identity);
  expect(mayMatter(text)).toBe(true);
});

const others: readonly (readonly [text: string, why: string])[] = [
  ['apiVersion: networking.k8s.io/v1\nkind: Ingress', 'workspace'],
  ['apiVersion: networking.k8s.io/v2\nkind: Ingress', 'sibling'],
  ['apiVersion: networking.k8s.io/v1beta1\nkind: IngressClass', 'sibling'],
  ['apiVersion: networking.k8s.io/v1alpha1\nkind: ServiceCIDR', 'sibling'],
  ['apiVersion: networking.k8s.io/v1\nkind: Ingress\nspec: [', 'workspace'],
  ['apiVersion: projectcalico.org/v3\nkind: IPPool', 'dialect'],
  ['apiVersion: crd.antrea.io/v1beta1\nkind: TraceFlow', 'dialect'],
  ['apiVersion: cilium.io/v2\nkind: CiliumNode', 'dialect'],
  ['apiVersion: networking.k8s.aws/v1alpha1\nkind: ClusterNetworkPolicy', 'dialect'],
  ['apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute', 'workspace'],
  ['apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway', 'workspace'],
  ['apiVersion: gateway.networking.k8s.io/v1\nkind: GatewayClass', 'dialect'],
  ['apiVersion: networking.gke.io/v1\nkind: ManagedCertificate', 'dialect'],
  ['apiVersion: v1\nkind: Pod', 'workspace'],
  ['apiVersion: apps/v1\nkind: Deployment', 'workspace'],
  ['apiVersion: extensions/v1beta1\nkind: Deployment', 'workspace'],
  ['apiVersion: batch/v1\nkind: CronJob', 'workspace'],
  // Custom resources that may create pods.
  ['apiVersion: serving.knative.dev/v1\nkind: Service', 'workspace'],
  ['apiVersion: postgresql.cnpg.io/v1\nkind: Cluster', 'workspace'],
  ['apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease', 'workspace'],
  ['apiVersion: cert-manager.io/v1\nkind: Certificate', 'other'],
  ['apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule', 'other'],
  ['apiVersion: monitoring.coreos.com/v1\nkind: Prometheus', 'workspace'],
  ['apiVersion: policy.networking.k8s.io/v1alpha1\nkind: ConformanceReport\ndate: x', 'sibling'],
  ['apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nspec: ENC[AES256_GCM,data:x,type:str]\nsops: {mac: x}', 'other'],
  ['apiVersion: v1\nkind: Secret\ndata:\n  policy: |\n    apiVersion: networking.k8s.io/v1\n    kind: NetworkPolicy', 'other'],
  ['apiVersion: v1\nkind: Secret\ndata: [\n# NetworkPolicy', 'other'],
  ['apiVersion: example.com/v1\nkind: NetworkPolicies', 'other'],
  ['apiVersion: example.com/v1\nkind: NetworkPolicy\nspec: {region: eu}', 'other'],
  ['apiVersion: networking.k8s.io/v1\nkind: {{ .Values.kind }}', 'other'],
  ['apiVersion: networking.k8s.io/v1\nkind: ${X}', 'other'],
  ['apiVersion: networking.k8s.io/v1\nkind: NetworkPolicyList', 'other'],
  ['- op: replace\n  path: /spec\n  target: NetworkPolicy', 'other'],
  ['services:\n  web: {image: nginx}\nnetworks: {front: {}}', 'other'],
  ['just some words', 'other'],
  ['apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization', 'other'],
];

test.each(others)('not ours: %j', (text, why) => {
  expect(identityIn(text)).toBe(why);
  if (why === 'workspace') expect(mayMatter(text)).toBe(true);
});

test('unrelated YAML is told apart without parsing', () => {
  expect(mayMatter('services:\n  web: {image: nginx}\nnetworks: {front: {}}')).toBe(false);
  expect(mayMatter('kind: Secret\nspec: {restartPolicy: Always, imagePullPolicy: Always}')).toBe(false);
  // A definition without a webhook, and a binding for people.
  expect(mayMatter('apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nspec: {scope: Cluster}')).toBe(false);
  const definition = 'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nspec: {names: {kind: NetworkPolicy}}\n';
  expect(mayMatter(`---\n${definition}---\n${definition}`)).toBe(false);
  // A file of an operator has its definitions beside its policies and workloads.
  expect(mayMatter(`${definition}---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a}\n`)).toBe(true);
  expect(mayMatter(`apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\n...\n---\n${definition}`)).toBe(true);
  expect(mayMatter('apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nsubjects: [{kind: User, name: ann}]')).toBe(false);
  expect(mayMatter('apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nsubjects: [{kind: ServiceAccount, name: a}]')).toBe(true);
});

test('whatever the API server accepts as a policy is ours, with nothing wrong about its name', () => {
  const lines = readFileSync(new URL('../corpus/apiserver.jsonl', import.meta.url), 'utf8')
    .trim()
    .split('\n');
  const wrong: string[] = [];
  for (const line of lines) {
    const record: unknown = JSON.parse(line);
    if (!isVerdict(record)) throw new Error(`no verdict: ${line.slice(0, 80)}`);
    for (const { manifest } of manifestsOf(sourceFile(record.yaml))) {
      const identity = identify(manifest);
      // What something fills in later is left alone by design.
      const fine =
        record.yaml.includes('kind: ${') ||
        (identity.ours && (record.verdict === 'reject' || (identity.kind !== undefined && identity.mistakes.length === 0)));
      if (!fine || !mayMatter(record.yaml)) wrong.push(record.id);
    }
  }
  expect(lines.length).toBeGreaterThan(1000);
  expect(wrong).toEqual([]);
});

interface Verdict {
  readonly id: string;
  readonly verdict: string;
  readonly yaml: string;
}

function isVerdict(record: unknown): record is Verdict {
  return (
    typeof record === 'object' &&
    record !== null &&
    'id' in record &&
    'verdict' in record &&
    'yaml' in record &&
    typeof record.yaml === 'string'
  );
}
