import { test } from 'vitest';
import { checkFolding, checkSelection, checkSymbols } from '../checks.ts';

const SHOP = `# Who may reach the shop.
# Kept short.
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
  namespace: shop
spec:
  podSelector: {}
  policyTypes: [Ingress]
  ingress:
  - from:
    - podSelector: {matchLabels: {app: web}}
      namespaceSelector: {matchLabels: {team: ops}}
    - ipBlock:
        cidr: 10.0.0.0/8
    ports:
    - port: 80
  - {}
  egress:
  - to: [{podSelector: {}}]
---
apiVersion: v1
kind: ConfigMap
data:
  a: |
    text
    more
---
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata:
  name: guard
spec:
  tier: Admin
  priority: 10
  subject: {namespaces: {}}
  egress:
  - name: no-metadata
    action: Deny
    to:
    - networks: [169.254.169.254/32]
  - to: []
  ingress: []
`;

test('the outline', () => {
  checkSymbols(SHOP).toMatchInlineSnapshot(`
    "web  (NetworkPolicy in shop) @ web
      ingress  (2 rules) @ ingress
        from pods with app=web in namespaces with team=ops, or addresses in 10.0.0.0/8 · TCP port 80 @ -
          pods with app=web in namespaces with team=ops @ - podSelector: {matchLabels: {app: web}}
          addresses in 10.0.0.0/8 @ - ipBlock:
        from anywhere, inside the cluster and outside @ -
      egress  (no effect: not in policyTypes) @ egress
        rule 1 @ -
    guard  (ClusterNetworkPolicy, Admin 10) @ guard
      egress  (2 rules) @ egress
        Deny to addresses in 169.254.169.254/32  (no-metadata) @ -
          addresses in 169.254.169.254/32 @ - networks: [169.254.169.254/32]
        rule 2 @ -
      ingress  (no rules) @ ingress"
  `);
  checkSymbols('apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmeta').toMatchInlineSnapshot(
    `"NetworkPolicy  (NetworkPolicy in default) @ kind: NetworkPolicy"`,
  );
  checkSymbols('a: 1').toBe('nothing');
});

test('folds, of the whole file', () => {
  checkFolding(SHOP).toMatchInlineSnapshot(`
    "comment: # Who may reach the shop. … # Kept short.
    block: metadata: … namespace: shop
    block: spec: … - to: [{podSelector: {}}]
    block: ingress: … - {}
    block: - from: … - port: 80
    block: from: … cidr: 10.0.0.0/8
    block: - podSelector: {matchLabels: {app: web}} … namespaceSelector: {matchLabels: {team: ops}}
    block: - ipBlock: … cidr: 10.0.0.0/8
    block: ipBlock: … cidr: 10.0.0.0/8
    block: ports: … - port: 80
    block: egress: … - to: [{podSelector: {}}]
    block: --- … more
    block: data: … more
    block: a: | … more
    block: --- … ingress: []
    block: metadata: … name: guard
    block: spec: … ingress: []
    block: egress: … - to: []
    block: - name: no-metadata … - networks: [169.254.169.254/32]
    block: to: … - networks: [169.254.169.254/32]"
  `);
  checkFolding('a:\n  b: 1\n').toBe('nothing');
});

test('growing selections', () => {
  checkSelection(SHOP.replace('app: web', 'app: we$0b')).toMatchInlineSnapshot(`
    "web
    app: web
    {app: web}
    matchLabels: {app: web}
    {matchLabels: {app: web}}
    podSelector: {matchLabels: {app: web}}
    podSelector: {matchLabels: {app: web}} +1
    - podSelector: {matchLabels: {app: web}} +1
    - podSelector: {matchLabels: {app: web}} +3
    from: +4
    from: +6
    - from: +6
    - from: +7
    ingress: +8
    podSelector: {} +12
    spec: +13
    apiVersion: networking.k8s.io/v1 +18
    # Who may reach the shop. +20"
  `);
  checkSelection('a: {b: $01}').toBe('nothing');
});
