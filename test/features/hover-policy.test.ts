import { test } from 'vitest';
import { checkHover } from '../checks.ts';

const V1 = 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: a\n  namespace: shop\n';
const CNP = 'apiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy\nmetadata:\n  name: a\n';

test('directions, and rules that have no effect', () => {
  checkHover(`${V1}spec:\n  podSelector: {}\n  ing$0ress: []`).toMatchInlineSnapshot(`
    "[ingress]
    Denies every connection to every pod in namespace shop, unless another NetworkPolicy allows it.

    **Ingress rules**. Allowed connections to the selected pods. A connection passes if any rule of any policy on the pod matches it; order does not matter.

    Left out or \`[]\` or null: No connection to the selected pods is allowed, if Ingress is in policyTypes."
  `);
  checkHover(`${V1}spec:\n  policyTypes: [Ingress]\n  egr$0ess:\n  - {}`).toMatchInlineSnapshot(`
    "[egress]
    Has no effect: \`policyTypes\` does not list Egress.

    **Egress rules**. Allowed connections from the selected pods. A connection passes if any rule of any policy on the pod matches it, and if the policies of the destination allow it. Replies to allowed connections are always allowed.

    Left out or null: No connection is allowed out if policyTypes lists Egress; otherwise egress is not restricted.  
    \`[]\`: Denies all egress only if policyTypes lists Egress; without it, egress is not restricted."
  `);
  checkHover(`${CNP}spec:\n  subject: {namespaces: {}}\n  ingr$0ess:\n  - {action: Deny, from: [{namespaces: {}}]}`).toMatchInlineSnapshot(`
    "[ingress]
    1 rule for connections to every pod of the cluster; the first that matches decides.

    **Ingress rules**. Rules for connections to the subject's pods, read from top to bottom; the first match decides. Nothing is isolated by being listed here.

    Left out or null: Connections to these pods are left alone.  
    \`[]\`: Connections to these pods are left alone; nothing is denied."
  `);
});

test('policyTypes, with its default', () => {
  checkHover(`${V1}spec:\n  podSelector: {}\n  policy$0Types: [Egress]`).toMatchInlineSnapshot(`
    "[policyTypes]
    Isolates every pod in namespace shop for egress: all egress is denied, DNS included. It does not restrict ingress.

    **Isolated directions**. The directions in which the selected pods are isolated. Rules of a direction that is not listed here are accepted but have no effect. Egress must be listed to deny all egress.

    Default: [Ingress], plus Egress if there is at least one egress rule.  
    Left out or \`[]\` or null: Ingress is isolated, and egress only if there is at least one egress rule."
  `);
  checkHover(`${V1}sp$0ec:\n  podSelector: {}\n  egress: []`).toMatchInlineSnapshot(`
    "[spec]
    Isolates every pod in namespace shop for ingress (the default; an empty \`egress\` does not count): all ingress is denied. It does not restrict egress.

    **Policy content**. Which pods are isolated, in which directions, and what stays allowed.

    Left out or \`{}\` or null: Denies all ingress to every pod of the namespace."
  `);
  checkHover(`${V1}sp$0ec:\n  podSelector: {}\n  egress:\n  - to: [{podSelector: {}}]`).toMatchInlineSnapshot(`
    "[spec]
    Isolates every pod in namespace shop for ingress and egress (the default, since there is an egress rule): all ingress is denied, one rule allows egress.

    **Policy content**. Which pods are isolated, in which directions, and what stays allowed.

    Left out or \`{}\` or null: Denies all ingress to every pod of the namespace."
  `);
});

const ladder = (mark: string): string =>
  `apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: early}
spec: {tier: Admin, priority: 5, subject: {namespaces: {}}}
---
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: tied}
spec: {tier: Admin, priority: 10, subject: {namespaces: {}}}
---
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: mine}
spec:
  tier: Admin
  priority: 10
  subject: {namespaces: {}}
  ingress:
  - {name: one, action: Accept, from: [{namespaces: {}}]}
  - {name: two, action: Pass, from: [{namespaces: {}}]}
---
${V1}`.replace(mark, `${mark.slice(0, -1)}$0${mark.slice(-1)}`);

test('precedence: the ladder, the place in it, ties', () => {
  checkHover(ladder('\n  priority')).toMatchInlineSnapshot(`
    "[priority]
    Order of evaluation in this workspace:
    1. **Admin tier**: \`early\` (5), **\`mine\` (10) this one**, \`tied\` (10)
    2. NetworkPolicies: 1; additive, in no order
    3. Baseline tier: none
    4. Default: allowed

    **Undefined:** \`tied\` has the same priority. Where both match, the API does not define which one decides.

    **Order in tier** (required). The position of this policy within its tier, from 0 (evaluated first) to 1000 (evaluated last). If two policies with the same number match the same traffic, it is undefined which one decides.

    [KEP-2091: policies of the cluster administrator](https://github.com/kubernetes/enhancements/tree/master/keps/sig-network/2091-admin-network-policy)"
  `);
  checkHover(ladder('\n  tier: Admin')).toMatchInlineSnapshot(`
    "[Admin]
    Order of evaluation in this workspace:
    1. **Admin tier**: \`early\` (5), **\`mine\` (10) this one**, \`tied\` (10)
    2. NetworkPolicies: 1; additive, in no order
    3. Baseline tier: none
    4. Default: allowed

    **Undefined:** \`tied\` has the same priority. Where both match, the API does not define which one decides.

    \`Admin\`: Evaluated first. An Accept or Deny here is final; no NetworkPolicy can change it."
  `);
  checkHover(`${V1.replace('kind', 'ki$0nd')}spec: {}`).toMatchInlineSnapshot(`
    "[kind]
    Order of evaluation in this workspace:
    1. Admin tier: none
    2. **NetworkPolicies**: 1, **this one** among them; additive, in no order
    3. Baseline tier: none
    4. Default: allowed

    **Object kind** (required). Says that this is a NetworkPolicy: allow rules for pods of one namespace. It is evaluated after the Admin tier; for the pods that it isolates, NetworkPolicies decide and the Baseline tier is not reached."
  `);
});

test('precedence: what an action does next', () => {
  checkHover(ladder('one, action')).toMatchInlineSnapshot(`
    "[action]
    Allowed in, finally: no later rule, NetworkPolicy or Baseline policy is evaluated. The policies of the source are evaluated separately. This rule is the first of its policy to be evaluated. Before this policy: \`early\`.

    **Rule action** (required). What happens to traffic that this rule matches. It is 'Accept' here, where the older AdminNetworkPolicy says 'Allow'.

    - \`Accept\`: Allowed in this direction, finally; no later rule, tier or NetworkPolicy is evaluated. Policies for the other direction still have to allow it.
    - \`Deny\`: Dropped, finally; no later rule, tier or NetworkPolicy is evaluated.
    - \`Pass\`: The rest of this tier is skipped. From Admin on to NetworkPolicies and then Baseline; from Baseline on to the default, which allows."
  `);
  checkHover(ladder('two, action: Pass')).toMatchInlineSnapshot(`
    "[Pass]
    Leaves the Admin tier: the NetworkPolicies decide next; for pods that none of them isolates, the Baseline tier; then the default, which allows. Evaluated for connections that the rule above does not match. Before this policy: \`early\`."
  `);
  checkHover(`${CNP}spec:\n  tier: Baseline\n  ingress:\n  - action: De$0ny\n    from: [{namespaces: {}}]`).toMatchInlineSnapshot(`
    "[Deny]
    Dropped, unless a NetworkPolicy isolates the pod in this direction: then NetworkPolicies alone decide. This rule is the first of its policy to be evaluated."
  `);
});

test('the spec of a policy with a tier', () => {
  checkHover(`${CNP}sp$0ec:\n  tier: Admin\n  priority: 7\n  subject: {namespaces: {}}\n  egress:\n  - {action: Deny, to: [{nodes: {}}]}`)
    .toMatchInlineSnapshot(`
    "[spec]
    Admin tier, priority 7: no ingress rules and 1 egress rule for every pod of the cluster.

    **Policy content** (required). The tier and priority of this policy, the pods it applies to, and its rules.

    Left out: Rejected."
  `);
  checkHover(`${CNP}spec:\n  egress:\n  - action: Deny\n    to:\n    - nod$0es: {}`).toMatchInlineSnapshot(`
    "[nodes]
    To every node.

    ClusterNetworkPolicy a names nodes, and the workspace has no Node manifests: the addresses of nodes are not known, so the peer matches no address.

    **Cluster nodes**. Nodes by their labels; the traffic must go to an address in the node's status. Only in the experimental channel.

    \`{}\`: Every node.

    [NPEP-126: egress to nodes and networks](https://github.com/kubernetes-sigs/network-policy-api/blob/main/npeps/npep-126-egress-traffic-control.md)"
  `);
});
