import { expect, test } from 'vitest';
import { pod, service } from './manifests.ts';
import { workspaceFindingsIn } from './workspace-findings.ts';

/*
 * Required connections are decided by verdicts, so policies of Cilium, Calico and Antrea that deny one are reported as NetworkPolicies are,
 * and those that allow it, in their own words, are not.
 */

const object = (apiVersion: string, kind: string, spec: string, name = 'it'): string =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: ${name}, namespace: shop}\nspec: ${spec}\n`;

const WORLD = [
  service('shop', 'web', 'app: web', '80:8080'),
  service('shop', 'db', 'app: db', '5432:5432'),
  pod('shop', 'web', 'app: web', 'http:8080').replace(/- name: (\w+)\n/, '- name: $1\n    env: [{name: DB, value: "db.shop.svc:5432"}]\n'),
  pod('shop', 'db', 'app: db', 'sql:5432'),
  pod('edge', 'nginx', 'app.kubernetes.io/name: ingress-nginx'),
  object('networking.k8s.io/v1', 'Ingress', '{defaultBackend: {service: {name: web, port: {number: 80}}}}'),
];

/** What is said of some policies: `code` of each required connection that they block. */
function blockedBy(...policies: readonly string[]): readonly string[] {
  return workspaceFindingsIn([...WORLD, ...policies].join('\n---\n'))
    .filter(({ code }) => ['ingress-backend-blocked', 'service-client-blocked', 'dns-blocked'].includes(code))
    .map(({ code }) => code);
}

const cilium = (spec: string): string => object('cilium.io/v2', 'CiliumNetworkPolicy', spec);
const calico = (spec: string): string => object('projectcalico.org/v3', 'NetworkPolicy', spec);
const antrea = (spec: string): string => object('crd.antrea.io/v1beta1', 'NetworkPolicy', `{priority: 5, ${spec}}`);

const DB = '{matchLabels: {app: db}}';
const WEB = '{matchLabels: {app: web}}';
const CONTROLLER = '{matchLabels: {k8s:io.kubernetes.pod.namespace: edge, app.kubernetes.io/name: ingress-nginx}}';

test.each<readonly [string, string, readonly string[]]>([
  ['Cilium', cilium(`{endpointSelector: ${DB}, ingress: [{fromEndpoints: [{matchLabels: {app: job}}]}]}`), ['service-client-blocked']],
  [
    'Cilium, on another port',
    cilium(`{endpointSelector: ${DB}, ingress: [{fromEndpoints: [${WEB}], toPorts: [{ports: [{port: "80"}]}]}]}`),
    ['service-client-blocked'],
  ],
  [
    'Cilium, by a deny',
    cilium(`{endpointSelector: ${DB}, enableDefaultDeny: {ingress: false}, ingressDeny: [{fromEndpoints: [${WEB}]}]}`),
    ['service-client-blocked'],
  ],
  [
    'Cilium, allowed',
    cilium(`{endpointSelector: ${DB}, ingress: [{fromEndpoints: [${WEB}], toPorts: [{ports: [{port: sql, protocol: TCP}]}]}]}`),
    [],
  ],
  ['Cilium, an entity that includes it', cilium(`{endpointSelector: ${DB}, ingress: [{fromEntities: [cluster]}]}`), []],
  ['Cilium, the controller', cilium(`{endpointSelector: ${WEB}, ingress: [{fromEndpoints: [{}]}]}`), ['ingress-backend-blocked']],
  ['Cilium, the controller allowed', cilium(`{endpointSelector: ${WEB}, ingress: [{fromEndpoints: [${CONTROLLER}]}]}`), []],
  [
    'Calico',
    calico(`{selector: app == 'db', types: [Ingress], ingress: [{action: Allow, source: {selector: app == 'job'}}]}`),
    ['service-client-blocked'],
  ],
  [
    'Calico, allowed',
    calico(`{selector: app == 'db', types: [Ingress], ingress: [{action: Allow, source: {selector: app in {'web'}}}]}`),
    [],
  ],
  ['Calico, passed on', calico(`{selector: app == 'db', types: [Ingress], ingress: [{action: Pass}]}`), []],
  [
    'Calico, the controller',
    calico(`{selector: app == 'web', types: [Ingress], ingress: [{action: Allow, source: {selector: all()}}]}`),
    ['ingress-backend-blocked'],
  ],
  [
    'Calico, the controller allowed',
    calico(
      `{selector: app == 'web', types: [Ingress], ingress: [{action: Allow, source: {namespaceSelector: projectcalico.org/name == 'edge'}}]}`,
    ),
    [],
  ],
  ['Antrea', antrea(`appliedTo: [{podSelector: ${DB}}], ingress: [{action: Drop}]`), ['service-client-blocked']],
  [
    'Antrea, allowed before',
    antrea(`appliedTo: [{podSelector: ${DB}}], ingress: [{action: Allow, from: [{podSelector: ${WEB}}]}, {action: Drop}]`),
    [],
  ],
  [
    'Antrea, rejects egress',
    antrea(`appliedTo: [{podSelector: ${WEB}}], egress: [{action: Reject, to: [{podSelector: ${DB}}]}]`),
    ['service-client-blocked'],
  ],
  [
    'Antrea, the controller',
    antrea(`appliedTo: [{podSelector: ${WEB}}], ingress: [{action: Allow, from: [{podSelector: {}}]}, {action: Drop}]`),
    ['ingress-backend-blocked'],
  ],
  [
    'Antrea, a group that may hold it',
    antrea(`appliedTo: [{podSelector: ${WEB}}], ingress: [{action: Allow, from: [{group: friends}]}, {action: Drop}]`),
    [],
  ],
])('a required connection under policies of %s', (_name, policy, expected) => {
  expect(blockedBy(policy)).toEqual(expected);
});
