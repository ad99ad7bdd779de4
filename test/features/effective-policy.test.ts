import { markdownParts } from '../../server/features/reports/markdown.ts';
import { expect, test } from 'vitest';
import { evaluationOf } from '../../server/eval/evaluate.ts';
import { effectivePolicyReport } from '../../server/features/reports/effective-policy.ts';
import { clusterOf } from '../eval/cluster.ts';

const POD = `
apiVersion: v1
kind: Pod
metadata: { name: web, namespace: shop, labels: { app: web } }
---`;
const BASELINE = `
apiVersion: policy.networking.k8s.io/v1alpha1
kind: BaselineAdminNetworkPolicy
metadata: { name: default }
spec:
  subject: { namespaces: {} }
  ingress: [ { action: Deny, from: [ { namespaces: {} } ] } ]
  egress: [ { action: Deny, to: [ { namespaces: {} } ] } ]
---
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: { name: base }
spec:
  tier: Baseline
  priority: 7
  subject: { namespaces: {} }
  egress: [ { action: Accept, to: [ { namespaces: {} } ] } ]
---`;
const CLOSED = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: closed, namespace: shop }
spec: { podSelector: {} }`;

test('Baseline rules behind a NetworkPolicy that isolates are said to be out of reach, in that direction only', () => {
  const cluster = clusterOf({ 'a.yaml': POD + BASELINE + CLOSED });
  const [web] = cluster.workloads;
  const report = web && effectivePolicyReport(evaluationOf(cluster), web.value);
  const text =
    report &&
    markdownParts(report)
      .map((part) => (typeof part === 'string' ? part : part.text))
      .join('');
  expect(text).toMatchInlineSnapshot(`
    "# Effective policy of shop/web[Pod]

    Every rule that applies to it, in the order of evaluation. The first rule that matches decides.

    ## Ingress: who can connect to it

    **Admin tier**: nothing.

    **NetworkPolicy**: isolated: everything is denied, except what any of these policies allows.

    - shop/closed: no rule

    **Baseline tier**: not reached; the NetworkPolicies above isolate the workload for ingress, so these rules are never evaluated.

    - default
      - Denies connections from every pod of the cluster, on every port.

    **Default**: not reached; the NetworkPolicies above decide all remaining traffic.

    ## Egress: where it can connect to

    **Admin tier**: nothing.

    **NetworkPolicy**: nothing.

    **Baseline tier**:

    - priority 7, base
      - Accepts connections to every pod of the cluster, on every port.
    - default
      - Denies connections to every pod of the cluster, on every port.

    **Default**: all traffic that no policy above decides is allowed.
    "
  `);
});
