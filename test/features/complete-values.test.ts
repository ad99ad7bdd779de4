import { test } from 'vitest';
import { checkChosen, checkCompletions } from '../checks.ts';

const V1 = 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n';
const CNP = 'apiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy\n';

const WORKLOADS = `---
apiVersion: v1
kind: Namespace
metadata: {name: ops, labels: {team: ops}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {template: {metadata: {labels: {app: web, tier: front}}, spec: {containers: []}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: shop}
spec: {template: {metadata: {labels: {app: api}}, spec: {containers: []}}}
`;

test('labels: those that the workspace knows, most used first', () => {
  checkCompletions(`${V1}spec:\n  podSelector:\n    matchLabels:\n      $0\n${WORKLOADS}`).toMatchInlineSnapshot(`
    "app  on 2 other workloads
    tier  on 1 other workload
    app.kubernetes.io/name  a common label"
  `);
  checkCompletions(`${V1}spec:\n  podSelector:\n    matchLabels:\n      app: $0\n${WORKLOADS}`).toMatchInlineSnapshot(`
    "api  on 1 other workload
    web  on 1 other workload"
  `);
  checkCompletions(
    `${V1}spec:\n  podSelector:\n    matchExpressions:\n    - key: app\n      operator: In\n      values: [web, $0]\n${WORKLOADS}`,
  ).toMatchInlineSnapshot(`"api  on 1 other workload"`);
  const peer = `${V1}spec:\n  ingress:\n  - from:\n    - namespaceSelector:\n        matchLabels:\n          `;
  checkCompletions(`${peer}$0\n${WORKLOADS}`).toMatchInlineSnapshot(`
    "kubernetes.io/metadata.name  the name of a namespace
    team  selects 1 of 3 namespaces, none of 2 workloads"
  `);
  checkCompletions(`${peer}kubernetes.io/metadata.name: $0\n${WORKLOADS}`).toMatchInlineSnapshot(`
    "shop  selects 1 of 3 namespaces, 2 of 2 workloads
    default  selects 1 of 3 namespaces, none of 2 workloads
    ops  selects 1 of 3 namespaces, none of 2 workloads
    kube-system  in every cluster"
  `);
});

test('values: of an enum', () => {
  checkCompletions(`${CNP}spec:\n  tier: $0`).toMatchInlineSnapshot(`
    "Admin  Policy tier
    Baseline  Policy tier"
  `);
  checkChosen(`${CNP}spec:\n  tier: Ad$0`, 'Admin').toMatchInlineSnapshot(`
    "apiVersion: policy.networking.k8s.io/v1alpha2
    kind: ClusterNetworkPolicy
    spec:
      tier: Admin"
  `);
  checkChosen(`${CNP}spec:\n  tier: "Ad$0"`, 'Baseline').toMatchInlineSnapshot(`
    "apiVersion: policy.networking.k8s.io/v1alpha2
    kind: ClusterNetworkPolicy
    spec:
      tier: "Baseline""
  `);
});

test('values: of a list, without those that are there', () => {
  checkCompletions(`${V1}spec:\n  policyTypes: [Ingress, $0]`).toMatchInlineSnapshot(`"Egress  Isolated direction"`);
  checkCompletions(`${V1}spec:\n  policyTypes:\n  - Ingress\n  - $0`).toMatchInlineSnapshot(`"Egress  Isolated direction"`);
  checkCompletions(`${V1}spec:\n  policyTypes: $0`).toMatchInlineSnapshot(`
    "[Ingress]  Isolated directions
    [Egress]  Isolated directions
    [Ingress, Egress]  Isolated directions
    - Ingress  Isolated direction
    - Egress  Isolated direction"
  `);
});

test('values: that are only examples', () => {
  checkCompletions(`${V1}spec:\n  ingress:\n  - ports:\n    - port: $0`).toMatchInlineSnapshot(`
    "80  for example · Port number or name
    443  for example · Port number or name
    53  for example · Port number or name
    8080  for example · Port number or name
    5432  for example · Port number or name"
  `);
  checkChosen(`${CNP}spec:\n  egress:\n  - to:\n    - domainNames:\n      - $0`, '*.example.com').toMatchInlineSnapshot(`
    "apiVersion: policy.networking.k8s.io/v1alpha2
    kind: ClusterNetworkPolicy
    spec:
      egress:
      - to:
        - domainNames:
          - "*.example.com""
  `);
});

test('kinds: in an empty document', () => {
  checkCompletions('$0').toMatchInlineSnapshot(`
    "NetworkPolicy  networking.k8s.io/v1
    ClusterNetworkPolicy  policy.networking.k8s.io/v1alpha2
    AdminNetworkPolicy  policy.networking.k8s.io/v1alpha1
    BaselineAdminNetworkPolicy  policy.networking.k8s.io/v1alpha1
    CiliumNetworkPolicy  cilium.io/v2
    CiliumClusterwideNetworkPolicy  cilium.io/v2
    CiliumCIDRGroup  cilium.io/v2
    Calico NetworkPolicy  projectcalico.org/v3
    Calico GlobalNetworkPolicy  projectcalico.org/v3
    Calico StagedNetworkPolicy  projectcalico.org/v3
    Calico StagedGlobalNetworkPolicy  projectcalico.org/v3
    Calico StagedKubernetesNetworkPolicy  projectcalico.org/v3
    Calico Tier  projectcalico.org/v3
    Calico NetworkSet  projectcalico.org/v3
    Calico HostEndpoint  projectcalico.org/v3
    Calico GlobalNetworkSet  projectcalico.org/v3
    Antrea ClusterNetworkPolicy  crd.antrea.io/v1beta1
    Antrea NetworkPolicy  crd.antrea.io/v1beta1
    Antrea Tier  crd.antrea.io/v1beta1
    Antrea ClusterGroup  crd.antrea.io/v1beta1
    Antrea Group  crd.antrea.io/v1beta1"
  `);
  checkChosen('---\nne$0', 'NetworkPolicy').toMatchInlineSnapshot(`
    "---
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: $1
    spec:
      $2"
  `);
});

test('kinds: bring the other half of the pair along', () => {
  checkChosen('kind: Netw$0\nmetadata:\n  name: a\n', 'NetworkPolicy').toMatchInlineSnapshot(`
    "apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: a
    "
  `);
  checkChosen('apiVersion: $0\n', 'ClusterNetworkPolicy').toMatchInlineSnapshot(`
    "apiVersion: policy.networking.k8s.io/v1alpha2
    kind: ClusterNetworkPolicy
    "
  `);
  checkChosen('apiVersion: networking.k8s.io/v1\nkind: $0\n', 'ClusterNetworkPolicy').toMatchInlineSnapshot(`
    "apiVersion: policy.networking.k8s.io/v1alpha2
    kind: ClusterNetworkPolicy
    "
  `);
  checkCompletions('apiVersion: policy.networking.k8s.io/v1alpha1\n$0').toMatchInlineSnapshot(`
    "kind: AdminNetworkPolicy  policy.networking.k8s.io/v1alpha1
    kind: BaselineAdminNetworkPolicy  policy.networking.k8s.io/v1alpha1"
  `);
});
