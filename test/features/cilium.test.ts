import { expect, test } from 'vitest';
import { hover } from '../../server/features/hover.ts';
import {
  checkChosen,
  checkCompletions,
  checkDefinition,
  checkHover,
  checkReferences,
  checkRename,
  checkSymbols,
  checkWorkspaceCompletions,
  contextOf,
} from '../checks.ts';
import { checkHints } from './adorned.ts';

const POLICY = 'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata:\n  name: a\n  namespace: shop\nspec:\n';

/** The first sentence of the hover at `$0`: what is selected, allowed or denied. */
function sentence(source: string): string {
  const offset = source.indexOf('$0');
  const shown = hover(contextOf(source.replace('$0', '')), offset);
  return shown?.markdown.split('\n')[0] ?? 'nothing';
}

const peer = (text: string, list: string = 'ingress'): string =>
  `${POLICY}  endpointSelector: {}\n  ${list}:\n  - ${list.startsWith('in') ? 'from' : 'to'}${text}\n`;

test.each([
  ['Endpoints:\n    - matchLabels:\n        ap$0p: web', 'From pods with app=web in namespace shop.'],
  ['Endpoints:\n    - matchLabels:\n        k8s:ap$0p: web', 'From pods with app=web in namespace shop.'],
  ['Endpoints:\n    - matchLabels:\n        any:ap$0p: web', 'From pods with app=web in namespace shop.'],
  ['Endpoi$0nts: [{}]', 'From every pod in namespace shop.'],
  ['Endpoints:\n    - matchLabels:\n        k8s:io.kubernetes.pod.name$0space: data', 'From every pod in namespace data.'],
  ['Endpoints:\n    - matchLabels:\n        io.cilium.k8s.namespace.labels.te$0am: ops', 'From every pod in namespaces with team=ops.'],
  ['Endpoints:\n    - matchLabels:\n        reserved:ho$0st: ""', 'From the node that the pod runs on.'],
  ['Entities: [clu$0ster]', 'From all pods and nodes of the cluster.'],
  ['Entities: [wor$0ld]', 'From any address outside the cluster.'],
  ['CIDR: [203.0.113.0$0/24]', 'From addresses in 203.0.113.0/24.'],
])('hover says what a peer is: %s', (text, expected) => {
  expect(sentence(peer(text))).toContain(expected.slice(0, -1));
});

test('hover in deny lists, and in an entry with several L7 rules', () => {
  expect(sentence(peer('Endpoints:\n    - matchLabels:\n        ap$0p: web', 'ingressDeny'))).toBe(
    'From pods with app=web in namespace shop.',
  );
  expect(sentence(peer('Enti$0ties: [world]', 'egressDeny'))).toBe('To any address outside the cluster.');
  const ports = ['53', '80'].map(
    (port, i) =>
      `    - ports: [{port: "${port}", protocol: TCP}]\n      rules: ${i === 0 ? '{dns: [{matchName: a.example}]}' : '{http: [{method: GET}]}'}\n`,
  );
  expect(sentence(`${peer('Enti$0ties: [world]', 'egress')}    toPorts:\n${ports.join('')}`)).toBe('To any address outside the cluster.');
});

test('hover on the lists of entries', () => {
  const text = `${POLICY}  endpointSelector: {}\n  enableDefaultDeny: {ingress: FLAG}\n  ingress:\n  - fromEndpoints: [{}]\n  ingressDeny:\n  - fromEntities: [world]\n`;
  checkHover(text.replace('FLAG', 'true').replace('  ingress:\n', '  ingr$0ess:\n')).toMatchInlineSnapshot(`
    "[ingress]
    Connections to every pod in namespace shop pass only if this entry, or another policy, allows them. 1 deny entry of this rule takes precedence.

    **Ingress allow entries**. What may connect to the selected pods. Entries are alternatives, of this and of every other policy; denies come first.

    Left out or null: Ingress is not restricted by this rule, unless ingressDeny is there.  
    \`[]\`: No entry. Where no other list has one either, Cilium rejects the policy; to deny all ingress write '- {}'."
  `);
  checkHover(text.replace('FLAG', 'false').replace('  ingress:\n', '  ingr$0ess:\n')).toMatchInlineSnapshot(`
    "[ingress]
    With 'enableDefaultDeny' false, this rule isolates no pods: connections to every pod in namespace shop pass unless a deny entry matches them or another policy isolates the pods.

    **Ingress allow entries**. What may connect to the selected pods. Entries are alternatives, of this and of every other policy; denies come first.

    Left out or null: Ingress is not restricted by this rule, unless ingressDeny is there.  
    \`[]\`: No entry. Where no other list has one either, Cilium rejects the policy; to deny all ingress write '- {}'."
  `);
});

const WORLD = `---
apiVersion: v1
kind: Namespace
metadata:
  name: data
  labels:
    team: ops
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
spec:
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
      - name: main
        image: registry.example/web:1
        ports:
        - containerPort: 8080
          name: http
---
apiVersion: v1
kind: Pod
metadata:
  name: db
  namespace: data
  labels:
    app: db
spec:
  containers:
  - name: main
    image: registry.example/db:1
---
apiVersion: v1
kind: Service
metadata:
  name: db
  namespace: data
spec:
  selector:
    app: db
  ports:
  - port: 5432
---
apiVersion: cilium.io/v2
kind: CiliumCIDRGroup
metadata:
  name: office
spec:
  externalCIDRs:
  - 203.0.113.0/24
`;

const offered = (text: string, only?: RegExp): ReturnType<typeof checkWorkspaceCompletions> =>
  checkWorkspaceCompletions(`${POLICY}  endpointSelector: {matchLabels: {app: web}}\n${text}\n${WORLD}`, only);

test('completion of labels, with and without their source, of namespaces and their labels', () => {
  checkWorkspaceCompletions(`${POLICY}  endpointSelector:\n    matchLabels:\n      $0\n${WORLD}`).toMatchInlineSnapshot(`
    "app  selects 1 of 1 workload
    k8s:io.kubernetes.pod.namespace  a common label
    app.kubernetes.io/name  a common label
    k8s:io.cilium.k8s.namespace.labels.team  the label team of the namespace"
  `);
  checkWorkspaceCompletions(`${POLICY}  endpointSelector:\n    matchLabels:\n      k8s:app: $0\n${WORLD}`).toMatchInlineSnapshot(`
    "web  selects 1 of 1 workload
    db  selects none of 1 workload, but is on 1 other"
  `);
  checkWorkspaceCompletions(
    `${POLICY}  endpointSelector: {}\n  ingress:\n  - fromEndpoints:\n    - matchLabels:\n        k8s:io.kubernetes.pod.namespace: $0\n${WORLD}`,
  ).toMatchInlineSnapshot(`
    "data  selects 1 of 2 namespaces, 1 of 2 workloads
    shop  selects 1 of 2 namespaces, 1 of 2 workloads
    default  in every cluster
    kube-system  in every cluster"
  `);
  checkWorkspaceCompletions(
    `${POLICY}  endpointSelector: {}\n  ingress:\n  - fromEndpoints:\n    - matchLabels:\n        k8s:io.cilium.k8s.namespace.labels.team: $0\n${WORLD}`,
  ).toMatchInlineSnapshot(`"ops  selects 1 of 2 namespaces, 1 of 2 workloads"`);
});

test('completion of entities, ports as strings, patterns of names, Services and CIDR groups', () => {
  checkCompletions(`${POLICY}  ingress:\n  - fromEntities:\n    - $0`).toMatchInlineSnapshot(`
    "all  Named entity
    world  Named entity
    cluster  Named entity
    host  Named entity
    init  Named entity
    ingress  Named entity
    unmanaged  Named entity
    remote-node  Named entity
    health  Named entity
    none  Named entity
    kube-apiserver  Named entity"
  `);
  const pod =
    '---\napiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop}\nspec: {containers: [{name: c, image: i, ports: [{containerPort: 8080}]}]}\n';
  checkChosen(`${POLICY}  endpointSelector: {}\n  ingress:\n  - toPorts:\n    - ports:\n      - port: $0\n${pod}`, '8080').toContain(
    '- port: "8080"\n',
  );
  offered('  ingress:\n  - toPorts:\n    - ports:\n      - port: $0', /workload/).toMatchInlineSnapshot(`
    "8080  http, on 1 of 1 workload
    http  8080, on 1 of 1 workload"
  `);
  offered('  egress:\n  - toFQDNs:\n    - matchPattern: $0').toMatchInlineSnapshot(`
    "*  for example · Name pattern
    *.example.com  for example · Name pattern
    **.example.com  for example · Name pattern"
  `);
  offered('  egress:\n  - toServices:\n    - k8sService:\n        serviceName: $0').toMatchInlineSnapshot(
    `"db  Service in namespace data"`,
  );
  offered('  egress:\n  - toCIDRSet:\n    - cidrGroupRef: $0').toMatchInlineSnapshot(`"office  addresses in 203.0.113.0/24"`);
});

const SELECTING = `${POLICY}  endpointSelector:
    matchLabels:
      k8s:app: web
  egress:
  - toEndpoints:
    - matchLabels:
        k8s:io.kubernetes.pod.namespace: data
        any:app: db
`;

test('definition and references of labels with a source in front', () => {
  checkDefinition(SELECTING.replace('app: web', 'app: w$0eb') + WORLD).toMatchInlineSnapshot(`
    "[web]
    fixture.yaml: app: [web]"
  `);
  checkDefinition(SELECTING.replace('any:app', 'any:a$0pp') + WORLD).toMatchInlineSnapshot(`
    "[any:app]
    fixture.yaml: [app]: db"
  `);
  checkReferences(SELECTING.replace('any:app: db', 'any:app: d$0b') + WORLD).toMatchInlineSnapshot(`
    "fixture.yaml: any:app: [db]
    fixture.yaml: app: [db]
    fixture.yaml: app: [db]"
  `);
  const referring = `${POLICY}  endpointSelector: {}\n  egress:\n  - toServices:\n    - k8sService: {serviceName: db, namespace: data}\n  - toCIDRSet:\n    - cidrGroupRef: office\n`;
  checkDefinition(referring.replace('serviceName: db', 'serviceName: d$0b') + WORLD).toMatchInlineSnapshot(`
    "[db]
    fixture.yaml: name: [db]"
  `);
  checkDefinition(referring.replace('Ref: office', 'Ref: off$0ice') + WORLD).toMatchInlineSnapshot(`
    "[office]
    fixture.yaml: name: [office]"
  `);
  checkDefinition(SELECTING.replace('space: data', 'space: da$0ta') + WORLD).toMatchInlineSnapshot(`
    "[data]
    fixture.yaml: name: [data]"
  `);
});

test('a label is renamed with the selectors of Cilium that name it, whose source stays', () => {
  checkRename(SELECTING.replace('k8s:app', 'k8s:a$0pp') + WORLD, 'component').toMatchInlineSnapshot(`
    "app -> component
    fixture.yaml: k8s:app: web -> k8s:component: web
    fixture.yaml: app: web -> component: web
    fixture.yaml: app: web -> component: web"
  `);
  checkRename(SELECTING.replace('any:app: db', 'any:app: d$0b') + WORLD, 'postgres').toMatchInlineSnapshot(`
    "db -> postgres
    fixture.yaml: any:app: db -> any:app: postgres
    fixture.yaml: app: db -> app: postgres
    fixture.yaml: app: db -> app: postgres"
  `);
  checkRename(SELECTING + WORLD.replace('  name: data', '  name: d$0ata'), 'storage').toMatchInlineSnapshot(`
    "data -> storage
    fixture.yaml: k8s:io.kubernetes.pod.namespace: data -> k8s:io.kubernetes.pod.namespace: storage
    fixture.yaml: name: data -> name: storage
    fixture.yaml: namespace: data -> namespace: storage
    fixture.yaml: namespace: data -> namespace: storage"
  `);
  const several = `${POLICY.replace('spec:', 'specs:')}- endpointSelector:\n    matchLabels:\n      app: web\n  ingress: [{}]\n`;
  checkRename(several + WORLD.replace('        app: web', '        app: w$0eb'), 'front').toMatchInlineSnapshot(`
    "web -> front
    fixture.yaml: app: web -> app: front
    fixture.yaml: app: web -> app: front
    fixture.yaml: app: web -> app: front"
  `);
});

test('the outline has deny lists, and every entry at its place', () => {
  checkSymbols(
    `${POLICY}  endpointSelector: {}\n  ingress:\n  - fromEndpoints: [{}]\n  - fromEntities: [world]\n  ingressDeny:\n  - fromCIDR: [203.0.113.0/24]\n`,
  ).toMatchInlineSnapshot(`
    "a  (CiliumNetworkPolicy in shop) @ a
      ingress  (2 rules) @ ingress
        Allow from every pod in namespace shop @ -
          every pod in namespace shop @ {}
        Allow from any address outside the cluster @ -
          any address outside the cluster @ world
      ingressDeny  (1 rule) @ ingressDeny
        Deny from addresses in 203.0.113.0/24 @ -
          addresses in 203.0.113.0/24 @ 203.0.113.0/24"
  `);
});

test('inlay hints: the namespaces of peers, default deny, alternatives, protocols', () => {
  checkHints(
    `${POLICY}  endpointSelector: {}\n  ingress:\n  - fromEndpoints:\n    - matchLabels: {app: web}\n    - matchLabels: {k8s:io.kubernetes.pod.namespace: data}\n    toPorts:\n    - ports:\n      - port: "80"\n      - {port: "443", protocol: TCP}\n  egress: [{}]\n`,
  ).toMatchInlineSnapshot(`
    "    - matchLabels: {app: web} ‹own namespace›
        - matchLabels: {k8s:io.kubernetes.pod.namespace: data} ‹or›
          - port: "80" ‹TCP, UDP and SCTP›
      egress: [{}] ‹deny all egress›"
  `);
  checkHints(
    `${POLICY}  endpointSelector: {}\n  ingress:\n  - fromEndpoints: [{}]\n`.replace(
      'CiliumNetworkPolicy',
      'CiliumClusterwideNetworkPolicy',
    ),
  ).toMatchInlineSnapshot(`"  - fromEndpoints: [‹all namespaces› {}]"`);
});
