import { expect, test } from 'vitest';
import { DNS, documents, pod } from './manifests.ts';
import { workspaceFindingsIn } from './workspace-findings.ts';

/** A policy of the pods `app: api` that lets them out to a block of addresses only. */
const toBlock = (block: string, ports = ''): string => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: api
  namespace: shop
spec:
  podSelector: {matchLabels: {app: api}}
  policyTypes: [Egress]
  egress:
  - to:
    - ipBlock: ${block}${ports}
`;

/** What a rule says, with its severity. */
const told = (rule: string, ...texts: readonly string[]): readonly string[] =>
  workspaceFindingsIn(documents(...texts))
    .filter(({ code }) => code === rule)
    .map(({ severity, code, message }) => `${severity} ${code}: ${message}`);

const api = pod('shop', 'api', 'app: api');

test.each([
  ['a private block may hold the DNS', '{cidr: 10.0.0.0/8}', ''],
  ['and so may every address', '{cidr: 0.0.0.0/0}', ''],
])('%s, whose address nobody knows: it depends on the CNI', (_, block, ports) => {
  expect(told('dns-blocked', toBlock(block, ports), api, DNS)).toEqual([
    'information dns-blocked: Whether shop/api[Pod] can resolve DNS names depends on the network plugin: only a block of addresses allows UDP 53 and TCP 53 to kube-system/coredns[Pod], and plugins differ in whether a block matches pods. Allow egress to the DNS pods by their labels.',
  ]);
});

test.each([
  [
    'no pod has an address of the Internet',
    toBlock('{cidr: 0.0.0.0/0, except: [10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10]}'),
    DNS,
  ],
  ['the block is open on another port', toBlock('{cidr: 10.0.0.0/8}', '\n    ports: [{port: 443}]'), DNS],
  ['the address of the DNS is known, and elsewhere', toBlock('{cidr: 10.0.0.0/16}'), `${DNS}\nstatus: {podIP: 10.9.0.7}`],
])('%s: names cannot be looked up', (_, policy, dns) => {
  const [found] = told('dns-blocked', policy, api, dns);
  expect(found).toContain(
    'warning dns-blocked: Pods of shop/api[Pod] cannot resolve DNS names: UDP 53 and TCP 53 to kube-system/coredns[Pod] are denied.',
  );
});

test('a side that is open for a block in which the other end may lie is not called closed', () => {
  const db = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: db
  namespace: shop
spec:
  podSelector: {matchLabels: {app: db}}
  policyTypes: [Ingress]
  ingress:
  - from:
    - ipBlock: {cidr: BLOCK}
`;
  const toDb = toBlock('{cidr: 192.0.2.0/24}').replace('ipBlock: {cidr: 192.0.2.0/24}', 'podSelector: {matchLabels: {app: db}}');
  const codes = (block: string): readonly string[] =>
    told('one-sided-allow', toDb, db.replace('BLOCK', block), api, pod('shop', 'db', 'app: db'));
  expect(codes('10.0.0.0/8')).toEqual([]);
  expect(codes('198.51.100.0/24')).toHaveLength(1);
});

test.each([
  ['the cache on the nodes is allowed by its address', '{cidr: 169.254.20.10/32}', DNS],
  [
    'it runs here, and every address but private ones is allowed',
    '{cidr: 0.0.0.0/0, except: [10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10]}',
    documents(DNS, pod('kube-system', 'node-local-dns', 'k8s-app: node-local-dns')),
  ],
])('names can be looked up where %s', (_, block, dns) => {
  expect(told('dns-blocked', toBlock(block), api, dns)).toEqual([]);
});
