import { expect, test } from 'vitest';
import { clusterNotes, otherProtocolNotes } from '../../server/eval/cluster-notes.ts';
import { evaluationOf } from '../../server/eval/evaluate.ts';
import { explain } from '../../server/eval/explain.ts';
import { clusterOf } from './cluster.ts';
import { endOf } from './question.ts';

const POD =
  'apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: x, labels: {app: a}}\nspec: {hostNetwork: HOST, containers: [{name: c, image: i}]}\n---\n';
const CNP =
  'apiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy\nmetadata: {name: guard}\nspec: {tier: Admin, priority: 5, subject: {namespaces: {}}, egress: [{action: Accept, to: [PEER]}]}\n---\n';
const NP = 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p, namespace: x}\nspec: {podSelector: {}}\n---\n';
const NODE = 'apiVersion: v1\nkind: Node\nmetadata: {name: n}\nstatus: {addresses: [{type: InternalIP, address: 192.168.0.1}]}\n---\n';

const notes = (text: string): string[] => clusterNotes(evaluationOf(clusterOf({ 'a.yaml': text }))).map(({ message }) => message);
const pod = (host: boolean): string => POD.replace('HOST', String(host));

test.each([
  [
    'domain names',
    pod(false) + CNP.replace('PEER', '{domainNames: ["*.example.com"]}'),
    /^ClusterNetworkPolicy guard names \*\.example\.com; the addresses/,
  ],
  [
    'nodes without manifests',
    pod(false) + CNP.replace('PEER', '{nodes: {}}'),
    /^ClusterNetworkPolicy guard names nodes, and the workspace has no Node/,
  ],
  ['a block that may hold pods', pod(false) + CNP.replace('PEER', '{networks: [10.0.0.0/8]}'), /may hold pods such as x\/a\[Pod\]/],
  ['pods on the host network', pod(true) + NP, /^NetworkPolicy x\/p selects x\/a\[Pod\], which uses the host's network/],
])('what the manifests do not say is noted: %s', (_, text, expected) => {
  expect(notes(text)).toEqual([expect.stringMatching(expected)]);
});

test('rules for protocols that verdicts are not about are named, in lists and in explanations', () => {
  const cilium = `apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: p, namespace: x}\nspec: {endpointSelector: {}, ingress: [{fromEntities: [all], icmps: [{fields: [{type: EchoRequest, family: IPv4}]}]}]}\n`;
  const cluster = clusterOf({ 'a.yaml': `${pod(false)}${cilium}` });
  const expected = /^CiliumNetworkPolicy x\/p also has rules for ICMP type EchoRequest; verdicts cover TCP, UDP and SCTP only/;
  expect(otherProtocolNotes(evaluationOf(cluster)).map(({ message }) => message)).toEqual([expect.stringMatching(expected)]);
  const own = endOf(cluster, 'x/a');
  expect(explain(cluster, { from: own, to: own, protocol: 'TCP', port: 80 }).notes).toContainEqual(expect.stringMatching(expected));
});

test.each([
  ['nodes that are known', pod(false) + NODE + CNP.replace('PEER', '{nodes: {}}')],
  ['a cluster-wide policy leaves the host network out by itself', pod(true) + CNP.replace('PEER', '{namespaces: {}}')],
  ['an address outside', pod(false) + CNP.replace('PEER', '{networks: [203.0.113.0/24]}')],
])('and nothing else: %s', (_, text) => expect(notes(text)).toEqual([]));
