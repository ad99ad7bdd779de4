import { test } from 'vitest';
import { checkHighlight, checkReferences } from '../checks.ts';
import { shopAt } from './shop.ts';

test('of a label: the pods that have it, all who ask for it, and the selector of its own controller', () => {
  checkReferences(shopAt(`podSelector:\n    matchLabels:\n      app: w$0eb`)).toMatchInlineSnapshot(`
    "policies.yaml: app: [web]
    policies.yaml: values: [api, ["web"]]
    web.yaml: app: [web]
    web.yaml: app: [web]
    web.yaml: app: [web]"
  `);
  checkReferences(shopAt(`matchLabels:\n      app: w$0eb\n  template`)).toMatchInlineSnapshot(`
    "policies.yaml: app: [web]
    policies.yaml: values: [api, ["web"]]
    web.yaml: app: [web]
    web.yaml: app: [web]
    web.yaml: app: [web]"
  `);
  checkReferences(shopAt('{a$0pp: api, tier')).toMatchInlineSnapshot(`
    "others.yaml: labels: {[app]: api, tier: back}
    policies.yaml: - key: [app]
    policies.yaml: matchLabels: {[app]: api}"
  `);
});

test('the same label in another namespace is another label', () => {
  checkReferences(shopAt(`app: 'w$0eb'`)).toMatchInlineSnapshot(`
    "others.yaml: app: [web]
    policies.yaml: app: ['web']"
  `);
});

test('without the workloads: selectors in the same words that may mean the same pods', () => {
  const policy = (name: string, namespace: string, rest: string = ''): string => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: ${name}, namespace: ${namespace}}
spec:
  podSelector:
    matchLabels: {app: gone}
${rest}---
`;
  checkReferences(
    `# file: a.yaml\n${policy('one', 'shop').replace('gone', 'go$0ne')}# file: b.yaml\n${policy('two', 'shop')}${policy('three', 'data')}`,
  ).toMatchInlineSnapshot(`
    "a.yaml: matchLabels: {app: [gone]}
    b.yaml: matchLabels: {app: [gone]}"
  `);
});

test('of a namespace: all that lives in it and all who ask for it', () => {
  checkReferences(shopAt('kubernetes.io/metadata.name: d$0ata')).toMatchInlineSnapshot(`
    "namespaces.yaml: name: [data]
    others.yaml: namespace: [data]
    policies.yaml: kubernetes.io/metadata.name: [data]"
  `);
});

test('of a port: rules, Services and probes', () => {
  checkReferences(shopAt('name: ht$0tp\n          containerPort')).toMatchInlineSnapshot(`
    "policies.yaml: - port: [http]
    web.yaml: - name: [http]
    web.yaml: port: [http]
    web.yaml: targetPort: [http]"
  `);
  checkReferences(shopAt('containerPort: 80$080')).toMatchInlineSnapshot(`"web.yaml: containerPort: [8080]"`);
  checkReferences(shopAt('httpGet:\n            port: ht$0tp')).toMatchInlineSnapshot(`
    "policies.yaml: - port: [http]
    web.yaml: - name: [http]
    web.yaml: port: [http]
    web.yaml: targetPort: [http]"
  `);
});

test('lit up: the same, in this file only', () => {
  checkHighlight(shopAt('app: w$0eb\n        tier')).toMatchInlineSnapshot(`
    "asks  web.yaml: app: [web]
    defines  web.yaml: app: [web]
    asks  web.yaml: app: [web]"
  `);
  checkHighlight(shopAt(`podSelector:\n    matchLabels:\n      app: w$0eb`)).toMatchInlineSnapshot(`
    "asks  policies.yaml: app: [web]
    asks  policies.yaml: values: [api, ["web"]]"
  `);
});

test('what a kustomization adds has no place of its own', () => {
  checkReferences(`# file: kustomization.yaml
resources: [app.yaml]
namespace: shop
labels:
- pairs: {team: a}
  includeSelectors: true
# file: app.yaml
apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: web}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: other}
spec: {podSelector: {matchLabels: {app: w$0eb}}}
`).toMatchInlineSnapshot(`
  "app.yaml: metadata: {name: web, labels: {app: [web]}}
  app.yaml: spec: {podSelector: {matchLabels: {app: [web]}}}"
`);
});
