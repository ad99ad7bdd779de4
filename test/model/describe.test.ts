import { expect, test } from 'vitest';
import { contradictionIn } from '../../server/model/contradiction.ts';
import { describeNamespaces, describeSelector } from '../../server/model/describe-selector.ts';
import { describePeers, describePorts, describeRule, describeSubject } from '../../server/model/describe.ts';
import type { LabelSelector } from '../../server/model/selector.ts';
import { clusterNetworkPolicy, networkPolicy } from './reading.ts';

function selectorOf(text: string): LabelSelector {
  return networkPolicy(`spec: {podSelector: ${text}}`).subject.pods;
}

test.each([
  ['{}', 'every pod'],
  ['{matchLabels: {app: web}}', 'pods with app=web'],
  ['{matchLabels: {app: web, tier: ""}}', "pods with app=web and tier=''"],
  ['{matchLabels: {app: web}, matchExpressions: [{key: tier, operator: In, values: [a, b]}]}', 'pods with app=web and tier in (a, b)'],
  ['{matchExpressions: [{key: env, operator: NotIn, values: [prod]}]}', 'pods with env other than prod (pods without env too)'],
  [
    '{matchExpressions: [{key: env, operator: NotIn, values: [a, b]}, {key: env, operator: Exists}]}',
    'pods with env not in (a, b) and any env',
  ],
  ['{matchExpressions: [{key: canary, operator: DoesNotExist}]}', 'pods without the label canary'],
  [
    '{matchLabels: {app: web}, matchExpressions: [{key: a, operator: DoesNotExist}, {key: b, operator: DoesNotExist}]}',
    'pods with app=web and without the labels a or b',
  ],
  [
    '{matchLabels: {app: web}, matchExpressions: [{key: app, operator: In, values: [api]}]}',
    'no pod at all (app must be both web and api)',
  ],
  [
    '{matchLabels: {app: {{ .x }}}}',
    'pods (not certain: the selector is not known yet, because it is filled in later or the YAML is not finished)',
  ],
  ['{matchExpressions: [{key: a, operator: In, values: [a, b, c, d, e, f, g, h]}]}', 'pods with a in (a, b, c, d, e, 3 more)'],
])('selector %j', (text, words) => {
  expect(describeSelector(selectorOf(text))).toBe(words);
});

test.each([
  ['{}', 'every namespace'],
  ['{matchLabels: {kubernetes.io/metadata.name: shop}}', 'namespace shop'],
  ['{matchExpressions: [{key: kubernetes.io/metadata.name, operator: In, values: [a, b]}]}', 'namespaces a and b'],
  [
    '{matchExpressions: [{key: kubernetes.io/metadata.name, operator: NotIn, values: [kube-system]}]}',
    'every namespace except kube-system',
  ],
  ['{matchLabels: {team: ops}}', 'namespaces with team=ops'],
])('namespaces %j', (text, words) => {
  expect(describeNamespaces(selectorOf(text))).toBe(words);
});

test.each([
  ['{matchLabels: {a: b}, matchExpressions: [{key: a, operator: NotIn, values: [b, c]}]}', 'a must be b and must not be b'],
  ['{matchExpressions: [{key: a, operator: Exists}, {key: a, operator: DoesNotExist}]}', 'a must be there and must be missing'],
  ['{matchLabels: {a: b}, matchExpressions: [{key: a, operator: DoesNotExist}]}', 'a must be b and must be missing'],
  ['{matchExpressions: [{key: a, operator: In, values: [b, c]}, {key: a, operator: In, values: [d]}]}', 'a must be b or c and also d'],
  [
    '{matchExpressions: [{key: a, operator: In, values: [b, c]}, {key: a, operator: In, values: [c, d]}, {key: a, operator: In, values: [b, d]}]}',
    'a must be in 3 lists that have nothing in common',
  ],
  [
    '{matchExpressions: [{key: a, operator: In, values: [b, c]}, {key: a, operator: NotIn, values: [b]}, {key: a, operator: Exists}]}',
    undefined,
  ],
  ['{matchExpressions: [{key: a, operator: NotIn, values: [b]}, {key: a, operator: DoesNotExist}]}', undefined],
])('contradiction in %j', (text, words) => {
  expect(contradictionIn(selectorOf(text))).toBe(words);
});

test.each([
  ['', 'every pod in namespace shop'],
  ['spec: {podSelector: {matchLabels: {app: web}}}', 'pods with app=web in namespace shop'],
])('subject of NetworkPolicy %j', (spec, words) => {
  expect(describeSubject(networkPolicy(spec))).toBe(words);
});

test.each([
  ['{namespaces: {}}', 'every pod of the cluster'],
  ['{namespaces: {matchLabels: {team: ops}}}', 'every pod in namespaces with team=ops'],
  ['{pods: {podSelector: {matchLabels: {app: web}}}}', 'pods with app=web in any namespace'],
  [
    '{pods: {namespaceSelector: {matchLabels: {team: ops}}, podSelector: {matchLabels: {app: web}}}}',
    'pods with app=web in namespaces with team=ops',
  ],
])('subject of ClusterNetworkPolicy %j', (subject, words) => {
  expect(describeSubject(clusterNetworkPolicy(`  subject: ${subject}`))).toBe(words);
});

test.each([
  ['{}', 'Allows connections from anywhere, inside the cluster and outside, on every port.'],
  ['{from: [{podSelector: {}}]}', 'Allows connections from every pod in namespace shop, on every port.'],
  [
    '{from: [{podSelector: {matchLabels: {app: web}}}, {namespaceSelector: {matchLabels: {team: ops}}}], ports: [{port: 80}]}',
    'Allows connections from pods with app=web in namespace shop, or every pod in namespaces with team=ops, on TCP port 80.',
  ],
  [
    '{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}, {ipBlock: {cidr: 0.0.0.0/0}}]}',
    'Allows connections from addresses in 10.0.0.0/8 except 10.1.0.0/16, or any IPv4 address, on every port.',
  ],
  [
    '{ports: [{port: 80}, {port: 443}, {port: 8000, endPort: 8080}, {port: dns, protocol: UDP}, {protocol: SCTP}]}',
    'Allows connections from anywhere, inside the cluster and outside, on TCP ports 80, 443 and 8000–8080, every SCTP port or the UDP port named dns.',
  ],
  ['{from: [{}], ports: [{port: "80"}]}', 'Allows connections from a peer that cannot be read, on a port that cannot be read.'],
])('rule of NetworkPolicy %j', (rule, words) => {
  const [first] = networkPolicy(`spec: {ingress: [${rule}]}`).ingress?.rules ?? [];
  expect(first && describeRule(first, 'ingress', { api: 'kubernetes', kind: 'NetworkPolicy' })).toBe(words);
});

test('rules of ClusterNetworkPolicy', () => {
  const { egress } = clusterNetworkPolicy(`  subject: {namespaces: {}}
  egress:
    - {action: Accept, to: [{domainNames: ['*.example.com', a.example]}], protocols: [{tcp: {destinationPort: {number: 443}}}]}
    - {action: Deny, to: [{nodes: {matchLabels: {role: edge}}}, {networks: [10.0.0.0/8, 'fd00::/8']}]}
    - {action: Pass, to: [{pods: {podSelector: {}}}]}
`);
  expect(egress?.rules.map((rule) => describeRule(rule, 'egress', { api: 'kubernetes', kind: 'ClusterNetworkPolicy' }))).toEqual([
    'Accepts connections to the hosts behind *.example.com or a.example, on TCP port 443.',
    'Denies connections to nodes with role=edge, or addresses in 10.0.0.0/8 or addresses in fd00::/8, on every port.',
    'Passes connections to every pod of the cluster, on every port, to the next stage.',
  ]);
});

test('long lists are cut, and text from a document stays on one line', () => {
  const peers = networkPolicy(
    `spec: {ingress: [{from: [${Array.from({ length: 9 }, (_, i) => `{podSelector: {matchLabels: {app: a${i}}}}`).join(', ')}]}]}`,
  ).ingress?.rules[0]?.peers;
  expect(peers && describePeers(peers)).toMatch(/app=a4 in namespace shop, or 4 other peers$/);
  expect(describeSelector(selectorOf('{matchLabels: {app: "a\\nb\\u202e"}}'))).toBe('pods with app=a b�');
  expect(describePorts([])).toBe('no port');
});
