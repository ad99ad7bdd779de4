import { test } from 'vitest';
import { checkDefinition } from '../checks.ts';
import { shopAt } from './shop.ts';

test('from a selector to the pods in its namespace that it is satisfied by', () => {
  checkDefinition(shopAt(`podSelector:\n    matchLabels:\n      app: w$0eb`)).toMatchInlineSnapshot(`
    "[web]
    web.yaml: app: [web]"
  `);
  checkDefinition(shopAt(`values: [api, "we$0b"]`)).toMatchInlineSnapshot(`
    "["web"]
    web.yaml: app: [web]"
  `);
  checkDefinition(shopAt(`- key: ap$0p`)).toMatchInlineSnapshot(`
    "[app]
    others.yaml: labels: {[app]: api, tier: back}
    web.yaml: [app]: web"
  `);
});

test('across namespaces, where the selector says so', () => {
  checkDefinition(shopAt(`app: 'w$0eb'`)).toMatchInlineSnapshot(`
    "['web']
    others.yaml: app: [web]"
  `);
});

test('the rest of the selector counts', () => {
  const policy = (labels: string): string => `# file: more.yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: more, namespace: shop}
spec:
  podSelector:
    matchLabels: {${labels}}
`;
  checkDefinition(shopAt('app: w$0eb, tier: front', policy('app: web, tier: front'))).toMatchInlineSnapshot(`
    "[web]
    web.yaml: app: [web]"
  `);
  checkDefinition(shopAt('app: w$0eb, tier: back', policy('app: web, tier: back'))).toMatchInlineSnapshot(`"nothing"`);
});

test('from a label of a pod to the selectors that use it', () => {
  checkDefinition(shopAt('app: w$0eb\n        tier')).toMatchInlineSnapshot(`
    "[web]
    policies.yaml: app: [web]
    policies.yaml: values: [api, ["web"]]
    web.yaml: app: [web]"
  `);
  checkDefinition(shopAt('a$0pp: web\n        tier')).toMatchInlineSnapshot(`
    "[app]
    policies.yaml: [app]: web
    policies.yaml: - key: [app]
    web.yaml: [app]: web"
  `);
  checkDefinition(shopAt('ti$0er: front')).toMatchInlineSnapshot(`"nothing"`);
});

test('from the name of a namespace to its manifest, and back', () => {
  checkDefinition(shopAt('kubernetes.io/metadata.name: d$0ata')).toMatchInlineSnapshot(`
    "[data]
    namespaces.yaml: name: [data]"
  `);
  checkDefinition(shopAt('name: api-to-data\n  namespace: sh$0op')).toMatchInlineSnapshot(`
    "[shop]
    namespaces.yaml: name: [shop]"
  `);
  checkDefinition(shopAt('name: da$0ta\n  labels')).toMatchInlineSnapshot(`
    "[data]
    others.yaml: namespace: [data]
    policies.yaml: kubernetes.io/metadata.name: [data]"
  `);
});

test('from a port to the container ports of the pods where the connection ends', () => {
  checkDefinition(shopAt(`app: 'web'\n    ports:\n    - port: ht$0tp`)).toMatchInlineSnapshot(`
    "[http]
    others.yaml: - name: [http]"
  `);
  checkDefinition(shopAt(`    - port: http\n    - port: 8$00`)).toMatchInlineSnapshot(`
    "[80]
    others.yaml: containerPort: [80]"
  `);
  checkDefinition(shopAt(`"web"]\n    ports:\n    - port: ht$0tp`)).toMatchInlineSnapshot(`
    "[http]
    web.yaml: - name: [http]"
  `);
  checkDefinition(shopAt('targetPort: ht$0tp')).toMatchInlineSnapshot(`
    "[http]
    web.yaml: - name: [http]"
  `);
  checkDefinition(shopAt('port: 8$00\n    targetPort')).toMatchInlineSnapshot(`
    "[80]
    web.yaml: - name: [http]"
  `);
});

test('from a container port to who names it; from a probe to the port', () => {
  checkDefinition(shopAt('name: ht$0tp\n          containerPort')).toMatchInlineSnapshot(`
    "[http]
    policies.yaml: - port: [http]
    web.yaml: targetPort: [http]"
  `);
  checkDefinition(shopAt('httpGet:\n            port: ht$0tp')).toMatchInlineSnapshot(`
    "[http]
    web.yaml: - name: [http]"
  `);
});

test('from a whole selector to what it picks', () => {
  checkDefinition(shopAt('podSel$0ector:\n    matchLabels: {app: api}')).toMatchInlineSnapshot(`
    "[podSelector]
    others.yaml: name: [api]"
  `);
  checkDefinition(shopAt('namespaceSel$0ector:')).toMatchInlineSnapshot(`
    "[namespaceSelector]
    namespaces.yaml: name: [data]"
  `);
});

test('other APIs', () => {
  const cnp = (port: string): string => `# file: cnp.yaml
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: all}
spec:
  tier: Admin
  priority: 1
  subject:
    namespaces:
      matchLabels: {team: storefront}
  ingress:
  - action: Accept
    from:
    - pods: {namespaceSelector: {}, podSelector: {matchLabels: {tier: back}}}
    protocols:
    - ${port}
`;
  checkDefinition(shopAt('team: store$0front}', cnp('tcp: {destinationPort: {number: 80}}'))).toMatchInlineSnapshot(`
    "[storefront]
    namespaces.yaml: team: [storefront]"
  `);
  checkDefinition(shopAt('tier: ba$0ck}}', cnp('tcp: {destinationPort: {number: 80}}'))).toMatchInlineSnapshot(`
    "[back]
    others.yaml: labels: {app: api, tier: [back]}"
  `);
  checkDefinition(shopAt('number: 80$080', cnp('tcp: {destinationPort: {number: 8080}}'))).toMatchInlineSnapshot(`
    "[8080]
    web.yaml: containerPort: [8080]"
  `);
  checkDefinition(shopAt('start: 80$000', cnp('tcp: {destinationPort: {range: {start: 8000, end: 9000}}}'))).toMatchInlineSnapshot(`
    "[8000]
    web.yaml: containerPort: [8080]"
  `);
  checkDefinition(shopAt('destinationNamedPort: metr$0ics', cnp('destinationNamedPort: metrics'))).toMatchInlineSnapshot(`
    "[metrics]
    web.yaml: - name: [metrics]"
  `);
});

test('nothing where nothing is named', () => {
  checkDefinition(shopAt('kind: Serv$0ice')).toMatchInlineSnapshot(`"nothing"`);
});

test('from the name of a patch to the object that it changes, whatever the build calls it', () => {
  const build = `# file: base/kustomization.yaml
resources: [web.yaml]
# file: base/web.yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web}
spec: {podSelector: {}}
# file: prod/kustomization.yaml
namePrefix: prod-
resources: [../base]
patches: [{path: patch.yaml}]
# file: prod/patch.yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: w$0eb}
spec: {policyTypes: [Ingress]}
`;
  checkDefinition(build).toMatchInlineSnapshot(`
    "[web]
    base/web.yaml: metadata: {name: [web]}"
  `);
  checkDefinition(build.replace('patches: [{path: patch.yaml}]', '')).toMatchInlineSnapshot(`"nothing"`);
});
