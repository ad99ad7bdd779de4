import { expect, test } from 'vitest';
import { finished } from '../../server/base/work.ts';
import { evaluationOf } from '../../server/eval/evaluate.ts';
import { explain } from '../../server/eval/explain.ts';
import { verdictReason } from '../../server/eval/verdict-reason.ts';
import { reachableAt, reached } from '../../server/features/call-hierarchy.ts';
import { codeLenses, lensText } from '../../server/features/code-lens.ts';
import { expectationResults } from '../../server/features/expectation-results.ts';
import { hover } from '../../server/features/hover.ts';
import { effectivePolicyReport } from '../../server/features/reports/effective-policy.ts';
import { markdownParts } from '../../server/features/reports/markdown.ts';
import { clusterFor } from '../../server/workspace/snapshot.ts';
import { checkFolding, checkReferences, workspaceAt } from '../checks.ts';
import { endOf } from '../eval/question.ts';

/*
 * One cluster with a NetworkPolicy and policies of Cilium, and everything that an editor shows of it.
 */

const pod = (namespace: string, name: string, port: number): string => `---
apiVersion: v1
kind: Pod
metadata:
  name: ${name}
  namespace: ${namespace}
  labels:
    app: ${name}
spec:
  containers:
  - name: main
    image: registry.example/${name}:1
    ports:
    - containerPort: ${port}
`;

const WORKLOADS = `apiVersion: v1
kind: Service
metadata:
  name: api
  namespace: shop
spec:
  selector:
    app: api
  ports:
  - port: 80
    targetPort: 8080
${pod('shop', 'web', 3000)}${pod('shop', 'api', 8080)}${pod('jobs', 'cron', 9000)}`;

const POLICIES = `---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata:
  name: api
  namespace: shop
spec:
  endpointSelector:
    matchLabels:
      app: api
  ingress:
  - fromEndpoints:
    - matchLabels:
        app: web
    toPorts:
    - ports:
      - port: "8080"
        protocol: TCP
      rules:
        http:
        - method: GET
          path: /public
  ingressDeny:
  - fromEntities:
    - world
  egress:
  - {}
  - toServices:
    - k8sService:
        serviceName: api
        namespace: shop
  - toCIDRSet:
    - cidrGroupRef: office
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: cron
  namespace: shop
spec:
  podSelector:
    matchLabels:
      app: api
  policyTypes: [Ingress]
  ingress:
  - from:
    - namespaceSelector:
        matchLabels:
          kubernetes.io/metadata.name: jobs
    - ipBlock:
        cidr: 0.0.0.0/0
    ports:
    - port: 8080
---
apiVersion: cilium.io/v2
kind: CiliumCIDRGroup
metadata:
  name: office
spec:
  externalCIDRs:
  - 203.0.113.0/24
`;

const ALL = WORKLOADS + POLICIES;
const at = (word: string): string => ALL.replace(word, `${word.slice(0, 1)}$0${word.slice(1)}`);

function hoverAt(source: string): string {
  const { context, cursor } = workspaceAt(source);
  return hover(context, cursor)?.markdown.split('\n\n')[0] ?? 'nothing';
}

test('hover on the dash of an entry, on an entry that is {}, and on selectors that are {}', () => {
  expect(hoverAt(ALL.replace('  - fromEndpoints', '  $0- fromEndpoints'))).toMatchInlineSnapshot(
    `"Allows connections from pods with app=web in namespace shop, on TCP port 8080, if HTTP GET /public. This applies to connections to pods with app=api in namespace shop."`,
  );
  expect(hoverAt(ALL.replace('  - fromEntities', '  $0- fromEntities'))).toMatchInlineSnapshot(
    `"Denies connections from any address outside the cluster, on every port. This applies to connections to pods with app=api in namespace shop."`,
  );
  expect(hoverAt(ALL.replace('  - {}', '  - $0{}'))).toMatchInlineSnapshot(
    `"Allows no connections: the entry has no peers. This applies to connections from pods with app=api in namespace shop."`,
  );
  expect(hoverAt(ALL.replace('  - {}', '  $0- {}'))).toMatchInlineSnapshot(
    `"Allows no connections: the entry has no peers. This applies to connections from pods with app=api in namespace shop."`,
  );
  const open = ALL.replace('    - matchLabels:\n        app: web', '    - {}');
  expect(hoverAt(open.replace('    - {}', '    - $0{}'))).toMatchInlineSnapshot(`"From every pod in namespace shop."`);
  expect(hoverAt(ALL.replace('        - method', '        $0- method'))).toMatchInlineSnapshot(
    `"**HTTP request**. Allows requests of which all given fields match."`,
  );
  expect(hoverAt(ALL.replace('      - port: "8080"', '      $0- port: "8080"'))).toMatchInlineSnapshot(`"TCP 8080."`);
});

test('references of Services and of groups of addresses', () => {
  checkReferences(ALL.replace('serviceName: api', 'serviceName: a$0pi')).toMatchInlineSnapshot(`
    "fixture.yaml: name: [api]
    fixture.yaml: serviceName: [api]"
  `);
  checkReferences(ALL.replace('  name: api', '  name: a$0pi')).toMatchInlineSnapshot(`
    "fixture.yaml: name: [api]
    fixture.yaml: serviceName: [api]"
  `);
  checkReferences(at('office')).toMatchInlineSnapshot(`
    "fixture.yaml: - cidrGroupRef: [office]
    fixture.yaml: name: [office]"
  `);
  checkReferences(ALL.replace('  name: office', '  name: o$0ffice')).toMatchInlineSnapshot(`
    "fixture.yaml: - cidrGroupRef: [office]
    fixture.yaml: name: [office]"
  `);
});

test('lenses', () => {
  const { context } = workspaceAt(`${ALL}# $0\n`);
  expect(
    codeLenses(context)
      .map(({ key }) => lensText(context.snapshot, context.uri, key)?.title)
      .join('\n'),
  ).toMatchInlineSnapshot(`
    "Any address and 1 workload can connect (no policy limits ingress); no policy limits egress
    2 workloads can connect; it can connect to some addresses outside; L7 rules decide about requests
    Any address and 1 workload can connect (no policy limits ingress); no policy limits egress
    Selects 1 workload. Allows ingress from 1 workload; allows egress to some addresses outside; L7 rules decide about requests
    Selects 1 workload. Allows ingress from any IPv4 address and 1 workload"
  `);
});

test('explanation across a policy of Cilium and a NetworkPolicy', () => {
  const { context } = workspaceAt(`${ALL}# $0\n`);
  const cluster = clusterFor(context.snapshot, context.uri);
  const asked = (from: string, to: string): string => {
    const answer = explain(cluster, { from: endOf(cluster, from), to: endOf(cluster, to), protocol: 'TCP', port: 8080 });
    return [verdictReason(answer), ...answer.steps.map(({ tier, action, why }) => `${tier} ${action}: ${why}`), ...answer.notes].join('\n');
  };
  expect(asked('shop/web', 'shop/api')).toMatchInlineSnapshot(`
    "Allowed by CiliumNetworkPolicy shop/api, if HTTP GET /public.
    Default Allow: No policy decides about egress of shop/web[Pod], so the default applies: allowed.
    Normal Allow: shop/api selects pods with app=api in namespace shop, and its rule spec.ingress[0] allows connections from pods with app=web in namespace shop, on TCP port 8080, if HTTP GET /public."
  `);
  expect(asked('jobs/cron', 'shop/api')).toMatchInlineSnapshot(`
    "Allowed by NetworkPolicy shop/cron.
    Default Allow: No policy decides about egress of jobs/cron[Pod], so the default applies: allowed.
    Normal Allow: shop/cron selects pods with app=api in namespace shop, and its rule spec.ingress[0] allows connections from every pod in namespace jobs, or any IPv4 address, on TCP port 8080."
  `);
  expect(asked('198.51.100.1', 'shop/api')).toMatchInlineSnapshot(`
    "Denied by CiliumNetworkPolicy shop/api.
    Default Allow: 198.51.100.1 is outside the cluster, where no policy applies.
    Normal Deny: shop/api selects pods with app=api in namespace shop, and its rule spec.ingressDeny[0] denies connections from any address outside the cluster, on every port; that is final."
  `);
});

test('effective policy', () => {
  const { context } = workspaceAt(`${ALL}# $0\n`);
  const cluster = clusterFor(context.snapshot, context.uri);
  const api = cluster.workloads.find(({ value }) => value.name === 'api');
  const report = api && effectivePolicyReport(evaluationOf(cluster), api.value);
  const text = report && markdownParts(report).map((part) => (typeof part === 'string' ? part : part.text));
  expect(text?.join('')).toMatchInlineSnapshot(`
    "# Effective policy of shop/api[Pod]

    Every rule that applies to it, in the order of evaluation. In the Normal tier, a deny takes precedence over every allow; in other stages, the first rule that matches decides.

    ## Ingress: who can connect to it

    **Admin tier**: nothing.

    **Normal**: isolated: everything is denied, except what any of these policies allows.

    - shop/api
      - Allows connections from pods with app=web in namespace shop, on TCP port 8080, if HTTP GET /public.
      - Denies connections from any address outside the cluster, on every port.
    - shop/cron
      - Allows connections from every pod in namespace jobs, or any IPv4 address, on TCP port 8080.

    **Baseline tier**: nothing.

    **Default**: not reached; the policies above decide all remaining traffic.

    ## Egress: where it can connect to

    **Admin tier**: nothing.

    **Normal**: isolated: everything is denied, except what any of these policies allows.

    - shop/api
      - Allows no connections: the entry has no peers.
      - Allows connections to the Service shop/api, on every port.
      - Allows connections to addresses of the CiliumCIDRGroup office, on every port.

    **Baseline tier**: nothing.

    **Default**: not reached; the policies above decide all remaining traffic.
    "
  `);
});

test('call hierarchy: who can connect, and where to', () => {
  const { context, cursor } = workspaceAt(ALL.replace('kind: Pod\nmetadata:\n  name: api', 'kind: Pod\nmetadata:\n  name: a$0pi'));
  const item = reachableAt(context, cursor);
  const names = (way: 'incoming' | 'outgoing'): readonly string[] =>
    item ? reached(context.snapshot, context.uri, item, way).map(({ end, traffic }) => `${way} ${end.name}: ${traffic}`) : [];
  expect([item?.name, ...names('incoming'), ...names('outgoing')].join('\n')).toMatchInlineSnapshot(`
    "shop/api
    incoming shop/web: TCP 8080 (if HTTP GET /public), by shop/api spec.ingress[0]
    incoming jobs/cron: TCP 8080, by shop/cron spec.ingress[0]
    outgoing 203.0.113.0/24: all traffic"
  `);
});

test('# expect', () => {
  const expected = `# expect: shop/web -> shop/api TCP/8080 allow
# expect: jobs/cron -> shop/api TCP/8080 allow
# expect: 198.51.100.1 -> shop/api TCP/8080 deny
# expect: shop/web -> shop/api TCP/9090 deny
# expect: shop/api -> 203.0.113.9 TCP/443 allow
# expect: shop/api -> 203.0.113.9 TCP/443 deny
`;
  const { context } = workspaceAt(`${ALL}${expected}# $0\n`);
  const results = finished(expectationResults(context.snapshot, context.uri));
  expect(results.map(({ text, outcome, message }) => `${text}: ${outcome}: ${message}`).join('\n')).toMatchInlineSnapshot(`
    "shop/web -> shop/api TCP/8080 allow: passed: shop/web[Pod] -> shop/api[Pod] TCP/8080 is allowed. Allowed by CiliumNetworkPolicy shop/api, if HTTP GET /public.
    jobs/cron -> shop/api TCP/8080 allow: passed: jobs/cron[Pod] -> shop/api[Pod] TCP/8080 is allowed. Allowed by NetworkPolicy shop/cron.
    198.51.100.1 -> shop/api TCP/8080 deny: passed: 198.51.100.1 -> shop/api[Pod] TCP/8080 is denied. Denied by CiliumNetworkPolicy shop/api.
    shop/web -> shop/api TCP/9090 deny: passed: shop/web[Pod] -> shop/api[Pod] TCP/9090 is denied. Denied: CiliumNetworkPolicy shop/api and NetworkPolicy shop/cron isolate the pod for ingress, and no rule allows it.
    shop/api -> 203.0.113.9 TCP/443 allow: passed: shop/api[Pod] -> 203.0.113.9 TCP/443 is allowed. Allowed by CiliumNetworkPolicy shop/api.
    shop/api -> 203.0.113.9 TCP/443 deny: failed: shop/api[Pod] -> 203.0.113.9 TCP/443 is allowed. Allowed by CiliumNetworkPolicy shop/api."
  `);
});

test('folding', () => {
  checkFolding(POLICIES.slice(4, 420)).toMatchInlineSnapshot(`
    "block: metadata: … namespace: shop
    block: spec: … -
    block: endpointSelector: … app: api
    block: matchLabels: … app: api
    block: ingress: … path: /public
    block: - fromEndpoints: … path: /public
    block: fromEndpoints: … app: web
    block: - matchLabels: … app: web
    block: matchLabels: … app: web
    block: toPorts: … path: /public
    block: - ports: … path: /public
    block: ports: … protocol: TCP
    block: - port: "8080" … protocol: TCP
    block: rules: … path: /public
    block: http: … path: /public
    block: - method: GET … path: /public
    block: ingressDeny: … - world
    block: - fromEntities: … - world
    block: fromEntities: … - world
    block: egress: … -"
  `);
});

test('effective policy of one of several specs, of which another one is broken', () => {
  const specs = `---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: several, namespace: shop}
specs:
- endpointSelector: {matchLabels: {app: web}}
  ingress:
  - fromEntities: [cluster]
- endpointSelector: {matchLabels: {app: api}}
  ingress:
  - fromEndpoints: [{matchLabels: {app: web}}]
- endpointSelector: {matchLabels: {app: api}}
  egress:
  - toEndpoints: {broken
`;
  const { context } = workspaceAt(
    `${WORKLOADS}${specs.replace('- endpointSelector: {matchLabels: {app: api}}\n  egress:\n  - toEndpoints: {broken\n', '')}# $0\n`,
  );
  const cluster = clusterFor(context.snapshot, context.uri);
  const api = cluster.workloads.find(({ value }) => value.name === 'api');
  const report = api && effectivePolicyReport(evaluationOf(cluster), api.value);
  const text =
    report &&
    markdownParts(report)
      .map((part) => (typeof part === 'string' ? part : part.text))
      .join('');
  expect(/\*\*Normal[^#]*/.exec(text ?? '')?.[0]).toMatchInlineSnapshot(`
    "**Normal**: isolated: everything is denied, except what any of these policies allows.

    - shop/several
      - Allows connections from pods with app=web in namespace shop, on every port.

    **Baseline tier**: nothing.

    **Default**: not reached; the policies above decide all remaining traffic.

    "
  `);
  const broken = workspaceAt(`${WORKLOADS}${specs}# $0\n`).context;
  const kept = clusterFor(broken.snapshot, broken.uri);
  const answer = explain(kept, { from: endOf(kept, 'jobs/cron'), to: endOf(kept, 'shop/web'), protocol: 'TCP', port: 80 });
  expect(answer.verdict).toBe('allow');
  expect(explain(kept, { from: endOf(kept, 'jobs/cron'), to: endOf(kept, 'shop/api'), protocol: 'TCP', port: 80 }).verdict).toBe('deny');
});
