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
  checkLenses(POLICY + POD).toBe('Selects 1 workload. Allows no ingress');
  checkLenses(POLICY.replace('app: web', 'app: wbe') + POD).toBe('Selects no workload in this workspace');
});

test('where there are no workloads at all, and where they belong to another cluster', () => {
  checkLenses(POLICY).toBe('No workloads in this workspace');
  checkLenses(POLICY + POD + KUSTOMIZATION).toBe('No workloads in the cluster of this file');
});

test('in a file of several clusters, which of them it is about', () => {
  const base = POLICY.replace('policy.yaml', 'base/policy.yaml') + POD + KUSTOMIZATION.replace('[pod.yaml]', '[pod.yaml, policy.yaml]');
  const overlay = (name: string): string => `# file: ${name}/kustomization.yaml\nresources: [../base]\n`;
  checkLenses(base + overlay('prod')).toBe('Selects 1 workload. Allows no ingress');
  checkLenses(base + overlay('prod') + overlay('test')).toBe('In prod: Selects 1 workload. Allows no ingress');
});

const NAMES = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n';
const pod = (name: string): string => `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, namespace: shop, labels: {app: ${name}}}\n`;
const object = (apiVersion: string, kind: string, name: string, spec: string): string =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: ${name}, namespace: shop}\nspec: ${spec}\n`;
const np = (name: string, spec: string): string => object('networking.k8s.io/v1', 'NetworkPolicy', name, spec);
const one = (...texts: readonly string[]): string => `# file: a.yaml\n# $0\n${[NAMES, ...texts].join('---\n')}`;

test('addresses outside the cluster come first, and both families count', () => {
  checkLenses(one(pod('web'), pod('db'))).toMatchInlineSnapshot(`
    "Any address and 1 workload can connect (no policy limits ingress); no policy limits egress
    Any address and 1 workload can connect (no policy limits ingress); no policy limits egress"
  `);
  checkLenses(
    one(
      pod('web'),
      pod('db'),
      np('open', '{podSelector: {matchLabels: {app: db}}, ingress: [{}]}'),
      np('none', '{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress]}'),
    ),
  ).toMatchInlineSnapshot(`
    "Any address and 1 workload can connect (no policy limits ingress); it can connect to no destination
    Any address can connect; no policy limits egress
    Selects 1 workload. Allows ingress from any address and 1 workload
    Selects 1 workload. Allows no egress"
  `);
  checkLenses(one(pod('web'), np('v4', '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0}}]}]}')))
    .toMatchInlineSnapshot(`
      "Any address can connect (no policy limits ingress); it can connect to any IPv4 address; not known: which pods the address blocks include
      Selects 1 workload. Allows egress to any IPv4 address; not known: which pods the address blocks include"
    `);
  checkLenses(one(pod('web'), np('some', '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: "2001:db8::/32"}}]}]}')))
    .toMatchInlineSnapshot(`
      "Some addresses outside can connect; no policy limits egress
      Selects 1 workload. Allows ingress from some addresses outside"
    `);
});

test('what is not evaluated is said', () => {
  checkLenses(
    one(
      pod('web'),
      np('web', '{podSelector: {}}'),
      object('networking.k8s.aws/v1alpha1', 'ApplicationNetworkPolicy', 'web', '{podSelector: {}, ingress: [{}]}'),
    ),
  ).toMatchInlineSnapshot(`
    "It is not known who can connect; no policy limits egress; not evaluated: Amazon EKS ApplicationNetworkPolicy 'shop/web'
    Selects 1 workload. Allows no ingress; not evaluated: Amazon EKS ApplicationNetworkPolicy 'shop/web'"
  `);
  // What may decide about the other end leaves it open too; what is denied before it asks nobody.
  checkLenses(
    one(
      pod('web'),
      pod('db'),
      np('db', '{podSelector: {matchLabels: {app: db}}, policyTypes: [Egress], egress: [{to: [{podSelector: {}}]}]}'),
      object('networking.k8s.aws/v1alpha1', 'ApplicationNetworkPolicy', 'web', '{podSelector: {matchLabels: {app: web}}, ingress: [{}]}'),
    ),
  ).toMatchInlineSnapshot(`
    "It is not known who can connect (no policy limits ingress); no policy limits egress; not evaluated: Amazon EKS ApplicationNetworkPolicy 'shop/web'
    Any address and 1 workload can connect (no policy limits ingress); it is not known where it can connect to
    Selects 1 workload. Allows egress to 1 workload"
  `);
  checkLenses(one(np('web', '{podSelector: {}}').replace('namespace: shop', 'namespace: "{{ .Release.Namespace }}"'), pod('web')))
    .toMatchInlineSnapshot(`
    "Not evaluated: NetworkPolicy 'web' is left out of verdicts: metadata.namespace is not known yet, because it is filled in later or the YAML is not finished.
    Any address can connect (no policy limits ingress); no policy limits egress"
  `);
});

const cnp = (spec: string): string =>
  `apiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy\nmetadata: {name: guard}\nspec: {tier: Admin, priority: 5, subject: {namespaces: {}}, ${spec}}\n`;

test('what the manifests do not say is named, at the policy and at the workloads that it selects', () => {
  checkLenses(one(pod('web'), cnp('egress: [{action: Accept, to: [{nodes: {}}, {domainNames: [example.com]}]}]'))).toMatchInlineSnapshot(`
    "Any address can connect (no policy limits ingress); it can connect to any address; not known: the addresses of domain names and the addresses of nodes
    Selects 1 workload. Decides nothing about known workloads and addresses; not known: the addresses of domain names and the addresses of nodes"
  `);
  checkLenses(one(pod('web'), np('block', '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}')))
    .toMatchInlineSnapshot(`
    "Any address can connect (no policy limits ingress); it can connect to some addresses outside; not known: which pods the address blocks include
    Selects 1 workload. Allows egress to some addresses outside; not known: which pods the address blocks include"
  `);
  checkLenses(
    one(object('v1', 'Pod', 'agent', '{hostNetwork: true, containers: []}'), np('closed', '{podSelector: {}, policyTypes: [Ingress]}')),
  ).toMatchInlineSnapshot(`
    "No source can connect; no policy limits egress; not known: whether policies apply to pods on the host network
    Selects 1 workload. Allows no ingress; not known: whether policies apply to pods on the host network"
  `);
});

test('what is not in force says so', () => {
  const staged = (kind: string, spec: string): string =>
    object('projectcalico.org/v3', kind, 'staged', spec).replace(kind.includes('Global') ? ', namespace: shop' : '\0', '');
  checkLenses(
    one(
      pod('web'),
      staged('StagedNetworkPolicy', '{selector: all(), types: [Ingress]}'),
      staged('StagedGlobalNetworkPolicy', '{selector: all(), types: [Ingress]}'),
      staged('StagedKubernetesNetworkPolicy', '{podSelector: {}, policyTypes: [Ingress]}'),
      object(
        'projectcalico.org/v3',
        'GlobalNetworkPolicy',
        'host',
        '{selector: all(), types: [Ingress], preDNAT: true, applyOnForward: true}',
      ).replace(', namespace: shop', ''),
    ),
  ).toMatchInlineSnapshot(`
    "Any address can connect (no policy limits ingress); no policy limits egress
    Not in force: it is staged: Calico only reports what it would do
    Not in force: it is staged: Calico only reports what it would do
    Not in force: it is staged: Calico only reports what it would do
    Takes no part in verdicts: it applies to host endpoints only, before all other policies (preDNAT)"
  `);
});
