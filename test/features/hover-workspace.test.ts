import { expect, test, type Assertion } from 'vitest';
import { hover } from '../../server/features/hover.ts';
import { workspaceAt } from '../checks.ts';

/** What the hover at `$0` shows in a workspace; of what a selector means, only what it finds here. */
function checkHere(source: string): Assertion<string> {
  const { context, cursor } = workspaceAt(source);
  const markdown = hover(context, cursor)?.markdown ?? 'nothing';
  return expect(/In this workspace:[^\n]*/.exec(markdown)?.[0] ?? markdown);
}

const pod = (namespace: string, name: string, labels: string): string =>
  `---\napiVersion: v1\nkind: Pod\nmetadata:\n  name: ${name}\n  namespace: ${namespace}\n  labels: {${labels}}\n`;
const np = (spec: string): string =>
  `\n# file: policy.yaml\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a, namespace: shop}\nspec:\n${spec}\n`;
const NAMESPACES =
  '# file: all.yaml\napiVersion: v1\nkind: Namespace\nmetadata: {name: data, labels: {team: data}}\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n';
const ALL =
  NAMESPACES + pod('shop', 'web', 'app: web, tier: front') + pod('shop', 'api', 'app: api, tier: back') + pod('data', 'db', 'app: db');

test('the first ten that match, as links to their labels', () => {
  const many = Array.from({ length: 12 }, (_, i) => pod('shop', `p${i}`, 'app: many')).join('');
  checkHere(`${NAMESPACES}${many}${np('  pod$0Selector: {matchLabels: {app: many}}')}`).toMatchInlineSnapshot(
    `"In this workspace: 12 workloads, [shop/p0](file:///workspace/all.yaml#L14), [shop/p1](file:///workspace/all.yaml#L21), [shop/p2](file:///workspace/all.yaml#L28), [shop/p3](file:///workspace/all.yaml#L35), [shop/p4](file:///workspace/all.yaml#L42), [shop/p5](file:///workspace/all.yaml#L49), [shop/p6](file:///workspace/all.yaml#L56), [shop/p7](file:///workspace/all.yaml#L63), [shop/p8](file:///workspace/all.yaml#L70), [shop/p9](file:///workspace/all.yaml#L77) and 2 more."`,
  );
});

test('what is near where nothing matches', () => {
  checkHere(`${ALL}${np('  podSelector: {matchLabels: {app: w$0be}}')}`).toMatchInlineSnapshot(
    `"In this workspace: no workloads. No pod there has \`app=wbe\`. The closest match is \`app=web\` (1 workload: [shop/web](file:///workspace/all.yaml#L14))."`,
  );
  checkHere(`${ALL}${np('  podSelector: {matchLabels: {application: w$0eb}}')}`).toMatchInlineSnapshot(
    `"In this workspace: no workloads. No pod there has \`application=web\`. The closest match is \`app=web\` (1 workload: [shop/web](file:///workspace/all.yaml#L14))."`,
  );
  checkHere(`${ALL}${np('  pod$0Selector: {matchLabels: {app: web, tier: back}}')}`).toMatchInlineSnapshot(
    `"In this workspace: no workloads. [shop/web](file:///workspace/all.yaml#L14) has \`tier=front\` instead of \`tier=back\`. [shop/api](file:///workspace/all.yaml#L21) has \`app=api\` instead of \`app=web\`."`,
  );
  checkHere(`${ALL}${np('  podSelector: {matchLabels: {app: $0other}}')}`).toMatchInlineSnapshot(
    `"In this workspace: no workloads. Pods there have \`app=web\` or \`app=api\`."`,
  );
  checkHere(`${ALL}${np('  podSelector: {}\n  ingress:\n  - from:\n    - podSelector: {matchLabels: {app: $0db}}')}`).toMatchInlineSnapshot(
    `"In this workspace: no workloads. Pods there have \`app=web\` or \`app=api\`. In other namespaces 1 workload matches: [data/db](file:///workspace/all.yaml#L28)."`,
  );
  checkHere(
    `${ALL}${np('  podSelector: {}\n  ingress:\n  - from:\n    - namespaceSelector: {matchLabels: {team: dat$0e}}')}`,
  ).toMatchInlineSnapshot(
    `"In this workspace: no workloads. No namespace has \`team=date\`. The closest match is \`team=data\` (1 namespace)."`,
  );
});

const POLICIES = `${np('  podSelector: {matchLabels: {app: web}}\n  ingress:\n  - from:\n    - podSelector: {matchExpressions: [{key: app, operator: Exists}]}')}---
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: c}
spec:
  tier: Admin
  priority: 1
  subject: {namespaces: {matchLabels: {team: data}}}
  egress:
  - action: Deny
    to: [{pods: {podSelector: {matchLabels: {app: db}}}}]
`;

test('on a label, the policies that pick it by that label', () => {
  const at = (text: string): string => `${ALL.replace(text.replace('$0', ''), text)}${POLICIES}`;
  checkHere(at('app: w$0eb')).toMatchInlineSnapshot(`
    "Selecting these pods by \`app=web\`:

    - subject of NetworkPolicy [shop/a](file:///workspace/policy.yaml#L5)
    - ingress peer of NetworkPolicy [shop/a](file:///workspace/policy.yaml#L8)"
  `);
  checkHere(at('a$0pp: db')).toMatchInlineSnapshot(`
    "Selecting these pods by \`app=db\`:

    - egress peer of ClusterNetworkPolicy [c](file:///workspace/policy.yaml#L19)"
  `);
  checkHere(at('tier: fro$0nt')).toMatchInlineSnapshot(`"No policy in this workspace selects these pods by \`tier=front\`."`);
  checkHere(at('team: da$0ta')).toMatchInlineSnapshot(`
    "Selecting this namespace by \`team=data\`:

    - subject of ClusterNetworkPolicy [c](file:///workspace/policy.yaml#L16)"
  `);
  checkHere(at('kind: N$0amespace')).toBe('nothing');
});

test('the labels of a pod template count, not those of its controller', () => {
  const deployment = (own: string, pods: string): string =>
    `# file: web.yaml\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: shop, labels: {app: ${own}}}\nspec: {template: {metadata: {labels: {app: ${pods}}}}}${POLICIES}`;
  checkHere(deployment('web', 'w$0eb')).toMatchInlineSnapshot(`
    "Selecting these pods by \`app=web\`:

    - subject of NetworkPolicy [shop/a](file:///workspace/policy.yaml#L5)
    - ingress peer of NetworkPolicy [shop/a](file:///workspace/policy.yaml#L8)"
  `);
  checkHere(deployment('w$0eb', 'web')).toBe('nothing');
});

test('a policy of another API that may select the same pods is named at the subject', () => {
  const source = `${NAMESPACES}${pod('shop', 'web', 'app: web')}---
apiVersion: networking.k8s.aws/v1alpha1
kind: ApplicationNetworkPolicy
metadata: {name: web, namespace: shop}
spec: {podSelector: {matchLabels: {app: web}}, ingress: [{}]}
${np('  podSel$0ector: {}')}`;
  const { context, cursor } = workspaceAt(source);
  expect(hover(context, cursor)?.markdown).toContain(
    "Not evaluated, though it may select some of them: [Amazon EKS ApplicationNetworkPolicy 'shop/web'](",
  );
});

test('on a label: policies that are not evaluated may select by it', () => {
  const other = (kind: string, spec: string): string =>
    `# file: other.yaml\napiVersion: networking.k8s.aws/v1alpha1\nkind: ${kind}\nmetadata: {name: guard, namespace: shop}\nspec: ${spec}\n`;
  const at = (spec: string): string =>
    `${NAMESPACES}${pod('shop', 'api', 'app: ap$0i')}${pod('shop', 'web', 'app: web')}${other('ApplicationNetworkPolicy', spec)}`;
  checkHere(at('{podSelector: {matchLabels: {app: api}}, ingress: [{}]}')).toMatchInlineSnapshot(`
    "No evaluated policy selects these pods by \`app=api\`.

    Not evaluated, though it may select some of them: [Amazon EKS ApplicationNetworkPolicy 'shop/guard'](file:///workspace/other.yaml#L3)."
  `);
  checkHere(at('{podSelector: {matchLabels: {app: web}}, ingress: [{}]}')).toBe('nothing');
  checkHere(at('{podSelector: {matchLabels: {app: api}}, ingress: [{}]}') + np('  podSelector: {matchLabels: {app: api}}'))
    .toMatchInlineSnapshot(`
    "Selecting these pods by \`app=api\`:

    - subject of NetworkPolicy [shop/a](file:///workspace/policy.yaml#L5)

    Not evaluated, though it may select some of them: [Amazon EKS ApplicationNetworkPolicy 'shop/guard'](file:///workspace/other.yaml#L3)."
  `);
});

test('what a peer or a subject depends on and the manifests do not say', () => {
  const note = (source: string): string => {
    const { context, cursor } = workspaceAt(source);
    return hover(context, cursor)?.markdown.split('\n\n')[1] ?? 'nothing';
  };
  const cnp = (spec: string): string =>
    `\n# file: policy.yaml\napiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy\nmetadata: {name: guard}\nspec:\n  tier: Admin\n  priority: 5\n  subject: {namespaces: {}}\n${spec}\n`;
  expect([
    note(`${ALL}${cnp('  egress: [{action: Deny, to: [{nod$0es: {}}]}]')}`),
    note(`${ALL}${cnp('  egress: [{action: Accept, to: [{domainNames: [exam$0ple.com]}]}]')}`),
    note(`${ALL}${np('  podSelector: {}\n  egress: [{to: [{ipBlock: {cidr: 10.0.$00.0/8}}]}]')}`),
  ]).toMatchInlineSnapshot(`
    [
      "ClusterNetworkPolicy guard names nodes, and the workspace has no Node manifests: the addresses of nodes are not known, so the peer matches no address.",
      "ClusterNetworkPolicy guard names example.com; the addresses of these names are not known, so the names match no address.",
      "NetworkPolicy shop/a names a block of addresses that may hold pods such as shop/web\\[Pod\\], whose addresses are not known: it is evaluated for addresses outside the cluster only.",
    ]
  `);
  const onHost = `${NAMESPACES}${pod('shop', 'agent', 'app: agent')}spec: {hostNetwork: true, containers: []}\n${np('  podSelec$0tor: {}')}`;
  const { context, cursor } = workspaceAt(onHost);
  expect(hover(context, cursor)?.markdown).toMatch(/shop.agent.+ uses the host's network/);
});
